"""How far the values behind a figure can be relied on, and which facts they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from baton.decide.requests.figures import CONFIRMED, MISSING, WORST, Deals, Part
from baton.kernel.clock import unstamp
from baton.ledger.models import Deal
from baton.ledger.trust import trust_of

AT_ONCE = 500
FIELDS = (
    "amount",
    "close_date",
    "stage",
    "owner",
    "status",
    "service",
    "source",
    "company",
    "next_step",
    "category",
    "title",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One field of one deal behind a figure: its fact, who said it and when, and how far it can be relied on."""

    field: str
    value: Any
    fact: str
    said_by: str
    said_at: datetime | None
    channel: str
    trust: str


class Behind:
    """Looks up the facts behind parts of figures, once for all of them."""

    def __init__(self, deals: Deals, parts: Iterable[Part]) -> None:
        self.deals = deals
        wanted: dict[UUID, set[str]] = {}
        for part in parts:
            wanted.setdefault(part.deal, set()).update(part.rests_on)
        self.fields = sorted({name for names in wanted.values() for name in names})
        self.rows = self._read(list(wanted)) if self.fields else {}
        self._known: dict[tuple[UUID, str], Kept] = {}

    def _read(self, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
        found: dict[UUID, dict[str, Any]] = {}
        names = [f"values__{name}" for name in self.fields]
        for first in range(0, len(ids), AT_ONCE):
            rows = Deal.objects.visible_to(self.deals.member).filter(pk__in=ids[first : first + AT_ONCE])
            for pk, *values in rows.order_by().values_list("pk", *names):
                found[pk] = dict(zip(self.fields, values, strict=True))
        return found

    def of(self, part: Part) -> list[Kept]:
        """Return the fields that one deal's part rests on."""
        return [self._one(part.deal, name) for name in part.rests_on]

    def _one(self, deal: UUID, name: str) -> Kept:
        if (deal, name) not in self._known:
            self._known[deal, name] = self._kept(deal, name, self.rows.get(deal, {}).get(name) or {})
        return self._known[deal, name]

    def _kept(self, deal: UUID, name: str, kept: Mapping[str, Any]) -> Kept:
        said_at = unstamp(kept["h"]) if kept.get("h") else None
        return Kept(
            name, kept.get("v"), kept.get("f", ""), kept.get("by", ""), said_at, kept.get("ch", ""),
            self._trust(deal, name, kept),
        )  # fmt: skip

    def _trust(self, deal: UUID, name: str, kept: Mapping[str, Any]) -> str:
        found = trust_of(kept, self.deals.map.field(name), self.deals.at, over=self._is_over(deal, name)).strictly
        return CONFIRMED if found == MISSING and name != "amount" else found

    def _is_over(self, deal: UUID, name: str) -> bool:
        """Whether an open deal should have closed by now: its close date is old, whoever said it when."""
        line = self.deals.by_id[deal]
        is_dated = name == "close_date" and line.close_date is not None and line.status == "open"
        return is_dated and line.close_date < self.deals.today

    def worst(self, parts: Iterable[Part]) -> str:
        """Return how far a figure can be relied on: no further than the least sure value behind it."""
        return max((kept.trust for part in parts for kept in self.of(part)), key=WORST.index, default=CONFIRMED)
