"""The guided first day: five things, done on one's own real work, ticked off by what the ledger sees of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from baton.ledger.models import Deal, Fact
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.rollout.seen import LINE, PHONE, SUGGESTION, Seen, seen_of
from baton.work.models import Handoff
from baton.work.seats import desks_of
from baton.work.today import duties_of

Step = Literal["duty", "suggestion", "handoff", "line", "phone"]
Place = Literal["deal", "handoff", "quick", "phone", ""]
LOOKED_AT = 50
"""Deals of one's own that are looked through for something to do."""


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step: when it was done, else where it can be done right now.

    `what` is the duty, or the title of the deal; `place` and `id` say where it is done. Empty: nothing is there yet.
    """

    step: Step
    done_at: datetime | None = None
    what: str = ""
    place: Place = ""
    id: UUID | None = None


def first_day(member: Member, at: datetime) -> list[FirstStep]:
    """Return the steps for a member, in order. Who only reads has none: there is nothing that they could do wrong."""
    if not member.may_write:
        return []
    return list(_steps(member, seen_of([member.pk], member).get(member.pk, {}), at))


def _steps(member: Member, seen: Seen, at: datetime) -> Iterator[FirstStep]:
    drawn = current_map()
    desks = sorted(desks_of(member, drawn))
    mine = _deals(member, desks)
    done = _done(seen)
    yield done.get("duty") or _duty(member, at)
    yield done.get("suggestion") or _suggestion(member, mine)
    if any(drawn.handoffs_to(desk) or drawn.handoffs_from(desk) for desk in desks):
        yield done.get("handoff") or _handoff(member, desks, mine, drawn)
    yield done.get("line") or FirstStep("line", what=mine[0].title if mine else "", place="quick", id=_first(mine))
    yield done.get("phone") or FirstStep("phone", place="phone")


def _done(seen: Seen) -> dict[str, FirstStep]:
    keys: dict[Step, tuple[str, ...]] = {
        "duty": ("duty/",),
        "suggestion": (SUGGESTION,),
        "handoff": ("take/", "give/"),
        "line": (LINE,),
        "phone": (PHONE,),
    }
    found = {step: min((at for key, at in seen.items() if key.startswith(begin)), default=None)
             for step, begin in keys.items()}  # fmt: skip
    return {step: FirstStep(step, at) for step, at in found.items() if at}


def _deals(member: Member, desks: list[str]) -> list[Deal]:
    """One's own deals under way, else those at one's desks: a new member seldom has any yet."""
    rows = Deal.objects.visible_to(member).under_way().order_by("-stage_since", "pk")
    own = list(rows.filter(owner=member)[:LOOKED_AT])
    return own or list(rows.filter(desk__in=desks)[:LOOKED_AT])


def _first(deals: list[Deal]) -> UUID | None:
    return deals[0].pk if deals else None


def _duty(member: Member, at: datetime) -> FirstStep:
    owed = next((one for one in duties_of(member, at, limit=10) if one.deal_id), None)
    return FirstStep("duty", what=owed.what, place="deal", id=owed.deal_id) if owed else FirstStep("duty")


def _suggestion(member: Member, mine: list[Deal]) -> FirstStep:
    titles = {deal.pk: deal.title for deal in mine}
    waiting = Fact.objects.of_seen(member, {"deal": titles}).suggested().order_by("-recorded_at").first()
    if waiting is None:
        return FirstStep("suggestion")
    return FirstStep("suggestion", what=titles[waiting.record_id], place="deal", id=waiting.record_id)


def _handoff(member: Member, desks: list[str], mine: list[Deal], drawn: OperatingMap) -> FirstStep:
    """What waits for one's desk; else a deal of one's own that comes to a handoff next."""
    waiting = Handoff.objects.visible_to(member).waiting().to_desks(desks).order_by("offered_at").first()
    if waiting:
        deal = Deal.objects.visible_to(member).filter(pk=waiting.deal_id).first()
        return FirstStep("handoff", what=deal.title if deal else "", place="handoff", id=waiting.pk)
    ahead = next((one for one in mine if one.desk in desks and one.stage in drawn.stages
                  and drawn.next_handoff(one.stage)), None)  # fmt: skip
    return FirstStep("handoff", what=ahead.title, place="deal", id=ahead.pk) if ahead else FirstStep("handoff")
