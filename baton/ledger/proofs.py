"""What events prove: which stages of a deal are shown, and when a customer was last heard.

The earliest matching event is a stage's evidence, so that the order of arrival changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max

from baton.kernel.clock import stamp
from baton.ledger.models import Deal, Event, Interaction
from baton.map.current import map_version_numbered

if TYPE_CHECKING:
    from baton.ledger.recording import Batch
    from baton.map.schema import OperatingMap

CALLER = "ledger.recording"
HEARD = {"interaction.in", "interaction.out", "meeting.held"}


def keep(batch: Batch) -> None:
    """Fold the batch's events into the deals, contacts and companies they concern."""
    from baton.ledger.recording import load

    for kind, column in (("deal", "deal_id"), ("contact", "contact_id"), ("company", "company_id")):
        load(batch, kind, {getattr(event, column) for event in batch.events if getattr(event, column)})
    operating_map = map_version_numbered(batch.map_version)
    for event in batch.events:
        _hear(batch, event)
        if event.deal_id:
            deal = batch.row("deal", event.deal_id)
            deal.touched_at = batch.at
            prove(deal.evidence, event, operating_map)
    for (kind, _id), row in batch.rows.items():
        if kind == "deal":
            row.shown = row.stage in row.evidence  # type: ignore[attr-defined]


def prove(evidence: dict[str, Any], event: Event, operating_map: OperatingMap) -> None:
    """Fold one event into a deal's evidence, in place: the earliest event that matches a stage shows it.

    What an import or a program said of a deal proves nothing (`data.said`).
    """
    if event.data.get("said"):
        return
    for key, stage in operating_map.stages.items():
        if stage.entered_by.matches(event.kind, event.detail):
            shown = as_evidence(event)
            if key not in evidence or (shown["at"], shown["event"]) < (evidence[key]["at"], evidence[key]["event"]):
                evidence[key] = shown


def as_evidence(event: Any) -> dict[str, Any]:
    """Return what a deal keeps of the event that shows a stage."""
    return {
        "event": str(event.pk),
        "at": stamp(event.happened_at),
        "kind": event.kind,
        "detail": event.detail,
        "interaction": str(event.interaction_id) if event.interaction_id else None,
    }


def proven(events: Iterable[Event], operating_map: OperatingMap) -> dict[str, Any]:
    """Return the evidence that a deal's events give under a map."""
    evidence: dict[str, Any] = {}
    for event in events:
        prove(evidence, event, operating_map)
    return evidence


def _hear(batch: Batch, event: Event) -> None:
    if event.kind not in HEARD:
        return
    for kind, record_id in (("deal", event.deal_id), ("contact", event.contact_id), ("company", event.company_id)):
        if record_id:
            row = batch.row(kind, record_id)
            row.last_heard_at = later(row.last_heard_at, event.happened_at)


def later(known: datetime | None, heard: datetime) -> datetime:
    """Return the later of two moments, the first of which may be unknown."""
    return heard if known is None or heard > known else known


def withdraw_filing(batch: Batch, interactions: list[UUID]) -> None:
    """Take back what these interactions meant where they were filed before: evidence, last heard, events."""
    from baton.ledger.recording import load

    old = list(Event.objects.unscoped(CALLER).filter(interaction__in=interactions))
    Event.objects.unscoped(CALLER).filter(pk__in=[event.pk for event in old]).delete()
    batch.withdrawn += old
    for kind, column in (("deal", "deal_id"), ("contact", "contact_id"), ("company", "company_id")):
        ids = {getattr(event, column) for event in old if getattr(event, column)}
        load(batch, kind, ids)
        for record_id in ids:
            relisten(batch.row(kind, record_id), column)
    for deal_id in {event.deal_id for event in old if event.deal_id}:
        _reprove(batch, batch.row("deal", deal_id))
    _restate_shown(batch, old)


def relisten(row: Any, column: str) -> None:
    """Say anew when a deal, contact or company was last heard, from the events that are there."""
    heard = Event.objects.unscoped(CALLER).filter(kind__in=HEARD, **{column: row.pk}).aggregate(at=Max("happened_at"))
    row.last_heard_at = heard["at"]


def _reprove(batch: Batch, deal: Deal) -> None:
    deal.touched_at = batch.at
    events = Event.objects.unscoped(CALLER).filter(deal=deal.pk)
    deal.evidence = proven(events, map_version_numbered(batch.map_version))


def _restate_shown(batch: Batch, old: list[Event]) -> None:
    """What members found in a refiled interaction goes with it: the same event, about the new deal."""
    for event in old:
        if event.fact_id and event.interaction_id:
            row: Interaction = batch.row("interaction", event.interaction_id)
            event.deal_id, event.contact_id, event.company_id = row.deal_id, row.contact_id, row.company_id
            event.known_at = batch.at
            batch.events.append(event)
