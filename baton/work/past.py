"""What happened over a stretch of time, read as lean rows in their order: a year of a business is a million of them.

Identifiers and moments stay as the database hands them out, which is enough to compare them; `when` and `key`
make real ones of the few that are shown. What was imported counts as if it had been heard of when it happened.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, DateTimeField, F, Func, Max, Q, QuerySet, When

from baton.ledger.models import DealState, Event
from baton.members.models import Member
from baton.work.about_to_read import Place

CALLER = "work.duties"
AT_ONCE = 5000
NOTHING: dict[str, Any] = {}


class Bare(Func):
    """A column as it is kept: SQLite's driver would make a moment of each text that comes from such a column."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Leave the text alone: of an expression the driver doesn't know the type."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **more)


HEARD_AT = Case(When(live=True, then=F("recorded_at")), default=F("happened_at"), output_field=DateTimeField())
COLUMNS = (
    "id", "kind", "detail", "record_kind", "record_id", "deal_id", "contact_id", "thread", "member_id", "fact_id",
    Bare("happened_at"), HEARD_AT, Bare("due_at"), "data",
)  # fmt: skip


class Past(NamedTuple):
    """One event as reckoning reads it. `told` is its data as text."""

    id: Any
    kind: str
    detail: str
    record_kind: str
    record_id: Any
    deal_id: Any
    contact_id: Any
    thread: Any
    member_id: Any
    fact_id: Any
    happened_at: Any
    recorded_at: Any
    due_at: Any
    told: str

    @property
    def live(self) -> bool:
        """Everything counts: a rehearsal asks what would have been owed, had Baton been there."""
        return True

    @property
    def known_at(self) -> Any:
        return self.recorded_at

    @property
    def data(self) -> dict[str, Any]:
        return NOTHING if self.told == "{}" else json.loads(self.told)


def happened(
    kinds: frozenset[str] | None,
    since: datetime,
    until: datetime,
    seen_by: Member | None = None,
    fields: set[str] | None = None,
) -> Iterator[Past]:
    """Return what happened from one moment until another, the earliest first; every kind for None.

    `fields` are those whose confirmed values matter, where the kinds are named.
    """
    rows = Event.objects.visible_to(seen_by) if seen_by else Event.objects.unscoped(CALLER)
    found = rows.filter(happened_at__gte=since, happened_at__lt=until).exclude(kind__in=("quiet", "fact.stale"))
    found = found if kinds is None else found.filter(_named(kinds, fields))
    return map(Past._make, _stream(found.order_by("happened_at"), COLUMNS))


def _named(kinds: frozenset[str], fields: set[str] | None) -> Q:
    if fields is None or "fact.confirmed" not in kinds:
        return Q(kind__in=sorted(kinds))
    return Q(kind__in=sorted(kinds - {"fact.confirmed"})) | Q(kind="fact.confirmed", detail__in=sorted(fields))


def last_time(condition: Q, since: datetime, until: datetime) -> Iterator[tuple[Any, Any]]:
    """Yield (deal, when something like this last happened on it) within a stretch of time."""
    rows = Event.objects.unscoped(CALLER).filter(condition, deal__isnull=False)
    found = rows.filter(happened_at__gte=since, happened_at__lt=until).order_by().values_list("deal_id")
    yield from _rows(found.annotate(last=Max(Bare("happened_at"))))


def _stream(rows: QuerySet, columns: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield from _rows(rows.values_list(*columns))


def _rows(rows: QuerySet) -> Iterator[tuple[Any, ...]]:
    statement, values = rows.query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while some := cursor.fetchmany(AT_ONCE):
            yield from some


def raw(moment: datetime) -> Any:
    """Return a moment as the rows have it."""
    return connection.ops.adapt_datetimefield_value(moment)


def when(moment: Any) -> Any:
    """Return the moment of a row as a real one."""
    if not isinstance(moment, str):
        return moment
    return datetime.fromisoformat(f"{moment}+00:00")


def key(value: Any) -> UUID | None:
    """Return the identifier of a row as a real one."""
    return UUID(value) if isinstance(value, str) else value


# Who had a deal


@dataclass(frozen=True, slots=True)
class Stand:
    """Who owned a deal, at which desk, in which state, from a moment on."""

    since: Any
    owner_id: UUID | None
    desk: str
    status: str
    stage: str = ""
    stage_since: Any = None


class Stands:
    """How deals stood, by the spans that touch a stretch of time. Deals are named as the rows name them."""

    def __init__(self, since: datetime, until: datetime) -> None:
        touching = Q(ended_at__isnull=True) | Q(ended_at__gt=since)
        spans = DealState.objects.unscoped(CALLER).filter(touching, began_at__lt=until).order_by("began_at")
        self._of: dict[Any, list[Stand]] = defaultdict(list)
        columns = ("deal_id", Bare("began_at"), "owner_id", "desk", "status", "stage", Bare("stage_since"))
        for deal, began, owner, *rest in _stream(spans, columns):
            self._of[deal].append(Stand(began, key(owner), *rest))

    def at(self, deal: Any, moment: Any) -> Stand | None:
        """Return how a deal stood then; as it was first known, where that was later; None for one that wasn't there."""
        spans = self._of.get(deal)
        if not spans:
            return None
        return spans[max(bisect_right(spans, moment, key=_since) - 1, 0)]

    def places(self, moment: Any) -> dict[Any, Place]:
        """Return where each deal stood at a moment."""
        found = ((deal, self.at(deal, moment)) for deal, spans in self._of.items() if spans[0].since <= moment)
        return {deal: Place(stand.stage, when(stand.stage_since)) for deal, stand in found if stand}

    def over(self, moment: Any, ended: frozenset[str]) -> set[Any]:
        """Return the deals that had ended by a moment."""
        begun = (deal for deal, spans in self._of.items() if spans[0].since <= moment)
        return {deal for deal in begun if self._ended(deal, moment, ended)}

    def _ended(self, deal: Any, moment: Any, ended: frozenset[str]) -> bool:
        stand = self.at(deal, moment)
        return stand is not None and stand.status in ended


def _since(stand: Stand) -> Any:
    return stand.since
