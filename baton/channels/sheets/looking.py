"""Looking before anything is let in: what would change, and what shape the data is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from baton.channels.sheets.importing import Run
from baton.channels.sheets.planning import Change, Outcome
from baton.ledger.text import folded

SHOWN = 40
STALE = timedelta(days=90)


@dataclass(slots=True)
class Shape:
    """What shape the data is in, counted: a mess isn't imported fast. `owners` are names that are no member's."""

    open: int = 0
    no_owner: int = 0
    no_step: int = 0
    overdue: int = 0
    stale: int = 0
    no_customer: int = 0
    no_amount: int = 0
    twice: int = 0
    unreachable: int = 0
    owners: dict[str, int] = field(default_factory=dict)
    unplaced: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Looked:
    """What an import would do: counts, examples of each kind, and the shape of the data."""

    counts: dict[str, int]
    examples: dict[str, list[dict[str, Any]]]
    reasons: dict[str, int]
    shape: Shape

    def told(self) -> dict[str, Any]:
        """Return it as plain values, to be kept with the import."""
        return asdict(self)


def look(run: Run, *, at: datetime) -> Looked:
    """Plan the whole sheet and write nothing."""
    counts: Counter[str] = Counter(dict.fromkeys(("new", "changed", "same", "bad"), 0))
    examples: dict[str, list[dict[str, Any]]] = {state: [] for state in counts}
    reasons: Counter[str] = Counter()
    shape, names = Shape(), Counter()
    for outcomes in run.planned():
        for one in outcomes:
            counts[one.state] += 1
            if one.state == "bad":
                reasons[one.said.problem] += 1
            if len(examples[one.state]) < SHOWN and one.state != "same":
                examples[one.state].append(_example(one))
            _count(shape, names, one, at)
    shape.twice = sum(times - 1 for times in names.values() if times > 1)
    _finish(shape, run)
    return Looked(dict(counts), examples, dict(reasons.most_common(20)), shape)


def _example(one: Outcome) -> dict[str, Any]:
    said = one.said
    made = [f"{kind}:{values.get('name', '')}" for kind, _pk, values in one.made if values.get("name")]
    return {
        "number": said.number,
        "cells": list(said.cells),
        "title": said.values.get("title") or said.values.get("name") or said.values.get("number") or "",
        "changes": [_change(change) for change in one.changes],
        "problem": said.problem,
        "column": said.column,
        "made": made,
    }


def _change(change: Change) -> dict[str, Any]:
    return {"field": change.field, "before": change.before, "after": change.after, "here_too": change.here_too}


def _count(shape: Shape, names: Counter[str], one: Outcome, at: datetime) -> None:
    said = one.said
    if one.kind == "deal":
        _count_deal(shape, one, at)
        names[f"{folded(said.values['title'])}|{said.values.get('company', '')}"] += one.state == "new"
    elif one.kind in {"contact", "company"}:
        names[folded(said.values["name"])] += one.state == "new"
        shape.unreachable += one.kind == "contact" and not (said.values.get("emails") or said.values.get("phones"))
    word = said.about.get("owner", "")
    if word and "owner" not in said.values:
        shape.owners[word] = shape.owners.get(word, 0) + 1


def _count_deal(shape: Shape, one: Outcome, at: datetime) -> None:
    said, values = one.said, one.values
    if values.get("status", "open") != "open" or one.state == "bad":
        return
    today = at.date().isoformat()
    shape.open += 1
    shape.no_owner += not said.about.get("owner")
    shape.no_step += not values.get("next_step")
    shape.overdue += bool(values.get("close_date")) and values["close_date"] < today
    heard = said.about.get("heard") or said.about.get("opened") or ""
    shape.stale += bool(heard) and heard < (at - STALE).date().isoformat()
    shape.no_customer += not (values.get("company") or values.get("contact"))
    shape.no_amount += not values.get("amount")


def _finish(shape: Shape, run: Run) -> None:
    taken = {int(column) for column in run.sheet.columns}
    shape.left_out = [head for column, head in enumerate(run.table.heads) if column not in taken]
    shape.owners = dict(Counter(shape.owners).most_common(40))
    stages = run.reader.lexicon.stages
    for column, name in run.sheet.columns.items():
        if name == "stage" and int(column) < len(run.table.words):
            words = run.table.words[int(column)]
            shape.unplaced = {word: times for word, times in words.items() if stages.standing(word) is None}


def sentences(shape: dict[str, Any]) -> Iterable[tuple[str, int]]:
    """Yield (what, how many) of a shape's counts that aren't nothing, worst first."""
    names = ("no_owner", "no_step", "overdue", "stale", "no_customer", "no_amount", "twice", "unreachable")
    found = [(name, shape.get(name, 0)) for name in names]
    return sorted(((name, count) for name, count in found if count), key=lambda one: -one[1])


__all__ = ["Looked", "Shape", "look", "sentences"]
