"""Words of the map in the language of who reads it: what a field holds, and how often something is decided.

The map itself is written in one language, which `map/phrases.py` reads and writes.
"""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.kernel import words
from baton.map.elements import Cadence, FieldType

HOLDS: dict[FieldType, Any] = {
    "text": gettext_lazy("a line of text"),
    "long text": gettext_lazy("a longer text"),
    "number": gettext_lazy("a number"),
    "money": gettext_lazy("an amount of money"),
    "date": gettext_lazy("a date"),
    "time": gettext_lazy("a time of day"),
    "yes/no": gettext_lazy("yes or no"),
    "choice": gettext_lazy("one of several"),
    "contact": gettext_lazy("a contact"),
    "company": gettext_lazy("a company"),
    "member": gettext_lazy("a colleague"),
    "file": gettext_lazy("a file"),
    "hours": gettext_lazy("hours of the week"),
    "items": gettext_lazy("a list of things"),
}
"""Type of a field → what it holds."""
EVERY = {
    "day": gettext_lazy("every day"),
    "week": gettext_lazy("every week"),
    "month": gettext_lazy("every month"),
    "quarter": gettext_lazy("every quarter"),
}


def rhythm(cadence: Cadence) -> str:
    """Say how often, on which day and when: “Monday 10:00”, “every month on day 16, 16:30”."""
    if cadence.every == "week" and cadence.day is not None:
        day = get_day_names("wide", "stand-alone", words.locale())[cadence.day]
        return f"{day[:1].upper()}{day[1:]} {cadence.at:%H:%M}" if cadence.at else day
    said = str(EVERY[cadence.every])
    if cadence.day is not None:
        said = _("%(every)s on day %(day)d") % {"every": said, "day": cadence.day}
    return f"{said}, {cadence.at:%H:%M}" if cadence.at else said
