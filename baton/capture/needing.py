"""What is needed to know about a deal right now: by its next packet, a decision, a duty. Nothing else is asked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from baton.ledger.models import Deal
from baton.ledger.text import folded
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


RELATING = frozenset(
    "until till from to by on at in of for since after before between about and or the a with next last "
    "bis von vom ab am um im fur seit nach vor zwischen zum zur und oder "
    "do od za na u po prije nakon poslije izmedu i ili s sa".split()
)
"""Words that stand before any date or amount: alone they don't tell which field it is."""
HOURS_HEARD = frozenset(("hours",))
"""What such a word does tell: `after 19:00` is a reading of its own."""


@lru_cache(maxsize=512)
def heard_as(field: Field) -> tuple[str, ...]:
    """Return the words that a field goes by in mail: those of the map, and the telling ones of its name.

    Of the map's words those that only relate ("until") are passed over, except where hours are meant.
    """
    told = [word for word in field.heard_as if folded(word) not in RELATING or HOURS_HEARD & set(readings_for(field))]
    if field.heard_as and len(told) == len(field.heard_as):
        return field.heard_as
    words = str(field.name).replace("-", " ").lower().split()
    return (*told, *(word for word in words if len(word) > 3 and word not in COMMON_WORDS and word not in RELATING))


@lru_cache(maxsize=256)
def heard_pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds these words in a folded sentence, with the endings that they take; None where there are none.

    Three letters and fewer are heard as they stand: `PO` isn't in `possible`.
    """
    each = [re.escape(folded(word)) + ("" if len(word) <= 3 else r"\w{0,4}") for word in words]
    return re.compile(rf"\b(?:{'|'.join(each)})\b") if each else None


def current(deal: Deal, key: str) -> Any:
    """Return the confirmed value of a field, or None."""
    return deal.values.get(key, {}).get("v")
