"""Times of day: 10:00, 3pm, 10 Uhr, u 10 sati, noon."""

import re
from datetime import time
from typing import NamedTuple

_CLOCK = r"(?P<{n}h>\d{{1,2}})(?:[:.](?P<{n}m>[0-5]\d)|h(?P<{n}hm>[0-5]\d))?"
_UNIT = {
    "en": r"(?: ?(?P<{n}u>a\.?m\b\.?|p\.?m\b\.?|o'?clock\b|hrs?\b|hours\b|h\b))?",
    "de": r"(?: ?(?P<{n}u>uhr\b|h\b))?",
    "hr": r"(?: ?(?P<{n}u>sati\b|sata\b|sat\b|h\b))?",
}
_LEAD = {
    "en": r"(?P<lead>at|@|from|around|about|for|after|before) ?",
    "de": r"(?P<lead>um|ab|gegen|nach|vor|von) ",
    "hr": r"(?P<lead>u|od|oko|nakon|poslije|prije) ",
}
_RANGE = r"(?: ?(?:-|to|until|till|bis|und|do) ?"
_NAMED = {"noon": 12, "midday": 12, "lunchtime": 12, "mittag": 12, "mittags": 12, "podne": 12}


class Hour(NamedTuple):
    """A time of day, where it ends in the text, and how sure it is."""

    time: time
    end: int
    confidence: float
    is_plain: bool
    """Only a number: a time where the words around say so."""


def _pattern(code: str) -> re.Pattern[str]:
    first = _CLOCK.format(n="a") + _UNIT[code].format(n="a")
    second = _RANGE + _CLOCK.format(n="b") + _UNIT[code].format(n="b") + ")?"
    named = "|".join(_NAMED)
    return re.compile(rf"(?:{_LEAD[code]})?(?:{first}(?![\d/%€£$-]|[.,]\d){second}|(?P<named>{named})\b)")


_PATTERNS = {code: _pattern(code) for code in ("en", "de", "hr")}


def read_time(folded: str, place: int, code: str) -> Hour | None:
    """The time of day that begins exactly here, if one does."""
    match = _PATTERNS[code].match(folded, place, place + 60)
    if match is None:
        return None
    if match["named"]:
        return Hour(time(_NAMED[match["named"]]), match.end(), 0.9, False)
    return _clock_time(match)


def _clock_time(match: re.Match[str]) -> Hour | None:
    minute = int(match["am"] or match["ahm"] or 0)
    unit = match["au"] or (match["bu"] if match["bu"] and match["bu"][0] in "ap" else None)
    hour = _hour_of_day(int(match["ah"]), unit, match["ah"].startswith("0"))
    if hour is None:
        return None
    is_plain = unit is None and match["am"] is None and match["ahm"] is None
    guessed = hour != int(match["ah"]) and (unit or "")[:1] != "p"
    if match["lead"] is None and is_plain:
        return None
    return Hour(time(hour, minute), match.end(), 0.75 if guessed else 0.92, is_plain)


def _hour_of_day(hour: int, unit: str | None, padded: bool) -> int | None:
    """Between one and six without more means the afternoon: nobody is rung at three in the morning."""
    half = (unit or "")[:1]
    if half in ("a", "p") and unit not in (None, "at"):
        return hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else None
    if hour > 23:
        return None
    return hour + 12 if 1 <= hour <= 6 and not padded else hour
