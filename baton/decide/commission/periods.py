"""Periods of pay: a month (`2026-11`) or a quarter (`2026-Q4`), in the days of the business. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from baton.decide.forecast.periods import named
from baton.decide.spans_of_time import month_of, quarter_of
from baton.kernel.verdict import Refusal

FORM = re.compile(r"(20\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4]))")


@dataclass(frozen=True, slots=True)
class PayPeriod:
    """One period, both days counted."""

    key: str
    first: date
    last: date

    @property
    def every(self) -> str:
        return "quarter" if "Q" in self.key else "month"

    @property
    def label(self) -> str:
        """Return it in words: “November 2026”, “Q4 2026”."""
        return named(self.key).label

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when it begins, and when the next one does."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), zone), datetime.combine(after, time(), zone)

    def has_ended(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether it is over."""
        return at >= self.moments(zone)[1]


def period_named(key: str) -> PayPeriod:
    """Return the period of this key. Raises `Refusal`."""
    found = FORM.fullmatch(key)
    if found is None:
        raise Refusal(_("There is no such period."))
    year = int(found[1])
    first, last = quarter_of(year, int(found[3])) if found[3] else month_of(year, int(found[2]))
    return PayPeriod(key, first, last)


def period_at(on: date, every: str) -> PayPeriod:
    """Return the period that a day lies in."""
    return period_named(f"{on.year}-Q{(on.month - 1) // 3 + 1}" if every == "quarter" else f"{on:%Y-%m}")


def before(period: PayPeriod) -> PayPeriod:
    """Return the period before."""
    return period_at(period.first - timedelta(days=1), period.every)
