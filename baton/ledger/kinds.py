"""The kinds of record that the ledger keeps facts about, and what each of their fields means for the row.

Rooms above the ledger add kinds of their own (promises, handoffs, …) with `register`, when the app starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from baton.kernel.verdict import Verdict
from baton.map.current import one_version

if TYPE_CHECKING:
    from baton.ledger.entries import Author, Entry
    from baton.ledger.happenings import Happening
    from baton.ledger.models import Fact, Record
    from baton.members.models import Member

Landing = Callable[[Any], dict[str, Any]]
"""Turns a kept value into the columns of the row: {"amount": 1200, "currency": "GBP"}."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What the ledger must know of one kind of record.

    `landings`: field → how its value lands in columns; other fields live in `values` alone.
    `permit`: may this author write this entry on this row (None while it is new)?
    `happenings`: what a newly folded fact means in the words of the map, given the row after folding.
    `rows_for`: the members' scope, as a condition on (record_kind, record_id).
    """

    name: str
    model: type[Record]
    landings: Mapping[str, Landing]
    permit: Callable[[Author, Record | None, Entry], Verdict]
    happenings: Callable[[Record, Fact], Iterable[Happening]]
    open_fields: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def takes(self, name: str) -> bool:
        """Whether a field of this name may be recorded on this kind."""
        return self.open_fields or name in self.landings


_kinds: dict[str, RecordKind] = {}


def register(kind: RecordKind) -> None:
    """Add a kind; the second registration of a name replaces the first, so that a reload is harmless."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> RecordKind:
    """Return the kind of this name."""
    return _kinds[name]


def kinds() -> list[RecordKind]:
    """Return all kinds, in the order in which the rooms registered them."""
    return list(_kinds.values())


def visible_records(member: Member) -> Q:
    """Return the condition on (record_kind, record_id) that keeps what the member may see."""
    condition, whole = Q(pk__in=[]), []
    with one_version():
        for kind in _kinds.values():
            rows = kind.model.objects.visible_to(member)  # type: ignore[attr-defined]
            if rows.all_seen_by(member):
                whole.append(kind.name)
            else:
                condition |= Q(record_kind=kind.name) & Q(Exists(rows.filter(pk=OuterRef("record_id"))))
    return condition | Q(record_kind__in=whole)
