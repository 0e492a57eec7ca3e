"""Values that an answer rests on and that nobody can vouch for are asked of those who own the deals: few, and once.

The largest first. A question that is open on the same deal about the same field isn't asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.requests.answering import FilledCell
from baton.decide.requests.figures import CONFIRMED, Deals
from baton.decide.requests.trust import Behind, Kept
from baton.ledger.entries import Author, Entry
from baton.ledger.recording import record
from baton.map.elements import BUILT_IN_FIELDS
from baton.members.models import Member
from baton.work.models import Question
from baton.work.questions import said_question

MOST = 10
MOST_OF_ONE = 3
ASKABLE = frozenset({"amount", "close_date"})


@dataclass(frozen=True, slots=True)
class Unsure:
    """One value that somebody is to confirm: how much of the answer hangs on it, in minor units."""

    deal: UUID
    kept: Kept
    weighs: int


def ask_owners(
    filled: Sequence[FilledCell], deals: Deals, behind: Behind, *, by: Member, called: str, at: datetime, channel: str
) -> set[UUID]:
    """Ask the owners of what isn't sure; return whom it was asked of, now or before. Who only reads asks nobody."""
    if not by.may_write:
        return set()
    unsure = sorted(_unsure(filled, behind), key=lambda one: -one.weighs)
    known = _open_questions(by, [one.deal for one in unsure])
    people = {pk: member for pk, member in _owners(deals, unsure).items() if member.is_active}
    asked = {known[one.deal, one.kept.field] for one in unsure if (one.deal, one.kept.field) in known}
    entries: list[Entry] = []
    counted: Counter[UUID] = Counter()
    for one in unsure:
        owner = people.get(deals.by_id[one.deal].owner_id or UUID(int=0))
        if owner is None or (one.deal, one.kept.field) in known or sum(counted.values()) >= MOST:
            continue
        if counted[owner.pk] < MOST_OF_ONE and owner.pk != by.pk:
            counted[owner.pk] += 1
            text = _text(deals, one, by, called)
            entries += said_question(one.deal, text, of=owner, by=by, about_field=one.kept.field)
    if entries:
        record(entries, by=Author(by, channel), at=at)
    return asked - {None} | set(counted)


def _unsure(filled: Sequence[FilledCell], behind: Behind) -> list[Unsure]:
    found: dict[tuple[UUID, str], Unsure] = {}
    for cell in filled:
        for part in cell.figure.parts:
            for kept in behind.of(part):
                if kept.trust != CONFIRMED and kept.field in ASKABLE:
                    key = (part.deal, kept.field)
                    weighs = max(abs(part.adds), found[key].weighs if key in found else 0)
                    found[key] = Unsure(part.deal, kept, weighs)
    return list(found.values())


def _owners(deals: Deals, unsure: Sequence[Unsure]) -> dict[UUID, Member]:
    ids = {deals.by_id[one.deal].owner_id for one in unsure} - {None}
    return {member.pk: member for member in Member.objects.filter(pk__in=ids)}


def _open_questions(by: Member, ids: Sequence[UUID]) -> dict[tuple[UUID, str], UUID]:
    rows = Question.objects.visible_to(by).filter(deal__in=ids[:500], answered_at__isnull=True)
    return {(deal, field): of for deal, field, of in rows.values_list("deal_id", "about_field", "asked_of_id")}


def _text(deals: Deals, one: Unsure, by: Member, called: str) -> str:
    field = BUILT_IN_FIELDS[one.kept.field]
    told = {
        "who": by.short_name, "called": called[:80], "field": str(field.name).lower(),
        "deal": deals.by_id[one.deal].title,
    }  # fmt: skip
    return _("%(who)s needs it for “%(called)s”: is the %(field)s of %(deal)s still right, or what is it?") % told
