"""Reading a line for the member who types it: with their people, in their time zone, on the deal they look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from baton.capture.grammar.prose import language_of
from baton.channels.quick.chips import Chip
from baton.channels.quick.known import LedgerDirectory
from baton.channels.quick.line import read_line
from baton.channels.quick.saving import NEEDS_A_DEAL
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.members.models import Member

PEOPLE = ("contact", "company")


def chips_of(text: str, *, member: Member, deal: Deal | None, at: datetime) -> tuple[Chip, ...]:
    """Return what the line says; where it speaks of a deal without naming one, the deal that is meant is offered."""
    directory = LedgerDirectory(member, deal)
    line = read_line(
        text,
        now=at,
        zone=timezone.get_current_timezone_name(),
        language=language_of(text, (get_language() or "en")[:2]),
        currency=deal.currency if deal else current_map().currency,
        known=directory,
    )
    chips = tuple(chip for chip in line.chips if chip.kind != "deal" or deal is None)
    return chips if deal else _with_deal(chips, directory)


def _with_deal(chips: tuple[Chip, ...], directory: LedgerDirectory) -> tuple[Chip, ...]:
    if any(chip.kind == "deal" for chip in chips) or not any(chip.kind in PEOPLE for chip in chips):
        return chips
    named = {chip.kind: chip for chip in chips if chip.kind in PEOPLE}
    theirs = directory.deals("", _id(named.get("contact")), _id(named.get("company")))
    options = tuple({"id": match.id, "label": match.label} for match in theirs)
    if options:
        return (*chips, Chip("deal", options[0]["label"], {"id": options[0]["id"]}, (0, 0), 0.6, options))
    if any(chip.kind in NEEDS_A_DEAL for chip in chips):
        return (*chips, _new_deal(named))
    return chips


def _id(chip: Chip | None) -> str | None:
    return chip.value.get("id") if chip else None


def _new_deal(named: dict[str, Chip]) -> Chip:
    """What needs a deal gets one, named after whom it is for; unticked, it stays in the note."""
    for_whom = named.get("company") or named["contact"]
    title: Any = for_whom.value.get("new") or for_whom.label
    return Chip("deal", _("new deal: %(title)s") % {"title": title}, {"new": title}, (0, 0), 0.6)
