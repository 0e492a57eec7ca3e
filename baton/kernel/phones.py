"""Phone numbers in one form (E.164), so that `07700 900123` and `+44 7700 900123` are the same person."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

import phonenumbers

LOOKS_LIKE_ONE = re.compile(r"[+(]?\d[\d\s()/.\-]{3,30}$")
_NO_DIGIT = re.compile(r"[^0-9]")
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
    if plain[0] == "+" and (told := _with_its_country(plain)):
        return told
    try:
        number = phonenumbers.parse(plain, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _with_its_country(plain: str) -> str:
    """Return a number that bears its country and no prefix of it, nothing where that takes a closer look.

    It comes to what the library says, which takes thirty times as long over it.
    """
    digits = _NO_DIGIT.sub("", plain)
    for length in (1, 2, 3):
        plan = _numbering(digits[:length])
        if plan is not None:
            prefix, lengths = plan
            national = digits[length:]
            return f"+{digits}" if len(national) in lengths and not (prefix and prefix.match(national)) else ""
    return ""


@cache
def _numbering(code: str) -> tuple[re.Pattern[str] | None, frozenset[int]] | None:
    """Return what may stand before a country's numbers, and how many digits they have; None for no such country."""
    if not code.isascii() or int(code) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        return None
    region = phonenumbers.region_code_for_country_code(int(code))
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    prefix = metadata.national_prefix_for_parsing
    return re.compile(prefix) if prefix else None, frozenset(metadata.general_desc.possible_length)


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
