"""Rehearsing: what an automation would have done over the last 90 days, asked of the same judge, as of each moment.

Nothing is written. Each record is put together from the facts that were recorded by then, so that what was learned
later excuses nothing. Who is a duplicate of whom is known as of when it was found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from baton.capture.models import Twins
from baton.gate.automations.acting import MOVES, ONE_A_DAY
from baton.gate.automations.ahead import CALLER, CHANNEL, moment_of
from baton.gate.automations.deeds import address_of, digest_of, occasion_of
from baton.gate.automations.following import sets_off
from baton.gate.automations.judging import Judgement, judge
from baton.gate.automations.knowing import Known, playing, twins_of
from baton.ledger.folding import fold
from baton.ledger.models import Company, Contact, Deal, DealState, Event, Fact, Interaction
from baton.ledger.recording import land
from baton.map.automations import Automation
from baton.map.durations import Within
from baton.map.elements import Behavior, OwedBy, Who
from baton.map.events import EventPattern
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.rehearsing import rehearse as rehearse_behaviors

DAYS = 90
MOST = 2000
"""Events that are judged at most, the newest ones: a rehearsal answers while somebody waits."""


@dataclass(frozen=True, slots=True)
class Case:
    """One event that would have set it off: when it would have acted, and what would have become of it."""

    event: Any
    at: datetime
    deal: Deal
    answer: str
    judgement: Judgement | None = None
    because: str = ""


@dataclass(slots=True)
class Rehearsed:
    """The answer: each case, the newest first. `are_more` says that there were too many events to judge them all."""

    since: datetime
    until: datetime
    cases: list[Case] = field(default_factory=list)
    are_more: bool = False

    def of(self, answer: str) -> list[Case]:
        return [case for case in self.cases if case.answer == answer]

    @property
    def counts(self) -> Counter[str]:
        return Counter(case.answer for case in self.cases)

    @property
    def gaps(self) -> Counter[tuple[str, str]]:
        """Which facts fell short, and how: (field, gap) → how often."""
        short = (case.judgement.short for case in self.of("refuse") if case.judgement and case.judgement.short)
        return Counter((one.field, str(one.gap)) for one in short)


def rehearse(each: Automation, drawn: OperatingMap, *, member: Member, at: datetime, days: int = DAYS) -> Rehearsed:
    """Return what an automation of a map (keyed by ids) would have done up to now, on what the member sees."""
    since = at - timedelta(days=days)
    events = list(_events(each, drawn, member, since, at))[-MOST:]
    found = Rehearsed(since, at, are_more=len(events) == MOST)
    past = _Past({event.deal_id for event in events}, member)
    limits = _Limits(each)
    for event in events:
        case = _case(each, event, drawn, past, limits, at)
        if case and case.at >= since:
            found.cases.append(case)
    found.cases.sort(key=lambda case: case.at, reverse=True)
    return found


def _case(
    each: Automation, event: Any, drawn: OperatingMap, past: _Past, limits: _Limits, until: datetime
) -> Case | None:
    """Return one case; nothing for what would still be waited for, or for a deal that wasn't there yet."""
    acts_at = moment_of(each, event, past.value_of(each, event), drawn, event.known_at)
    if acts_at is None or acts_at > until:
        return None
    known = past.known(event, acts_at, drawn)
    if known is None or past.is_moot(each, event, known.deal, acts_at):
        return None
    judgement = judge(each, known, drawn, acts_at)
    because = limits.held(known, acts_at) if judgement.answer == "act" else ""
    return Case(event, acts_at, known.deal, "leave" if because else judgement.answer, judgement, because)


class _Limits:
    """How often a day it acts, and to whom it wrote: what was done in the rehearsal counts as if it had been done."""

    def __init__(self, each: Automation) -> None:
        self.each = each
        self.days: Counter[Any] = Counter()
        self.wrote: dict[str, datetime] = {}
        self.occasions: set[tuple[str, str]] = set()

    def held(self, known: Known, at: datetime) -> str:
        """Say what would have kept it from acting; nothing, and count it, where nothing would."""
        if self.days[at.date()] >= self.each.at_most:
            return "limit"
        if self.each.sends:
            to, occasion = digest_of(address_of(known)), occasion_of(known)
            last = self.wrote.get(to)
            if (to, occasion) in self.occasions or (last and abs(at - last) < ONE_A_DAY):
                return "twice"
            self.wrote[to] = at
            self.occasions.add((to, occasion))
        self.days[at.date()] += 1
        return ""


# What set it off


def _events(each: Automation, drawn: OperatingMap, member: Member, since: datetime, until: datetime) -> Iterator[Event]:
    """Yield what would have set it off, the oldest first. Silences are worked out, whoever asked for them then."""
    condition = Q(pk__in=())
    for one in each.when.each:
        if one.kind != "quiet":
            condition |= Q(kind=one.kind, detail=one.detail) if one.detail else Q(kind=one.kind)
    rows = Event.objects.visible_to(member).filter(condition, deal__isnull=False)
    newest = rows.filter(known_at__gte=since - _reach(each), known_at__lt=until).order_by("-known_at", "-id")
    found = list(newest[:MOST])
    channels = _channels(found)
    told = [event for event in found if sets_off(event) and channels.get(event.fact_id) != CHANNEL]
    yield from sorted([*told, *_silences(each, drawn, member, since, until)], key=lambda event: event.known_at)


def _reach(each: Automation) -> timedelta:
    """A date or a delay makes what happened earlier act within the time that is rehearsed."""
    return timedelta(days=400) if each.acts and each.acts.way == "before" else timedelta(days=40 if each.acts else 0)


def _channels(events: Iterable[Event]) -> dict[Any, str]:
    facts = [event.fact_id for event in events if event.fact_id]
    return dict(Fact.objects.unscoped(CALLER).filter(pk__among=facts).values_list("pk", "channel")) if facts else {}


def _silences(
    each: Automation, drawn: OperatingMap, member: Member, since: datetime, until: datetime
) -> Iterator[Event]:
    if "quiet" not in each.when.kinds:
        return
    behavior = Behavior(
        key=each.id,
        id=each.id,
        name=each.name,
        opens=each.when,
        closes=EventPattern("interaction.in", others=(EventPattern("interaction.out"),)),
        owed_by=OwedBy((Who("deal owner"),)),
        within=Within(1, "working days"),
    )
    asked = replace(drawn, behaviors={behavior.id: behavior})
    for tally in rehearse_behaviors(asked, since=since, until=until, seen_by=member, only=[behavior.id]).tallies:
        for case in tally.cases:
            if case.deal_id:
                yield _quiet(case.deal_id, case.opened_at)


def _quiet(deal: UUID, at: datetime) -> Event:
    return Event(
        kind="quiet", record_kind="deal", record_id=deal, deal_id=deal, happened_at=at, recorded_at=at, known_at=at
    )


# What was known


class _Past:
    """Records as they were at a moment: their facts are read once, and folded up to then."""

    def __init__(self, deals: set[UUID | None], member: Member) -> None:
        wanted = [pk for pk in deals if pk]
        rows = Deal.objects.visible_to(member).filter(pk__among=wanted)
        self.now = {row.pk: row for row in rows}
        people = [row.contact_id for row in self.now.values() if row.contact_id]
        firms = [row.company_id for row in self.now.values() if row.company_id]
        self.facts = _facts("deal", self.now) | _facts("contact", people) | _facts("company", firms)
        self.spans = _spans(self.now)
        self.out = _out(self.now)
        self.doubled = _doubled([*people, *firms])
        self.moves = _moves(self.now)
        self.messages: dict[Any, Interaction] = {}

    def value_of(self, each: Automation, event: Any) -> Any:
        """Return the date that it waits for, as the fact which set it off says it."""
        if each.acts is None or each.acts.way != "before" or not event.fact_id:
            return None
        facts = self.facts.get(("deal", event.deal_id), ())
        return next((fact.value for fact in facts if fact.pk == event.fact_id), None)

    def is_moot(self, each: Automation, event: Any, deal: Deal, at: datetime) -> bool:
        """Whether the date was changed, or the meeting moved or called off, before it would have acted."""
        field = each.acts.field if each.acts else ""
        if field and deal.values.get(field, {}).get("f") != str(event.fact_id):
            return True
        moved = self.moves.get((event.record_id, event.detail), ()) if event.kind in MOVES else ()
        return any(event.known_at < moment <= at for moment in moved)

    def known(self, event: Any, at: datetime, drawn: OperatingMap) -> Known | None:
        """Return what was known of a deal at a moment; None where it wasn't there yet."""
        deal = self._row("deal", Deal, event.deal_id, at)
        if deal is None:
            return None
        span = next((one for one in self.spans.get(deal.pk, ()) if one.began_at <= at), None)
        deal.shown = span.shown if span else False
        contact = self._row("contact", Contact, deal.contact_id, at)
        company = self._row("company", Company, deal.company_id, at)
        answered = any(event.happened_at <= moment <= at for moment in self.out.get(deal.pk, ()))
        twins = twins_of(contact, company, at) if {deal.contact_id, deal.company_id} & self.doubled else {}
        return Known(deal, event, contact, company, self._message(event), answered, twins, playing(deal, drawn))

    def _row(self, kind: str, model: Any, pk: UUID | None, at: datetime) -> Any:
        facts = [fact for fact in self.facts.get((kind, pk), ()) if fact.recorded_at <= at] if pk else []
        if not facts:
            return None
        row = model(id=pk, recorded_at=facts[0].recorded_at, touched_at=facts[-1].recorded_at)
        for fact in facts:
            if fold(row.values, fact):
                land(row, fact)
        return row

    def _message(self, event: Any) -> Interaction | None:
        if not event.interaction_id or not event.kind.startswith(("interaction", "call", "document")):
            return None
        if event.interaction_id not in self.messages:
            row = Interaction.objects.unscoped(CALLER).filter(pk=event.interaction_id).first()
            self.messages[event.interaction_id] = row
        return self.messages[event.interaction_id]


def _facts(kind: str, ids: Iterable[UUID]) -> dict[Any, list[Fact]]:
    found: dict[Any, list[Fact]] = defaultdict(list)
    rows = Fact.objects.unscoped(CALLER).filter(record_kind=kind, record_id__among=list(ids))
    for fact in rows.order_by("record_id", "seq"):
        found[kind, fact.record_id].append(fact)
    return found


def _spans(ids: Iterable[UUID]) -> dict[UUID, list[DealState]]:
    """Return the spans of each deal, the newest first."""
    found: dict[UUID, list[DealState]] = defaultdict(list)
    for span in DealState.objects.unscoped(CALLER).filter(deal__in=list(ids)).order_by("-began_at"):
        found[span.deal_id].append(span)
    return found


def _moves(ids: Iterable[UUID]) -> dict[Any, list[datetime]]:
    """Return (meeting, occurrence) → when it was planned, moved or called off."""
    found: dict[Any, list[datetime]] = defaultdict(list)
    rows = Event.objects.unscoped(CALLER).filter(deal__in=list(ids), kind__in=MOVES)
    for record, detail, at in rows.values_list("record_id", "detail", "known_at"):
        found[record, detail].append(at)
    return found


def _doubled(ids: list[UUID]) -> set[UUID]:
    """Return which of these contacts and companies may be in Baton twice."""
    pairs = Twins.objects.filter(state=Twins.State.OPEN)
    found = set(pairs.filter(one__among=ids).values_list("one", flat=True))
    return found | set(pairs.filter(other__among=ids).values_list("other", flat=True))


def _out(ids: Iterable[UUID]) -> dict[UUID, list[datetime]]:
    found: dict[UUID, list[datetime]] = defaultdict(list)
    rows = Event.objects.unscoped(CALLER).filter(deal__in=list(ids), kind="interaction.out")
    for deal, at in rows.values_list("deal_id", "happened_at"):
        found[deal].append(at)
    return found
