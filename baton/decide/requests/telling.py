"""An answer as plain data: which cells were filled from what, which were left, and why."""

from __future__ import annotations

from typing import Any

from baton.decide.requests.answering import Answer, FilledCell
from baton.decide.requests.sources import shown
from baton.decide.requests.workbook.places import ref


def told(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain data."""
    kept = sum(one.state == "kept" for one in answer.left)
    left = [one for one in answer.left if one.state != "kept"]
    return {
        "kind": answer.book.kind,
        "fingerprint": answer.fingerprint,
        "filled": [_filled(answer, one) for one in answer.filled],
        "left": [{"sheet": o.sheet, "cell": ref(o.at), "state": o.state, "why": o.why} for o in left],
        "kept": kept,
        "reasons": reasons(answer),
        "recomputed": answer.file.recomputed if answer.file else 0,
        "notes": answer.notes,
    }


def _filled(answer: Answer, one: FilledCell) -> dict[str, Any]:
    return {
        "sheet": one.sheet,
        "cell": ref(one.at),
        "value": shown(one),
        "what": one.meaning,
        "currency": one.figure.currency,
        "trust": one.trust,
        "remarks": one.figure.remarks,
        "from": [
            {
                "deal": str(part.deal),
                "title": answer.deals.by_id[part.deal].title,
                "adds": part.adds,
                "facts": {kept.field: kept.fact for kept in answer.behind.of(part) if kept.fact},
            }
            for part in one.figure.parts
        ],
    }


def reasons(answer: Answer) -> list[dict[str, Any]]:
    """Return why cells stayed empty: each reason once, with how many cells and the first of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in answer.left:
        if one.state != "kept":
            told = {"sheet": one.sheet, "why": one.why, "state": one.state, "first": ref(one.at), "cells": 0}
            found.setdefault((one.sheet, one.why), told)["cells"] += 1
    return sorted(found.values(), key=lambda each: -each["cells"])
