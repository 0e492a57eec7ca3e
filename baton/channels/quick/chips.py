"""Chips: what the quick line understood, each with its words on the screen, its value and its place in the line."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from baton.capture.grammar import Reading
from baton.kernel.money import Money, digits


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing understood, to be kept, changed or dropped before saving.

    `kind` is interaction, contact, company, deal, member, promise, ask, exception, amount, next_step, outcome, move,
    date, hours, phone, email, approval, document or note. `value` is JSON-able; a record is `{"id"}` or `{"new": name}`
    when nobody knows it yet. `alternatives` are values of the same shape with a `label`, best first.
    """

    kind: str
    label: str
    value: Any
    span: tuple[int, int]
    confidence: float
    alternatives: tuple[dict[str, Any], ...] = ()


def told_of(chip: Chip) -> dict[str, Any]:
    """Return a chip as plain values, without whom else it may mean, to be carried until it is recorded."""
    return {"kind": chip.kind, "label": chip.label, "value": chip.value, "span": chip.span, "sure": chip.confidence}


def chip_told(told: dict[str, Any]) -> Chip:
    """Return the chip that `told_of` told."""
    first, last = told["span"]
    return Chip(told["kind"], told["label"], told["value"], (first, last), told["sure"])


def chip_of(reading: Reading) -> Chip:
    """The chip of something that the grammar read."""
    return Chip(reading.kind, label_of(reading), reading.value, (reading.start, reading.end), reading.confidence)


def label_of(reading: Reading) -> str:
    """What the chip says."""
    writer = _WRITERS.get(reading.kind)
    return writer(reading.value) if writer else str(reading.value)


def written_day(moment: str | None) -> str:
    """`Tue 17 Nov, 10:00` in the language of the screen; empty for none."""
    if not moment:
        return ""
    if "T" not in moment:
        return format_date(date.fromisoformat(moment), "D j M")
    return format_date(datetime.fromisoformat(moment), "D j M, H:i")


def _promise(value: dict[str, Any]) -> str:
    parts = {"what": value["what"], "day": written_day(value["due"])}
    if value["who"] == "them":
        return _("They promise: %(what)s by %(day)s") % parts if value["due"] else _("They promise: %(what)s") % parts
    return _("%(what)s by %(day)s, you") % parts if value["due"] else _("%(what)s, you") % parts


def _step(value: dict[str, Any]) -> str:
    parts = {"what": value["what"], "day": written_day(value["at"])}
    return _("Next: %(what)s, %(day)s") % parts if value["at"] else _("Next: %(what)s") % parts


def _amount(value: dict[str, Any]) -> str:
    money = Money(value["minor"], value["currency"])
    amount = f"{money.major:,.{0 if value['minor'] % 10 ** digits(money.currency) == 0 else 2}f} {money.currency}"
    per = {
        "year": _("a year"),
        "month": _("a month"),
        "visit": _("a visit"),
        "hour": _("an hour"),
        "day": _("a day"),
        "week": _("a week"),
    }
    whole = f"{amount} {per[value['per']]}" if value["per"] else amount
    return _("about %(amount)s") % {"amount": whole} if value["about"] else whole


def _exception(value: dict[str, Any]) -> str:
    names = {
        "hours": _("Hours"),
        "price": _("Price"),
        "access": _("Access"),
        "scope": _("Scope"),
        "payment": _("Payment"),
        "schedule": _("Schedule"),
    }
    return f"{names.get(value['category'], _('Exception'))}: {value['what']}"


def _date(value: dict[str, Any]) -> str:
    day = written_day(value.get("at") or value["date"])
    return f"{value['about']}: {day}" if value.get("about") else day


def _hours(value: dict[str, Any]) -> str:
    if value["after"] and value["before"]:
        return _("%(after)s to %(before)s") % value
    return _("After %(after)s") % value if value["after"] else _("Before %(before)s") % value


def _approval(value: dict[str, Any]) -> str:
    return _("Yes to %(of)s") % value if value["of"] else _("Yes")


def _document(value: dict[str, Any]) -> str:
    names = {
        "quote": _("Quote"),
        "invoice": _("Invoice"),
        "order": _("Order"),
        "contract": _("Contract"),
        "report": _("Report"),
    }
    return f"{names[value['kind']]} {value['number']}"


_WRITERS = {
    "promise": _promise,
    "next_step": _step,
    "amount": _amount,
    "exception": _exception,
    "date": _date,
    "hours": _hours,
    "approval": _approval,
    "document": _document,
    "ask": lambda value: _("Asks: %(what)s") % value,
}
