"""Folding facts into a row's kept values. Pure: the same facts in any order of arrival give the same values.

A kept value is {"v": value, "f": fact id, "h": happened, "r": recorded, "by": member id, "ch": channel,
"i": interaction id, "k": order key, "s": [ids of suggestions nobody has answered]}. Keys without content are left out.
"""

from __future__ import annotations

from typing import Any, Protocol

from baton.kernel.clock import stamp


class FactLike(Protocol):
    """What folding reads of a fact."""

    id: Any
    field: str
    value: Any
    status: str
    channel: str
    happened_at: Any
    recorded_at: Any
    said_by_id: Any
    interaction_id: Any
    settles_id: Any
    replaces_id: Any


def fold(values: dict[str, dict[str, Any]], fact: FactLike) -> bool:
    """Fold one fact into `values`, in place. Return whether the field's current value is now this fact's."""
    kept = values.setdefault(fact.field, {})
    if fact.settles_id:
        _answer(kept, str(fact.settles_id))
    if fact.status == "suggested":
        kept.setdefault("s", []).append(str(fact.id))
        return False
    if fact.status == "dismissed":
        return _forget_if_empty(values, fact.field)
    return _take(kept, fact)


def _answer(kept: dict[str, Any], suggestion: str) -> None:
    waiting = [s for s in kept.get("s", []) if s != suggestion]
    kept.pop("s", None)
    if waiting:
        kept["s"] = waiting


def _forget_if_empty(values: dict[str, dict[str, Any]], field: str) -> bool:
    if not values[field]:
        del values[field]
    return False


def _take(kept: dict[str, Any], fact: FactLike) -> bool:
    """Latest confirmed by (happened, recorded, id) wins; a correction stands where what it corrects stood, or later."""
    own, recorded, happened = str(fact.id), stamp(fact.recorded_at), stamp(fact.happened_at)
    key = f"{happened}|{recorded}|{own}"
    if fact.replaces_id and kept.get("f") == str(fact.replaces_id):
        key = max(key, kept.get("k", ""))
    elif key <= kept.get("k", ""):
        return False
    kept.update(v=fact.value, f=own, h=happened, r=recorded, k=key, ch=fact.channel)
    _keep_or_drop(kept, "by", fact.said_by_id)
    _keep_or_drop(kept, "i", fact.interaction_id)
    return True


def _keep_or_drop(kept: dict[str, Any], name: str, value: Any) -> None:
    if value:
        kept[name] = str(value)
    else:
        kept.pop(name, None)
