"""What is needed to know about a deal right now: by its next packet, a decision, a duty. Nothing else is asked."""

from __future__ import annotations

from typing import Any

from baton.ledger.models import Deal
from baton.map.elements import READ_BY_TYPE, Field
from baton.map.schema import OperatingMap

NEVER_READ = {"stage", "desk", "owner", "title", "contact", "company", "source", "next_step", "service"}
"""What is decided, not read out of a message; the next step has a rule of its own."""


def wanted_fields(operating_map: OperatingMap, deal: Deal) -> list[Field]:
    """Return the fields of the deal that the next handoff carries, a decision reads, or a behavior keeps fresh."""
    keys = [*_carried(operating_map, deal), *_decided(operating_map), *_kept_fresh(operating_map)]
    fields = [operating_map.field(key) for key in dict.fromkeys(keys) if key not in NEVER_READ]
    return [field for field in fields if field is not None and field.on == "deal"]


def _carried(operating_map: OperatingMap, deal: Deal) -> tuple[str, ...]:
    if deal.stage not in operating_map.stages:
        return ()
    handoff = operating_map.next_handoff(deal.stage)
    return handoff.carries if handoff else ()


def _decided(operating_map: OperatingMap) -> list[str]:
    return [key for decision in operating_map.decisions.values() for key in decision.reads]


def _kept_fresh(operating_map: OperatingMap) -> list[str]:
    patterns = [one for behavior in operating_map.behaviors.values() for one in behavior.opens.each]
    return [one.detail for one in patterns if one.kind.startswith("fact.") and one.detail]


def readings_for(field: Field) -> tuple[str, ...]:
    """Return the kinds of reading that may suggest this field."""
    return field.read_from or READ_BY_TYPE.get(field.type, ())


COMMON_WORDS = {"date", "time", "amount", "number", "name", "contact", "person", "price", "text"}


def heard_as(field: Field) -> tuple[str, ...]:
    """Return the words that a field goes by in mail: those of the map, else the telling ones of its name."""
    if field.heard_as:
        return field.heard_as
    words = str(field.name).replace("-", " ").lower().split()
    return tuple(word for word in words if len(word) > 3 and word not in COMMON_WORDS)


def current(deal: Deal, key: str) -> Any:
    """Return the confirmed value of a field, or None."""
    return deal.values.get(key, {}).get("v")
