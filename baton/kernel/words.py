"""Times, sums and names in words, as a person here would write them: 24 hours, the day before the month.

Moments are aware and shown in the time zone that is active for the request. Nothing here asks what time it is.
"""

from copy import copy
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, format_decimal
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext, to_locale, trans_real

from baton.kernel.money import Money, digits

HOUR = 60
DAY = 24 * HOUR


def remember_translations() -> None:
    """Have each text translated once a process.

    A text that a language doesn't have is looked for in the catalogs of every app, one after the other, each time.
    """
    for language, _name in settings.LANGUAGES:
        catalog = trans_real.translation(language)
        catalog.gettext = lru_cache(maxsize=20_000)(catalog.gettext)


def locale() -> Locale:
    """Return the reader's locale. English is British: `en` alone would print "2:05 p.m."."""
    return _locale(get_language() or "en-gb")


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language in ("en", "en-gb") else to_locale(language))


def number(value: float) -> str:
    """Write a number with at most one decimal ("1.5"; "1,5" in German)."""
    return format_decimal(round(value, 1), locale=locale())


def money(minor: int, currency: str) -> str:
    """Write an amount of minor units with its currency; whole amounts without decimals ("£84,600")."""
    return _money(minor, currency, str(locale()))


@lru_cache(maxsize=8192)
def _money(minor: int, currency: str, language: str) -> str:
    places = digits(currency)
    amount = Money(minor, currency).major
    pattern = _pattern(language, 0 if amount == amount.to_integral_value() else places)
    return pattern.apply(amount, Locale.parse(language), currency=currency, currency_digits=False)


@lru_cache
def _pattern(language: str, places: int) -> NumberPattern:
    pattern = copy(Locale.parse(language).currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern


def day(value: date | datetime, today: date | datetime | None = None) -> str:
    """Write a day ("Fri 13 Nov"), with its year where `today` is given and lies in another one."""
    on = _local_day(value)
    other_year = today is not None and _local_day(today).year != on.year
    pattern = pgettext("Babel date pattern", "d MMM y") if other_year else pgettext("Babel date pattern", "EEE d MMM")
    return _written(on, pattern, str(locale()))


@lru_cache(maxsize=4096)
def _written(on: date, pattern: str, language: str) -> str:
    return format_date(on, pattern, Locale.parse(language))


def month(value: date) -> str:
    """Write a month in short ("Nov")."""
    return _written(value, pgettext("Babel date pattern", "LLL"), str(locale()))


def long_day(value: date | datetime) -> str:
    """Write a day in full, for the head of a page or of a day in the timeline ("Monday 16 November")."""
    return _written(_local_day(value), pgettext("Babel date pattern", "EEEE d MMMM"), str(locale()))


def clocktime(value: datetime) -> str:
    """Write the time of day in 24 hours ("16:42")."""
    return timezone.localtime(value).strftime("%H:%M")


def when(value: datetime, now: datetime) -> str:
    """Write a moment as seen from `now`: "just now", "12 min ago", "today 08:31", "Fri 16:42", "Fri 6 Nov 16:42"."""
    minutes = (now - value) / timedelta(minutes=1)
    if -1 < minutes < 1:
        return gettext("just now")
    if abs(minutes) < HOUR:
        return _minutes_away(int(minutes))
    if _local_day(value).year != _local_day(now).year:
        return day(value, now)
    return f"{_near_day(value, now) or day(value)} {clocktime(value)}"


def due(value: datetime | date, now: datetime, late: bool | None = None) -> str:
    """Write by when something is owed: "by 11:12" today, "since Fri 17:30" when late, "Thu 09:30", "Wed 25 Nov".

    `late` is told where the caller knows better than the wall clock (a day without hours, an hour's grace).
    """
    if not isinstance(value, datetime):
        return day(value, now)
    if late if late is not None else value < now:
        return gettext("since %(when)s") % {"when": _short(value, now)}
    if _local_day(value) == _local_day(now):
        return gettext("by %(time)s") % {"time": clocktime(value)}
    return _short(value, now)


def lag(minutes: float) -> tuple[str, str]:
    """Return how long after an event its record came, in words, and which of minute, hour, day or late that is."""
    whole = int(minutes)
    if whole < 1:
        return gettext("same minute"), "minute"
    if whole < HOUR:
        return gettext("%(count)d min later") % {"count": whole}, "hour"
    if whole < DAY:
        return gettext("%(count)d h later") % {"count": whole // HOUR}, "hour"
    if whole < 2 * DAY:
        return gettext("a day later"), "day"
    days = whole // DAY
    return ngettext("%(count)d day later", "%(count)d days later", days) % {"count": days}, "late"


def initials(name: str) -> str:
    """Return the two letters that stand in a person's disc: first and last name's, or the first two of one name."""
    parts = [part for part in name.replace("-", " ").split() if part[0].isalpha()]
    if len(parts) > 1:
        return (parts[0][0] + parts[-1][0]).upper()
    return (parts[0] if parts else name.strip())[:2].upper()


def _minutes_away(minutes: int) -> str:
    if minutes < 0:
        return gettext("in %(count)d min") % {"count": -minutes}
    return gettext("%(count)d min ago") % {"count": minutes}


def _short(value: datetime, now: datetime) -> str:
    """Write a moment as briefly as it stays clear: the time today, weekday and time within six days, else the day."""
    away = abs((_local_day(value) - _local_day(now)).days)
    if away == 0:
        return clocktime(value)
    if away < 7:
        return f"{_weekday(value)} {clocktime(value)}"
    return day(value, now)


def _near_day(value: datetime, now: datetime) -> str:
    away = (_local_day(value) - _local_day(now)).days
    names = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    if away in names:
        return names[away]
    return _weekday(value) if abs(away) < 7 else ""


def _weekday(value: date | datetime) -> str:
    return _written(_local_day(value), pgettext("Babel date pattern", "EEE"), str(locale()))


def _local_day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
