"""What a new version of the map means for the ledger: what is proven now, and where deals of removed stages go.

What events prove changes at the moment of publishing, for all deals at once. Deals that stand where the map no
longer has a place are moved afterwards, a few at a time, by `settle_deals`; work that is stopped goes on later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, Func, JSONField, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from baton.kernel.claims import ring
from baton.kernel.rows import made, update_rows
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, DealState, Event
from baton.ledger.proofs import as_evidence
from baton.ledger.recording import record
from baton.ledger.spans import KEPT
from baton.map.current import current_map, current_version
from baton.map.diff import objections
from baton.map.elements import Stage
from baton.map.events import EventPattern
from baton.map.marked import Problem
from baton.map.models import MapVersion
from baton.map.publishing import register_after_publish, register_before_publish, register_earliest
from baton.map.schema import OperatingMap

CALLER = "map.publishing"
FIRST = 100
SLICE = 500
AT_ONCE = 20
"""Deals moved in one transaction, so that none takes longer than a page may wait."""
GOING_ON = (Deal.Status.OPEN, Deal.Status.WON)
MOVING = "map"
"""The channel of facts that follow from a new version of the map, and the bell that is rung for them."""


def register_republishing() -> None:
    """Let the ledger follow a new version of the map; called once at start."""
    register_earliest(newest_span)
    register_before_publish(FIRST, deals_left_behind)
    register_after_publish(FIRST, prove_again)


def newest_span() -> datetime | None:
    """Return when the newest span of a deal's state began; a version can't come into force before it."""
    return DealState.objects.unscoped(CALLER).aggregate(at=Max("began_at"))["at"]


def deals_left_behind(old: OperatingMap, new: OperatingMap) -> list[Problem]:
    """Return an objection for each removed stage at which deals stand and for which the map names no successor."""
    going_on = Deal.objects.unscoped(CALLER).filter(status__in=GOING_ON)
    stood_at = set(going_on.order_by().values_list("stage", flat=True).distinct())
    waiting = sorted(stood_at - old.stages.keys() - new.stages.keys() - new.successors.keys())
    return objections(old, new, stood_at) + [_still_waiting(stage) for stage in waiting]


def _still_waiting(stage: str) -> Problem:
    said = _("deals still wait to be moved from “{stage}”, a stage of an earlier map").format(stage=stage)
    return Problem(0, 0, said, _("say where they go: `successors: {{{id}: …}}`").format(id=stage))


# What is proven


def prove_again(old: OperatingMap, new: OperatingMap, version: MapVersion) -> None:
    """Work out anew the evidence of every stage that is shown by something else now, and close and open spans."""
    changed = [stage for stage in new.stages.values() if _shown_by(old, stage.id) != _shown_by(new, stage.id)]
    gone = old.stages.keys() - new.stages.keys()
    dropped = [*sorted(gone), *(stage.id for stage in changed)]
    if dropped:
        showing = _showing(changed)
        for ids in _slices(showing.order_by("deal").values_list("deal", flat=True).distinct()):
            _prove_slice(ids, changed, gone, version)
        _prove_no_more(dropped, showing, version)
    ring(MOVING)


def _showing(changed: list[Stage]) -> QuerySet[Event]:
    """Return the events of deals that show one of these stages now."""
    matching = Q(pk__in=[])
    for stage in changed:
        matching |= _matching(stage.entered_by)
    return Event.objects.unscoped(CALLER).filter(matching, deal__isnull=False).exclude(data__has_key="said")


def _prove_no_more(dropped: list[str], showing: QuerySet[Event], version: MapVersion) -> None:
    """Take the evidence of these stages from the deals that nothing shows there any more, all at once."""
    nothing = ~Exists(showing.filter(deal=OuterRef("pk")))
    deals = Deal.objects.unscoped(CALLER).filter(nothing, evidence__has_any_keys=dropped)
    turned = list(deals.filter(stage__in=dropped, shown=True).order_by().values_list("pk", flat=True))
    deals.update(evidence=Without("evidence", dropped))
    for ids in _slices(turned):
        Deal.objects.unscoped(CALLER).filter(pk__in=ids).update(shown=False)
        _turn_spans(ids, version)


class Without(Func):
    """A JSON object without some of its keys."""

    output_field = JSONField()

    def __init__(self, column: str, keys: Sequence[str]) -> None:
        super().__init__(F(column))
        self.keys = list(keys)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Name each key by its path. https://www.sqlite.org/json1.html#jrm"""
        column, params = compiler.compile(self.source_expressions[0])
        return f"json_remove({', '.join([column, *['%s'] * len(self.keys)])})", [
            *params, *(f'$."{key}"' for key in self.keys),
        ]  # fmt: skip

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Take the keys away. https://www.postgresql.org/docs/current/functions-json.html"""
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} - %s::text[]", [*params, self.keys]


def _shown_by(operating_map: OperatingMap, stage_id: str) -> set[tuple[str, str]] | None:
    stage = operating_map.stages.get(stage_id)
    return {(each.kind, each.detail) for each in stage.entered_by.each} if stage else None


def _slices(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    listed = list(ids)
    for start in range(0, len(listed), SLICE):
        yield listed[start : start + SLICE]


def _prove_slice(ids: list[UUID], changed: list[Stage], gone: set[str], version: MapVersion) -> None:
    """Prove these deals again. Only where a stage turns is `shown` written: it stands in the indexes of sums."""
    firsts = {f"first_{place}": stage for place, stage in enumerate(changed)}
    deals = _with_first(ids, {name: stage.entered_by for name, stage in firsts.items()})
    found = list(deals.values_list("pk", "stage", "shown", "evidence", *firsts))
    events = _events({event for row in found for event in row[4:] if event})
    dropped = {*gone, *(stage.id for stage in changed)}
    rows, turned = [], []
    for deal_id, stage, shown, evidence, *shown_by in found:
        proven = {key: kept for key, kept in evidence.items() if key not in dropped}
        proven |= {one.id: events[by] for one, by in zip(changed, shown_by, strict=True) if by}
        if proven != evidence:
            rows.append(made(Deal, {"id": deal_id, "evidence": proven, "shown": stage in proven}))
        if (stage in proven) != shown:
            turned.append(deal_id)
    turning = set(turned)
    update_rows([row for row in rows if row.pk not in turning], ["evidence"])
    update_rows([row for row in rows if row.pk in turning], ["evidence", "shown"])
    _turn_spans(turned, version)


def _with_first(ids: list[UUID], patterns: dict[str, EventPattern]) -> QuerySet:
    """Return deals with the first event that matches each pattern; one step into an index for each deal."""
    deals = Deal.objects.unscoped(CALLER).filter(pk__in=ids)
    for name, pattern in patterns.items():
        events = Event.objects.unscoped(CALLER).filter(_matching(pattern), deal=OuterRef("pk"))
        first = events.exclude(data__has_key="said").order_by("happened_at", "id").values("id")[:1]
        deals = deals.annotate(**{name: Subquery(first)})
    return deals


def _events(ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return event → what a deal keeps of it."""
    rows = Event.objects.unscoped(CALLER).filter(pk__in=ids).values_list(*SHOWN_BY)
    return {row[0]: as_evidence(SimpleNamespace(**dict(zip(SHOWN_BY, row, strict=True)))) for row in rows}


SHOWN_BY = ("pk", "happened_at", "kind", "detail", "interaction_id")


def _matching(pattern: EventPattern) -> Q:
    matching = Q()
    for each in pattern.each:
        matching |= Q(kind=each.kind, detail=each.detail) if each.detail else Q(kind=each.kind)
    return matching


def _turn_spans(turned: list[UUID], version: MapVersion) -> None:
    """Close the spans of deals that are now shown, or no longer, at the moment of publishing, and open the next."""
    at = DealState._meta.get_field("began_at").get_db_prep_save(version.published_at, connection)
    spans = DealState.objects.unscoped(CALLER).filter(deal__in=turned, ended_at__isnull=True)
    closed = list(spans.values_list("pk", flat=True))
    DealState.objects.unscoped(CALLER).filter(pk__in=closed).update(ended_at=version.published_at)
    with connection.cursor() as cursor:
        for ids in _slices(closed):
            cursor.execute(_next_spans(len(ids)), [at, version.number, *ids])


def _next_spans(count: int) -> str:
    """Spans that begin where others ended: all as it was, but for whether the stage is shown."""
    quote, fields = connection.ops.quote_name, [DealState._meta.get_field(name) for name in ("deal", *KEPT)]
    kept = [quote(field.column) for field in fields if field.name != "shown"]
    table, shown, these = quote(DealState._meta.db_table), quote("shown"), ", ".join(["%s"] * count)
    into = ", ".join([*kept, shown, quote("began_at"), quote("map_version")])
    what = ", ".join(kept)
    return f"INSERT INTO {table} ({into}) SELECT {what}, NOT {shown}, %s, %s FROM {table} WHERE id IN ({these})"  # noqa: S608 (names of the model's own)


# Where deals go


def settle_deals(at: datetime) -> int:
    """Move some of the deals that stand at a stage or desk that the map no longer has; return how many.

    0 means that all of them stand where the map has a place. Called again and again, by whoever works in the
    background; what it moved stays moved.
    """
    if not current_version():
        return 0
    operating_map = current_map()
    deals = list(_displaced(operating_map).order_by("pk")[:AT_ONCE])
    entries = [entry for deal in deals for entry in _settled(deal, operating_map)]
    record(entries, by=Author(None, MOVING), at=at)
    return len(deals)


def displaced(operating_map: OperatingMap) -> int:
    """Return how many deals still wait to be moved."""
    return _displaced(operating_map).count()


def _displaced(operating_map: OperatingMap) -> QuerySet[Deal]:
    here, moved = list(operating_map.stages), list(operating_map.successors)
    nowhere = ~Q(desk__in=list(operating_map.desks))
    going_on = Deal.objects.unscoped(CALLER).filter(status__in=GOING_ON, stage__in=[*here, *moved])
    return going_on.filter(Q(stage__in=moved) | nowhere)


def _settled(deal: Deal, operating_map: OperatingMap) -> Iterator[Entry]:
    """Yield where the deal goes: to the stage that took its place, and to that stage's desk where its own is gone."""
    stage = operating_map.stage_by_id(deal.stage)
    assert stage is not None
    if stage.id != deal.stage:
        because = _("The map no longer has the stage; its deals go to {stage}.").format(stage=stage.name)
        yield Entry("deal", deal.pk, "stage", stage.id, because=because)
    if deal.desk not in operating_map.desks:
        because = _("The map no longer has the desk; its deals go to the desk of {stage}.").format(stage=stage.name)
        yield Entry("deal", deal.pk, "desk", stage.desk, because=because)
