"""Phone numbers in one form (E.164), so that `07700 900123` and `+44 7700 900123` are the same person."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

import phonenumbers

LOOKS_LIKE_ONE = re.compile(r"[+(]?\d[\d\s()/.\-]{3,30}$")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@lru_cache(maxsize=8192)
def e164(text: str, country: str) -> str:
    """Return a number as `+447700900123`, or nothing where the text is none.

    `country` (ISO 3166) is where a number without a prefix belongs. A number that only could be one is taken too:
    numbers are given out faster than lists of them.
    """
    plain = INVISIBLE.sub("", text).replace("\xa0", " ").strip()
    if not LOOKS_LIKE_ONE.match(plain):
        return ""
    try:
        number = phonenumbers.parse(plain, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_number(address: str) -> bool:
    """Whether an address is a phone number as `e164` writes it, and not one of mail."""
    return address.startswith("+") and address[1:].isdigit()


def shown(number: str, country: str = "") -> str:
    """Return a number as people write it: in short at home, with its country elsewhere; anything else unchanged."""
    if not is_number(number):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    at_home = phonenumbers.region_code_for_number(parsed) == country
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def country_of(holidays: str, zone: str) -> str:
    """Return the country (ISO 3166) of a business: that of its holidays, else of its time zone, else none."""
    return holidays.partition("-")[0] or _countries().get(zone, "")


@cache
def _countries() -> dict[str, str]:
    """Return time zone → country, from the table that comes with the time zones (zone.tab)."""
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
