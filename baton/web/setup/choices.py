"""What can be chosen in the set-up: time zones, countries with their holidays, currencies, languages."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CURRENCIES = (
    "EUR", "GBP", "USD", "CHF", "AUD", "BAM", "BGN", "CAD", "CZK", "DKK", "HUF", "INR", "JPY", "NOK", "NZD", "PLN",
    "RON", "RSD", "SEK", "SGD", "TRY", "ZAR",
)  # fmt: skip
LANGUAGES = (("en", _("English")), ("de", _("German")), ("hr", _("Croatian")))
REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache(maxsize=1)
def zones() -> list[tuple[str, str]]:
    """Return every time zone that is named after a place, and UTC."""
    named = sorted(zone for zone in available_timezones() if zone.startswith(REGIONS))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named)]


def countries() -> list[tuple[str, str]]:
    """Return (code, name) of the countries whose public holidays are known, by name; the first keeps none."""
    return [("", str(_("no public holidays"))), *_named(get_language() or "en")]


@lru_cache(maxsize=8)
def _named(language: str) -> list[tuple[str, str]]:
    import holidays

    names = Locale.parse(language.partition("-")[0]).territories
    known = holidays.list_supported_countries(include_aliases=False)
    return sorted(((code, names.get(code, code)) for code in known), key=lambda country: country[1])


def currencies() -> list[tuple[str, str]]:
    """Return (code, code and name) of the currencies that are offered."""
    names = Locale.parse((get_language() or "en").partition("-")[0]).currencies
    return [(code, f"{code}, {names.get(code, code)}") for code in CURRENCIES]


WHAT_CLOSES = _("what will close, and when")
"""Decided by a forecast: whoever takes this gets the page for it."""
SUPPORTS = (
    _("which enquiries to answer first"),
    _("which jobs to quote, and which to leave"),
    WHAT_CLOSES,
    _("whom to call today, before they call us"),
    _("whether we have the people for what we sold"),
    _("what to bill this month"),
)
"""Decisions that businesses take from such a system; each may be taken as it is, or said in one's own words."""

WITHIN = (
    ("1 working hour", _("within 1 working hour")),
    ("2 working hours", _("within 2 working hours")),
    ("4 working hours", _("within 4 working hours")),
    ("8 working hours", _("within 8 working hours")),
    ("same working day", _("the same working day")),
    ("1 working day", _("within 1 working day")),
    ("2 working days", _("within 2 working days")),
    ("5 working days", _("within 5 working days")),
)
"""Times that a behavior may give, as the map writes them and in words."""
