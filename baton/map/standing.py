"""Behaviors that every business has because its desks work together: they need no line in the map.

A handoff waits no longer than it says, what came back is mended, a question is answered, a packet that changed is
noted, a promise and a next step fall due. Each gives way where the map has a behavior of its own that the same event
opens, so an owner changes one by writing it.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from baton.map.durations import AT_ITS_TIME, Within
from baton.map.elements import Behavior, Handoff, IfForgotten, OwedBy, Who
from baton.map.events import parse_event
from baton.map.schema import OperatingMap

LEAD = Who("desk lead")
REMIND = IfForgotten("remind", 0.75)
ESCALATE = IfForgotten("escalate", to=LEAD)


def behaviors_in_force(drawn: OperatingMap) -> dict[str, Behavior]:
    """The behaviors of the map by key, and after them the standing ones that it doesn't replace."""
    standing = (each for each in _standing(drawn) if not drawn.opened_by(each.opens.kind, each.opens.detail))
    return {**drawn.behaviors, **{each.key: each for each in standing}}


def _standing(drawn: OperatingMap) -> Iterator[Behavior]:
    yield from (_acceptance(handoff) for handoff in drawn.handoffs.values())
    yield _behavior(
        "mend-returned", _("Mend what came back"), "handoff returned", "handoff offered",
        (Who("sender"), LEAD), Within(240), _("the next desk can begin"),
    )  # fmt: skip
    yield _behavior(
        "answer-question", _("Answer a colleague"), "question asked", "question answered",
        (Who("asked"), LEAD), Within(240), _("the next desk can go on"),
    )  # fmt: skip
    yield _behavior(
        "note-changed-packet", _("Note what changed after a handoff"), "packet changed",
        "packet noted or packet objected", (Who("receiver"), LEAD), Within(240), _("nobody works on yesterday’s facts"),
    )  # fmt: skip
    yield _behavior(
        "due-promise", _("Keep what was promised"), "promise made", "promise kept or promise broken",
        (Who("promiser"), Who("deal owner"), LEAD), AT_ITS_TIME, _("a customer hears from us before they have to ask"),
    )  # fmt: skip
    yield _behavior(
        "due-next-step", _("Do the next step"), "next step set", "next step done",
        (Who("deal owner"), LEAD), AT_ITS_TIME, _("the deal moves on"),
    )  # fmt: skip


def _acceptance(handoff: Handoff) -> Behavior:
    key = handoff.key
    return _behavior(
        f"accept-{key}",
        _("Accept or return: {handoff}").format(handoff=handoff.name),
        f"handoff offered {key}",
        f"handoff accepted {key} or handoff returned {key}",
        (Who("receiver"), LEAD),
        handoff.accept_within,
        _("no deal waits between two desks"),
        standing_id=f"accept-{handoff.id}",
    )


def _behavior(
    key: str,
    name: str,
    opens: str,
    closes: str,
    chain: tuple[Who, ...],
    within: Within,
    so_that: str,
    standing_id: str = "",
) -> Behavior:
    return Behavior(
        key=key,
        id=standing_id or key,
        name=name,
        opens=parse_event(opens),
        closes=parse_event(closes),
        owed_by=OwedBy(chain),
        within=within,
        if_forgotten=(REMIND, ESCALATE),
        so_that=so_that,
    )
