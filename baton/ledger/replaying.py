"""Replays deals through recorded time: what each looked like in every span, and what its events prove."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max

from baton.ledger.folding import fold
from baton.ledger.kinds import kind_named
from baton.ledger.models import Company, Contact, Deal, DealState, Event, Fact, Interaction
from baton.ledger.proofs import HEARD, later, prove, proven
from baton.ledger.recording import land
from baton.ledger.spans import KEPT, state_of
from baton.map.current import map_version_numbered
from baton.map.models import MapVersion

if TYPE_CHECKING:
    from baton.ledger.checking import Report

CALLER = "ledger.checking"


@dataclass(slots=True)
class Replay:
    """What the first pass found that the replay needs: filings that were changed, and when each map came into force."""

    left: dict[UUID, list[tuple[datetime, datetime, Event]]] = field(default_factory=lambda: defaultdict(list))
    published: list[tuple[datetime, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.published = list(MapVersion.objects.order_by("number").values_list("published_at", "number"))

    def version_at(self, at: datetime) -> int:
        """Return the version in force at a moment; the first one before anything was published."""
        position = bisect_right(self.published, (at, 1 << 60))
        return self.published[max(position - 1, 0)][1]

    def note(self, kind: str, row: Any, facts: list[Fact]) -> None:
        """Remember what a refiled interaction meant on the deals it left: (from, until, event)."""
        if kind != "interaction":
            return
        filings = _filings(row, facts)
        for (began, was), (ended, _now) in pairwise(filings):
            for event in was:
                if event.deal_id:
                    self.left[event.deal_id].append((began, ended, event))


def _filings(row: Interaction, facts: list[Fact]) -> list[tuple[datetime, list[Event]]]:
    """Return what the interaction meant after each time it was filed; [] where it was filed once or never."""
    if sum(fact.field == "filed" for fact in facts) < 2:
        return []
    from baton.ledger.checking import rebuild

    kind = kind_named("interaction")
    moments = sorted({fact.recorded_at for fact in facts if fact.field == "filed"})
    return [(at, rebuild(kind, row, [f for f in facts if f.recorded_at <= at])[1]) for at in moments]


def check_deals(report: Report, replay: Replay) -> None:
    """Compare spans, evidence and what was last heard, for every deal; and the latter for contacts and companies."""
    from baton.ledger.checking import facts_of

    for ids in report.slices("spans: deal", Deal.objects.unscoped(CALLER).order_by("pk").values_list("pk", flat=True)):
        stored = Deal.objects.unscoped(CALLER).in_bulk(ids)
        facts, events, spans = facts_of("deal", ids), _events(ids), _spans(ids)
        for deal_id, deal in stored.items():
            replayed = replay_deal(deal_id, facts[deal_id], events[deal_id], replay)
            _compare_deal(report, deal, replayed)
            _compare_spans(report, deal, replayed, spans[deal_id])
    for model, column in ((Contact, "contact"), (Company, "company")):
        _check_heard(report, model, column)


def _events(ids: Iterable[UUID]) -> dict[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = defaultdict(list)
    for event in Event.objects.unscoped(CALLER).filter(deal__in=list(ids)).order_by("known_at", "id"):
        found[event.deal_id].append(event)  # type: ignore[index]
    return found


def _spans(ids: Iterable[UUID]) -> dict[UUID, list[DealState]]:
    found: dict[UUID, list[DealState]] = defaultdict(list)
    for span in DealState.objects.unscoped(CALLER).filter(deal__in=list(ids)).order_by("began_at"):
        found[span.deal_id].append(span)
    return found


@dataclass(slots=True)
class Span:
    """One span as the ledger gives it."""

    began_at: datetime
    state: dict[str, Any]
    map_version: int


@dataclass(slots=True)
class Replayed:
    """A deal as it stands after the last thing recorded, and its spans."""

    row: Deal
    spans: list[Span] = field(default_factory=list)

    def as_of(self, at: datetime) -> dict[str, Any] | None:
        """Return the state recorded by a moment, or None before the deal was there."""
        states = [span.state for span in self.spans if span.began_at <= at]
        return states[-1] if states else None


def replay_deal(deal_id: UUID, facts: list[Fact], events: list[Event], replay: Replay) -> Replayed:
    """Walk through the moments at which something was recorded about a deal."""
    began = facts[0].recorded_at if facts else None
    row = Deal(id=deal_id, recorded_at=began, touched_at=began)
    replayed, there = Replayed(row), _presence(deal_id, events, replay)
    for at in _moments(facts, there, replay):
        _step(replayed, at, facts, there, replay)
    return replayed


Presence = list[tuple[datetime, datetime | None, Event]]


def _presence(deal_id: UUID, events: list[Event], replay: Replay) -> Presence:
    """When each event began, and perhaps ceased, to be about this deal."""
    return [(event.known_at, None, event) for event in events] + replay.left.get(deal_id, [])  # type: ignore[operator]


def _moments(facts: list[Fact], there: Presence, replay: Replay) -> list[datetime]:
    moments = {fact.recorded_at for fact in facts}
    moments |= {moment for began, ended, _event in there for moment in (began, ended) if moment}
    first = min(moments, default=None)
    moments |= {at for at, number in replay.published if number > 1 and first and at > first}
    return sorted(moments)


def _step(replayed: Replayed, at: datetime, facts: list[Fact], there: Presence, replay: Replay) -> None:
    row, version = replayed.row, replay.version_at(at)
    if any(fact.recorded_at == at for fact in facts) or any(at in (began, ended) for began, ended, _event in there):
        row.touched_at = at
    for fact in facts:
        if fact.recorded_at == at:
            version = fact.map_version
            if fold(row.values, fact):
                land(row, fact)
    _prove(row, at, there, replay, version)
    state = state_of(row)
    if replayed.spans and replayed.spans[-1].state == state:
        return
    if replayed.spans:
        at = max(at, replayed.spans[-1].began_at + timedelta(microseconds=1))
    replayed.spans.append(Span(at, state, version))


def _prove(row: Deal, at: datetime, there: Presence, replay: Replay, version: int) -> None:
    operating_map = map_version_numbered(version)
    new = [event for began, _ended, event in there if began == at]
    if any(ended == at for _began, ended, _event in there) or any(
        at == published for published, _n in replay.published
    ):
        present = [event for began, ended, event in there if began <= at and (ended is None or ended > at)]
        row.evidence = proven(present, operating_map)
        row.last_heard_at = max((e.happened_at for e in present if e.kind in HEARD), default=None)
    for event in new:
        prove(row.evidence, event, operating_map)
        if event.kind in HEARD:
            row.last_heard_at = later(row.last_heard_at, event.happened_at)
    row.shown = row.stage in row.evidence


def _compare_deal(report: Report, deal: Deal, replayed: Replayed) -> None:
    for name in ("evidence", "shown", "last_heard_at", "touched_at"):
        report.compare("deal", deal.pk, name, getattr(replayed.row, name), getattr(deal, name))


def _compare_spans(report: Report, deal: Deal, replayed: Replayed, stored: list[DealState]) -> None:
    ends = [span.began_at for span in replayed.spans[1:]] + [None]  # type: ignore[list-item]
    expected = [
        (span.began_at, ended, span.map_version, *(span.state[name] for name in KEPT))
        for span, ended in zip(replayed.spans, ends, strict=True)
    ]
    found = [
        (span.began_at, span.ended_at, span.map_version, *(state_of(span)[name] for name in KEPT)) for span in stored
    ]
    report.compare("deal", deal.pk, "spans", expected, found)


def _check_heard(report: Report, model: Any, column: str) -> None:
    for ids in report.slices(
        f"heard: {column}", model.objects.unscoped(CALLER).order_by("pk").values_list("pk", flat=True)
    ):
        events = Event.objects.unscoped(CALLER).filter(**{f"{column}__in": ids}, kind__in=HEARD)
        heard = dict(events.values_list(column).annotate(at=Max("happened_at")).values_list(column, "at"))
        for record_id, found in model.objects.unscoped(CALLER).filter(pk__in=ids).values_list("pk", "last_heard_at"):
            report.compare(column, record_id, "last_heard_at", heard.get(record_id), found)
