"""What stands in a draft as the fields of its forms, and back: times allowed, events with alternatives, lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baton.map.durations import AT_ITS_TIME, Within
from baton.map.picking import EventPick
from baton.map.writing import Written
from baton.web.map.choices import UNITS

Values = Mapping[str, Any]


def split_lines(text: str) -> list[Written]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def units(*, timed: bool = False) -> list[tuple[str, Any]]:
    return [(unit, name) for unit, name in UNITS.items() if timed or unit not in ("same day", "its time")]


def time_filled(prefix: str, within: Within | None) -> dict[str, Any]:
    """A time allowed as the fields amount, unit and whether it counts from the time that the event is about."""
    if within is None or (within.unit == "working minutes" and not within.amount and within != AT_ITS_TIME):
        return {f"{prefix}_amount": None, f"{prefix}_unit": "working hours", f"{prefix}_after": False}
    if within == AT_ITS_TIME:
        return {f"{prefix}_amount": None, f"{prefix}_unit": "its time", f"{prefix}_after": False}
    hours = within.unit == "working minutes" and within.amount % 60 == 0
    return {
        f"{prefix}_amount": within.amount // 60 if hours else within.amount or None,
        f"{prefix}_unit": "working hours" if hours else within.unit,
        f"{prefix}_after": within.after_its_time,
    }


def time_said(prefix: str, values: Values) -> str:
    """The same as the map writes it; "" where no time is given."""
    amount, unit = values.get(f"{prefix}_amount"), values.get(f"{prefix}_unit") or "working hours"
    after = bool(values.get(f"{prefix}_after"))
    if unit == "its time":
        return str(AT_ITS_TIME)
    if unit == "same day":
        return str(Within(0, "same day", after))
    if not amount:
        return ""
    if unit == "working hours":
        return str(Within(amount * 60, "working minutes", after))
    return str(Within(amount, unit, after))


def events_filled(prefix: str, picked: EventPick, room: int) -> dict[str, str]:
    """The alternatives of an event in as many pickers as there are; what is more stays together in the last one."""
    phrases = list(picked.any_of)
    if len(phrases) > room:
        phrases = [*phrases[: room - 1], " or ".join(phrases[room - 1 :])]
    phrases += [""] * (room - len(phrases))
    return {f"{prefix}_{number}": phrase for number, phrase in enumerate(phrases, 1)}


def events_picked(prefix: str, values: Values, room: int) -> tuple[str, ...]:
    picked = [values.get(f"{prefix}_{number}") or "" for number in range(1, room + 1)]
    return tuple(dict.fromkeys(each for each in picked if each))
