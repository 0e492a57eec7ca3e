"""Duties follow what happens: opened by one event, closed by another, in the transaction that recorded it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Q

from baton.kernel.rows import insert_rows, update_rows
from baton.ledger.models import Event
from baton.ledger.recording import Batch
from baton.map.current import map_version_numbered
from baton.map.durations import Within
from baton.map.elements import Behavior, IfForgotten
from baton.members.hours import WorkingHours
from baton.work.behaviors import in_force, through
from baton.work.models import Duty
from baton.work.owing import People
from baton.work.reckoning import Neighbors, Reckoned, closes, kinds_of, opens, reckon, scope_of

CALLER = "work.duties"
Scope = tuple[str, str]
CHASED = {"reminded", "escalated"}


@dataclass(slots=True)
class Affected:
    """The subjects that a batch touches, each with the moment from which it must be reckoned anew.

    `closing` are those of which something may close, or was taken back; of the others something only opens.
    """

    since: dict[Scope, datetime]
    deals: set[UUID]
    contacts: set[UUID]
    records: set[UUID]
    threads: set[UUID]
    closing: set[Scope] = field(default_factory=set)

    def touch(self, scope: Scope, at: datetime) -> None:
        self.since[scope] = min(at, self.since.get(scope, at))


def follow(batch: Batch) -> None:
    """Open, close and reassign duties for what this batch recorded. A reducer of `record()`."""
    behaviors = in_force(batch.map_version)
    affected = _affected(batch, behaviors)
    people = People(map_version_numbered(batch.map_version))
    if affected.since:
        _reckon_affected(batch, behaviors, affected, people)
    _follow_owners(batch, behaviors, people)
    _follow_deeds(batch, behaviors, people)
    _follow_absences(batch, behaviors, people)


def _affected(batch: Batch, behaviors: dict[str, Behavior]) -> Affected:
    affected = Affected({}, set(), set(), set(), set())
    for event in [*batch.events, *batch.withdrawn]:
        _note_identity(affected, event)
        for scope in _opened_by(event, behaviors):
            affected.touch(scope, event.happened_at)
    affected.closing |= {scope for event in batch.withdrawn for scope in _opened_by(event, behaviors)}
    _note_closing(batch, behaviors, affected)
    return affected


def _opened_by(event: Event, behaviors: dict[str, Behavior]) -> list[Scope]:
    return [(b.id, scope_of(b, event)) for b in behaviors.values() if opens(b, event)]


def _note_identity(affected: Affected, event: Event) -> None:
    for known, value in (
        (affected.deals, event.deal_id),
        (affected.contacts, event.contact_id),
        (affected.records, event.record_id),
        (affected.threads, event.thread),
    ):
        if value:
            known.add(value)


def _note_closing(batch: Batch, behaviors: dict[str, Behavior], affected: Affected) -> None:
    """Find the duties that an event of this batch may close, or that stood on one that was withdrawn."""
    closing = {b.id for b in behaviors.values() for e in batch.events if closes(b, e)}
    gone = [event.pk for event in batch.withdrawn]
    if not closing and not gone:
        return
    since = min((event.happened_at for event in batch.events), default=batch.at)
    near = Q(deal__in=affected.deals) | Q(contact__in=affected.contacts) | Q(subject_id__in=affected.records)
    near |= Q(thread__in=affected.threads)
    condition = Q(behavior__in=closing) & near & (Q(state="open") | Q(closed_at__gte=since))
    if gone:
        condition |= Q(opened_by__in=gone) | Q(closed_by__in=gone)
    for duty in Duty.objects.unscoped(CALLER).filter(condition).only("behavior", "scope", "opened_at"):
        affected.touch((duty.behavior, duty.scope), duty.opened_at)
        affected.closing.add((duty.behavior, duty.scope))


def _reckon_affected(batch: Batch, behaviors: dict[str, Behavior], affected: Affected, people: People) -> None:
    existing = _overlapping(affected)
    _leave_out_standing(affected, existing, behaviors)
    if not affected.since:
        return
    for duty in (duty for duties in existing.values() for duty in duties):
        affected.touch((duty.behavior, duty.scope), duty.opened_at)
        note_subject(affected, duty)
    events = events_since(affected, behaviors)
    near, openers = Neighbors(events), _openers(events, affected, batch.map_version)
    wanted = [
        duty
        for (behavior_id, scope), opened in openers.items()
        for duty in reckon(
            through(behavior_id, batch.map_version),
            scope,
            [event for event in near.of(opened) if event.happened_at >= affected.since[behavior_id, scope]],
        )
    ]
    keep(wanted, existing, people, batch)


def _leave_out_standing(affected: Affected, existing: dict[Scope, list[Duty]], behaviors: dict[str, Behavior]) -> None:
    """What opens while a duty is open changes nothing about it, however much happened since: say one more mail."""
    for scope, duties in list(existing.items()):
        is_open = [duty.state for duty in duties] == [Duty.State.OPEN]
        if not is_open or scope in affected.closing or behaviors[scope[0]].within.after_its_time:
            continue
        if duties[0].opened_at < affected.since[scope]:
            del affected.since[scope], existing[scope]


def _openers(events: list[Event], affected: Affected, version: int) -> dict[Scope, list[Event]]:
    """Sort the events that open by the subject they open, for the subjects that are touched."""
    eras = {behavior_id: through(behavior_id, version) for behavior_id, _scope in affected.since}
    found: dict[Scope, list[Event]] = defaultdict(list)
    for event in events:
        for behavior_id, era in eras.items():
            said = era.at(event.known_at)
            if said and opens(said, event):
                scope = (behavior_id, scope_of(said, event))
                if scope in affected.since:
                    found[scope].append(event)
    return found


def note_subject(affected: Affected, duty: Duty) -> None:
    """Have the events looked at that may close this duty."""
    for known, value in (
        (affected.deals, duty.deal_id),
        (affected.contacts, duty.contact_id),
        (affected.threads, duty.thread),
    ):
        if value:
            known.add(value)
    affected.records.add(duty.subject_id)


def _overlapping(affected: Affected) -> dict[Scope, list[Duty]]:
    behaviors = {behavior for behavior, _scope in affected.since}
    scopes = {scope for _behavior, scope in affected.since}
    since = min(affected.since.values())
    rows = Duty.objects.unscoped(CALLER).filter(behavior__in=behaviors, scope__in=scopes).exclude(state="withdrawn")
    found: dict[Scope, list[Duty]] = defaultdict(list)
    for duty in rows.filter(Q(state="open") | Q(closed_at__gte=since)):
        key = (duty.behavior, duty.scope)
        if key in affected.since and (duty.state == "open" or duty.closed_at >= affected.since[key]):
            found[key].append(duty)
    return found


READ = (
    "id", "kind", "detail", "record_kind", "record_id", "deal_id", "contact_id", "thread", "member_id", "fact_id",
    "happened_at", "recorded_at", "known_at", "due_at", "live", "data",
)  # fmt: skip
"""What reckoning asks of an event. A busy deal has hundreds, and whole rows of the model take four times as long."""


def events_since(affected: Affected, behaviors: dict[str, Behavior]) -> list[Any]:
    """Read what may open or close in the scopes touched; what opens may be in threads that nothing named yet."""
    touched = {behavior for behavior, _scope in affected.since}
    kinds = {kind for b in touched for kind in kinds_of(behaviors[b])}
    since = min(affected.since.values())
    rows = Event.objects.unscoped(CALLER).filter(kind__in=kinds, happened_at__gte=since)
    near = _near(affected)
    found = list(rows.filter(near).values_list(*READ, named=True))
    threads = {event.thread for event in found if event.thread} - affected.threads
    if not threads:
        return found
    affected.threads |= threads
    return found + list(rows.filter(thread__in=threads).exclude(near).values_list(*READ, named=True))


def _near(affected: Affected) -> Q:
    near = Q(deal__in=affected.deals) | Q(contact__in=affected.contacts) | Q(record_id__in=affected.records)
    return near | Q(thread__in=affected.threads)


def keep(wanted: list[Reckoned], existing: dict[Scope, list[Duty]], people: People, batch: Batch) -> None:
    """Make the rows say what was reckoned: update those that are there, add new ones, drop those that never were.

    A row that somebody acted on (passed on, put off, was reminded of) keeps its facts: it is withdrawn, and comes
    back if what opened it does.
    """
    known = {duty.pk: duty for duties in existing.values() for duty in duties}
    wanted_ids = {duty.id for duty in wanted}
    known |= _withdrawn_before(wanted_ids - known.keys())
    gone = Duty.objects.unscoped(CALLER).filter(pk__in=known.keys() - wanted_ids)
    gone.filter(version=0).delete()
    gone.update(state=Duty.State.WITHDRAWN, chase_at=None)
    people.prepare(wanted, batch)
    fresh, changed = [], []
    for reckoned in wanted:
        row = known.get(reckoned.id)
        if row is None:
            row = Duty(id=reckoned.id)
            fresh.append(row)
            write(row, reckoned, people)
        elif _is_settled_so(row, reckoned):
            if row.contact_id != reckoned.opener.contact_id:
                _move(row, reckoned)
        elif _rewrite(row, reckoned, people):
            changed.append(row)
    update_rows(changed, WRITTEN)
    insert_rows(fresh)


def _rewrite(row: Duty, reckoned: Reckoned, people: People) -> bool:
    """Write what was reckoned into a known row, and return whether that changed anything."""
    before = _written(row)
    write(row, reckoned, people)
    return _written(row) != before


def _is_settled_so(row: Duty, reckoned: Reckoned) -> bool:
    """What is closed, by this event, stays as it was then, whoever owns the deal now."""
    return row.state == Duty.State.CLOSED and reckoned.closer is not None and row.closed_by == reckoned.closer.id


def _move(row: Duty, reckoned: Reckoned) -> None:
    """Its customer was merged with another one, or came apart: it is settled as it was, with who stands for them."""
    row.scope, row.contact_id = reckoned.scope, reckoned.opener.contact_id
    row.save(update_fields=["scope", "contact"])


def _withdrawn_before(ids: set[UUID]) -> dict[UUID, Duty]:
    rows = Duty.objects.unscoped(CALLER).filter(pk__in=ids) if ids else ()
    return {row.pk: row for row in rows}


WRITTEN = [
    "recorded_at", "touched_at", "behavior", "scope", "state", "subject_kind", "subject_id", "deal", "contact",
    "thread", "opened_by", "closed_by", "opened_at", "started_at", "due_at", "closed_at", "settled_at", "owed_by",
    "instead_of", "desk", "chase_at",
]  # fmt: skip
_written = attrgetter(*(Duty._meta.get_field(name).attname for name in WRITTEN))


def write(row: Duty, reckoned: Reckoned, people: People) -> None:
    """Write what was reckoned into a row. Shared with the rebuild."""
    opener, closer, behavior = reckoned.opener, reckoned.closer, reckoned.behavior
    row.behavior, row.scope = behavior.id, reckoned.scope
    row.recorded_at = opener.known_at
    row.touched_at = row.touched_at if row.version else opener.known_at
    row.state = Duty.State.CLOSED if closer else Duty.State.OPEN
    row.subject_kind, row.subject_id = opener.record_kind, opener.record_id
    row.deal_id, row.contact_id, row.thread = opener.deal_id, opener.contact_id, opener.thread
    row.opened_by, row.opened_at, row.started_at = opener.id, opener.happened_at, opener.recorded_at
    row.closed_by = closer.id if closer else None
    row.closed_at = closer.happened_at if closer else None
    row.settled_at = max(closer.recorded_at, opener.recorded_at) if closer else None
    row.due_at = due(reckoned, people)
    row.owed_by_id, row.desk, row.instead_of_id = people.owing(reckoned, row.passed_to_id)
    row.chase_at = None if closer else next_chase(row, behavior, people)


def due(reckoned: Reckoned, people: People) -> datetime:
    """Return when a duty falls due, in working time from the moment Baton knew of it, or at the event's own time."""
    return due_since(reckoned.behavior.within, reckoned.timer.recorded_at, reckoned.timer.due_at, people.hours)


def due_since(within: Within, heard_at: datetime, its_time: datetime | None, hours: WorkingHours) -> datetime:
    """Return when something falls due that Baton heard of then; what lacks a time of its own is due that day."""
    if within.after_its_time and its_time is None:
        return hours.closing(heard_at)
    return within.due(heard_at, hours, its_time)


def next_chase(row: Duty, behavior: Behavior, people: People) -> datetime | None:
    """Return when Baton next looks whether somebody forgot; None once it has said so to everyone it should."""
    if behavior.id in people.unchased:
        return None
    waiting = [step for step in behavior.if_forgotten if not _is_taken(step, row)]
    return min((moment_of(step, row, people) for step in waiting), default=None)


def _is_taken(step: IfForgotten, row: Duty) -> bool:
    return bool(row.reminded_at if step.verb == "remind" else row.escalated_at)


def moment_of(step: IfForgotten, row: Duty, people: People) -> datetime:
    """Return when a step against forgetting is to be taken: at a share of the working time, or after it ran out."""
    if step.verb == "remind":
        allowed = people.hours.between(row.started_at, row.due_at)
        return people.hours.add(row.started_at, int(allowed * step.at_share))
    return step.after.due(row.due_at, people.hours) if step.after else row.due_at


def _follow_owners(batch: Batch, behaviors: dict[str, Behavior], people: People) -> None:
    """A deal that changes hands takes its open duties along, unless they are somebody's by name."""
    moved = {f.record_id for f in batch.current if f.record_kind == "deal" and f.field in {"owner", "desk"}}
    if not moved:
        return
    found = list(standing(Duty.objects.unscoped(CALLER).filter(deal__in=moved, state="open"), behaviors))
    people.prepare([reckoned for _duty, reckoned in found], batch)
    for duty, reckoned in found:
        duty.owed_by_id, duty.desk, duty.instead_of_id = people.owing(reckoned, duty.passed_to_id)
    update_rows([duty for duty, _reckoned in found], OWED)


OWED = ["owed_by", "desk", "instead_of"]


def _follow_absences(batch: Batch, behaviors: dict[str, Behavior], people: People) -> None:
    """Who goes away leaves their open duties to whoever comes next; who is back owes what is still open of theirs."""
    turned = [row for (kind, _id), row in batch.rows.items() if kind == "absence"]
    gone = {getattr(row, "member_id", None) for row in turned} - {None}
    if not gone:
        return
    theirs = Q(owed_by__in=gone) | Q(instead_of__in=gone)
    found = list(standing(Duty.objects.unscoped(CALLER).filter(theirs, state="open"), behaviors))
    people.prepare([reckoned for _duty, reckoned in found], batch)
    for duty, reckoned in found:
        duty.owed_by_id, duty.desk, duty.instead_of_id = people.owing(reckoned, duty.passed_to_id)
    update_rows([duty for duty, _reckoned in found], OWED)


def _follow_deeds(batch: Batch, behaviors: dict[str, Behavior], people: People) -> None:
    """What people and the clock did to a duty: it is owed by whom it was passed to, and chased when next due."""
    duties = [row for (kind, _id), row in batch.rows.items() if kind == "duty"]
    passed = {duty.pk: reckoned for duty, reckoned in standing([d for d in duties if d.passed_to_id], behaviors)}  # type: ignore[attr-defined]
    people.prepare(passed.values(), batch)
    for duty in duties:
        assert isinstance(duty, Duty)
        behavior = behaviors.get(duty.behavior)
        if duty.pk in passed and duty.state == "open":
            duty.owed_by_id, duty.desk, duty.instead_of_id = people.owing(passed[duty.pk], duty.passed_to_id)
        duty.chase_at = next_chase(duty, behavior, people) if behavior and duty.state == "open" else None
        duty.save(update_fields=[*OWED, "chase_at"])


def standing(duties: Iterable[Duty], behaviors: Mapping[str, Behavior]) -> Iterator[tuple[Duty, Reckoned]]:
    """Yield these duties, each with the behavior and the event it stands on; leave out what the map took back."""
    rows = list(duties)
    openers = openers_of(rows)
    for duty in rows:
        opener, behavior = openers.get(duty.opened_by), behaviors.get(duty.behavior)
        if opener and behavior:
            yield duty, Reckoned(behavior, duty.scope, opener, opener)


def openers_of(duties: Iterable[Duty]) -> dict[UUID, Any]:
    """Return opening event id → event for these duties, for those who show why a duty is owed."""
    ids = [duty.opened_by for duty in duties]
    return {event.pk: event for event in Event.objects.unscoped(CALLER).filter(pk__in=ids)}


def as_last_set(openers: dict[UUID, Any]) -> dict[UUID, Any]:
    """Return the openers, a next step as it was last set: a new one moves the open duty, and its why with it."""
    steps = {event.deal_id: event for event in openers.values() if event.kind == "next_step.set"}
    if not steps:
        return openers
    rows = Event.objects.unscoped(CALLER).filter(deal__in=steps, kind="next_step.set", live=True)
    last = {event.deal_id: event for event in rows.order_by("happened_at", "recorded_at")}
    return {
        pk: last.get(event.deal_id, event) if event.kind == "next_step.set" else event for pk, event in openers.items()
    }
