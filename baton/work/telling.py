"""One deal as its page shows it, in plain values: where it stands, what proves it, what the next desk needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from baton.kernel.clock import stamp
from baton.ledger.models import Deal, Interaction
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work import handoffs
from baton.work.models import ExceptionCase, Handoff, Promise, Question
from baton.work.packets import packet_of
from baton.work.seats import desk_name
from baton.work.today import duties_on
from baton.work.wording import value_text

TIMELINE = 50


def deal_told(deal: Deal, member: Member, at: datetime) -> dict[str, Any]:
    """Return everything about a deal that this member may see, ready to be printed as JSON."""
    operating_map = current_map()
    return {
        "id": str(deal.pk),
        "title": deal.title,
        "status": deal.status,
        "desk": desk_name(deal.desk, operating_map),
        "owner": _name(deal.owner_id),
        "amount": value_text({"minor": deal.amount, "currency": deal.currency}) if deal.amount is not None else "",
        "next_step": deal.next_step,
        "next_step_due": stamp(deal.next_step_at) if deal.next_step_at else None,
        "rail": _rail(deal, operating_map),
        "packet": _packet(deal, operating_map, member, at),
        "duties": [owed.as_json() for owed in duties_on(deal, member, at)],
        "promises": _promises(deal, member),
        "exceptions": _exceptions(deal, member),
        "questions": _questions(deal, member),
        "handoffs": _handoffs(deal, operating_map, member),
        "timeline": _timeline(deal, member),
    }


def _name(member_id: Any) -> str:
    known = Member.objects.filter(pk=member_id).values_list("name", flat=True).first() if member_id else None
    return known or ""


def _rail(deal: Deal, operating_map: OperatingMap) -> list[dict[str, Any]]:
    """Each stage with its evidence: shown, said (it stands there and nothing proves it), or needed."""
    return [
        {
            "stage": stage.name,
            "desk": desk_name(stage.desk, operating_map),
            "now": stage.id == deal.stage,
            "evidence": "shown" if stage.id in deal.evidence else "said" if stage.id == deal.stage else "needed",
            "shown_by": deal.evidence.get(stage.id, {}).get("kind", ""),
            "shown_at": deal.evidence.get(stage.id, {}).get("at"),
            "needs": stage.entered_by.sentence,
        }
        for stage in operating_map.stages.values()
    ]


def _packet(deal: Deal, operating_map: OperatingMap, member: Member, at: datetime) -> dict[str, Any] | None:
    wanted = handoffs.next_for(deal, operating_map)
    if wanted is None:
        return None
    packet = packet_of(deal, wanted, member=member, at=at, operating_map=operating_map)
    items = [
        {"item": i.key, "name": i.name, "has": i.has, "value": i.value, "suggested": i.suggested, "breaks": i.breaks}
        for i in packet.items
    ]
    return {"handoff": wanted.name, "there": packet.count_there, "items": items}


def _promises(deal: Deal, member: Member) -> list[dict[str, Any]]:
    rows = Promise.objects.visible_to(member).filter(deal=deal.pk).exclude(what="").order_by("due_at", "id")
    return [
        {"what": p.what, "who": p.who, "state": p.state, "due": stamp(p.due_at) if p.due_at else None} for p in rows
    ]


def _exceptions(deal: Deal, member: Member) -> list[dict[str, Any]]:
    rows = ExceptionCase.objects.visible_to(member).filter(deal=deal.pk).order_by("id")
    return [{"category": case.category, "what": case.what, "reason": case.reason} for case in rows]


def _questions(deal: Deal, member: Member) -> list[dict[str, Any]]:
    rows = Question.objects.visible_to(member).filter(deal=deal.pk).order_by("id")
    return [{"question": row.text, "answer": row.answer or None} for row in rows]


def _handoffs(deal: Deal, operating_map: OperatingMap, member: Member) -> list[dict[str, Any]]:
    rows = Handoff.objects.visible_to(member).filter(deal=deal.pk).order_by("offered_at")
    return [
        {
            "from": desk_name(row.from_desk, operating_map),
            "to": desk_name(row.to_desk, operating_map),
            "state": row.state,
            "offered": stamp(row.offered_at) if row.offered_at else None,
            "decided": stamp(row.decided_at) if row.decided_at else None,
            "missing": row.missing,
        }
        for row in rows
    ]


def _timeline(deal: Deal, member: Member) -> list[dict[str, Any]]:
    rows = Interaction.objects.visible_to(member).filter(deal=deal.pk).order_by("-happened_at", "-id")[:TIMELINE]
    return [
        {
            "id": str(row.pk),
            "kind": row.kind,
            "direction": row.direction,
            "at": stamp(row.happened_at),
            "from": row.from_name or row.from_address,
            "subject": row.subject,
        }
        for row in rows
    ]
