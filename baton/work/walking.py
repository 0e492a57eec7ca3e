"""Walking through what happened, moment by moment, with the same rules that live duties follow. Pure.

A behavior is walked with `reckoning.step`, scope by scope; which scopes a moment touches is found by what it shares
with the events that wait: its record, thread, customer or deal. Silences are noticed as the sweep would have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from baton.kernel.ids import derived
from baton.map.elements import Behavior
from baton.map.schema import OperatingMap
from baton.work import past
from baton.work.about_to_read import Place
from baton.work.past import Past
from baton.work.reckoning import (
    ENDS_DEAL,
    MOVES,
    Neighbors,
    Reckoned,
    closes,
    in_order,
    kinds_of,
    opens,
    same_source,
    scope_of,
    scoping,
    sharing,
    step,
)
from baton.work.watches import Silence


class Always:
    """A behavior as if the map had always said it: `behaviors.Through` for a draft."""

    def __init__(self, behavior: Behavior) -> None:
        self.latest = behavior

    def at(self, _moment: Any) -> Behavior:
        return self.latest

    def lasted(self, _since: Any, _until: Any = None) -> bool:
        return True


class Walk:
    """One behavior on its way through time: what waits, and every duty so far."""

    def __init__(self, behavior: Behavior) -> None:
        self.behavior, self.said = behavior, Always(behavior)
        self.kinds = kinds_of(behavior)
        self.duties: list[Reckoned] = []
        self._opening = behavior.opens.kinds
        self._closing = self.kinds - (self._opening - behavior.closes.kinds - MOVES)
        self._moves_on = behavior.within.after_its_time
        self._waiting: dict[str, Reckoned] = {}
        self._near: dict[Any, dict[str, None]] = {}
        self._meanings: dict[tuple[str, str], tuple[bool, bool]] = {}
        self._shared: dict[tuple[str, str, str], Callable[[Any, Any], bool]] = {}
        self._scoping = {kind: scoping(kind) for kind in self._opening}

    def take(self, moment: list[Past]) -> None:
        """Take in what happened at one moment."""
        if len(moment) == 1:
            self._take_one(moment[0])
            return
        touched = dict.fromkeys(scope for event in moment for scope in self._touched(event))
        if not touched:
            return
        near = Neighbors(moment)
        for scope in touched:
            self._step(scope, sorted(near.of(self._opening_in(scope, moment)), key=in_order))

    def _take_one(self, event: Past) -> None:
        """Take in what happened alone at its moment, as most does: `reckoning.step` without what can't be then."""
        opening, closing = self._meaning(event)
        if closing and self._waiting:
            for scope in self._scopes_near(event):
                self._close(scope, self._waiting[scope], event)
        if opening:
            scope = self._scoping[event.kind](event) if event.told == "{}" else scope_of(self.behavior, event)
            if scope not in self._waiting:
                duty = Reckoned(self.behavior, scope, event, event)
                self.duties.append(duty)
                self._remember(scope, duty)
            elif self._moves_on:
                self._waiting[scope].timer = event

    def _close(self, scope: str, duty: Reckoned, event: Past) -> None:
        """Close what waits in a scope, if this event, which closes some, closes it."""
        opener = duty.opener
        key = opener.kind, event.kind, event.detail
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = sharing(self.behavior, opener.kind, event)
        if shared(opener, event) and not same_source(opener, event) and event.id != opener.id:
            duty.closer = event
            self._forget(scope, duty)

    def _meaning(self, event: Past) -> tuple[bool, bool]:
        """Return whether an event opens and whether it closes anything; its kind and detail say so, or its data."""
        if event.told != "{}":
            return event.kind in self._opening and opens(self.behavior, event), closes(self.behavior, event)
        key = event.kind, event.detail
        known = self._meanings.get(key)
        if known is None:
            opening = event.kind in self._opening and opens(self.behavior, event)
            closing = event.kind in self._closing and closes(self.behavior, event)
            known = self._meanings[key] = opening, closing
        return known

    def _scopes_near(self, event: Past) -> list[str]:
        """Return the scopes that wait and share something with an event: its deal, contact, record or thread."""
        near, found = self._near, {}
        for value in (event.deal_id, event.contact_id, event.record_id, event.thread):
            scopes = near.get(value)
            if scopes:
                found.update(scopes)
        return list(found)

    def _opening_in(self, scope: str, moment: list[Past]) -> Iterator[Past]:
        """Yield what opens this scope, before or now: what may close it shares something with one of them."""
        if scope in self._waiting:
            yield self._waiting[scope].opener
        for event in moment:
            if opens(self.behavior, event) and scope_of(self.behavior, event) == scope:
                yield event

    def _touched(self, event: Past) -> Iterator[str]:
        """Yield the scopes of which something may change now: one that this opens, those that it may close."""
        opening, closing = self._meaning(event)
        if opening:
            scope = scope_of(self.behavior, event)
            if scope not in self._waiting or self._moves_on:
                yield scope
        if closing:
            yield from self._scopes_near(event)

    def _step(self, scope: str, moment: list[Past]) -> None:
        before = self._waiting.get(scope)
        waiting, opened = step(self.said, scope, before, moment)  # type: ignore[arg-type]
        if opened:
            self.duties.append(opened)
        if waiting is before:
            return
        if before:
            self._forget(scope, before)
        if waiting:
            self._remember(scope, waiting)

    def _remember(self, scope: str, duty: Reckoned) -> None:
        self._waiting[scope] = duty
        near, opener = self._near, duty.opener
        for value in (opener.deal_id, opener.contact_id, opener.record_id, opener.thread):
            if value:
                near.setdefault(value, {})[scope] = None

    def _forget(self, scope: str, duty: Reckoned) -> None:
        del self._waiting[scope]
        near, opener = self._near, duty.opener
        for value in {opener.deal_id, opener.contact_id, opener.record_id, opener.thread}:
            if value:
                scopes = near[value]
                scopes.pop(scope, None)
                if not scopes:
                    del near[value]


class Watching:
    """One silence of the map: when it last happened on each deal, and when that becomes one."""

    def __init__(
        self,
        silence: Silence,
        drawn: OperatingMap,
        over: Iterable[Any],
        places: Mapping[Any, Place] | None = None,
        *,
        since: datetime,
    ) -> None:
        self.silence, self._map, self._over, self._since = silence, drawn, set(over), since
        self._places = dict(places or {})
        self._last: dict[Any, Any] = {}
        self._next: list[tuple[Any, Any]] = []
        self._watched: set[Any] = set()
        self._came: set[Any] = set()
        self._said: dict[Any, Any] = {}
        self._concerns: dict[tuple[str, str], bool] = {}

    def begin(self, lasts: Iterable[tuple[Any, Any]]) -> None:
        """Take in when it last happened on each deal before the walk begins."""
        for deal, last in lasts:
            if deal not in self._over and deal not in self._last:
                self._happened(deal, last)

    def take(self, event: Past) -> None:
        """Take in an event: it may be what was to happen, or the end of the deal."""
        deal = event.deal_id
        if deal is None or not self._concerned(event):
            return
        if event.kind in ENDS_DEAL:
            self._over.add(deal)
            self._last.pop(deal, None)
        elif event.kind == "deal.reopened":
            self._over.discard(deal)
        if deal in self._over:
            return
        if self.silence.field and event.kind == "stage.entered":
            self._move(deal, event)
        if self.silence.begins:
            self._await(deal, event)
        elif self.silence.is_broken_by(event) or self._begins(event):  # type: ignore[arg-type]
            self._happened(deal, event.happened_at)

    def _concerned(self, event: Past) -> bool:
        """Whether an event of this kind and detail can change anything of this silence."""
        key = event.kind, event.detail
        known = self._concerns.get(key)
        if known is None:
            silence, kind = self.silence, event.kind
            turns = kind in ENDS_DEAL or kind in ("deal.opened", "deal.reopened")
            moves = silence.field is not None and kind == "stage.entered"
            said = silence.is_broken_by(event) or silence.is_begun_by(event)  # type: ignore[arg-type]
            known = self._concerns[key] = turns or moves or said
        return known

    def is_due(self, moment: Any) -> bool:
        """Whether a silence may have fallen due by a moment."""
        return bool(self._next) and self._next[0][0] <= moment

    def _move(self, deal: Any, event: Past) -> None:
        """In another stage, somebody else is about to read the value: it may be due sooner than it was, or at all."""
        self._places[deal] = Place(event.detail, past.when(event.happened_at))
        if deal in self._last:
            self._push(deal, self._due(deal))

    def _await(self, deal: Any, event: Past) -> None:
        """After something happened another thing is waited for: it begins with the one and ends with the other."""
        if self.silence.is_begun_by(event):  # type: ignore[arg-type]
            if deal not in self._came:
                self._happened(deal, event.happened_at)
        elif self.silence.is_broken_by(event):  # type: ignore[arg-type]
            self.came([(deal, event.happened_at)])

    def came(self, times: Iterable[tuple[Any, Any]]) -> None:
        """Take in when what is waited for came: it settles what began before, and with `never` what begins later."""
        for deal, at in times:
            if self.silence.ever:
                self._came.add(deal)
            if self.silence.ever or self._last.get(deal, at) <= at:
                self._last.pop(deal, None)

    def _happened(self, deal: Any, moment: Any) -> None:
        self._last[deal] = moment
        if deal not in self._watched:
            self._push(deal, self._due(deal))

    def _push(self, deal: Any, due: Any) -> None:
        if due is not None:
            self._watched.add(deal)
            heappush(self._next, (due, deal))

    def _begins(self, event: Past) -> bool:
        return event.kind == "deal.opened" and self.silence.kind == "quiet" and event.deal_id not in self._last

    def noticed(self, until: Any) -> Iterator[Past]:
        """Yield the silences that fell due up to a moment, as the events by which Baton says so."""
        while self._next and self._next[0][0] <= until:
            moment, deal = heappop(self._next)
            due = self._due(deal)
            if due is not None and due > moment:
                heappush(self._next, (due, deal))
                continue
            self._watched.discard(deal)
            if due is not None and due >= past.raw(self._since) and self._said.get(deal) != self._last[deal]:
                self._said[deal] = self._last[deal]
                yield self._event(deal, moment)

    def _due(self, deal: Any) -> Any:
        last = self._last.get(deal)
        if last is None:
            return None
        due = self.silence.becomes_one_at(past.when(last), self._map, self._places.get(deal), self._since)
        return None if due is None else past.raw(due)

    def _event(self, deal: Any, moment: Any) -> Past:
        kind = "quiet" if self.silence.kind == "quiet" else "fact.stale"
        return Past(
            derived(kind, self.silence.of, deal, moment), kind, self.silence.of, "deal", deal, deal, None, None, None,
            None, moment, moment, None, "{}",
        )  # fmt: skip


def walk(
    events: Iterable[Past], behaviors: Iterable[Behavior], watchings: Iterable[Watching], *, until: Any
) -> list[Walk]:
    """Walk these behaviors through events in their order, and through the silences up to a moment."""
    walks, watching = [Walk(behavior) for behavior in behaviors], list(watchings)
    by_kind: dict[str, list[Walk]] = {}
    for one in walks:
        for kind in one.kinds:
            by_kind.setdefault(kind, []).append(one)
    for moment in _moments(events, watching, until):
        _take(moment, by_kind)
    return walks


def _take(moment: list[Past], by_kind: dict[str, list[Walk]]) -> None:
    if len(moment) == 1:
        for one in by_kind.get(moment[0].kind, ()):
            one.take(moment)
        return
    concerned = {id(one): one for event in moment for one in by_kind.get(event.kind, ())}
    for one in concerned.values():
        one.take([event for event in moment if event.kind in one.kinds])


def _moments(events: Iterable[Past], watching: list[Watching], until: Any) -> Iterator[list[Past]]:
    """Yield the events of each moment, with the silences that became ones before it."""
    for moment in _together(events):
        if watching:
            happened = moment[0].happened_at
            if any(each.is_due(happened) for each in watching):
                yield from _silences(watching, happened)
            for each in watching:
                for event in moment:
                    each.take(event)
        yield sorted(moment, key=in_order) if len(moment) > 1 else moment
    yield from _silences(watching, until)


def _together(events: Iterable[Past]) -> Iterator[list[Past]]:
    """Yield what happened at the same moment together; what comes is in the order of time."""
    moment: list[Past] = []
    for event in events:
        if moment and event.happened_at != moment[0].happened_at:
            yield moment
            moment = []
        moment.append(event)
    if moment:
        yield moment


def _silences(watching: list[Watching], until: Any) -> Iterator[list[Past]]:
    found = [notice for each in watching for notice in each.noticed(until)]
    yield from ([notice] for notice in sorted(found, key=in_order))
