"""Works out anew, for `baton check`, what follows from merges: who stands for whom, and what that one shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from baton.ledger.joining import joined, joined_fields
from baton.ledger.kinds import RecordKind
from baton.ledger.linking import MERGEABLE, links_of, others_of, reland
from baton.ledger.merging import end_of
from baton.ledger.models import Event

CALLER = "ledger.checking"


@dataclass(slots=True)
class Merges:
    """All merges that stand: kind → merged record → the one it points at."""

    links: dict[str, dict[UUID, UUID]] = field(default_factory=dict)
    below: dict[str, dict[UUID, list[UUID]]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Self:
        """Read who was merged into whom, as the rows say; the rows are compared with the facts elsewhere."""
        merges = cls()
        for kind, model in MERGEABLE.items():
            rows = model.objects.unscoped(CALLER).filter(merged_into__isnull=False)
            merges.links[kind] = dict(rows.values_list("pk", "merged_into"))
            merges.below[kind] = defaultdict(list)
            for gone, into in merges.links[kind].items():
                merges.below[kind][into].append(gone)
        return merges

    def touches(self, kind: str, record_id: UUID) -> bool:
        """Whether a record was merged, or stands for others."""
        return kind in MERGEABLE and (record_id in self.links[kind] or record_id in self.below[kind])

    def follow(self, kind: RecordKind, row: Any, events: Iterable[Event]) -> None:
        """Make a rebuilt row, and the events rebuilt with it, say what they say with these merges."""
        if self.touches(kind.name, row.pk):
            self._join(kind, row)
        for told in (row, *events):
            for column, to in links_of(type(told)).items():
                setattr(told, column, self._end(to, getattr(told, column)))

    def _end(self, kind: str, one: UUID | None) -> UUID | None:
        return end_of(self.links[kind], one) if one else None

    def _join(self, kind: RecordKind, row: Any, passed: frozenset[UUID] = frozenset()) -> None:
        if row.pk not in passed:
            row.values = joined(row.values, others_of(self._rebuilt_below(kind, row.pk, passed | {row.pk})))
            reland(kind, row, joined_fields(row.values))

    def _rebuilt_below(self, kind: RecordKind, into: UUID, passed: frozenset[UUID]) -> list[Any]:
        from baton.ledger.checking import facts_of, rebuild

        ids = self.below[kind.name].get(into, [])
        facts, rows = facts_of(kind.name, ids), MERGEABLE[kind.name].objects.unscoped(CALLER).filter(pk__in=ids)
        found = [rebuild(kind, row, facts[row.pk])[0] for row in rows]
        for row in found:
            self._join(kind, row, passed)
        return [row for row in found if row.values.get("merged_into", {}).get("v")]
