"""What is kept of an answer: the sheet as it was filled, and for every cell its meaning, its deals and their facts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from baton.decide.requests.answering import Answer, FilledCell
from baton.decide.requests.asked import Said, in_words
from baton.decide.requests.figures import Deals, Figure, Part
from baton.decide.requests.meaning import Proposal, label_key
from baton.decide.requests.sources import in_words as value_in_words
from baton.decide.requests.telling import reasons
from baton.decide.requests.trust import Behind
from baton.decide.requests.words import Reading
from baton.decide.requests.workbook.book import Cell, Sheet
from baton.decide.requests.workbook.places import Place, ref
from baton.kernel.clock import stamp
from baton.members.models import Member

MOST_ROWS, MOST_COLUMNS = 300, 60
"""So much of each sheet is drawn on the page; the file holds it all."""
MOST_LABELS = 200


def outcome_of(answer: Answer) -> dict[str, Any]:
    """Return what is kept of a filled template, as plain data."""
    keeping = _Keeping(answer.deals, answer.behind)
    filled: dict[str, dict[str, Any]] = {}
    for one in answer.filled:
        filled.setdefault(one.sheet, {})[ref(one.at)] = keeping.cell(one)
    left: dict[str, dict[str, Any]] = {}
    for cell in answer.left:
        left.setdefault(cell.sheet, {})[ref(cell.at)] = [cell.state, cell.why]
    return {
        "kind": answer.book.kind,
        "sheets": [_drawn(one) for one in answer.book.sheets],
        "filled": filled,
        "left": left,
        "reasons": reasons(answer),
        "labels": _labels(answer.proposal),
        "notes": answer.notes,
        "deals": keeping.deals_kept(),
        "rests": [list(fields) for fields in keeping.rests],
    }


def outcome_of_question(said: Said, deals: Deals, behind: Behind) -> dict[str, Any]:
    """Return what is kept of an answered question."""
    keeping = _Keeping(deals, behind)
    lines = [keeping.figure(one.figure) | {"what": one.what, "text": in_words(one.figure)} for one in said.lines]
    return {
        "sentence": said.sentence,
        "lines": lines,
        "deals": keeping.deals_kept(),
        "rests": [*map(list, keeping.rests)],
    }


class _Keeping:
    """Numbers the deals, so that each stands once however many cells rest on it."""

    def __init__(self, deals: Deals, behind: Behind) -> None:
        self.deals, self.behind = deals, behind
        self.numbers: dict[UUID, int] = {}
        self.rests: dict[tuple[str, ...], int] = {}
        self.facts: dict[UUID, dict[str, list[Any]]] = {}
        self.members = {str(pk): name for pk, name in Member.objects.values_list("pk", "name")}

    def cell(self, one: FilledCell) -> dict[str, Any]:
        return self.figure(one.figure) | {"what": one.meaning, "base": one.base, "trust": one.trust}

    def figure(self, one: Figure) -> dict[str, Any]:
        value = one.value.isoformat() if isinstance(one.value, date) else one.value
        return {
            "v": value,
            "text": in_words(one),
            "shows": one.shows,
            "currency": one.currency,
            "trust": self.behind.worst(one.parts),
            "remarks": one.remarks,
            "why": one.why,
            "parts": [[self._number(part), part.adds, self._rests(part)] for part in one.parts],
        }

    def _number(self, part: Part) -> int:
        kept = self.facts.setdefault(part.deal, {})
        if not all(name in kept for name in part.rests_on):
            for one in self.behind.of(part):
                said_at = stamp(one.said_at) if one.said_at else ""
                words = value_in_words(self.deals, one, self.members)
                kept[one.field] = [one.fact, one.said_by, said_at, one.trust, words, one.channel]
        return self.numbers.setdefault(part.deal, len(self.numbers))

    def _rests(self, part: Part) -> int:
        return self.rests.setdefault(part.rests_on, len(self.rests))

    def deals_kept(self) -> list[dict[str, Any]]:
        return [
            {
                "id": str(pk),
                "title": self.deals.by_id[pk].title,
                "owner": str(self.deals.by_id[pk].owner_id or ""),
                "shown": self.deals.by_id[pk].shown,
                "worth": self.deals.by_id[pk].amount,
                "currency": self.deals.by_id[pk].currency,
                "chance": float(self.deals.chance(self.deals.by_id[pk])),
                "facts": self.facts.get(pk, {}),
            }
            for pk in self.numbers
        ]


def _drawn(sheet: Sheet) -> dict[str, Any]:
    cells = {
        ref(at): _text(cell)
        for at, cell in sheet.cells.items()
        if at[0] <= MOST_ROWS and at[1] <= MOST_COLUMNS and (cell.value is not None or cell.formula)
    }
    return {"name": sheet.name, "state": sheet.state, "cells": cells}


def _text(cell: Cell) -> list[Any]:
    """What is drawn of a cell: its text, and what it is: a label, a figure, or computed."""
    kind = "f" if cell.formula else "n" if isinstance(cell.value, float) else "t"
    if isinstance(cell.value, float) and cell.shows == "day" and 1 <= cell.value < 2_900_000:
        return [date.fromordinal(date(1899, 12, 30).toordinal() + int(cell.value)).isoformat(), kind]
    if isinstance(cell.value, float):
        return [f"{cell.value:,.2f}".removesuffix(".00"), kind]
    return ["" if cell.value is None else str(cell.value)[:120], kind]


def _labels(proposal: Proposal) -> list[dict[str, Any]]:
    """The labels that cells rest on, with how each was read: what a person may correct."""
    used: dict[tuple[str, Place], str] = {}
    for one in proposal.cells:
        for at in one.labels:
            state = used.get((one.sheet, at), "")
            used[one.sheet, at] = (
                "fill" if "fill" in {state, one.state} else "ask" if "ask" in {state, one.state} else one.state
            )
    found: dict[str, dict[str, Any]] = {}
    for (sheet, at), state in used.items():
        reading = proposal.labels[sheet, at]
        key = label_key(reading.text)
        told = {
            "sheet": sheet,
            "ref": ref(at),
            "text": reading.text,
            "key": key,
            "state": state,
            "reading": _read(reading),
        }
        if key not in found or state == "ask":
            found[key] = told
    order = {"ask": 0, "left": 1, "fill": 2}
    return sorted(found.values(), key=lambda one: order.get(one["state"], 3))[:MOST_LABELS]


def _read(one: Reading) -> dict[str, Any]:
    told = {
        "base": one.base,
        "status": one.status,
        "field": one.field,
        "unkept": one.unkept,
        "unit": one.unit,
        "unplaced": one.unplaced,
        "says": one.says,
    }
    return {name: value for name, value in told.items() if value} | {"sure": one.sure, "about": one.about}
