"""Which behaviors are in force: those of the map, and the few that follow from what Baton's records are.

A handoff must be answered, a promise kept, a next step done, a question answered, a changed packet looked at, and of a
meeting that is over it must be said what came of it. A map that has a behavior of its own for the same opening event
replaces the one that follows by itself; one that opens with a planned meeting asks what came of it, too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from baton.map.current import map_version_numbered, publications
from baton.map.durations import AT_ITS_TIME, SAME_DAY, Within
from baton.map.elements import Behavior, IfForgotten, OwedBy, Who
from baton.map.events import EventPattern
from baton.map.schema import OperatingMap

ESCALATE_TO_LEAD = (IfForgotten("remind", 0.75), IfForgotten("escalate", to=Who("desk lead")))
ESCALATE_TO_MANAGER = (IfForgotten("remind", 0.75), IfForgotten("escalate", to=Who("manager")))
ONE_DAY = Within(1, "working days")


def _own(
    key: str, name: str, opens: str, closes: tuple[str, ...], owed_by: tuple[Who, ...], within: Within
) -> Behavior:
    first, *rest = (EventPattern(kind) for kind in closes)
    return Behavior(
        key=key,
        id=key,
        name=name,
        opens=EventPattern(opens),
        closes=EventPattern(first.kind, others=tuple(rest)),
        owed_by=OwedBy(owed_by),
        within=within,
        if_forgotten=ESCALATE_TO_LEAD,
    )


LEAD = Who("desk lead")
OWN = (
    _own(
        "baton:fix-returned",
        _("Fix what came back"),
        "handoff.returned",
        ("handoff.offered", "handoff.withdrawn"),
        (Who("sender"), Who("deal owner"), LEAD),
        ONE_DAY,
    ),
    _own(
        "baton:keep-promise",
        _("Keep a promise"),
        "promise.made",
        ("promise.kept", "promise.broken"),
        (Who("promiser"), Who("deal owner"), LEAD),
        AT_ITS_TIME,
    ),
    _own(
        "baton:do-next-step",
        _("Do the next step"),
        "next_step.set",
        ("next_step.done", "deal.lost"),
        (Who("deal owner"), LEAD),
        AT_ITS_TIME,
    ),
    _own(
        "baton:say-outcome",
        _("Say what came of a meeting"),
        "meeting.ended",
        ("meeting.held", "meeting.cancelled"),
        (Who("deal owner"), LEAD),
        replace(SAME_DAY, after_its_time=True),
    ),
    _own(
        "baton:answer-question",
        _("Answer a colleague"),
        "question.asked",
        ("question.answered",),
        (Who("asked"), LEAD),
        ONE_DAY,
    ),
    _own(
        "baton:look-at-change",
        _("Look at a changed packet"),
        "packet.changed",
        ("packet.noted", "packet.objected"),
        (Who("receiver"), Who("deal owner"), LEAD),
        ONE_DAY,
    ),
    replace(
        _own(
            "baton:mend-behavior",
            _("Change or retire a behavior"),
            "behavior.lapsed",
            ("behavior.mended",),
            (Who("owner"), Who("deputy")),
            Within(5, "working days"),
        ),
        if_forgotten=(IfForgotten("remind", 0.75),),
    ),
)


def accepting(operating_map: OperatingMap) -> list[Behavior]:
    """Return one behavior for each handoff of the map: the receiving desk answers within the time the map gives."""
    return [
        Behavior(
            key=f"baton:accept:{handoff.id}",
            id=f"baton:accept:{handoff.id}",
            name=handoff.name,
            opens=EventPattern("handoff.offered", handoff.id),
            closes=EventPattern(
                "handoff.accepted", others=(EventPattern("handoff.returned"), EventPattern("handoff.withdrawn"))
            ),
            owed_by=OwedBy((Who("receiver"), Who("lead of", handoff.to_desk))),
            within=handoff.accept_within,
            if_forgotten=ESCALATE_TO_MANAGER,
        )
        for handoff in operating_map.handoffs.values()
    ]


@lru_cache(maxsize=64)
def in_force(version: int) -> dict[str, Behavior]:
    """Return id → behavior for one version of the map, the map's own first."""
    return behaviors_of(map_version_numbered(version))


def behaviors_of(operating_map: OperatingMap) -> dict[str, Behavior]:
    """Return id → behavior for a map keyed by permanent ids."""
    named = {behavior.id: behavior for behavior in operating_map.behaviors.values()}
    taken = {kind for behavior in named.values() for kind in behavior.opens.kinds}
    asked_before = {"meeting.ended"} if "meeting.planned" in taken else set()
    own = [behavior for behavior in OWN if behavior.opens.kind not in taken | asked_before]
    named = {key: _leaving(behavior, taken) for key, behavior in named.items()}
    answered = {one.detail for one in _opening(named.values()) if one.kind == "handoff.offered"}
    offered = [one for one in accepting(operating_map) if not {"", one.opens.detail} & answered]
    return named | {behavior.id: behavior for behavior in [*own, *offered]}


def _opening(behaviors: Iterable[Behavior]) -> Iterator[EventPattern]:
    return (one for behavior in behaviors for one in behavior.opens.each)


def rule_of(behavior: Behavior) -> tuple[Any, ...]:
    """Return what a behavior asks, without its name and what it is for."""
    return behavior.opens, behavior.closes, behavior.owed_by, behavior.within, behavior.if_forgotten


MORE_EXACT = frozenset({"call.missed"})
"""Happenings that are an `interaction in` as well: where the map has a behavior for one, the general one leaves it."""


def _leaving(behavior: Behavior, taken: set[str]) -> Behavior:
    leaves = (MORE_EXACT & taken) - behavior.opens.kinds
    return replace(behavior, leaves=leaves) if leaves else behavior


@dataclass(frozen=True, slots=True)
class Through:
    """One behavior through the versions of the map; None for the time in which no map asked for it.

    Each event is judged by the map that was in force when the event became known, so that a new version changes
    nothing about the past.
    """

    since: tuple[datetime, ...]
    said: tuple[Behavior | None, ...]

    @property
    def latest(self) -> Behavior:
        """Return the behavior as a map said it last."""
        return next(behavior for behavior in reversed(self.said) if behavior)

    def at(self, moment: datetime) -> Behavior | None:
        """Return what the map said at a moment; what the first one says, before it was published."""
        return self.said[self._era(moment)]

    def lasted(self, since: datetime, until: datetime | None = None) -> bool:
        """Whether maps asked for it all the time from one moment to another, or to now."""
        end = len(self.said) - 1 if until is None else self._era(until)
        return None not in self.said[self._era(since) : end + 1]

    def _era(self, moment: datetime) -> int:
        return max(bisect_right(self.since, moment) - 1, 0)


def through(behavior_id: str, newest: int) -> Through:
    """Return a behavior as the versions of the map had it, up to one of them."""
    eras = [(at, in_force(number).get(behavior_id)) for at, number in publications(newest)]
    changes = [eras[0]] + [era for before, era in pairwise(eras) if era[1] != before[1]]
    return Through(tuple(at for at, _said in changes), tuple(said for _at, said in changes))
