"""Chips as rows of a form: each can be unticked, changed in words, or exchanged for somebody else; and read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from baton.channels.quick.chips import Chip, told_of, written_day
from baton.kernel.money import Money
from baton.kernel.verdict import Refusal
from baton.map.schema import OperatingMap
from baton.web.deal.typed import typed_moment, typed_money

RECORDS = {"contact", "company", "deal"}
MOST_CHIPS = 40
NAMED = {
    "promise": {"what": "what", "when": "due"},
    "ask": {"what": "what", "when": "by"},
    "next_step": {"what": "what", "when": "at"},
    "exception": {"what": "what"},
    "move": {"when": "to"},
    "outcome": {"because": "because"},
    "interaction": {},
    "amount": {"sum": "minor"},
}
"""Kind of chip → what of it can be typed anew, and under which name the chip keeps it."""
TONES = {"promise": "hand", "next_step": "hand", "exception": "faded", "approval": "faded"}
ICONS = {
    "promise": "clock",
    "next_step": "arrow-right",
    "exception": "scale",
    "amount": "banknote",
    "outcome": "flag",
    "move": "clock",
    "date": "calendar",
    "hours": "clock",
    "phone": "phone",
    "email": "mail",
    "approval": "circle-help",
    "document": "file-text",
    "member": "user-check",
    "note": "pencil",
    "interaction": "phone",
}


@dataclass(frozen=True)
class Row:
    """One chip as the form shows it. `options` exchange it, `inputs` are (name, label, value)."""

    index: int
    kind: str
    name: str
    label: str
    json: str
    tone: str
    icon: str
    unclear: bool
    options: list[tuple[str, str, bool]]
    inputs: list[tuple[str, str, str]]
    why: str = ""


def rows_of(chips: tuple[Chip, ...], text: str) -> list[Row]:
    """Return the rows for these chips; the note is the line itself and needs none."""
    return [_row(index, chip, text) for index, chip in enumerate(chips) if chip.kind != "note"]


def _row(index: int, chip: Chip, text: str) -> Row:
    unclear = chip.confidence < 0.55 and chip.kind in RECORDS
    return Row(
        index=index,
        kind=chip.kind,
        name=kind_name(chip),
        label=chip.label,
        json=written(chip),
        tone="pencil" if unclear else TONES.get(chip.kind, ""),
        icon=_icon(chip),
        unclear=unclear,
        options=_options(chip, text) if chip.kind in RECORDS else [],
        inputs=_inputs(chip),
        why=_why(chip),
    )


def kind_name(chip: Chip) -> str:
    """Return what sort of thing was read, as the row calls it."""
    return {
        "interaction": _("What"),
        "contact": _("With"),
        "company": _("At"),
        "deal": _("Deal"),
        "promise": _("They promise") if _theirs(chip) else _("Promise"),
        "ask": _("They ask"),
        "exception": _("Exception"),
        "amount": _("Worth"),
        "next_step": _("Next step"),
        "outcome": _("Outcome"),
        "move": _("Next step"),
        "date": _("Date"),
        "hours": _("Hours"),
        "phone": _("Phone"),
        "email": _("Email"),
        "approval": _("Yes"),
        "document": _("Document"),
        "member": _("Colleague"),
    }.get(chip.kind, chip.kind)


def _theirs(chip: Chip) -> bool:
    return chip.value.get("who") == "them"


def _icon(chip: Chip) -> str:
    kinds = {"call": "phone", "meeting": "users", "text": "message-square", "chat": "message-circle", "email": "mail"}
    return kinds.get(chip.value["kind"], "pencil") if chip.kind == "interaction" else ICONS.get(chip.kind, "")


def _why(chip: Chip) -> str:
    if chip.kind == "approval":
        return _("A yes that is only spoken moves nothing: their yes in writing does.")
    if chip.kind in RECORDS and "new" in chip.value:
        return _("Not known yet: recorded as new.")
    return ""


def _options(chip: Chip, text: str) -> list[tuple[str, str, bool]]:
    """Return (value, label, chosen): those who may be meant, somebody new of that name, and for a deal none."""
    said = " ".join(text[slice(*chip.span)].split()) or str(chip.value.get("new", ""))
    known = [
        (json.dumps({"id": one["id"]}), one["label"], one["id"] == chip.value.get("id")) for one in chip.alternatives
    ]
    if not known and "id" in chip.value:
        known = [(json.dumps({"id": chip.value["id"]}), chip.label, True)]
    new = str(chip.value.get("new") or said)
    if new:
        known.append((json.dumps({"new": new}), _("new: %(name)s") % {"name": new}, "new" in chip.value))
    return known


def _inputs(chip: Chip) -> list[tuple[str, str, str]]:
    labels = {"what": _("What"), "when": _("By when"), "because": _("Because"), "sum": _("Amount")}
    return [(name, labels[name], _text(chip, name, key)) for name, key in NAMED.get(chip.kind, {}).items()]


def _text(chip: Chip, name: str, key: str) -> str:
    value = chip.value.get(key)
    if name == "sum":
        return f"{Money(chip.value['minor'], chip.value['currency']).major:f} {chip.value['currency']}"
    if name == "when":
        return written_day(value)
    return str(value or "")


def written(chip: Chip) -> str:
    """Return a chip as the form carries it, so that what is recorded is what was shown."""
    return json.dumps(told_of(chip), separators=(",", ":"))


def chips_from(data: Mapping[str, Any], operating_map: OperatingMap) -> tuple[Chip, ...]:
    """Return the chips that were left ticked, with what was changed. Refuses words that can't be read."""
    found = []
    for index in range(MOST_CHIPS):
        if f"chip-{index}" in data and f"keep-{index}" in data:
            chip = _changed(_read(data[f"chip-{index}"]), index, data, operating_map)
            found.append(chip)
    return tuple(found)


def _read(text: str) -> Chip:
    try:
        told = json.loads(text)
        start, end = told["span"]
        return Chip(str(told["kind"]), str(told["label"]), told["value"], (int(start), int(end)), float(told["sure"]))
    except (ValueError, KeyError, TypeError) as wrong:
        raise Refusal(_("This form is from an older page. Load it again; the line is kept.")) from wrong


def _changed(chip: Chip, index: int, data: Mapping[str, Any], operating_map: OperatingMap) -> Chip:
    picked = data.get(f"pick-{index}")
    if picked and chip.kind in RECORDS:
        return replace(chip, value=_picked(picked))
    if not isinstance(chip.value, dict):
        return chip
    value = dict(chip.value)
    for name, key in NAMED.get(chip.kind, {}).items():
        typed = data.get(f"{name}-{index}")
        if typed is not None and typed.strip() != _text(chip, name, key):
            value |= _typed(name, key, typed.strip(), chip)
    return replace(chip, value=value)


def _picked(text: str) -> dict[str, str]:
    value = json.loads(text)
    if isinstance(value, dict) and len(value) == 1 and set(value) <= {"id", "new"}:
        return value
    raise Refusal(_("This form is from an older page. Load it again; the line is kept."))


def _typed(name: str, key: str, typed: str, chip: Chip) -> dict[str, Any]:
    if name == "sum":
        return typed_money(typed, chip.value["currency"])
    if name == "when":
        return {key: typed_moment(typed).isoformat() if typed else None}
    if name == "what" and not typed:
        raise Refusal(_("Say what, or untick it."))
    return {key: typed}
