"""The head of a line in an exported chat: `[13.06.18, 21:25:15] Dana: …`, in the ways that phones write it.

Every phone writes dates as its owner's country does, so the order of day, month and year is told from the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
AM = ("am", "ص", "午前", "上午", "오전", "vm", "πμ", "ap", "de", "sa")
PM = ("pm", "م", "午後", "下午", "오후", "nm", "μμ", "ip", "du", "ch")
HALF = r"(?:[ap]\.?\s?m\.?|[πμ]\.?μ\.?|[صم]|午前|午後|上午|下午|오전|오후|[vn]m\.?|[ai]p\.|d[eu]\.|SA|CH)"
HEAD = re.compile(
    r"^(?P<open>\[?)\s*(?P<a>\d{1,4})(?P<by>\s?[./\-]\s?)(?P<b>\d{1,4})\s?[./\-]\s?(?P<c>\d{1,4})(?P<dot>\.?)"
    rf"(?P<comma>\s?[,،]?)\s+(?:klo\s+|um\s+|at\s+|u\s+)?(?P<first>{HALF}\s?)?"
    rf"(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?P<second>[:.]\d{{2}})?(?:\s?(?P<last>{HALF}))?"
    r"\s?(?P<end>\]|-(?=\s)|–(?=\s)|:(?=\s)|)\s(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
MOST_HEAD = 80
"""Characters among which a head ends; what follows is never searched."""


@dataclass(frozen=True, slots=True)
class Head:
    """One head as it stands: the three numbers of its date, its time on a 24-hour clock, and what follows it.

    `shape` is how it is written; a line of another shape inside one file is the text of the message before.
    """

    date: tuple[int, int, int]
    long: int
    time: tuple[int, int, int]
    shape: tuple[str, ...]
    rest: str


def head_of(line: str) -> Head | None:
    """Return the head of a line, or None where it has none: then it continues the message before."""
    start = SPACES.sub(" ", INVISIBLE.sub("", line[:MOST_HEAD]))
    found = HEAD.match(start + line[MOST_HEAD:] if len(line) > MOST_HEAD else f"{start} ".replace("  ", " "))
    if found is None or (found["open"] == "[") != (found["end"] == "]"):
        return None
    time = _time(found)
    if time is None:
        return None
    numbers = (found["a"], found["b"], found["c"])
    long = next((place for place, text in enumerate(numbers) if len(text) == 4), -1)
    shape = (found["open"], found["by"].strip(), found["end"], "s" if found["second"] else "", found["comma"].strip())
    return Head((int(numbers[0]), int(numbers[1]), int(numbers[2])), long, time, shape, found["rest"])


def _time(found: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute = int(found["hour"]), int(found["minute"])
    half = re.sub(r"[.\s]", "", (found["first"] or found["last"] or "")).lower()
    if half in PM and hour < 12:
        hour += 12
    if half in AM and hour == 12:
        hour = 0
    second = int(found["second"][1:]) if found["second"] else 0
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


DMY, MDY, YMD, YDM, MYD, DYM = "dmy", "mdy", "ymd", "ydm", "myd", "dym"


def order_of(heads: Sequence[Head]) -> str:
    """Return the order of day, month and year in a file: what no date contradicts, and keeps time from running back.

    Where either could be, the day comes first.
    """
    fits = [order for order in _possible(heads) if all(_day(head, order) for head in heads)]
    if not fits:
        return DMY
    return min(fits, key=lambda order: (_turns_back(heads, order), fits.index(order)))


def _possible(heads: Sequence[Head]) -> tuple[str, ...]:
    long = next((head.long for head in heads if head.long >= 0), -1)
    if long == 0 or (long < 0 and any(head.date[0] > 31 for head in heads)):
        return (YMD, YDM)
    return (MYD, DYM) if long == 1 else (DMY, MDY)


def _day(head: Head, order: str) -> datetime | None:
    told = dict(zip(order, head.date, strict=True))
    year = told["y"] + 2000 if told["y"] < 100 else told["y"]
    try:
        return datetime(year, told["m"], told["d"], *head.time)  # noqa: DTZ001 - the clock of the phone
    except ValueError:
        return None


def _turns_back(heads: Sequence[Head], order: str) -> int:
    days = [day for head in heads if (day := _day(head, order))]
    return sum(1 for before, after in pairwise(days) if after.date() < before.date())


def moment_of(head: Head, order: str) -> datetime | None:
    """Return when a line was written, by the clock of the phone; None where there is no such day."""
    return _day(head, order)
