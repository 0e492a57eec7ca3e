"""The time zones that calendars name: of the IANA list, of Windows, by an offset, by their cities. Pure."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

OFFSET = re.compile(r"(?:UTC|GMT)?\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?\b")
WORDS = re.compile(r"[A-Za-z][A-Za-z .]+")
FARTHEST = timedelta(hours=18)


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo | None:
    """Return the zone that a calendar means by this name, None where nobody can tell (`Customized Time Zone 1`)."""
    plain = name.strip().strip('"').strip("/")
    return _of_the_list(plain) or _by_city(plain) or _by_offset(plain)


def _of_the_list(name: str) -> tzinfo | None:
    """A name of the IANA list or of Windows; behind a vendor's prefix too (`/mozilla.org/20070129_1/Europe/Paris`)."""
    if name in WINDOWS_TO_OLSON:
        return _zone(WINDOWS_TO_OLSON[name])
    parts = name.split("/")
    candidates = ("/".join(parts[at:]) for at in range(len(parts)))
    return next((zone for one in candidates if (zone := _zone(one))), None)


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name in available_timezones() else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _by_city(name: str) -> tzinfo | None:
    """Outlook's long names list cities: “(UTC+01:00) Amsterdam, Berlin, Bern”."""
    cities = _cities()
    for words in WORDS.findall(name):
        city = cities.get(words.strip().lower().replace(" ", "_"))
        if city:
            return _zone(city)
    return None


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    return {name.rpartition("/")[2].lower(): name for name in sorted(available_timezones()) if _is_of_a_place(name)}


def _is_of_a_place(name: str) -> bool:
    return name.partition("/")[0] in {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Pacific"}


def _by_offset(name: str) -> tzinfo | None:
    found = OFFSET.search(name)
    if found is None:
        return None
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(-offset if found["sign"] == "-" else offset) if offset < FARTHEST else None
