"""What a record shows once others were merged into it. Pure on kept values (see `folding.py`).

The record's own values stand; what only the others had fills the gaps, addresses are united, and what differs is kept
beside (`also`). A kept value that was touched so holds what the own facts gave in `own`, and in `m` whose value it is.
What is said of the record after the merge overrules what was joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

LISTS = frozenset({"emails", "phones", "domains"})
APART = frozenset({"merged_into", "distinct"})
"""Fields that say how a record stands to others; they are nobody else's."""
Values = Mapping[str, Mapping[str, Any]]
Other = tuple[str, str, Values]
"""A record that was merged into this one: its id, when (as `stamp` writes it), and what it shows itself."""


def bare(values: Values) -> dict[str, Any]:
    """Return what the record's own facts gave."""
    own = {field: kept.get("own", kept) for field, kept in values.items()}
    return {field: dict(kept) for field, kept in own.items() if kept}


def joined_fields(values: Values) -> set[str]:
    """Return the fields that show something of a merged record."""
    return {field for field, kept in values.items() if "own" in kept}


def joined(own: Values, others: Iterable[Other]) -> dict[str, Any]:
    """Return what a record shows whose own values are these, with the others merged into it, the earliest first."""
    shown: dict[str, Any] = {field: dict(kept) for field, kept in own.items()}
    for other in others:
        for field in other[2].keys() - APART:
            before = own.get(field, {})
            if is_filled(other[2][field]) and before.get("r", "") <= other[1]:
                _join(shown, field, before, other)
    return shown


def is_filled(kept: Mapping[str, Any]) -> bool:
    """Whether a value is there, and isn't empty."""
    return kept.get("v") not in (None, "", [])


def _join(shown: dict[str, Any], field: str, own: Mapping[str, Any], other: Other) -> None:
    mine, theirs = shown.get(field, {}), other[2][field]
    if not is_filled(mine):
        shown[field] = _taken(theirs, mine) | {"m": other[0], "own": dict(own)}
    elif field in LISTS:
        more = [value for value in theirs["v"] if value not in mine["v"]]
        if more:
            shown[field] = mine | {"v": [*mine["v"], *more], "m": other[0], "own": dict(own)}
    else:
        beside = [*_beside(theirs, other[0]), *theirs.get("also", [])]
        more = [one for one in beside if one["v"] != mine["v"] and one not in mine.get("also", [])]
        if more:
            shown[field] = mine | {"also": [*mine.get("also", []), *more], "own": dict(own)}


def _taken(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    """Their value with where it came from; who was asked about it stays as it is with each."""
    told = {name: part for name, part in theirs.items() if name not in {"s", "own"}}
    return told | ({"s": mine["s"]} if "s" in mine else {})


def _beside(theirs: Mapping[str, Any], whose: str) -> list[dict[str, Any]]:
    return [{"v": theirs["v"], "f": theirs["f"], "m": theirs.get("m", whose)}]
