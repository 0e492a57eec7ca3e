"""How long something may take, as the map says it: `2 working hours`, `1 working day`, `14 days`, `at its time`."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from baton.members.hours import WorkingHours

Unit = Literal["working minutes", "working days", "days", "same day"]
ITS_TIME = re.compile(r"^(?:at|(?P<span>.+) after) its time$")
SPAN = re.compile(r"^(?P<amount>\d+)\s*(?P<working>working )?\s*(?P<unit>min|minutes?|h|hours?|days?|weeks?)$")


@dataclass(frozen=True, slots=True)
class Within:
    """A time allowed. Minutes are working minutes; days are days of the calendar unless they are working days.

    `after_its_time` counts from the time that the opening event is about (when a promise is due, when a meeting
    ends) instead of from the event itself.
    """

    amount: int
    unit: Unit = "working minutes"
    after_its_time: bool = False

    def due(self, opened: datetime, hours: WorkingHours, its_time: datetime | None = None) -> datetime:
        """When it falls due. `its_time` is the time that the event is about, where it has one."""
        start = its_time if self.after_its_time and its_time else opened
        if self.unit == "same day":
            return hours.closing(start)
        if self.unit == "days":
            return hours.next_open(start + timedelta(days=self.amount))
        return hours.add(start, self.working_minutes(hours))

    def working_minutes(self, hours: WorkingHours) -> int:
        """The same in working minutes; a day of the calendar counts as a working day here."""
        if self.unit == "working minutes":
            return self.amount
        return max(self.amount, 1) * hours.minutes_a_day

    @property
    def told(self) -> str:
        """The same in the language of who reads it; `str` writes it as the map does."""
        if self == AT_ITS_TIME:
            return gettext("at its time")
        said = gettext("the same working day") if self.unit == "same day" else _told(self.amount, self.unit)
        return gettext("%(time)s after its time") % {"time": said} if self.after_its_time else said

    def __str__(self) -> str:
        if self == AT_ITS_TIME:
            return "at its time"
        said = "same working day" if self.unit == "same day" else _counted(self.amount, self.unit)
        return f"{said} after its time" if self.after_its_time else said


SAME_DAY = Within(0, "same day")
AT_ITS_TIME = Within(0, after_its_time=True)


def parse_within(text: str) -> Within:
    """Raises `ValueError` with the sentence that the author of the map reads."""
    text = " ".join(text.lower().split())
    if text in ("same working day", "the same working day", "same day"):
        return SAME_DAY
    at = ITS_TIME.match(text)
    if not at:
        return _span(text)
    return replace(parse_within(at["span"]), after_its_time=True) if at["span"] else AT_ITS_TIME


def parse_days(text: str) -> int:
    """Days of the calendar, for `fresh_for`. Raises `ValueError` with a sentence."""
    span = _span(" ".join(text.lower().split()))
    if span.unit != "days":
        raise ValueError(_("“{text}” isn’t a number of days: write for instance `90 days`.").format(text=text))
    return span.amount


def _span(text: str) -> Within:
    found = SPAN.match(text)
    if not found or not 0 < int(found["amount"]) < 10_000:
        raise ValueError(
            _("“{text}” isn’t a time: write for instance `2 working hours`, `1 working day` or `14 days`.").format(
                text=text
            )
        )
    amount, unit = int(found["amount"]), found["unit"]
    if unit.startswith("day"):
        return Within(amount, "working days" if found["working"] else "days")
    if unit.startswith("week"):
        return Within(amount * (5 if found["working"] else 7), "working days" if found["working"] else "days")
    return Within(amount * (60 if unit.startswith("h") else 1))


def _told(amount: int, unit: str) -> str:
    if unit == "working minutes" and amount % 60 == 0:
        hours = amount // 60
        return ngettext("%(count)d working hour", "%(count)d working hours", hours) % {"count": hours}
    if unit == "working minutes":
        return ngettext("%(count)d working minute", "%(count)d working minutes", amount) % {"count": amount}
    if unit == "working days":
        return ngettext("%(count)d working day", "%(count)d working days", amount) % {"count": amount}
    return ngettext("%(count)d day", "%(count)d days", amount) % {"count": amount}


def _counted(amount: int, unit: str) -> str:
    if unit == "working minutes" and amount % 60 == 0:
        return _counted(amount // 60, "working hours")
    return f"{amount} {unit.removesuffix('s') if amount == 1 else unit}"
