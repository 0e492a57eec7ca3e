"""One line of the story: at which moment, on which deal, who does what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from baton.management.demonstration.calendar import Calendar

HEAD = {"at", "by", "do", "on"}


@dataclass(slots=True)
class Happening:
    """Somebody (`by`, a key of the story's people) does something (`do`, a verb) on a deal; `told` are the details."""

    at: datetime
    on: str
    by: str
    do: str
    told: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.told.get(name, "")


def happening(line: dict[str, Any], calendar: Calendar, on: str = "") -> Happening:
    """Return a line of a script with its moment, and with the days that its texts speak of."""
    told = {name: _with_days(value, calendar) for name, value in line.items() if name not in HEAD}
    return Happening(calendar.moment(str(line["at"])), line.get("on", on), line["by"], line["do"], told)


def _with_days(value: Any, calendar: Calendar) -> Any:
    if isinstance(value, str):
        return calendar.words(value).strip()
    if isinstance(value, list):
        return [_with_days(one, calendar) for one in value]
    if isinstance(value, dict):
        return {name: _with_days(one, calendar) for name, one in value.items()}
    return value
