"""The calendar of the story. Everything in it is said relative to the moment of loading, and lies in working time.

`-19 10:12` is that time on the nineteenth working day before the last one begun; `+2 17:00` the second one after it.
`ago 1:40` is so much working time before now; `-6-45 09:00` is 45 days of the calendar before `-6`; `today 1/3` is
after a third of what is left of today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from baton.members.hours import WorkingHours

DAY = re.compile(r"^(?P<day>[+-]?\d+)(?:-(?P<less>\d+))?(?: (?P<time>\d\d:\d\d))?$")
AGO = re.compile(r"^ago (?P<hours>\d+):(?P<minutes>\d\d)$")
TODAY = re.compile(r"^today (?P<part>\d)/(?P<of>\d)$")
SAID = re.compile(r"\{(?P<form>date|weekday|month|iso) (?P<day>[+-]?\d+)\}")
QUARTER = timedelta(minutes=15)
DAYS_BACK, DAYS_AHEAD = 140, 90
OUT_OF_HOURS = timedelta(hours=3)


class Calendar:
    """Working days around the moment of loading, and what the story says of them."""

    def __init__(self, at: datetime, hours: WorkingHours) -> None:
        self.at, self.hours = at, hours
        self.today = self._last_day_begun()
        self.behind = list(islice(self._working_days(-1), DAYS_BACK))
        self.ahead = list(islice(self._working_days(1), DAYS_AHEAD))

    def _last_day_begun(self) -> date:
        day = self.at.astimezone(self.hours.tz).date()
        while not (spans := self.hours.spans_on(day)) or spans[0][0] > self.at:
            day -= timedelta(days=1)
        return day

    def _working_days(self, step: int) -> Iterator[date]:
        day = self.today
        while True:
            day += timedelta(days=step)
            if self.hours.spans_on(day):
                yield day

    def day(self, number: int) -> date:
        """Return the working day so many after the last one begun (before it, where negative)."""
        if number == 0:
            return self.today
        return self.ahead[number - 1] if number > 0 else self.behind[-number - 1]

    def moment(self, said: str) -> datetime:
        """Return the moment that the story speaks of."""
        if ago := AGO.match(said):
            return self.ago(int(ago["hours"]) * 60 + int(ago["minutes"]))
        if today := TODAY.match(said):
            return self.later_today(int(today["part"]), int(today["of"]))
        if on := DAY.match(said):
            return self._on(on)
        raise ValueError(f"The story has no such time: {said!r}")

    def _on(self, said: re.Match[str]) -> datetime:
        day = self.day(int(said["day"])) - timedelta(days=int(said["less"] or 0))
        return self._on_clock(day, time.fromisoformat(said["time"] or "17:30"))

    def ago(self, minutes: int) -> datetime:
        """Return the moment so many working minutes before loading."""
        left = timedelta(minutes=minutes)
        for day in [self.today, *self.behind]:
            for start, end in reversed(self.hours.spans_on(day)):
                end = min(end, self.at)
                if end - start >= left:
                    return end - left
                left -= max(end - start, timedelta())
        raise ValueError("The story reaches no further back.")

    def later_today(self, part: int, of: int) -> datetime:
        """Return a moment that is still to come today: in working hours where some are left, else in the evening."""
        today = self.at.astimezone(self.hours.tz).date()
        spans = self.hours.spans_on(today) or [(self._on_clock(today, time(9)), self._on_clock(today, time(18)))]
        begin, end = max(self.at, spans[0][0]), spans[-1][1]
        if end - begin < OUT_OF_HOURS / 4:
            end = min(begin + OUT_OF_HOURS, self._on_clock(today, time(23, 45)))
        return _to_quarter(begin + max(end - begin, QUARTER) * part / of)

    def _on_clock(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.hours.tz)

    def iso(self, said: str) -> str:
        """Return a day as the ledger keeps it."""
        return self.moment(said).astimezone(self.hours.tz).date().isoformat()

    def words(self, text: str) -> str:
        """Put days into a text: `{date +11}`, `{weekday +2}`, `{month +45}`."""
        return SAID.sub(lambda found: self._said(found["form"], self.day(int(found["day"]))), text)

    def _said(self, form: str, day: date) -> str:
        if form == "iso":
            return day.isoformat()
        forms = {"weekday": f"{day:%A}", "month": f"{day:%B}"}
        return forms.get(form, f"{day.day} {day:%B}")


def _to_quarter(moment: datetime) -> datetime:
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + (QUARTER if past else timedelta())
