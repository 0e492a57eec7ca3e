"""By when somebody wants an answer, as they write it: “by 4pm”, “before noon Friday”, “do petka”. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from baton.capture.grammar import read_text
from baton.ledger.text import folded
from baton.members.hours import WorkingHours

_BY = re.compile(r"\b(?:by|before|until|till|due|deadline|no later than|bis|spatestens|vor|do|najkasnije do|prije)\b")
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))?\s*(am|pm|uhr|h|sati)?\b")
_WORDS = {
    "noon": time(12), "midday": time(12), "mittag": time(12), "podne": time(12), "eod": None, "end of day": None,
    "cob": None, "close of business": None, "feierabend": None, "tagesende": None, "kraja dana": None,
    "today": None, "tonight": None, "heute": None, "danas": None,
}  # fmt: skip
AROUND = 60


def deadline_in(text: str, at: datetime, hours: WorkingHours, language: str = "en") -> datetime | None:
    """Return the first deadline that a text states, None where it states none. `at` is when it was written."""
    local = at.astimezone(hours.tz)
    low = folded(text[:4000])
    for found in _BY.finditer(low):
        window = low[found.end() : found.end() + AROUND].partition("\n")[0]
        day = _day(window, at, hours, language)
        clock = _clock(window)
        word = next((word for word in _WORDS if re.search(rf"\b{word}\b", window)), None)
        if clock is None and word is None and day is None:
            continue
        on = day or local
        moment = clock or (_WORDS[word] if word else None)
        made = hours.closing(on) if moment is None else datetime.combine(on.date(), moment, hours.tz)
        return made if made > at or day else made + timedelta(days=1)
    return None


def _clock(window: str) -> time | None:
    for found in _CLOCK.finditer(window):
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if (found[2] is None and half is None) or minute > 59:
            continue
        hour += 12 if half == "pm" and hour < 12 else -12 if half == "am" and hour == 12 else 0
        if hour < 24:
            return time(hour, minute)
    return None


def _day(window: str, at: datetime, hours: WorkingHours, language: str) -> datetime | None:
    found = read_text(window, written_at=at, zone=hours.zone, language=language, from_us=True, currency="EUR")
    dates = [one.value for one in found if one.kind == "date"]
    if not dates:
        return None
    text = dates[0].get("at") or dates[0].get("date")
    moment = datetime.fromisoformat(text) if text else None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=hours.tz)
