"""Making the ledger's rows as `record()` would have made them, without a database: facts, chained and folded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db.models.base import ModelState

from baton.kernel.ids import derived
from baton.ledger.chain import digest
from baton.ledger.checking import rebuild
from baton.ledger.kinds import kind_named
from baton.ledger.models import Event, Fact

MAP_VERSION = 1
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
ROOM = 8


class Ticks:
    """Moments and places that no other part of the business has: each part owns one second in so many."""

    def __init__(self, part: int, parts: int, dice: Random, until: datetime) -> None:
        self.part, self.parts, self.dice, self.until = part, parts, dice, until
        self.taken: set[int] = set()

    def near(self, moment: datetime) -> datetime:
        """Return a moment of ours at most so many seconds before the one wished for, never after the end."""
        seconds = int((min(moment, self.until) - EPOCH).total_seconds())
        return EPOCH + timedelta(seconds=seconds - (seconds - self.part) % self.parts)

    def place(self, moment: datetime) -> int:
        """Return a place in the search index for a moment of ours."""
        first = (moment - EPOCH) // timedelta(seconds=1) << ROOM
        while (place := first + self.dice.getrandbits(ROOM)) in self.taken:
            continue
        self.taken.add(place)
        return place


def uuid_at(moment: datetime, dice: Random) -> UUID:
    """Return a UUIDv7 of a moment in the past."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | dice.getrandbits(12) << 64 | 0x2 << 62 | dice.getrandbits(62))


_templates: dict[type, dict[str, Any]] = {}


def fresh(model: Any, **values: Any) -> Any:
    """Return a row of a model that takes its values as they are; Django's own way costs more than all else here."""
    if model not in _templates:
        empty = model()
        _templates[model] = {
            f.attname: getattr(empty, f.attname) for f in model._meta.concrete_fields if not f.primary_key
        }
    row = model.__new__(model)
    row.__dict__ = {**_templates[model], "_state": ModelState(), **values}
    return row


class Teller:
    """Appends facts to one record, each sealing the one before it."""

    def __init__(self, kind: str, record_id: UUID, dice: Random) -> None:
        self.kind, self.record_id, self.dice = kind, record_id, dice
        self.facts: list[Fact] = []
        self._head = b""

    def tell(self, at: datetime, by: UUID | None, channel: str, /, **values: Any) -> None:
        """Say that these fields have these values since a moment, in the order given."""
        for field, value in values.items():
            self._append(field, value, at, by, channel)

    def _append(self, field: str, value: Any, at: datetime, by: UUID | None, channel: str) -> None:
        because = value.get("because", "") if field == "filed" else ""
        fact = fresh(
            Fact,
            id=uuid_at(at, self.dice),
            record_kind=self.kind,
            record_id=self.record_id,
            seq=len(self.facts) + 1,
            field=field,
            value=value,
            said_by_id=by,
            channel=channel,
            because=because,
            happened_at=at,
            recorded_at=at,
            map_version=MAP_VERSION,
            salt=self.dice.randbytes(16),
        )
        fact.digest = self._head = digest(self._head, fact.salt, fact)
        self.facts.append(fact)

    def row(self, started_from: Any) -> tuple[Any, list[Event]]:
        """Return the row that the facts give and what they mean, as `baton check` rebuilds them."""
        return rebuild(kind_named(self.kind), started_from, self.facts)


def heard(events: Iterable[Event], kinds: set[str]) -> datetime | None:
    """Return when a customer was last heard in these events."""
    return max((event.happened_at for event in events if event.kind in kinds), default=None)


def named(*parts: object) -> UUID:
    """Return the identifier of a person or thing that all parts of the business know."""
    return derived("bench", *parts)
