"""What one message says: made when it is sent, out of what its subscriber may see at that moment.

It names things and says no more than is needed to know whether to ask further: no amounts, no words of a message.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from baton.gate.hooks.models import HookDelivery
from baton.ledger.kinds import kind_named
from baton.ledger.models import Company, Contact, Deal, Interaction
from baton.members.models import Member

Seen = dict[str, Any]


def body_of(delivery: HookDelivery, member: Member) -> bytes | None:
    """Return the message in JSON, None where its subscriber may not see what it is about (any more)."""
    told = delivery.told
    data = told.get("data") if "data" in told else _seen(told, member)
    deal = _deal(told.get("deal"), member) if "data" in told else None
    if data is None or ("data" in told and told.get("deal") and deal is None):
        return None
    data = {**data, "deal": deal} if deal else data
    return packed(delivery.kind, told["happened_at"], data)


def packed(kind: str, moment: str, data: dict[str, Any]) -> bytes:
    """Return a message in the form of the specification: `type`, `timestamp` (ISO 8601, UTC) and `data`."""
    said = {"type": kind, "timestamp": moment, "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _seen(told: dict[str, Any], member: Member) -> Seen | None:
    if not _may_see(told, member):
        return None
    kind, key = told["record"]
    return {
        "event": told["event"],
        "detail": told["detail"],
        "record": {"kind": kind, "id": key},
        "deal": _deal(told["deal"], member),
        "contact": _named(Contact, told["contact"], member),
        "company": _named(Company, told["company"], member),
        "interaction": _interaction(told["interaction"], member),
        "by": told["by"],
        "channel": told["channel"],
    }


def _may_see(told: dict[str, Any], member: Member) -> bool:
    """The record itself must be theirs to see, and the deal that it belongs to; what concerns none is management's."""
    kind, key = told["record"]
    try:
        model = kind_named(kind).model
    except KeyError:
        return member.sees_everything
    if not model.objects.visible_to(member).filter(pk=key).exists():  # type: ignore[attr-defined]
        return False
    return told["deal"] is None or Deal.objects.visible_to(member).filter(pk=told["deal"]).exists()


def _deal(key: str | None, member: Member) -> Seen | None:
    row = Deal.objects.visible_to(member).filter(pk=key).first() if key else None
    if row is None:
        return None
    address = f"{settings.BATON_URL.rstrip('/')}/deals/{row.pk}/" if settings.BATON_URL else ""
    said = {"id": str(row.pk), "title": row.title, "stage": row.stage, "desk": row.desk, "status": row.status}
    return said | ({"url": address} if address else {})


def _named(model: Any, key: str | None, member: Member) -> Seen | None:
    row = model.objects.visible_to(member).filter(pk=key).first() if key else None
    return {"id": str(row.pk), "name": row.name} if row else None


def _interaction(key: str | None, member: Member) -> Seen | None:
    row = Interaction.objects.visible_to(member).filter(pk=key).first() if key else None
    return {"id": str(row.pk), "kind": row.kind, "direction": row.direction} if row else None
