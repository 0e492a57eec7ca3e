"""A member leaves: what is still open goes to a colleague, by name, before anybody has to look for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baton.capture.models import Connection
from baton.kernel.clock import stamp
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import record
from baton.members import people
from baton.members.models import Member
from baton.members.roles import may_change
from baton.work.models import Duty, Promise

CALLER = "work.duties"
AT_ONCE = 25
"""Deals handed on in one transaction, so that nobody else's saving waits for them."""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What lies with a member: deals that they own, duties and promises that are theirs whoever owns the deal, and the
    mailboxes and other lines through which their customers reach them.
    """

    deals: list[Deal]
    duties: list[Duty]
    promises: list[Promise]
    lines: list[Connection]

    def __bool__(self) -> bool:
        return bool(self.deals or self.duties or self.promises or self.lines)


def still_open(member: Member, *, seen_by: Member) -> StillOpen:
    """Return what would have to go to somebody else, the most urgent duty first."""
    duties = Duty.objects.visible_to(seen_by).open().filter(owed_by=member).in_order()
    promises, lines = _promises(member, seen_by), _lines(member)
    return StillOpen(list(_deals(member, seen_by)), list(duties), list(promises), list(lines))


def _deals(member: Member, seen_by: Member) -> Iterable[Deal]:
    """Deals that are open, or finished with something still owed on them; the rest stays in their name."""
    owing = Duty.objects.visible_to(seen_by).open().exclude(deal=None).values("deal")
    rows = Deal.objects.visible_to(seen_by).filter(owner=member)
    return rows.filter(Q(status=Deal.Status.OPEN) | Q(pk__in=owing)).order_by("title_folded", "id")


def _promises(member: Member, seen_by: Member) -> QuerySet[Promise]:
    rows = Promise.objects.visible_to(seen_by).ours().open().filter(promised_by=member)
    return rows.order_by("due_at", "id")


def _lines(member: Member) -> QuerySet[Connection]:
    return Connection.objects.unscoped(CALLER).on().filter(member=member).order_by("name")


def leave(member: Member, *, to: Member | None, by: Member, at: datetime) -> StillOpen:
    """Part with a member and hand on what is still open with them; return what was handed on.

    They are signed out at once; the handing on follows in small steps, and asking again goes on where it stopped.
    Refuses while something is open and nobody is named to take it.
    """
    may_change(by, member).or_refuse()
    found = still_open(member, seen_by=by)
    if found and not _can_take(to, member):
        raise Refusal(_("Choose who takes what is still open with %(name)s.") % {"name": member})
    if member.is_active:
        people.part_with(member, by=by, at=at)
    if found and to is not None:
        hand_on(member, to=to, by=by, at=at)
    return found


def hand_on(member: Member, *, to: Member, by: Member, at: datetime) -> None:
    """Give what is open with one member to another: promises, deals, duties, and their mailboxes."""
    for promises in _slices(_promises(member, by)):
        _record([_passing("promise", one.pk, member, to, at) for one in promises], by, at)
    for deals in _slices(_deals(member, by)):
        _record([_passing("deal", deal.pk, member, to, at) for deal in deals], by, at)
    for duties in _slices(Duty.objects.visible_to(by).open().filter(owed_by=member)):
        _record([_passing("duty", duty.pk, member, to, at) for duty in duties], by, at)

    for line in _lines(member):
        line.member, line.settings = to, line.settings | {PASSED_FROM: str(member.pk)}
        line.save(update_fields=["member", "settings"])


def take_back(member: Member, *, by: Member, at: datetime) -> int:
    """Undo the handing on of somebody who came back: what lies where it was put then is theirs again; return how much.

    What somebody moved, settled or passed further since stays where it is.
    """
    may_change(by, member).or_refuse()
    if not member.may_write:
        raise Refusal(_("Bring %(name)s back first.") % {"name": member})
    entries = [entry for kind in PASSED for entry in _entries_back(member, kind, by)]
    for part in _slices(entries):
        _record(part, by, at)
    lines = Connection.objects.unscoped(CALLER).on().filter(**{f"settings__{PASSED_FROM}": str(member.pk)})
    return len(entries) + lines.update(member=member)


def _entries_back(member: Member, kind: str, by: Member) -> Iterator[Entry]:
    """Yield what gives back each record that still lies where the leaving put it, and that is still open."""
    model, field = PASSED[kind]
    told = Fact.objects.unscoped(CALLER).filter(key__startswith=_key(kind, member))
    facts = {str(fact.pk): fact.record_id for fact in told}
    rows = model.objects.visible_to(by).filter(pk__in=set(facts.values()))
    for row in rows:
        if row.values.get(field, {}).get("f") in facts and getattr(row, "state", "open") == "open":
            yield Entry(kind, row.pk, field, str(member.pk), because=_("%(name)s is back") % {"name": member})


def _passing(kind: str, record_id: UUID, member: Member, to: Member, at: datetime) -> Entry:
    """Return what hands a record on; its key says whose leaving did, so that coming back finds it."""
    reason = _("%(name)s left") % {"name": member}
    key = f"{_key(kind, member)}{record_id}:{stamp(at)}"
    return Entry(kind, record_id, PASSED[kind][1], str(to.pk), because=reason, key=key)


def _key(kind: str, member: Member) -> str:
    return f"left:{member.pk}:{kind}:"


PASSED: dict[str, tuple[Any, str]] = {
    "promise": (Promise, "promised_by"),
    "deal": (Deal, "owner"),
    "duty": (Duty, "passed_to"),
}
"""Kind of record → its rows, and the field that says whose it is."""
PASSED_FROM = "passed_from"
"""In the settings of a line: whose it was."""


def _record(entries: list[Entry], by: Member, at: datetime) -> None:
    record(entries, by=Author(by), at=at)


def _can_take(to: Member | None, member: Member) -> bool:
    return to is not None and to.may_write and to.pk != member.pk


def _slices(rows: Iterable[Any]) -> Iterator[list]:
    each = iter(list(rows))
    while batch := list(islice(each, AT_ONCE)):
        yield batch
