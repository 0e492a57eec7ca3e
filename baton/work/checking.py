"""Rebuilds duties from events, and says where the stored rows differ.

A duty that is closed is judged as things stood when it was closed: by the map, the owner and the people of then.
An open one is judged by those of now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Q

from baton.ledger.checking import Report, check_ledger, compare_rows, facts_of, slices
from baton.ledger.folding import fold
from baton.ledger.models import Deal, Event, Fact, Interaction
from baton.ledger.recording import land
from baton.ledger.replaying import Replay, check_deals, replay_deal
from baton.map.current import current_map, map_version_numbered
from baton.map.elements import Behavior
from baton.members.models import Member
from baton.work import duties, meetings, uses, watches
from baton.work.behaviors import in_force, through
from baton.work.models import Duty, Handoff, Meeting, Use, Watch
from baton.work.owing import SUBJECTS, Absences, People
from baton.work.reckoning import IDENTITIES, Neighbors, Reckoned, opens, reckon, scope_of

CALLER = "ledger.checking"


def check(report: Report | None = None) -> Report:
    """Compare everything that is derived with what the ledger gives, records first, then spans, then duties."""
    report = report or Report()
    replay = check_ledger(report)
    check_deals(report, replay)
    check_duties(report, replay)
    check_watches(report)
    check_uses(report)
    check_meetings(report)
    return report


def check_watches(report: Report) -> None:
    """Compare when each silence of the map becomes one, deal by deal."""
    operating_map = current_map()
    watched = watches.silences(operating_map)
    going_on = Deal.objects.unscoped(CALLER).exclude(status__in=watches.ENDED).order_by("pk")
    for ids in report.slices("silences: deal", going_on.values_list("pk", flat=True)):
        rows = watches.expected(set(ids), watched, operating_map)
        stored = Watch.objects.unscoped(CALLER).filter(deal__in=ids)
        _compare_watches({_watched(row): row for row in rows}, {_watched(row): row for row in stored}, report)


def _watched(row: Watch) -> tuple[Any, ...]:
    return row.deal_id, row.kind, row.of


def _compare_watches(expected: dict[Any, Watch], stored: dict[Any, Watch], report: Report) -> None:
    """Compare them; a deal that was there before the map spoke of a silence gets its watch with the next sweep."""
    for key, row in stored.items():
        wanted = expected.get(key)
        if wanted is None:
            report.differs("watch", key[0], "row", "none", f"{row.kind} {row.of}")
        else:
            report.compare("watch", key[0], "since", wanted.since, row.since)
            report.compare("watch", key[0], "due_at", wanted.due_at, row.due_at)


def check_meetings(report: Report) -> None:
    """Compare the times at which we meet with what is planned."""
    told = Fact.objects.unscoped(CALLER).filter(record_kind="interaction", field="plan").order_by("record_id")
    for ids in report.slices("meetings", told.values_list("record_id", flat=True).distinct()):
        expected = {(row.interaction_id, row.of): row for row in meetings.expected(ids)}
        stored = {
            (row.interaction_id, row.of): row for row in Meeting.objects.unscoped(CALLER).filter(interaction__in=ids)
        }
        for key in expected.keys() | stored.keys():
            wanted, there = (meetings.as_value(rows.get(key)) for rows in (expected, stored))
            report.compare("meeting", key[0], key[1] or "time", wanted, there)


def check_uses(report: Report) -> None:
    """Compare the uses that accepted handoffs and what was decided mean."""
    accepted = Handoff.objects.unscoped(CALLER).filter(state=Handoff.State.ACCEPTED).order_by("pk")
    for ids in report.slices("uses: handoff", accepted.values_list("pk", flat=True)):
        rows = Handoff.objects.unscoped(CALLER).filter(pk__in=ids)
        expected = {use.pk: use for use in uses.uses_of(rows)}
        stored = {use.pk: use for use in Use.objects.unscoped(CALLER).filter(used_in="handoff", used_in_id__in=ids)}
        compare_rows("use", expected, stored, report)
    deciding = Interaction.objects.unscoped(CALLER).filter(channel__in=uses.USING).order_by("pk")
    for ids in report.slices("uses: decision", deciding.values_list("pk", flat=True)):
        expected = {use.pk: use for use in uses.uses_in(Interaction.objects.unscoped(CALLER).filter(pk__in=ids))}
        stored = {use.pk: use for use in Use.objects.unscoped(CALLER).filter(used_in_id__in=ids)}
        compare_rows("use", expected, stored, report)


def check_duties(report: Report, replay: Replay) -> None:
    """Compare all duties, deal by deal; then those about contacts that are on no deal."""
    bench = Bench(replay)
    deals = Deal.objects.unscoped(CALLER).order_by("pk").values_list("pk", flat=True)
    for ids in report.slices("duties: deal", deals):
        _check(Q(deal__in=ids), report, bench)
    without = Event.objects.unscoped(CALLER).filter(deal__isnull=True)
    without = without.exclude(contact=None).order_by("contact_id").values_list("contact_id", flat=True).distinct()
    for ids in report.slices("duties: contact", without):
        _check(Q(deal__isnull=True, contact__in=ids), report, bench)
    _check(Q(deal__isnull=True, contact__isnull=True), report, bench)


@dataclass(slots=True)
class Bench:
    """What the rebuild of duties looks up once: versions, behaviors, members."""

    replay: Replay
    everyone: list[Member] = field(default_factory=lambda: list(Member.objects.all()))
    absences: Absences = field(default_factory=Absences)

    @property
    def newest(self) -> int:
        """Return the number of the map in force."""
        return self.replay.published[-1][1]

    def members_at(self, at: datetime | None) -> dict[str, Member]:
        """Return address → member for those who were there."""
        if at is None:
            return {m.email.lower(): m for m in self.everyone if m.is_active}
        return {m.email.lower(): m for m in self.everyone if m.left_at is None or m.left_at > at}

    def opening(self, event: Event) -> Iterator[tuple[str, str]]:
        """Yield (behavior, scope) for what this event opened under the map of its time."""
        for behavior in in_force(self.replay.version_at(event.known_at)).values():
            if opens(behavior, event):
                yield behavior.id, scope_of(behavior, event)


def _check(about: Q, report: Report, bench: Bench) -> None:
    events = list(Event.objects.unscoped(CALLER).filter(about))
    openers: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        for scope in bench.opening(event):
            openers[scope].append(event)
    near = Neighbors(events + _load_near([event for opened in openers.values() for event in opened], about))
    reckoned = [
        duty
        for (behavior_id, scope), opened in openers.items()
        for duty in reckon(through(behavior_id, bench.newest), scope, near.of(opened))
        if duty.opener.id in {event.id for event in opened}
    ]
    expected = {duty.pk: duty for duty in _rebuilt(reckoned, bench)}
    stored = {duty.pk: duty for duty in Duty.objects.unscoped(CALLER).filter(about)}
    _leave_out_withdrawn(expected, stored)
    report.records += len(stored)
    compare_rows("duty", expected, stored, report)


def _load_near(openers: list[Event], about: Q) -> list[Event]:
    """Return the events on what these are about, but those that are at hand as they are about the same records."""
    found: dict[Any, Event] = {}
    for name in IDENTITIES:
        values = list({getattr(event, name) for event in openers if getattr(event, name)})
        for ids in slices(values):
            near = Event.objects.unscoped(CALLER).filter(**{f"{name}__in": ids})
            found |= {event.id: event for event in near.exclude(about)}
    return list(found.values())


def _rebuilt(reckoned: list[Reckoned], bench: Bench) -> Iterator[Duty]:
    rows = _subjects(reckoned)
    deeds = facts_of("duty", [duty.id for duty in reckoned])
    states = _Past({duty.opener.deal_id for duty in reckoned if duty.closer and duty.opener.deal_id}, bench.replay)
    for duty in reckoned:
        people, behaviors = _people_for(duty, rows, states, bench)
        if duty.behavior.id in behaviors:
            duty.behavior = behaviors[duty.behavior.id]
            yield _row(duty, people, deeds[duty.id])


def _subjects(reckoned: list[Reckoned]) -> dict[tuple[str, UUID], Any]:
    rows: dict[tuple[str, UUID], Any] = {}
    deals = {duty.opener.deal_id for duty in reckoned if duty.opener.deal_id}
    rows |= {("deal", row.pk): row for row in Deal.objects.unscoped(CALLER).filter(pk__in=deals)}
    for kind, model in SUBJECTS.items():
        ids = {duty.opener.record_id for duty in reckoned if duty.opener.record_kind == kind}
        rows |= {(kind, row.pk): row for row in model.objects.unscoped(CALLER).filter(pk__in=ids)}
    return rows


class _Past:
    """Who owned a deal, at which desk, at a moment that is gone."""

    def __init__(self, deals: set[UUID], replay: Replay) -> None:
        facts = facts_of("deal", deals)
        self._replayed = {deal: replay_deal(deal, facts[deal], [], replay) for deal in deals}

    def deal(self, deal_id: UUID, at: datetime) -> Any:
        state = self._replayed[deal_id].as_of(at)
        return SimpleNamespace(owner_id=state["owner_id"], desk=state["desk"]) if state else None


def _people_for(duty: Reckoned, rows: dict[Any, Any], past: _Past, bench: Bench) -> tuple[People, dict[str, Behavior]]:
    """Return the people and behaviors that a duty is judged by: those of when it was settled, or of now."""
    if duty.closer is None:
        people = People(map_version_numbered(bench.newest))
        people.take(bench.members_at(None), rows, bench.absences)
        return people, in_force(bench.newest)
    at = max(duty.closer.known_at, duty.opener.known_at, duty.timer.known_at)
    people, version = People(map_version_numbered(bench.replay.version_at(at)), at), bench.replay.version_at(at)
    deal_id = duty.opener.deal_id
    then = rows | ({("deal", deal_id): past.deal(deal_id, at)} if deal_id else {})
    people.take(bench.members_at(at), then, bench.absences)
    return people, in_force(version)


def _row(reckoned: Reckoned, people: People, deeds: list[Any]) -> Duty:
    row = Duty(id=reckoned.id)
    for fact in deeds:
        if fold(row.values, fact):
            land(row, fact)
        row.version, row.head, row.touched_at = fact.seq, bytes(fact.digest), fact.recorded_at
    duties.write(row, reckoned, people)
    return row


def _leave_out_withdrawn(expected: dict[Any, Duty], stored: dict[Any, Duty]) -> None:
    """A withdrawn duty stands on nothing any more: no event opens it, or no map asks for it."""
    for duty_id, duty in list(stored.items()):
        if duty.state == Duty.State.WITHDRAWN and duty_id not in expected:
            del stored[duty_id]
