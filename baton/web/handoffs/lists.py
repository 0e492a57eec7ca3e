"""Which handoffs a member looks at: to their desks, from their desks, and done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel import words
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.first_time import FirstTime, first_times
from baton.work.models import Duty, Handoff
from baton.work.seats import desks_of

MOST = 60
WAYS = ("to", "from", "done")


@dataclass(slots=True)
class Exchange:
    """What a page of handoffs is about: whose desks, which way, and the rows that all of it shares."""

    member: Member
    at: datetime
    way: str
    map: OperatingMap = field(default_factory=current_map)
    members: dict[UUID, Member] = field(default_factory=dict)
    desks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        mine = desks_of(self.member, self.map)
        everywhere = not mine and self.member.sees_everything
        self.desks = [key for key in self.map.desks if key in mine or everywhere]
        self.members = {one.pk: one for one in Member.objects.all()}

    def name(self, member_id: UUID | None) -> str:
        """Return a colleague's name, "You" for the one who looks."""
        if member_id == self.member.pk:
            return _("You")
        known = self.members.get(member_id) if member_id else None
        return known.name if known else _("Nobody yet")

    def desk(self, key: str) -> str:
        """Return what people call a desk."""
        known = self.map.desks.get(key)
        return known.name if known else key

    @property
    def us(self) -> str:
        """Return what the member's desks are called together."""
        return ", ".join(self.desk(key) for key in self.desks) or _("your desks")


@dataclass(frozen=True, slots=True)
class Line:
    """One handoff of the list. `items` are the states of its packet; `late` says that its time ran out."""

    pk: UUID
    title: str
    due: str
    late: bool
    items: list[dict[str, Any]]
    there: str
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """The handoffs under one heading."""

    title: str
    lines: list[Line]


def waiting(exchange: Exchange, way: str) -> Any:
    """Return those offered and not answered, to or from the member's desks, the longest waiting first."""
    rows = Handoff.objects.visible_to(exchange.member).waiting()
    return _way(rows, way, exchange).order_by("offered_at", "id")


def returned(exchange: Exchange, way: str) -> Any:
    """Return those that went back and were not offered again."""
    rows = Handoff.objects.visible_to(exchange.member).filter(state=Handoff.State.RETURNED).not_offered_again()
    return _way(rows, way, exchange).order_by("-decided_at", "id")


def changed(exchange: Exchange) -> Any:
    """Return accepted ones of the member's desks with a change that nobody looked at yet."""
    owed = Duty.objects.visible_to(exchange.member).open().filter(subject_kind="handoff", desk__in=exchange.desks)
    rows = Handoff.objects.visible_to(exchange.member).filter(state=Handoff.State.ACCEPTED)
    return rows.filter(pk__in=owed.values("subject_id")).order_by("-decided_at", "id")


def done(exchange: Exchange) -> Any:
    """Return the accepted ones, to or from the member's desks, newest first."""
    rows = Handoff.objects.visible_to(exchange.member).filter(state=Handoff.State.ACCEPTED)
    both = rows.to_desks(exchange.desks) | rows.from_desks(exchange.desks)
    return both.order_by("-decided_at", "id")


def _way(rows: Any, way: str, exchange: Exchange) -> Any:
    return rows.to_desks(exchange.desks) if way == "to" else rows.from_desks(exchange.desks)


def sections_of(exchange: Exchange) -> list[Section]:
    """Return the lists of this way, each with its heading; empty ones are left out."""
    if exchange.way == "done":
        named = [(_("Accepted"), done(exchange))]
    elif exchange.way == "from":
        named = [(_("Waiting for them"), waiting(exchange, "from")), (_("Came back to us"), returned(exchange, "from"))]
    else:
        named = [
            (_("Waiting for us"), waiting(exchange, "to")),
            (_("Changed after we accepted"), changed(exchange)),
            (_("We returned"), returned(exchange, "to")),
        ]
    found = [(title, list(rows[:MOST])) for title, rows in named]
    lines = lines_of([row for _title, rows in found for row in rows], exchange)
    return [Section(title, [lines[row.pk] for row in rows]) for title, rows in found if rows]


def lines_of(rows: list[Handoff], exchange: Exchange) -> dict[UUID, Line]:
    """Return handoff id → its line; a constant number of queries."""
    ids = {row.deal_id for row in rows}
    titles = dict(Deal.objects.visible_to(exchange.member).filter(pk__in=ids).values_list("pk", "title"))
    due = due_of(rows, exchange)
    return {row.pk: _line(row, titles.get(row.deal_id, ""), due.get(row.pk), exchange) for row in rows}


def due_of(rows: Iterable[Handoff], exchange: Exchange) -> dict[UUID, Duty]:
    """Return handoff id → the open duty to answer it, or to fix what it came back for."""
    ids = [row.pk for row in rows]
    owed = Duty.objects.visible_to(exchange.member).open().filter(subject_kind="handoff", subject_id__in=ids)
    return {duty.subject_id: duty for duty in owed.order_by("-due_at")}


def _line(row: Handoff, title: str, duty: Duty | None, exchange: Exchange) -> Line:
    there = sum(item["has"] == "there" for item in row.packet)
    from_us = exchange.way == "from"
    other = _("to %(desk)s") if from_us else _("from %(desk)s")
    desk = exchange.desk(row.to_desk if from_us else row.from_desk)
    counted = _("%(there)d of %(count)d") % {"there": there, "count": len(row.packet)}
    due = words.due(duty.due_at, exchange.at) if duty else _when(row, exchange)
    late = duty is not None and duty.due_at < exchange.at
    return Line(row.pk, title, due, late, row.packet, f"{counted}, {other % {'desk': desk}}", _note(row, exchange))


def _when(row: Handoff, exchange: Exchange) -> str:
    return words.day(row.decided_at, exchange.at) if row.decided_at else ""


def _note(row: Handoff, exchange: Exchange) -> str:
    names = {item["item"]: item["name"] for item in row.packet}
    if row.state == Handoff.State.RETURNED:
        missing = ", ".join(names.get(key, key) for key in row.missing) or row.because
        holder = exchange.name(row.offered_by_id)
        return _("%(missing)s. With %(name)s.") % {"missing": missing, "name": holder}
    gaps = [item["name"] for item in row.packet if item["has"] != "there"]
    if row.to_self:
        return _("Handed to oneself: a checklist, counted in nothing")
    return _("Missing or unsure: %(items)s") % {"items": ", ".join(gaps)} if gaps else _("Nothing missing")


def answer_of(exchange: Exchange) -> str:
    """Return the sentence at the head of the page."""
    parts = [_waits(exchange), _back(exchange), _first_time(exchange)]
    return " ".join(part for part in parts if part)


def _waits(exchange: Exchange) -> str:
    count = waiting(exchange, "to").count()
    told = {"count": count, "desks": exchange.us}
    if not count:
        return _("Nothing waits for %(desks)s.") % told
    return ngettext("%(count)d waits for %(desks)s.", "%(count)d wait for %(desks)s.", count) % told


def _back(exchange: Exchange) -> str:
    count = returned(exchange, "from").count()
    back = ngettext("%(count)d came back to you.", "%(count)d came back to you.", count) % {"count": count}
    return back if count else ""


def _first_time(exchange: Exchange) -> str:
    found = _ours(exchange)
    offered, accepted = sum(one.offered for one in found), sum(one.accepted for one in found)
    if not offered:
        return ""
    told = {"accepted": accepted, "offered": offered}
    return _("In 90 days %(accepted)d of %(offered)d were right the first time.") % told


def _ours(exchange: Exchange) -> list[FirstTime]:
    found = first_times(exchange.member, exchange.at)
    return [one for key, one in found.items() if _is_ours(key, exchange)]


def _is_ours(key: str, exchange: Exchange) -> bool:
    known = exchange.map.handoffs.get(key)
    return known is not None and bool({known.from_desk, known.to_desk} & set(exchange.desks))


def missing_most(exchange: Exchange) -> dict[str, Any]:
    """Return what returned packets of the last 90 days lacked most, of how many returns."""
    counted: dict[str, int] = {}
    of = 0
    for one in _ours(exchange):
        of += one.returned
        for item, count in one.missing.items():
            counted[item] = counted.get(item, 0) + count
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    rows = [(_item_name(item, exchange), count) for item, count in ordered]
    return {"rows": rows, "of": ngettext("of %(count)d returned", "of %(count)d returned", of) % {"count": of}}


def _item_name(item: str, exchange: Exchange) -> str:
    known = exchange.map.field(item)
    return str(known.name) if known else item.replace("_", " ").capitalize()
