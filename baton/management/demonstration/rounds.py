"""The rounds that are over, or nearly: deals that took the usual way, told from a few lines each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from baton.management.demonstration.calendar import Calendar
from baton.management.demonstration.happening import Happening, happening
from baton.management.demonstration.script import read

STEP = re.compile(r"^(?P<day>[+-]?\d+)(?P<rest> \d\d:\d\d)?$")
DAY_SAID = re.compile(r"\{(date|weekday|month) ([+-]?\d+)\}")
LATER_BY = 3
"""Minutes by which each round is later in the day than the one before, so that not everybody writes at once."""


ENDS = {"kept", "done once", "lost", "lost early", "never heard back"}
"""Parts after which nothing of a round is left."""


def rounds(calendar: Calendar, whole: bool) -> Iterator[Happening]:
    """Yield the lines of every round that `rounds.yaml` names; not `whole`, of those that something is left of."""
    script = read("usual-way.yaml")
    for number, told in enumerate(read("rounds.yaml")):
        if whole or told["parts"][-1] not in ENDS:
            for line in (line for part in told["parts"] for line in script[part]):
                yield happening(_of_round(line, told, number), calendar, told["key"])


def _of_round(line: dict[str, Any], told: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a line of the usual way for one round: its people, sums and days, in one of the ways to say it."""
    said = told | {"quote": f"Q-{381 + number:04}", "invoice": f"HL-{2201 + number}"}
    return {name: _filled(value, said, number, name) for name, value in line.items()}


def _filled(value: Any, told: dict[str, Any], number: int, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, told, number, key) for key, one in value.items()}
    if isinstance(value, list) and name == "says":
        return _filled(value[number % len(value)], told, number)
    if isinstance(value, list):
        return [_filled(one, told, number) for one in value]
    if name in {"at", "due", "wanted_from", "start_date", "close_date", "renewal_date"}:
        return _on_its_day(str(value), told, number if name == "at" else 0)
    return _in_words(value, told) if isinstance(value, str) else value


def _on_its_day(said: str, told: dict[str, Any], number: int) -> str:
    """Days of the usual way count from the day on which the round begins."""
    found = STEP.match(said)
    assert found, said
    return f"{_day(found['day'], told):+}{_later(found['rest'], number)}"


def _later(clock: str | None, number: int) -> str:
    if not clock:
        return ""
    hour, minute = map(int, clock.split(":"))
    minutes = hour * 60 + minute + number % 9 * LATER_BY
    return f" {minutes // 60:02}:{minutes % 60:02}"


def _in_words(text: str, told: dict[str, Any]) -> Any:
    if text.startswith("=") and text[1:] in told:
        return told[text[1:]]
    text = re.sub(r"<(\w+)>", lambda found: _plain(told[found[1]]), text)
    return DAY_SAID.sub(lambda found: f"{{{found[1]} {_day(found[2], told):+}}}", text)


def _day(said: str, told: dict[str, Any]) -> int:
    """Return a day of the usual way as one of the story's calendar."""
    return told["begins"] + round(int(said) * told.get("pace", 1))


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
