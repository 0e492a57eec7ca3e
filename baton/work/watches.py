"""Noticing what did not happen: a deal that went quiet, a fact that went stale before somebody reads it.

One row for each deal and each silence that the map speaks of holds the moment at which it becomes one. The sweep
records a fact when that moment has passed; the event that follows opens duties like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from baton.kernel.clock import stamp
from baton.kernel.rows import insert_rows, update_rows
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Event
from baton.ledger.recording import Batch, record
from baton.ledger.trust import old_from
from baton.map.automations import Automation
from baton.map.current import current_map, map_version_numbered
from baton.map.elements import Behavior, Field
from baton.map.events import EventPattern
from baton.map.schema import OperatingMap
from baton.work.about_to_read import Place, read_next
from baton.work.models import Watch

CALLER = "work.duties"
ENDED = ("lost", "done", "void")
BATCH = 10
"""Silences recorded in one transaction, which people who save something wait for."""
NOTICES = {"quiet", "fact.stale"}


@dataclass(frozen=True, slots=True)
class Silence:
    """Something that is to happen again and again: by a pattern of the map, or a field that has to stay fresh."""

    kind: str
    of: str
    pattern: EventPattern | None = None
    field: Field | None = None

    @property
    def ever(self) -> bool:
        """Whether what came before it began counts too."""
        return bool(self.pattern and self.pattern.ever)

    @property
    def begins(self) -> EventPattern | None:
        """Return what it begins with; None for what begins with the deal and again whenever it is broken."""
        return self.pattern.after if self.pattern else None

    def is_begun_by(self, event: Event) -> bool:
        """Whether this event is the one after which something is waited for."""
        return self.begins is not None and self.begins.matches(event.kind, event.detail)

    def is_broken_by(self, event: Event) -> bool:
        """Whether this event is what was to happen."""
        if self.field:
            return event.kind == "fact.confirmed" and event.detail == self.field.key
        assert self.pattern is not None
        if event.kind in NOTICES:
            return False
        return self.pattern.silent is None or self.pattern.silent.matches(event.kind, event.detail)

    def becomes_one_at(
        self, since: datetime, operating_map: OperatingMap, place: Place | None, looked_at: datetime | None = None
    ) -> datetime | None:
        """Return when nothing since that moment becomes a silence.

        A value is stale when it is old and somebody is about to read it, which the deal's place decides; where that
        was before somebody looked (`looked_at`), the next reader counts.
        """
        if self.field:
            old_at = operating_map.hours.next_open(old_from(since, self.field.fresh_for))
            old_at = max(old_at, looked_at) if looked_at else old_at
            return read_next(self.field, place, old_at, operating_map) if place else None
        assert self.pattern is not None
        assert self.pattern.lasting is not None
        return self.pattern.lasting.due(since, operating_map.hours)


def silences(operating_map: OperatingMap) -> list[Silence]:
    """Return every silence that opens a behavior of the map, or sets an automation off."""
    asked = [*operating_map.behaviors.values(), *operating_map.automations.values()]
    patterns = [one for each in asked for one in _waited_for(each).each]
    quiet = {one.detail[:80]: Silence("quiet", one.detail[:80], one) for one in patterns if one.kind == "quiet"}
    stale = [one for one in patterns if one.kind == "fact.stale"]
    fields = [field for field in operating_map.fields_on("deal") if field.fresh_for and _asked(field, stale)]
    return [*quiet.values(), *(Silence("stale", field.key, field=field) for field in fields)]


def _waited_for(each: Behavior | Automation) -> EventPattern:
    return each.opens if isinstance(each, Behavior) else each.when


def _asked(field: Field, patterns: list[EventPattern]) -> bool:
    return any(one.detail in ("", field.key) for one in patterns)


def follow(batch: Batch) -> None:
    """Move the moments of the deals that something happened on. A reducer."""
    operating_map = map_version_numbered(batch.map_version)
    watched = silences(operating_map)
    if not watched:
        return
    deals = {event.deal_id for event in [*batch.events, *batch.withdrawn] if event.deal_id}
    if not deals:
        return
    again = {event.deal_id for event in batch.withdrawn} | _begun(batch.events, watched)
    if any(silence.field for silence in watched):
        again |= {fact.record_id for fact in batch.current if fact.record_kind == "deal" and fact.field == "stage"}
    keep(deals - again, batch.events, watched, operating_map)
    watch(again, watched, operating_map)
    ended = [k for (kind, k), row in batch.rows.items() if kind == "deal" and row.status in ENDED]  # type: ignore[attr-defined]
    Watch.objects.unscoped(CALLER).filter(deal__in=ended).delete()


def _begun(events: Iterable[Event], watched: list[Silence]) -> set[UUID]:
    """Return the deals on which something happened after which something is waited for."""
    waiting = [silence for silence in watched if silence.begins]
    return {event.deal_id for event in events if event.deal_id and any(one.is_begun_by(event) for one in waiting)}


def keep(deals: set[UUID], events: Iterable[Event], watched: list[Silence], operating_map: OperatingMap) -> None:
    """Take what happened into the watches of these deals; deals that have none yet get them."""
    known = {(w.deal_id, w.kind, w.of): w for w in Watch.objects.unscoped(CALLER).filter(deal__in=deals)}
    always = any(silence.kind == "quiet" and not silence.begins for silence in watched)
    bare = deals - {deal for deal, _kind, _of in known} if always else set()
    moved = []
    places = _places(deals) if any(silence.field for silence in watched) else {}
    for silence in watched:
        if silence.begins:
            _end(silence, known, events)
            continue
        for deal_id, since in _last(events, silence).items():
            row = known.get((deal_id, silence.kind, silence.of))
            if row is None:
                bare.add(deal_id)
            elif since > row.since:
                row.since = since
                row.due_at = silence.becomes_one_at(since, operating_map, places.get(deal_id))
                moved.append(row)
    update_rows(moved, ["since", "due_at"])
    watch(bare, watched, operating_map)


def _places(deals: Iterable[UUID]) -> dict[UUID, Place]:
    rows = Deal.objects.unscoped(CALLER).filter(pk__in=deals).values_list("pk", "stage", "stage_since")
    return {deal: Place(stage, since) for deal, stage, since in rows}


def _end(silence: Silence, known: dict[Any, Watch], events: Iterable[Event]) -> None:
    """What was waited for after something came: there is nothing to notice until that happens again."""
    for event in events:
        row = known.get((event.deal_id, silence.kind, silence.of))
        if row and silence.is_broken_by(event) and (silence.ever or event.happened_at >= row.since):
            Watch.objects.unscoped(CALLER).filter(pk=row.pk).delete()


def _last(events: Iterable[Event], silence: Silence) -> dict[UUID, datetime]:
    last: dict[UUID, datetime] = {}
    for event in events:
        if event.deal_id and silence.is_broken_by(event):
            last[event.deal_id] = max(event.happened_at, last.get(event.deal_id, event.happened_at))
    return last


def watch(deals: set[UUID], watched: list[Silence], operating_map: OperatingMap) -> None:
    """Work the watches of these deals out anew from everything that happened on them."""
    if not deals:
        return
    going_on = Deal.objects.unscoped(CALLER).filter(pk__in=deals).exclude(status__in=ENDED)
    rows = list(expected(set(going_on.values_list("pk", flat=True)), watched, operating_map))
    Watch.objects.unscoped(CALLER).filter(deal__in=deals).delete()
    insert_rows(rows)


def expected(deals: set[UUID], watched: list[Silence], operating_map: OperatingMap) -> Iterable[Watch]:
    """Yield the watches that the events of these deals give. Shared with the rebuild."""
    by_deal: dict[UUID, list[Event]] = {deal: [] for deal in deals}
    places = _places(deals)
    for event in Event.objects.unscoped(CALLER).filter(deal__in=deals):
        by_deal[event.deal_id].append(event)
    for deal_id, events in by_deal.items():
        for silence in watched:
            since = _since(events, silence)
            if since:
                noticed, place = _noticed(events, silence, since), places.get(deal_id)
                due = None if noticed else silence.becomes_one_at(since, operating_map, place)
                yield Watch(deal_id=deal_id, kind=silence.kind, of=silence.of, since=since, due_at=due)


def _since(events: list[Event], silence: Silence) -> datetime | None:
    """Return when it last happened; a silence without it begins when the deal was opened, a staleness never does."""
    if silence.begins:
        return _since_begun(events, silence)
    last = [event.happened_at for event in events if silence.is_broken_by(event)]
    if not last and silence.kind == "quiet":
        last = [event.happened_at for event in events if event.kind == "deal.opened"]
    return max(last, default=None)


def _since_begun(events: list[Event], silence: Silence) -> datetime | None:
    """Return when it last happened after which something is waited for; None where that came."""
    begun = max((event.happened_at for event in events if silence.is_begun_by(event)), default=None)
    came = [event.happened_at for event in events if silence.is_broken_by(event) and not silence.is_begun_by(event)]
    if begun is None or (came and (silence.ever or max(came) >= begun)):
        return None
    return begun


def _noticed(events: list[Event], silence: Silence, since: datetime) -> bool:
    kind = "quiet" if silence.kind == "quiet" else "fact.stale"
    return any(e.kind == kind and e.detail == silence.of and e.happened_at >= since for e in events)


def notice(at: datetime, limit: int = 500) -> int:
    """Record the silences whose moment has passed; return how many. A sweep, run every minute or so."""
    operating_map = current_map()
    watched = silences(operating_map)
    _watch_the_unwatched(watched, operating_map, limit)
    wanted = {(silence.kind, silence.of) for silence in watched}
    noticed = 0
    rows = list(Watch.objects.unscoped(CALLER).filter(due_at__lte=at).order_by("due_at")[:limit])
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        noticed += _record([row for row in part if (row.kind, row.of) in wanted], at)
        Watch.objects.unscoped(CALLER).filter(pk__in=[row.pk for row in part], due_at__lte=at).update(due_at=None)
    return noticed


def _record(rows: list[Watch], at: datetime) -> int:
    entries = [
        Entry(
            "deal",
            row.deal_id,
            row.kind,
            {"of": row.of, "since": stamp(row.since)},
            key=f"silence:{row.deal_id}:{row.kind}:{row.of}:{stamp(row.since)}"[:200],
        )
        for row in rows
    ]
    return len(record(entries, by=Author.baton(), at=at).facts)


def _watch_the_unwatched(watched: list[Silence], operating_map: OperatingMap, limit: int) -> None:
    """Deals that were there before the map spoke of a silence get their watch from what happened so far."""
    for silence in (one for one in watched if not one.begins):
        has = Watch.objects.unscoped(CALLER).filter(deal=OuterRef("pk"), kind=silence.kind, of=silence.of)
        going_on = Deal.objects.unscoped(CALLER).exclude(status__in=ENDED).filter(~Exists(has))
        if silence.field:
            going_on = going_on.filter(**{f"values__{silence.field.key}__f__isnull": False})
        watch(set(going_on.values_list("pk", flat=True)[:limit]), watched, operating_map)
