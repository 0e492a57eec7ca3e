"""The days that the owner set: when the rollout begins, when somebody starts, when the old spreadsheet goes.

Facts like any other, so that it stays known who moved which day, when. What isn't set is proposed from the map.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal, Verdict
from baton.ledger.entries import Author, Entry, said
from baton.ledger.happenings import Happening
from baton.ledger.kinds import RecordKind, register
from baton.ledger.models import Fact, Record
from baton.ledger.recording import record
from baton.ledger.standard import day, text
from baton.members.models import Member
from baton.mirror.models import RolloutDay
from baton.mirror.sight import owns

KIND = "rollout day"
BEGINS, OFF = "begins", "off"
"""What a day can be about, besides the address of a person."""
FARTHEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Days:
    """What was set. `sheet` is what the old spreadsheet is called, `starts` address → day."""

    begins: date | None = None
    off: date | None = None
    sheet: str = ""
    starts: Mapping[str, date] = field(default_factory=dict)


def days_set(member: Member) -> Days:
    """Return the days that were set. One question."""
    rows = {row.about: row for row in RolloutDay.objects.visible_to(member).filter(on__isnull=False)}
    begins, off = rows.pop(BEGINS, None), rows.pop(OFF, None)
    starts = {about: row.on for about, row in rows.items() if row.on}
    return Days(begins.on if begins else None, off.on if off else None, off.note if off else "", starts)


def set_day(about: str, on: date | None, *, by: Member, at: datetime, note: str = "") -> None:
    """Set one day, or take it back with `None`. Raises `Refusal` for who may not, and for a day far from now."""
    if on and abs(on - at.date()) > FARTHEST:
        raise Refusal(_("Choose a day within two years."))
    told = {"about": about.lower()[:320], "on": on.isoformat() if on else None, "note": note.strip()[:120]}
    record(said(KIND, derived(KIND, about.lower()), **told), by=Author(by), at=at)


def may_set(author: Author, row: Record | None, entry: Entry) -> Verdict:
    """The owner of the map and their deputy make the plan."""
    if author.member is None or (author.member.may_write and owns(author.member)):
        return Verdict.allow()
    return Verdict.refuse(_("The rollout is planned by whoever owns the map, or their deputy."))


def _nothing_happens(row: Record, fact: Fact) -> Iterator[Happening]:
    return iter(())


LANDINGS = {"about": text("about", 320), "on": day("on"), "note": text("note", 120)}


def register_rollout() -> None:
    """Tell the ledger of the days of the rollout; called once at start."""
    register(RecordKind(KIND, RolloutDay, LANDINGS, may_set, _nothing_happens))
