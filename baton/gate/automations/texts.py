"""Texts with names in braces, filled with what is so. Plain substitution: no template language, so nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from baton.gate.automations.knowing import Known
from baton.kernel import words
from baton.map.automations import PLACE
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.wording import value_text


def filled(text: str, known: Known, drawn: OperatingMap, by: Member) -> str:
    """Return a text with every name in it replaced by what it stands for; a name that stands for nothing goes."""
    places = _places(known, drawn, by)
    return PLACE.sub(lambda found: places.get(found[1], lambda: _field(found[1], known, drawn))(), text)


def _places(known: Known, drawn: OperatingMap, by: Member) -> Mapping[str, Callable[[], str]]:
    contact = known.contact
    return {
        "contact": lambda: contact.name if contact else "",
        "first_name": lambda: contact.name.split(" ")[0] if contact else "",
        "company": lambda: known.company.name if known.company else "",
        "deal": lambda: known.deal.title,
        "owner": lambda: by.name,
        "business": lambda: drawn.business,
        "meeting": lambda: _meeting(known, drawn),
    }


def _meeting(known: Known, drawn: OperatingMap) -> str:
    """Return when we meet, in the business's own time."""
    starts = known.event.data.get("starts")
    if not starts:
        return ""
    at = datetime.fromisoformat(starts)
    at = (at if at.tzinfo else at.replace(tzinfo=drawn.hours.tz)).astimezone(drawn.hours.tz)
    return f"{words.long_day(at)}, {at:%H:%M}"


def _field(name: str, known: Known, drawn: OperatingMap) -> str:
    field = drawn.field(name)
    value = known.called(name) or known.value(name)
    return value_text(value, field.type if field else "text", known.deal.currency)
