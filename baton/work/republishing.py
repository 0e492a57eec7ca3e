"""What a new version of the map means for duties.

A behavior that was removed takes its open duties along; a new one opens nothing for the past. What is open is owed
from now on as the new map says: by whom, within what time, in which hours. What is closed stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from baton.kernel import columns
from baton.kernel.rows import update_rows
from baton.ledger.models import Event
from baton.map.elements import Behavior
from baton.map.marked import Problem
from baton.map.models import MapVersion
from baton.map.publishing import register_after_publish, register_before_publish
from baton.map.schema import OperatingMap
from baton.work import duties
from baton.work.behaviors import Through, behaviors_of, through
from baton.work.duties import Scope, next_chase, standing
from baton.work.models import Duty, Handoff, Watch
from baton.work.owing import People
from baton.work.reckoning import Reckoned, opens, scope_of
from baton.work.watches import silences

CALLER = "work.duties"
SECOND = 200
SLICE = 500


def register_republishing() -> None:
    """Let duties follow a new version of the map; called once at start."""
    register_before_publish(SECOND, offers_left_behind)
    register_after_publish(SECOND, owe_again)


def offers_left_behind(old: OperatingMap, new: OperatingMap) -> list[Problem]:
    """Return an objection for each removed handoff that somebody still waits to see answered."""
    gone = old.handoffs.keys() - new.handoffs.keys()
    offered = Handoff.objects.unscoped(CALLER).filter(handoff__in=gone, state=Handoff.State.OFFERED)
    waiting = offered.values("handoff").annotate(deals=Count("pk")).values_list("handoff", "deals")
    said = _("handoff “{name}” is gone, and deals that were offered in it wait for an answer: {count}")
    hint = _("have them accepted, returned or taken back first, or keep its `id: {id}`")
    return [
        Problem(0, 0, said.format(name=old.handoffs[key].name, count=count), hint.format(id=key))
        for key, count in sorted(waiting)
    ]


def owe_again(old: OperatingMap, new: OperatingMap, version: MapVersion) -> None:
    """Withdraw what the new map doesn't ask for, and put right who owes the rest, and by when."""
    before, after = behaviors_of(old), behaviors_of(new)
    open_duties = Duty.objects.unscoped(CALLER).filter(state=Duty.State.OPEN)
    open_duties.filter(behavior__in=before.keys() - after.keys()).update(state=Duty.State.WITHDRAWN, chase_at=None)
    watch_again(old, new)
    moved = [key for key in before.keys() & after.keys() if _owed(before[key]) != _owed(after[key])]
    everything = old.hours != new.hours or _posts(old) != _posts(new)
    if everything or moved:
        found = open_duties if everything else open_duties.filter(behavior__in=moved)
        _move(found, after, version.number - 1, People(new))


def watch_again(old: OperatingMap, new: OperatingMap) -> None:
    """Where hours or readers changed, silences fall due at other times: the next sweep works them out anew."""
    if old.hours != new.hours or _readers(old) != _readers(new):
        Watch.objects.unscoped(CALLER).filter(kind="stale").delete()
    if old.hours != new.hours:
        begun = [silence for silence in silences(new) if silence.begins]
        quiet = Watch.objects.unscoped(CALLER).filter(kind="quiet")
        quiet.exclude(of__in=[silence.of for silence in begun]).delete()
        for silence in begun:
            rows = list(quiet.filter(of=silence.of, due_at__isnull=False))
            for row in rows:
                row.due_at = silence.becomes_one_at(row.since, new, None)
            update_rows(rows, ["due_at"])


def _readers(operating_map: OperatingMap) -> tuple[Any, ...]:
    """Return who reads which field when, and how long fields stay fresh."""
    handoffs = tuple((each.at, each.carries) for each in operating_map.handoffs.values())
    decisions = tuple((each.every, each.reads) for each in operating_map.decisions.values())
    return handoffs, decisions, tuple((each.id, each.fresh_for) for each in operating_map.fields.values())


def _owed(behavior: Behavior) -> tuple[Any, ...]:
    return behavior.owed_by, behavior.within, behavior.if_forgotten


def _posts(operating_map: OperatingMap) -> tuple[Any, ...]:
    """Who stands behind “desk lead”, “owner” and “deputy”."""
    leads = tuple((desk.id, desk.lead, desk.members) for desk in operating_map.desks.values())
    return leads, operating_map.owner, operating_map.deputy


# Time and people


def _move(rows: Any, behaviors: Mapping[str, Behavior], before: int, people: People) -> None:
    listed = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(listed), SLICE):
        found = list(Duty.objects.unscoped(CALLER).filter(pk__in=listed[start : start + SLICE]))
        reckoned = list(_timed(standing(found, behaviors), before))
        people.prepare([one for _duty, one in reckoned])
        columns.write([row for duty, one in reckoned for row in _moved(duty, one, people)], COLUMNS)


def _timed(standings: Iterable[tuple[Duty, Reckoned]], before: int) -> Iterator[tuple[Duty, Reckoned]]:
    """Yield each duty with the event that last moved its time, where its behavior falls due at an event's own time."""
    pairs = list(standings)
    timers = _timers([(duty, one) for duty, one in pairs if one.behavior.within.after_its_time], before)
    for duty, one in pairs:
        yield duty, replace(one, timer=timers.get((duty.behavior, duty.scope), one.opener))


def _timers(pairs: list[tuple[Duty, Reckoned]], before: int) -> dict[Scope, Event]:
    """Return the latest event that opens in the scope of each duty, if it came while the duty was open."""
    since = {(duty.behavior, duty.scope): one.opener.happened_at for duty, one in pairs}
    found: dict[Scope, Event] = {}
    for behavior_id in {duty.behavior for duty, _one in pairs}:
        said = through(behavior_id, before)
        for event in _opening(said, [duty for duty, _one in pairs if duty.behavior == behavior_id]):
            then = said.at(event.known_at)
            if then and then.within.after_its_time and opens(then, event):
                scope = (behavior_id, scope_of(then, event))
                if scope in since and event.happened_at >= since[scope]:
                    found[scope] = event
    return found


def _opening(said: Through, rows: list[Duty]) -> Iterable[Event]:
    kinds = {kind for behavior in said.said if behavior for kind in behavior.opens.kinds}
    near = Q(deal__in={duty.deal_id for duty in rows if duty.deal_id})
    near |= Q(record_id__in={duty.subject_id for duty in rows})
    return Event.objects.unscoped(CALLER).filter(near, kind__in=kinds).order_by("happened_at", "recorded_at", "id")


COLUMNS = ("due_at", "owed_by", "instead_of", "desk", "chase_at")


def _moved(duty: Duty, reckoned: Reckoned, people: People) -> Iterator[Duty]:
    """Put the duty right in place; yield it where that changed anything."""
    before = _kept(duty)
    duty.due_at = duties.due(reckoned, people)
    duty.owed_by_id, duty.desk, duty.instead_of_id = people.owing(reckoned, duty.passed_to_id)
    duty.chase_at = next_chase(duty, reckoned.behavior, people)
    if before != _kept(duty):
        yield duty


def _kept(duty: Duty) -> tuple[Any, ...]:
    return duty.due_at, duty.owed_by_id, duty.instead_of_id, duty.desk, duty.chase_at
