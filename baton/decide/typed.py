"""What a person types becomes a value of a listed name: `12.5k`, `1 Dec`, `next Tue`, `yes`. Time is an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from baton.capture.grammar import read_text
from baton.decide.registry import Listed
from baton.kernel.clock import stamp
from baton.kernel.money import from_major
from baton.kernel.texts import writable
from baton.kernel.verdict import Refusal
from baton.ledger.text import folded
from baton.map.current import current_map

YES, NO = {"yes", "y", "true", "ja", "da", "1"}, {"no", "n", "false", "nein", "ne", "0"}
MOST = Decimal(10**13)
YEARS = range(1900, 2200)


def parse(one: Listed, text: str, at: datetime) -> Any:
    """Return the value of this name that the text means, as the ledger keeps it; nothing typed is None.

    Raises `Refusal` with a sentence that says how to write it.
    """
    text = writable(text).strip()[:400]
    value = _READERS[one.type](text, one, at) if text else None
    if isinstance(value, dict) and abs(value["minor"]) > MOST * 100:
        raise Refusal(_("That is not an amount of money. Write it like 12,500 or 12.5k."))
    return value


def _day(text: str, one: Listed, at: datetime) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        found = _readings(text, "date", at)
        day = date.fromisoformat((found[0].get("at") or found[0]["date"])[:10]) if found else None
    if day is None or day.year not in YEARS:
        raise Refusal(_("That is not a date. Write it like 1 December, next Tue or 2026-12-01."))
    return day.isoformat()


def _moment(text: str, one: Listed, at: datetime) -> str:
    found = _readings(text, "date", at)
    if found and found[0].get("at"):
        return stamp(datetime.fromisoformat(found[0]["at"]))
    return stamp(datetime.combine(date.fromisoformat(_day(text, one, at)), time(), current_map().hours.tz))


def _money(text: str, one: Listed, at: datetime) -> dict[str, Any]:
    currency = current_map().currency
    for written in (text, f"{text} {currency}"):
        found = _readings(written, "amount", at)
        if found:
            return {"minor": found[0]["minor"], "currency": found[0]["currency"] or currency}
    try:
        money = from_major(_decimal(text), currency)
    except Refusal as wrong:
        raise Refusal(_("That is not an amount of money. Write it like 12,500 or 12.5k.")) from wrong
    return {"minor": money.minor, "currency": currency}


def _number(text: str, one: Listed, at: datetime) -> int | float:
    number = _decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


def _decimal(text: str) -> Decimal:
    plain = text.replace(" ", "").replace("\u00a0", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation as wrong:
        raise Refusal(_("That is not a number.")) from wrong
    if not number.is_finite() or abs(number) > MOST:
        raise Refusal(_("That is not a number."))
    return number


def _yes(text: str, one: Listed, at: datetime) -> bool:
    if folded(text) in YES | NO:
        return folded(text) in YES
    raise Refusal(_("Say yes or no."))


def _choice(text: str, one: Listed, at: datetime) -> str:
    for value, label in one.choices:
        if folded(text) in {folded(value), folded(label)}:
            return value
    raise Refusal(_("Choose one of: %(choices)s.") % {"choices": ", ".join(label for _value, label in one.choices)})


def _id(text: str, one: Listed, at: datetime) -> str:
    try:
        return str(UUID(text))
    except ValueError as wrong:
        raise Refusal(_("“%(name)s” wants somebody or something that Baton knows.") % {"name": one.label}) from wrong


def _readings(text: str, kind: str, at: datetime) -> list[dict[str, Any]]:
    operating_map = current_map()
    found = read_text(
        text,
        written_at=at,
        zone=str(operating_map.hours.tz),
        language=(get_language() or "en")[:2],
        from_us=True,
        currency=operating_map.currency,
    )
    return [reading.value for reading in found if reading.kind == kind]


_READERS: dict[str, Callable[[str, Listed, datetime], Any]] = {
    "text": lambda text, one, at: text,
    "money": _money,
    "number": _number,
    "date": _day,
    "moment": _moment,
    "yes/no": _yes,
    "choice": _choice,
    "member": _id,
    "reference": _id,
}


def midnight(day: str, zone: ZoneInfo | Any = UTC) -> datetime:
    """Return when a day begins."""
    return datetime.combine(date.fromisoformat(day), time(), zone)


def day_after(day: str) -> str:
    """Return the next day."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
