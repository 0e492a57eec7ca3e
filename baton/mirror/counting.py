"""Turning rows into the tallies of days. Each part counts one kind of row, by the day on which it was recorded.

What is recorded on a day that is over doesn't change, so a day is counted once; only for a week after it may what is
filed or shown late still count (`keeping.SETTLES`). Two parts of a day add up to the day; only the deals that somebody
touched (`touched`, which is read by the week) may then count twice. Back-fill is left out: nobody was late with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Subquery

from baton.ledger.models import Deal, DealState, Fact, Interaction
from baton.map.schema import OperatingMap
from baton.members.models import DeskSeat, Member
from baton.mirror.meaning import kind_of
from baton.mirror.passing import BACK_FILL, LOST, OPEN, WON, outcomes, spans_of, stays
from baton.mirror.sight import CALLER, Sight
from baton.mirror.tally import Tally, bucket, stay
from baton.work.models import Duty, ExceptionCase, Handoff, Use

TYPED = ("screen", "review", "quick")
"""Channels on which somebody typed it: all else came by itself, as it happened."""
PROMPT = 60
"""Minutes within which what is typed counts as captured while it happened."""
SHOWN_WITHIN = timedelta(days=7)
"""How long evidence may come after the move that it is for."""
RECORDS = ("deal", "contact", "company")


@dataclass(slots=True)
class Count:
    """One counting: which days, through whose eyes, by which map; `seat` is member id → the desk where they sit.

    `people` are all members, those too who left: what they said stays said.
    """

    sight: Sight
    since: datetime
    until: datetime
    map: OperatingMap
    days: dict[date, Tally] = field(default_factory=lambda: defaultdict(Tally))
    seat: dict[UUID, str] = field(default_factory=dict)
    people: list[UUID] = field(default_factory=list)

    def on(self, at: datetime) -> Tally:
        """Return the tally of the day of the business on which this moment lies."""
        return self.days[at.astimezone(self.map.hours.tz).date()]

    def desk(self, member: UUID | None) -> str:
        return self.seat.get(member, "") if member else ""

    def within(self, column: str) -> dict[str, datetime]:
        """Return the condition that a moment lies in the days that are counted."""
        return {f"{column}__gte": self.since, f"{column}__lt": self.until}


def count(sight: Sight, since: datetime, until: datetime, operating_map: OperatingMap) -> dict[date, Tally]:
    """Return the tally of each day on which anything was recorded. The number of questions is always the same."""
    people = list(Member.objects.values_list("pk", flat=True))
    counting = Count(sight, since, until, operating_map, seat=seats(), people=people)
    for part in PARTS:
        part(counting)
    return dict(counting.days)


def seats() -> dict[UUID, str]:
    """Return where each member sits, first of several."""
    return dict(DeskSeat.objects.order_by("-pk").values_list("member", "desk"))


def capture(counting: Count) -> None:
    """How long after it happened the next desk could use what happened, by kind and channel; and how it came in."""
    rows = counting.sight.of(Interaction).filter(live=True, automatic="", **counting.within("recorded_at"))
    columns = "recorded_at", "happened_at", "filed_at", "kind", "channel", "author", "deal", "contact", "direction"
    for at, happened, filed, kind, channel, author, deal, contact, way in _each(rows, columns):
        tally = counting.on(at)
        if deal is None and contact is not None and way != "internal" and kind != "note":
            tally.add("dealless", kind)
        if deal is None and contact is None:
            continue
        tally.add("with", kind)
        minutes = (max(at, filed or at) - happened).total_seconds() / 60
        tally.add("lag", kind, channel, bucket(minutes))
        how = "source" if channel not in TYPED else ("prompt" if minutes <= PROMPT else "later")
        tally.add("captured", how, counting.desk(author), author or "")


def sheets(counting: Count) -> None:
    """Numbers that were sent round as spreadsheets, by who sent them: mail among ourselves that capture has marked."""
    rows = counting.sight.of(Interaction).filter(direction="internal", **counting.within("recorded_at"))
    ours = {email.lower(): str(pk) for pk, email in Member.objects.values_list("pk", "email")}
    for at, sender in _each(rows.filter(parts__has_key="side_channel"), ("recorded_at", "from_address")):
        counting.on(at).add("sheet", ours.get(sender.lower(), ""))


def moves(counting: Count) -> None:
    """Deals that entered a stage, with evidence or without, by whose they were; deals new when won already."""
    states = spans_of("deal_id")
    before = states.filter(ended_at=OuterRef("began_at"))
    shown = states.filter(
        stage=OuterRef("stage"), shown=True, began_at__gte=OuterRef("began_at"),
        began_at__lt=OuterRef("began_at") + SHOWN_WITHIN,
    )  # fmt: skip
    rows = counting.sight.of(DealState).filter(**counting.within("began_at"))
    rows = rows.annotate(was=Subquery(before.values("stage")[:1]), proved=Exists(shown))
    columns = "began_at", "deal", "stage", "was", "proved", "owner", "status", "stage_since", "decided_at", "desk"
    for at, _deal, stage, was, proved, owner, status, since, decided, desk in _each(rows, columns):
        if was == stage or (since and at - since > BACK_FILL) or (decided and at - decided > BACK_FILL):
            continue
        if was is None:
            counting.on(at).add("deal", "won" if status in WON else "new", owner or "")
        if status != LOST:
            counting.on(at).add("move", stage, "shown" if proved else "said", owner or "", desk)


def stages(counting: Count) -> None:
    """How long deals stood at the stages that they left, and what became of those that were decided, by whose."""
    spans = counting.sight.of(DealState)
    for one in stays(spans.filter(**counting.within("ended_at")).order_by()):
        counting.on(one.at).add("stay", one.stage, stay(one.days), one.owner or "")
    decided = DealState.objects.unscoped(CALLER).filter(**counting.within("began_at")).exclude(status=OPEN)
    of_those = spans.filter(deal__in=decided.values("deal"), began_at__lt=counting.until)
    for passed in outcomes(of_those, counting.since):
        counting.on(passed.at).add("outcome", passed.stage, "won" if passed.won else LOST, passed.owner or "")


def handoffs(counting: Count) -> None:
    """First offers that were accepted as they were, and that came back or were begun without something."""
    earlier = Handoff.objects.unscoped(CALLER).filter(
        deal=OuterRef("deal_id"), handoff=OuterRef("handoff"), offered_at__lt=OuterRef("offered_at"), state="returned"
    )
    rows = counting.sight.of(Handoff).between_people().filter(**counting.within("decided_at"))
    rows = rows.filter(state__in=["accepted", "returned"]).annotate(again=Exists(earlier))
    columns = "decided_at", "handoff", "state", "again", "missing", "owed"
    for at, handoff, state, again, missing, owed in _each(rows, columns):
        tally = counting.on(at)
        for item in {*missing, *owed} if state == "returned" or owed else ():
            tally.add("missing", handoff, item if isinstance(item, str) else str(item.get("item", "")))
        if not again:
            tally.add("handoff", handoff, "first" if state == "accepted" and not owed else "back")


def exceptions(counting: Count) -> None:
    """Departures from the map, by reason and by what of the map they depart from."""
    rows = counting.sight.of(ExceptionCase).filter(**counting.within("recorded_at"))
    for at, category, about in _each(rows, ("recorded_at", "category", "about")):
        counting.on(at).add("exception", category, about)


def duties(counting: Count) -> None:
    """Duties that fell due, kept on time or not, by behavior and by who owed them."""
    rows = counting.sight.of(Duty).filter(**counting.within("due_at")).exclude(state="withdrawn")
    for due, closed, behavior, owed_by in _each(rows, ("due_at", "closed_at", "behavior", "owed_by")):
        kept = "kept" if closed and closed <= due else "late"
        counting.on(due).add("duty", behavior, kept, owed_by or "", counting.desk(owed_by))


def entries(counting: Count) -> None:
    """What members said: each deal a day that they said something on, and what the typing of each field took.

    Asked by who said it and when; naming the kinds of records would lead a database through all facts of a kind.
    """
    rows = Fact.objects.unscoped(CALLER) if counting.sight.member is None else _their_facts(counting.sight.member)
    rows = rows.filter(said_by__in=counting.people, status="confirmed", channel__in=TYPED)
    rows = rows.filter(**counting.within("recorded_at"))
    columns = "recorded_at", "record_kind", "record_id", "field", "value", "settles", "said_by"
    touched: dict[tuple[date, UUID], set[UUID]] = defaultdict(set)
    for at, kind, record, name, value, settles, member in _each(rows, columns):
        if kind not in RECORDS:
            continue
        tally = counting.on(at)
        touched[at.astimezone(counting.map.hours.tz).date(), member].add(record)
        tally.add("entry", name, "confirmed" if settles else "typed")
        tally.add("tax", name, count=round(seconds_for(value, settled=bool(settles)) * 10))
        if value not in (None, "") and name in counting.map.fields:
            tally.add("value", name, kind_of(value, counting.map.fields[name]), member)
        if kind == "contact":
            tally.add("book", "written")
    for (on, member), records in touched.items():
        counting.days[on].add("touched", counting.desk(member), str(member), count=len(records))


def _their_facts(member: Member) -> Any:
    """Facts on what the member sees: asked of deals alone, because all else is the business's."""
    deals = Deal.objects.visible_to(member).filter(pk=OuterRef("record_id"))
    rows = Fact.objects.unscoped(CALLER)
    return rows.filter(Exists(deals)) | rows.filter(said_by=member)


def uses(counting: Count) -> None:
    """Facts that were used in a handoff or a decision, by field; and the decisions themselves, by who took them."""
    rows = counting.sight.of(Use).filter(**counting.within("used_at")).annotate(name=F("fact__field"))
    decided = _decided_before(counting)
    for at, where, where_id, by, name in _each(rows, ("used_at", "used_in", "used_in_id", "used_by", "name")):
        counting.on(at).add("use", name, where)
        if where != "handoff" and (where, where_id, by) not in decided:
            decided.add((where, where_id, by))
            counting.on(at).add("decision", where, by or "")


def _decided_before(counting: Count) -> set[tuple[str, UUID, UUID]]:
    """Return what was decided on the first day before the counting begins: nothing where it begins with the day."""
    day = counting.since.astimezone(counting.map.hours.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    if day == counting.since:
        return set()
    earlier = counting.sight.of(Use).filter(used_at__gte=day, used_at__lt=counting.since).exclude(used_in="handoff")
    return set(earlier.order_by().values_list("used_in", "used_in_id", "used_by").distinct())


PARTS: list[Callable[[Count], None]] = [capture, sheets, moves, stages, handoffs, exceptions, duties, entries, uses]

THINK, POINT, HOME, KEY = 1.35, 1.1, 0.4, 0.28
"""Seconds for the parts of an entry in the Keystroke-Level Model (Card, Moran, Newell 1980), for an average typist."""


def seconds_for(value: Any, *, settled: bool) -> float:
    """Return about how long it takes to enter a value, in seconds: never measured on a person, only on the value."""
    if settled:
        return THINK + POINT
    return THINK + POINT + HOME + KEY * _length(value)


def _length(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_length(one) for one in value.values() if not isinstance(one, dict | list))
    return min(len(str(value if value is not None else "")), 400)


def _each(rows: Any, columns: Iterable[str]) -> Any:
    return rows.order_by().values_list(*columns).iterator(chunk_size=5_000)
