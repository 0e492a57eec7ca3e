"""Values in words, as a person would say them: an amount, a day, a name."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.kernel import words
from baton.kernel.clock import unstamp
from baton.map.elements import FieldType

_STATES = {
    "proposed": gettext_lazy("proposed"),
    "approved": gettext_lazy("approved"),
    "rejected": gettext_lazy("rejected"),
}


def value_text(value: Any, kind: FieldType = "text", currency: str = "") -> str:
    """Return a field's value in words: "£12,500", "1 December 2026", "Colin Hart", "yes"; "" for none."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _of_parts(value, currency)
    if isinstance(value, list):
        return ", ".join(value_text(part, kind, currency) for part in value)
    return _date_text(value) if kind == "date" else str(value)


def _of_parts(value: dict[str, Any], currency: str) -> str:
    if "minor" in value:
        return words.money(value["minor"], value.get("currency") or currency or "EUR")
    if "state" in value and "what" in value:
        return f"{value['what']} ({_STATES.get(value['state'], value['state'])})"
    if "what" in value:
        at = unstamp(value["at"]) if value.get("at") else None
        return f"{value['what']}, {words.day(at)}" if at else value["what"]
    return str(value.get("name") or value.get("id") or "")


def _date_text(value: str) -> str:
    return format_date(date.fromisoformat(value[:10]), "d MMMM y", words.locale())
