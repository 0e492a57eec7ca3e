"""Rehearsing a map: which duties it would have opened over a stretch of the past, for whom, and how many of them late.

Nothing is written. What happened is walked through with the rules of live duties (`walking.walk`), as if the map had
been in force from the first moment and nobody had owed anything before. A deal's owner and desk are those of then.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from baton.ledger.models import Deal
from baton.map.elements import Behavior
from baton.map.events import EventPattern
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work import past
from baton.work.behaviors import behaviors_of
from baton.work.duties import due_since
from baton.work.owing import SUBJECTS, Owing, People
from baton.work.reckoning import Reckoned
from baton.work.walking import Watching, walk
from baton.work.watches import ENDED, NOTICES, Silence, silences

CALLER = "work.duties"
SLICE = 500
TOO_MANY_A_DAY = 12
TOO_MANY_AT_ONCE = 30
"""More than one person can be expected to keep: new ones on a working day, and open at the same time."""


class Case(NamedTuple):
    """One duty that would have been opened. `closed_at` is None where nothing closed it until the end."""

    behavior: str
    opener: past.Past
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    late: bool
    owed_by: UUID | None
    desk: str

    @property
    def deal_id(self) -> UUID | None:
        return past.key(self.opener.deal_id)


@dataclass(slots=True)
class Tally:
    """What one behavior would have asked: its cases, the newest first once they are `in_order`."""

    behavior: Behavior
    cases: list[Case] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(case.late for case in self.cases)

    @property
    def open(self) -> int:
        return sum(case.closed_at is None for case in self.cases)

    @property
    def people(self) -> list[tuple[UUID | None, int]]:
        """Return who would have owed how many, most first."""
        return Counter(case.owed_by for case in self.cases).most_common()


@dataclass(frozen=True, slots=True)
class Load:
    """What would have come to one person: in all, late, on a working day, and at most at the same time."""

    member: UUID | None
    opened: int
    late: int
    a_day: float
    at_once: int

    @property
    def too_many(self) -> bool:
        """Whether that is more than one person keeps."""
        return self.a_day > TOO_MANY_A_DAY or self.at_once > TOO_MANY_AT_ONCE


@dataclass(slots=True)
class Rehearsal:
    """The answer: behaviors in the order of the map, people with the most first."""

    since: datetime
    until: datetime
    tallies: list[Tally]
    loads: list[Load]

    @property
    def opened(self) -> int:
        return sum(len(tally.cases) for tally in self.tallies)

    @property
    def late(self) -> int:
        return sum(tally.late for tally in self.tallies)


def rehearse(
    drawn: OperatingMap,
    *,
    since: datetime,
    until: datetime,
    seen_by: Member | None = None,
    only: Iterable[str] | None = None,
) -> Rehearsal:
    """Return what a map, keyed by permanent ids, would have asked from one moment until another.

    `seen_by` counts only what happened on what this member sees; `only` names the behaviors to rehearse.
    """
    known = behaviors_of(drawn)
    behaviors = [known[key] for key in (known if only is None else only) if key in known]
    with _nothing_collected():
        stands = past.Stands(since, until)
        walks = _walked(drawn, behaviors, stands, since, until, seen_by)
        judging = _Judging(drawn, stands, until)
        tallies = [Tally(one.behavior, list(judging.cases(one.duties))) for one in walks]
    return Rehearsal(since, until, tallies, _loads(tallies, drawn, since, until))


@contextmanager
def _nothing_collected() -> Generator[None]:
    """Keep the collector from walking a year of rows again and again: nothing here makes a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _walked(
    drawn: OperatingMap,
    behaviors: list[Behavior],
    stands: past.Stands,
    since: datetime,
    until: datetime,
    seen_by: Member | None,
) -> Any:
    watchings = list(_watchings(drawn, behaviors, stands, since))
    kinds: frozenset[str] | None = frozenset(_kinds(behaviors, watchings))
    if any(each.silence.pattern and not each.silence.pattern.silent for each in watchings):
        kinds = None
    events = past.happened(kinds, since, until, seen_by, _fields(behaviors, watchings))
    return walk(events, behaviors, watchings, until=past.raw(until))


def _fields(behaviors: list[Behavior], watchings: list[Watching]) -> set[str] | None:
    """Return the fields of which a confirmed value matters; None for all. Most of what happens is values confirmed."""
    patterns = [one for behavior in behaviors for one in (*behavior.opens.each, *behavior.closes.each)]
    patterns += [
        one
        for each in watchings
        for pattern in (each.silence.begins, each.silence.pattern.silent if each.silence.pattern else None)
        for one in (pattern.each if pattern else ())
    ]
    named = {one.detail for one in patterns if one.kind == "fact.confirmed"}
    named |= {each.silence.field.key for each in watchings if each.silence.field}
    return None if "" in named else named


def _kinds(behaviors: list[Behavior], watchings: list[Watching]) -> Iterator[str]:
    from baton.work.reckoning import ENDS_DEAL, kinds_of

    for behavior in behaviors:
        yield from kinds_of(behavior)
    for each in watchings:
        yield from (*ENDS_DEAL, "deal.opened", "deal.reopened")
        yield from each.silence.pattern.silent.kinds if each.silence.pattern and each.silence.pattern.silent else ()
        yield from ("fact.confirmed", "stage.entered") if each.silence.field else ()
        yield from each.silence.begins.kinds if each.silence.begins else ()


# Silences


def _watchings(
    drawn: OperatingMap, behaviors: list[Behavior], stands: past.Stands, since: datetime
) -> Iterator[Watching]:
    """Yield each silence that these behaviors open with, knowing when it was last broken before the rehearsal."""
    asked = replace(drawn, behaviors={behavior.id: behavior for behavior in behaviors}, automations={})
    over = stands.over(past.raw(since), frozenset(ENDED))
    for silence in silences(asked):
        places = stands.places(past.raw(since)) if silence.field else None
        watching = Watching(silence, drawn, over, places, since=since)
        back = since - _reach(silence, drawn)
        if silence.begins:
            watching.begin(past.last_time(_any_of(silence.begins), back, since))
            long_ago = since - timedelta(days=3650) if silence.ever else back
            watching.came(past.last_time(_breaks(silence), long_ago, since))
            yield watching
            continue
        watching.begin(past.last_time(_breaks(silence), back, since))
        if silence.kind == "quiet":
            watching.begin(past.last_time(Q(kind="deal.opened"), back, since))
        yield watching


def _breaks(silence: Silence) -> Q:
    """Return the condition that an event is what was to happen."""
    if silence.field:
        return Q(kind="fact.confirmed", detail=silence.field.key)
    silent = silence.pattern.silent if silence.pattern else None
    if silent is None:
        return ~Q(kind__in=NOTICES)
    return _any_of(silent)


def _any_of(pattern: EventPattern) -> Q:
    found = Q(pk__in=())
    for one in pattern.each:
        found |= Q(kind=one.kind, detail=one.detail) if one.detail else Q(kind=one.kind)
    return found


def _reach(silence: Silence, drawn: OperatingMap) -> timedelta:
    """Return how long ago it may have been broken last and become a silence only now: a bit more than it takes."""
    if silence.field:
        return timedelta(days=3650)  # an old value is asked for whenever somebody is about to read it
    lasting = silence.pattern.lasting if silence.pattern else None
    assert lasting
    open_days = sum(bool(spans) for spans in drawn.hours.week)
    worked = lasting.working_minutes(drawn.hours) / drawn.hours.minutes_a_day
    days = lasting.amount if lasting.unit == "days" else worked * 7 / open_days * 1.2
    return timedelta(days=days + 14)


# Who, by when, and whether it was late


class _Judging:
    """Says of each duty who would have owed it, when it would have been due, and whether it was late."""

    def __init__(self, drawn: OperatingMap, stands: past.Stands, until: datetime) -> None:
        self._people, self._stands, self._until = People(drawn), stands, until
        self._people.all_there()
        self._members, self._hours = self._people.members, drawn.hours
        self._owing: dict[tuple[Any, ...], Owing] = {}

    def cases(self, duties: list[Reckoned]) -> Iterator[Case]:
        for start in range(0, len(duties), SLICE):
            part = duties[start : start + SLICE]
            subjects = _subjects(part)
            for duty in part:
                yield self._case(duty, subjects)

    def _case(self, duty: Reckoned, subjects: dict[tuple[str, Any], Any]) -> Case:
        opener, timer, closer = duty.opener, duty.timer, duty.closer
        opened_at = past.when(opener.happened_at)
        heard_at = opened_at if timer.recorded_at == opener.happened_at else past.when(timer.recorded_at)
        due_at = due_since(duty.behavior.within, heard_at, past.when(timer.due_at), self._hours)
        closed_at = past.when(closer.happened_at) if closer else None
        owed_by, desk, _instead = self._who(duty, subjects)
        late = (closed_at or self._until) > due_at
        return Case(duty.behavior.id, opener, opened_at, due_at, closed_at, late, owed_by, desk)

    def _who(self, duty: Reckoned, subjects: dict[tuple[str, Any], Any]) -> Owing:
        """Return who would have owed it: asked once for all that lay with the same owner at the same desk."""
        opener = duty.opener
        stand = self._stands.at(opener.deal_id, opener.happened_at)
        if opener.record_kind in SUBJECTS or any(who.role in OF_ITS_OWN for who in duty.behavior.owed_by.chain):
            return self._asked(duty, stand, subjects)
        key = duty.behavior.id, stand and (stand.owner_id, stand.desk)
        known = self._owing.get(key)
        if known is None:
            known = self._owing[key] = self._asked(duty, stand, subjects)
        return known

    def _asked(self, duty: Reckoned, stand: past.Stand | None, subjects: dict[tuple[str, Any], Any]) -> Owing:
        opener = duty.opener
        about = (opener.record_kind, opener.record_id)
        known = {about: subjects[about]} if about in subjects else {}
        self._people.take(self._members, known | ({("deal", opener.deal_id): stand} if stand else {}))
        return self._people.owing(duty)


OF_ITS_OWN = ("in turn", "recorder")
"""Parts that depend on the single duty: the lot that is drawn for it, who wrote what opened it."""


def _subjects(duties: list[Reckoned]) -> dict[tuple[str, Any], Any]:
    """Return the records that duties are about, by kind and by the identifier as their rows have it."""
    found: dict[tuple[str, Any], Any] = {}
    for kind, model in SUBJECTS.items():
        ids = {duty.opener.record_id for duty in duties if duty.opener.record_kind == kind}
        if ids:
            rows = {row.pk: row for row in model.objects.unscoped(CALLER).filter(pk__in=map(past.key, ids))}
            found |= {(kind, one): rows[past.key(one)] for one in ids if past.key(one) in rows}
    return found


def _loads(tallies: list[Tally], drawn: OperatingMap, since: datetime, until: datetime) -> list[Load]:
    days = max(drawn.hours.between(since, until) / drawn.hours.minutes_a_day, 1.0)
    by_member: dict[UUID | None, list[Case]] = {}
    for case in (case for tally in tallies for case in tally.cases):
        by_member.setdefault(case.owed_by, []).append(case)
    loads = [
        Load(member, len(cases), sum(case.late for case in cases), len(cases) / days, _at_once(cases, until))
        for member, cases in by_member.items()
    ]
    return sorted(loads, key=lambda load: (-load.opened, str(load.member)))


def _at_once(cases: list[Case], until: datetime) -> int:
    """Return how many were open at the same time at most; one that is closed makes room for one that opens then."""
    steps = sorted(
        step for case in cases for step in ((case.opened_at, 1), (max(case.closed_at or until, case.opened_at), -1))
    )
    return max(accumulate(change for _at, change in steps), default=0)


def deals_of(cases: Iterable[Case], seen_by: Member | None) -> dict[UUID, Deal]:
    """Return deal id → deal for those that the reader may see."""
    ids = {case.deal_id for case in cases if case.deal_id}
    rows = Deal.objects.visible_to(seen_by) if seen_by else Deal.objects.unscoped(CALLER)
    return {deal.pk: deal for deal in rows.filter(pk__in=ids)}
