"""What a person types into a field becomes a value: `12.5k`, `1 Dec`, `next Tue 14:00`, `yes`.

Read by the grammar, in the language and the time zone of whoever types. Each refuses with a sentence that says how to
write it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from baton.capture.grammar import read_text
from baton.kernel.clock import now
from baton.kernel.money import from_major
from baton.kernel.verdict import Refusal
from baton.ledger import items
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.map.elements import Field
from baton.web.deal.seen import DealSeen

PLAIN_NUMBER = re.compile(r"\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?")
LONGEST_NUMBER = 20  # more digits than any sum of ours, fewer than a decimal number is exact to
NO_DATE = gettext_lazy("That is not a date. Write it like 1 December, next Tue or 2026-12-01.")
NO_MONEY = gettext_lazy("That is not an amount of money. Write it like 12,500 or 12.5k.")
YES = {"yes", "y", "true", "ja", "da", "1"}
NO = {"no", "n", "false", "nein", "ne", "0"}


def readings_of(text: str, kind: str, currency: str = "") -> list[dict[str, Any]]:
    """Return what the grammar reads of one kind, in the order of the text."""
    found = read_text(
        text,
        written_at=now(),
        zone=timezone.get_current_timezone_name(),
        language=(get_language() or "en")[:2],
        from_us=True,
        currency=currency or current_map().currency,
    )
    return [reading.value for reading in found if reading.kind == kind]


def typed_day(text: str) -> date:
    """Return the day that is meant; raises `Refusal` for words without one."""
    iso = re.fullmatch(r"\s*(\d{4}-\d{2}-\d{2})\s*", text)
    if iso:
        return _day(iso[1])
    _refuse_no_year(text)
    found = readings_of(text, "date")
    if not found:
        raise Refusal(NO_DATE)
    return _day((found[0].get("at") or found[0]["date"])[:10])


def _refuse_no_year(text: str) -> None:
    """Refuse a number that can be no year and no time of day (`1400`): the grammar would read the day without it."""
    for number in re.findall(r"(?<![\d.,])\d{4}(?![\d.,])", text):
        if int(number) >= 2400:
            raise Refusal(
                _("%(number)s is no year that comes up here. Write the one that is meant.") % {"number": number}
            )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Refusal(NO_DATE) from wrong


def typed_moment(text: str) -> datetime:
    """Return the moment that is meant; a day without a time is the end of that working day."""
    found = readings_of(text, "date")
    if found and found[0].get("at"):
        return datetime.fromisoformat(found[0]["at"])
    return end_of(typed_day(text))


def end_of(day: date) -> datetime:
    """Return when a day ends for the business: when it closes, or 17:00 on a day without hours."""
    hours = current_map().hours
    spans = hours.spans_on(day)
    return spans[-1][1] if spans else datetime.combine(day, time(17), hours.tz)


def typed_money(text: str, currency: str) -> dict[str, Any]:
    """Return an amount as the ledger keeps it; a bare number is in the deal's own currency."""
    found = readings_of(text, "amount", currency)
    if found:
        return {"minor": found[0]["minor"], "currency": found[0]["currency"]}
    plain = PLAIN_NUMBER.fullmatch(text.strip())
    if not plain or len(plain[0]) > LONGEST_NUMBER:
        raise Refusal(NO_MONEY)
    found = readings_of(f"{text.strip()} {currency}", "amount", currency)
    if found:
        return {"minor": found[0]["minor"], "currency": currency}
    return {"minor": from_major(text.strip().replace(",", ""), currency).minor, "currency": currency}


def typed_number(text: str) -> int | float:
    """Return a number, with a decimal comma or point."""
    plain = text.strip().replace(" ", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain.replace(",", "")
    try:
        number = float(plain)
    except ValueError as wrong:
        raise Refusal(_("That is not a number.")) from wrong
    if not abs(number) < 10**15:
        raise Refusal(_("That is not a number."))
    return int(number) if number.is_integer() else number


def typed_yes(text: str) -> bool:
    """Return yes or no."""
    word = folded(text)
    if word in YES or word in NO:
        return word in YES
    raise Refusal(_("Say yes or no."))


def typed_choice(text: str, field: Field) -> str:
    """Return the one of the map's choices that is meant."""
    meant = next((choice for choice in field.choices if folded(choice) == folded(text)), None)
    if meant is None:
        raise Refusal(_("Choose one of: %(choices)s.") % {"choices": ", ".join(field.choices)})
    return meant


_READERS: dict[str, Callable[[str, Field, DealSeen], Any]] = {
    "money": lambda text, field, seen: typed_money(text, seen.deal.currency),
    "date": lambda text, field, seen: typed_day(text).isoformat(),
    "number": lambda text, field, seen: typed_number(text),
    "yes/no": lambda text, field, seen: typed_yes(text),
    "choice": lambda text, field, seen: typed_choice(text, field),
    "items": lambda text, field, seen: items.typed(text, seen.deal.value(field.key)),
}


def typed_value(text: str, field: Field, seen: DealSeen) -> Any:
    """Return what was typed as a value of this field; nothing typed is None."""
    text = text.strip()
    if not text:
        return None
    reader = _READERS.get(field.type)
    return reader(text, field, seen) if reader else text


class _Typed(forms.CharField):
    """A field of words that the grammar reads; a refusal is its error."""

    read: Callable[[str], Any]

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return type(self).read(text)
        except Refusal as why:
            raise ValidationError(why.sentence) from why


class Moment(_Typed):
    """When: `Fri`, `next Tue 14:00`. Without a time the end of that working day."""

    read = staticmethod(typed_moment)


class Day(_Typed):
    """A day: `1 December`, `next Tue`."""

    read = staticmethod(typed_day)
