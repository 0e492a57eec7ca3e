"""Which behaviors are in force: those of the map, and the few that follow from what Baton's records are.

A handoff must be answered, a promise kept, a next step done, a question answered, a changed packet looked at.
A map that has a behavior of its own for the same opening event replaces the one that follows by itself.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from baton.map.current import map_version_numbered
from baton.map.durations import AT_ITS_TIME, Within
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
    operating_map = map_version_numbered(version)
    named = {behavior.id: behavior for behavior in operating_map.behaviors.values()}
    taken = {kind for behavior in named.values() for kind in behavior.opens.kinds}
    own = [behavior for behavior in OWN if behavior.opens.kind not in taken]
    return named | {behavior.id: behavior for behavior in [*own, *accepting(operating_map)]}
