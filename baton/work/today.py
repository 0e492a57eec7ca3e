"""Today: what a member owes, to whom, by when, and why, with what settles it; read in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.kernel import words
from baton.kernel.clock import stamp
from baton.kernel.money import Money
from baton.ledger.models import Contact, Deal, Event, Fact, Interaction, InteractionText, Record
from baton.map.current import current_map, current_version
from baton.map.elements import Behavior
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work import sentences
from baton.work.absence import until_when
from baton.work.behaviors import in_force
from baton.work.duties import as_last_set, openers_of
from baton.work.models import Duty, ExceptionCase, Handoff, Lapse, Promise, Question, Use
from baton.work.seats import desks_of
from baton.work.sentences import Told

State = Literal["late", "soon", "today", "later"]
SOON = 0.75
"""From this share of the working time on, a duty is due soon."""
QUOTED = 200
RECEIPTS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Owed:
    """One row of Today. `left` is the share of the working time that is left, 0 when late.

    `quote` is what the customer wrote, where the member may read it. `actions` are the names of what settles it;
    `opener` is the event that opened it, `closers` are those that close it, each with its detail. `item` is what it
    is about within its record: an item of a packet, a field. `packet` holds the states of a handoff's items.
    """

    id: UUID
    behavior: str
    behavior_name: str
    so_that: str
    what: str
    because: str
    quote: str
    record_kind: str
    record_id: UUID
    item: str
    deal_id: UUID | None
    deal: str
    amount: Money | None
    contact_id: UUID | None
    interaction_id: UUID | None
    for_whom: str
    for_why: str
    due_at: datetime
    due: str
    state: State
    left: float
    actions: tuple[str, ...]
    owed_by: UUID | None
    owed_by_name: str
    came_up: bool
    version: int
    opener: str = ""
    closers: tuple[tuple[str, str], ...] = ()
    interaction_kind: str = ""
    subject_line: str = ""
    email: str = ""
    phone: str = ""
    packet: tuple[str, ...] = ()
    deal_version: int = 0
    later_until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what `baton today` prints of it."""
        return {
            "id": str(self.id),
            "what": self.what,
            "record": {
                "kind": self.record_kind,
                "id": str(self.record_id),
                "deal": _text(self.deal_id),
                "title": self.deal,
            },
            "for_whom": self.for_whom,
            "due": stamp(self.due_at),
            "state": self.state,
            "because": self.because,
            "behavior": self.behavior,
        }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


# The rows


def duties_of(
    member: Member, at: datetime, *, limit: int = 50, offset: int = 0, desk: str = "", put_off: bool = False
) -> list[Owed]:
    """Return what a member owes at that time, soonest due first; with `desk`, what lies at that desk.

    What was put off until later comes only when `put_off` asks for it.
    """
    rows = Duty.objects.visible_to(member).filter(desk=desk) if desk else Duty.objects.of_member(member)
    rows = rows.open() if put_off else rows.open().in_sight(at)
    return tell(list(rows.defer("values", "head").in_order()[offset : offset + limit]), member, at)


def duties_on(deal: Deal, member: Member, at: datetime) -> list[Owed]:
    """Return the open duties on a deal, whoever owes them."""
    return tell(list(Duty.objects.visible_to(member).filter(deal=deal.pk).open().in_order()[:50]), member, at)


def tell(duties: list[Duty], member: Member, at: datetime) -> list[Owed]:
    """Put duties into words for a member. The number of queries doesn't grow with the rows."""
    if not duties:
        return []
    operating_map, behaviors = current_map(), in_force(current_version())
    openers = as_last_set(openers_of(duties))
    known = [duty for duty in duties if duty.opened_by in openers and duty.behavior in behaviors]
    around = Around(known, list(openers.values()), member, at)
    return [_owed(_told(duty, openers[duty.opened_by], behaviors, around, operating_map, at), around) for duty in known]


class Around:
    """The rows that a page of duties speaks of, each kind fetched once, as the member may see them."""

    def __init__(self, duties: list[Duty], openers: list[Event], member: Member, at: datetime) -> None:
        self.member = member
        self.deals = _visible(Deal, {d.deal_id for d in duties}, member, DEAL_COLUMNS)
        self.contacts = _visible(Contact, {d.contact_id for d in duties}, member, ("name", "email", "phone", "company"))
        interactions = {event.interaction_id for event in openers}
        self.interactions = _visible(Interaction, interactions, member, CAME_IN)
        self.texts = _texts(self.interactions.values())
        self.subjects = _subjects(duties, member)
        self.changes = _changes(openers)
        instead = {duty.instead_of_id for duty in duties if duty.instead_of_id}
        self.away = until_when(instead, at) if instead else {}
        self.members = {one.pk: one for one in Member.objects.only("name", "email")}


CAME_IN = ("kind", "direction", "subject", "from_name", "from_address")
DEAL_COLUMNS = ("title", "amount", "currency", "desk", "owner", "next_step", "next_step_at", "next_step_by", "version")
SUBJECTS: dict[str, Any] = {
    "handoff": Handoff,
    "promise": Promise,
    "question": Question,
    "exception": ExceptionCase,
    "lapse": Lapse,
}


def _visible(model: Any, ids: set[Any], member: Member, columns: tuple[str, ...]) -> dict[UUID, Any]:
    found = ids - {None}
    return (
        {row.pk: row for row in model.objects.visible_to(member).filter(pk__in=found).only(*columns)} if found else {}
    )


def _texts(interactions: Collection[Interaction]) -> dict[UUID, str]:
    rows = InteractionText.objects.of_seen(interactions)
    return dict(rows.values_list("interaction", "own")) if interactions else {}


def _subjects(duties: list[Duty], member: Member) -> dict[UUID, Record]:
    found: dict[UUID, Record] = {}
    for kind, model in SUBJECTS.items():
        ids = {duty.subject_id for duty in duties if duty.subject_kind == kind}
        if ids:
            rows = model.objects.visible_to(member).filter(pk__in=ids).defer("values", "head")
            found |= {row.pk: row for row in rows}
    return found


def _changes(openers: list[Event]) -> dict[UUID, dict[str, Any]]:
    ids = [event.fact_id for event in openers if event.kind == "packet.changed"]
    rows = Fact.objects.unscoped("work.handoffs").filter(pk__in=ids) if ids else ()
    return {fact.pk: fact.value for fact in rows}


def _told(
    duty: Duty,
    opener: Event,
    behaviors: dict[str, Behavior],
    around: Around,
    operating_map: OperatingMap,
    at: datetime,
) -> Told:
    return Told(
        duty,
        behaviors[duty.behavior],
        opener,
        at,
        operating_map,
        around.member,
        deal=around.deals.get(duty.deal_id),
        contact=around.contacts.get(duty.contact_id),
        interaction=around.interactions.get(opener.interaction_id),
        subject=around.subjects.get(duty.subject_id),
        members=around.members,
        change=around.changes.get(opener.fact_id, {}),
    )


def _owed(told: Told, around: Around) -> Owed:
    duty, deal = told.duty, told.deal
    for_whom, for_why = sentences.for_whom(told)
    state, left = standing_of(duty, told.map, told.at)
    owes = around.members.get(duty.owed_by_id)
    return Owed(
        id=duty.pk,
        behavior=duty.behavior,
        behavior_name=str(told.behavior.name),
        so_that=told.behavior.so_that,
        what=sentences.what(told),
        because=sentences.because(told) + _instead(told, around),
        quote=_quote(around.texts.get(told.opener.interaction_id, "")),
        record_kind=duty.subject_kind,
        record_id=duty.subject_id,
        item=told.opener.detail if duty.subject_kind == "handoff" or told.opener.kind == "fact.stale" else "",
        deal_id=deal.pk if deal else None,
        deal=deal.title if deal else "",
        amount=deal.worth if deal else None,
        contact_id=told.contact.pk if told.contact else None,
        interaction_id=told.interaction.pk if told.interaction else None,
        for_whom=for_whom,
        for_why=for_why,
        due_at=duty.due_at,
        due=words.due(duty.due_at, told.at, late=state == "late"),
        state=state,
        left=left,
        actions=actions(told),
        owed_by=duty.owed_by_id,
        owed_by_name=owes.name if owes else "",
        came_up=duty.escalated_to_id == around.member.pk and duty.owed_by_id != around.member.pk,
        version=duty.version,
        opener=told.opener.kind,
        closers=tuple((one.kind, one.detail) for one in told.behavior.closes.each),
        deal_version=deal.version if deal else 0,
        later_until=duty.later_until if duty.later_until and duty.later_until > told.at else None,
        **_reach(told),
    )


def _instead(told: Told, around: Around) -> str:
    """Return why it falls to whoever owes it, where somebody else would: they are away, may only read, or left."""
    duty = told.duty
    if not duty.instead_of_id:
        return ""
    why = around.away.get(duty.instead_of_id) or _("isn’t there to do it")
    return ". " + _("%(name)s would owe it, but %(why)s") % {"name": told.name(duty.instead_of_id), "why": why}


def _reach(told: Told) -> dict[str, Any]:
    """Return how the customer is reached, and what lies in the packet."""
    came_in = told.interaction
    sender = came_in.from_address if came_in and came_in.direction == "in" and came_in.kind == "email" else ""
    items = told.subject.packet if isinstance(told.subject, Handoff) else ()
    return {
        "interaction_kind": came_in.kind if came_in else "",
        "subject_line": came_in.subject if came_in else "",
        "email": sender or (told.contact.email if told.contact else ""),
        "phone": told.contact.phone if told.contact else "",
        "packet": tuple(item["has"] for item in items),
    }


def standing_of(duty: Duty, operating_map: OperatingMap, at: datetime) -> tuple[State, float]:
    """Return how a duty stands against its time, and the share of its working time that is left."""
    if duty.due_at < at:
        return "late", 0.0
    used = min(1.0, operating_map.hours.share_used(duty.started_at, duty.due_at, at))
    if timezone.localtime(duty.due_at).date() > timezone.localtime(at).date():
        return "later", 1 - used
    return ("soon" if used >= SOON else "today"), 1 - used


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else line[: QUOTED - 1].rsplit(" ", 1)[0] + "…"


# What settles it


BY_OPENER = {
    "next_step.set": ("done_and_next", "move_step"),
    "promise.made": ("keep", "move", "release"),
    "question.asked": ("answer",),
    "handoff.offered": ("accept", "return", "start_already"),
    "handoff.returned": ("hand_over",),
    "packet.changed": ("note", "object"),
    "exception.recorded": ("review",),
    "fact.stale": ("confirm",),
    "behavior.lapsed": ("mend",),
}
BY_CLOSER = {
    "interaction.out": ("reply", "log"),
    "interaction.in": ("log",),
    "meeting.held": ("log",),
    "meeting.planned": ("log", "reply"),
    "document.out": ("reply", "log"),
    "document.in": ("log", "reply"),
    "approval": ("show", "reply"),
    "start.booked": ("show", "log"),
    "work.done": ("show", "log"),
    "payment.in": ("show", "log"),
    "stage.entered": ("move_stage",),
    "next_step.set": ("set_next_step",),
    "next_step.done": ("done_and_next",),
    "deal.won": ("move_stage",),
    "deal.lost": ("move_stage",),
    "deal.finished": ("move_stage",),
    "fact.confirmed": ("confirm",),
    "handoff.offered": ("hand_over",),
    "handoff.accepted": ("hand_over",),
    "question.asked": ("ask",),
    "question.answered": ("answer",),
    "promise.made": ("promise",),
    "promise.kept": ("keep",),
    "exception.recorded": ("except",),
    "exception.reviewed": ("review",),
}
ALWAYS = ("later", "pass_on")


def actions(told: Told) -> tuple[str, ...]:
    """Return what can be done about a duty where it stands, the likeliest first; nothing on Today is a dead end."""
    by_opener = BY_OPENER.get(told.opener.kind, ())
    by_closer = [name for one in told.behavior.closes.each for name in BY_CLOSER.get(one.kind, ())]
    found = dict.fromkeys([*by_opener, *(() if by_opener else by_closer)])
    return (*(found or ("log",)), *ALWAYS)


# Counts, and what is beside the list


@dataclass(frozen=True, slots=True)
class Counts:
    """How many duties are late, due today, due later (of those, this week), and out of sight until later."""

    late: int
    today: int
    later: int
    put_off: int
    this_week: int = 0

    @property
    def all(self) -> int:
        """Return how many are in sight."""
        return self.late + self.today + self.later

    @property
    def sentence(self) -> str:
        """Return the answer at the head of the page: “You owe 7 things, 2 of them late.”"""
        if not self.all:
            return _("You owe nothing right now.")
        owe = ngettext("You owe %(count)d thing", "You owe %(count)d things", self.all) % {"count": self.all}
        return (_("%(owe)s, %(late)d of them late.") if self.late else "%(owe)s.") % {"owe": owe, "late": self.late}


def counts(member: Member, at: datetime, *, desk: str = "") -> Counts:
    """Count a member's open duties, or those of a desk, in one query."""
    rows = Duty.objects.visible_to(member).filter(desk=desk) if desk else Duty.objects.of_member(member)
    midnight = _end_of_day(at)
    found = rows.open().aggregate(
        late=Count("pk", filter=Q(due_at__lt=at) & _shown(at)),
        today=Count("pk", filter=Q(due_at__gte=at, due_at__lt=midnight) & _shown(at)),
        later=Count("pk", filter=Q(due_at__gte=midnight) & _shown(at)),
        this_week=Count("pk", filter=Q(due_at__gte=midnight, due_at__lt=end_of_week(at)) & _shown(at)),
        put_off=Count("pk", filter=Q(later_until__gt=at)),
    )
    return Counts(**found)


def _shown(at: datetime) -> Q:
    return Q(later_until__isnull=True) | Q(later_until__lte=at)


def _end_of_day(at: datetime) -> datetime:
    local = timezone.localtime(at)
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)


def end_of_week(at: datetime) -> datetime:
    """Return the midnight that ends the week of this moment, in the reader's time zone; weeks begin on Monday."""
    midnight = _end_of_day(at)
    return midnight + timedelta(days=7 - midnight.weekday()) if midnight.weekday() else midnight


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a member waits for: an answer, a desk's acceptance, what a customer promised."""

    kind: str
    record_id: UUID
    what: str
    from_whom: str
    deal_id: UUID
    since: datetime | None
    due_at: datetime | None


def waiting_for(member: Member, at: datetime, limit: int = 20) -> list[Waiting]:
    """Return what a member asked, offered, or was promised, and hasn't got yet."""
    people = {one.pk: one for one in Member.objects.all()}
    operating_map = current_map()
    asked = list(Question.objects.visible_to(member).filter(asked_by=member, answered_at__isnull=True)[:limit])
    offered = list(Handoff.objects.visible_to(member).waiting().filter(offered_by=member)[:limit])
    mine = Deal.objects.visible_to(member).filter(owner=member).values("pk")
    promised = list(Promise.objects.visible_to(member).open().filter(who="them", deal__in=mine)[:limit])
    titles = _titles([*asked, *offered], member)
    due = _due_of([row.pk for row in [*asked, *offered]], member)
    found = [_asked(row, people, due) for row in asked]
    found += [_offered(row, operating_map, due, titles) for row in offered]
    names = _names(promised, member)
    found += [
        Waiting("promise", row.pk, row.what, names.get(row.contact_id, ""), row.deal_id, row.recorded_at, row.due_at)
        for row in promised
    ]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or at, str(one.record_id)))[:limit]


def _titles(rows: Iterable[Any], member: Member) -> dict[UUID, str]:
    ids = {row.deal_id for row in rows}
    return dict(Deal.objects.visible_to(member).filter(pk__in=ids).values_list("pk", "title"))


def _due_of(ids: list[UUID], member: Member) -> dict[UUID, datetime]:
    rows = Duty.objects.visible_to(member).open().filter(subject_id__in=ids)
    return dict(rows.values_list("subject_id", "due_at"))


def _asked(row: Question, people: dict[UUID, Member], due: dict[UUID, datetime]) -> Waiting:
    who = people.get(row.asked_of_id)
    return Waiting("question", row.pk, row.text, who.name if who else "", row.deal_id, row.recorded_at, due.get(row.pk))


def _offered(row: Handoff, operating_map: OperatingMap, due: dict[UUID, datetime], titles: dict[UUID, str]) -> Waiting:
    desk = operating_map.desks.get(row.to_desk)
    name = desk.name if desk else row.to_desk
    title = titles.get(row.deal_id, "")
    return Waiting("handoff", row.pk, title, name, row.deal_id, row.offered_at, due.get(row.pk))


def _names(promises: list[Promise], member: Member) -> dict[UUID | None, str]:
    ids = {row.contact_id for row in promises}
    return dict(Contact.objects.visible_to(member).filter(pk__in=ids).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Somebody used what a member entered: who, in what, when, and how many of their entries."""

    used_in: str
    used_in_id: UUID
    used_by: str
    deal_id: UUID | None
    at: datetime
    entries: int
    sentence: str


def receipts(member: Member, at: datetime, limit: int = 10) -> list[Receipt]:
    """Return who used this member's entries in the last week, newest first."""
    rows = Use.objects.visible_to(member).filter(said_by=member, used_at__gte=at - RECEIPTS_FOR)
    rows = rows.exclude(used_by=member).values("used_in", "used_in_id", "called", "used_by", "deal", "used_at")
    groups = list(rows.annotate(entries=Count("id")).order_by("-used_at")[:limit])
    people = {one.pk: one for one in Member.objects.all()}
    handoffs = Handoff.objects.visible_to(member).in_bulk(
        [g["used_in_id"] for g in groups if g["used_in"] == "handoff"]
    )
    deals = {g["deal"] for g in groups if g["deal"]}
    titles = dict(Deal.objects.visible_to(member).filter(pk__in=deals).values_list("pk", "title"))
    return [_receipt(group, people, handoffs, titles) for group in groups]


def _receipt(
    group: dict[str, Any], people: dict[UUID, Member], handoffs: dict[UUID, Handoff], titles: dict[UUID, str]
) -> Receipt:
    who = people.get(group["used_by"])
    name = who.short_name if who else _("Somebody")
    title = titles.get(group["deal"], _("a deal"))
    return Receipt(
        group["used_in"],
        group["used_in_id"],
        name,
        group["deal"],
        group["used_at"],
        group["entries"],
        _receipt_sentence(group, name, title, handoffs.get(group["used_in_id"])),
    )


USED = {
    "review": gettext_lazy("%(name)s decided on %(deal)s in %(called)s"),
    "forecast": gettext_lazy("%(name)s called a forecast that rests on your entries on %(deal)s"),
    "request": gettext_lazy("%(name)s answered %(called)s with your entries on %(deal)s"),
    "commission": gettext_lazy("%(called)s was paid on your entries on %(deal)s"),
}
"""How each kind of use is told, with the name of what it was used in."""


def _receipt_sentence(group: dict[str, Any], name: str, title: str, handoff: Handoff | None) -> str:
    if handoff is None:
        sentence = USED.get(group["used_in"], _("%(name)s used your entries on %(deal)s"))
        return str(sentence) % {"name": name, "deal": title, "called": group["called"]}
    gaps = sum(item["has"] != "there" for item in handoff.packet)
    if not gaps:
        return _("%(name)s accepted %(deal)s, nothing missing") % {"name": name, "deal": title}
    sentence = ngettext(
        "%(name)s accepted %(deal)s with %(count)d gap", "%(name)s accepted %(deal)s with %(count)d gaps", gaps
    )
    return sentence % {"name": name, "deal": title, "count": gaps}


@dataclass(frozen=True, slots=True)
class Checked:
    """What Baton looked at before it said that nothing is owed."""

    deals: int
    handoffs: int
    promises: int
    at: datetime
    desks: set[str] = field(default_factory=set)

    @property
    def sentence(self) -> str:
        """Return it for the empty page: “12 open deals, 3 handoffs, 5 promises checked at 09:02.”"""
        deals = ngettext("%(count)d open deal", "%(count)d open deals", self.deals) % {"count": self.deals}
        handoffs = ngettext("%(count)d handoff", "%(count)d handoffs", self.handoffs) % {"count": self.handoffs}
        promises = ngettext("%(count)d promise", "%(count)d promises", self.promises) % {"count": self.promises}
        parts = {"deals": deals, "handoffs": handoffs, "promises": promises, "time": words.clocktime(self.at)}
        return _("%(deals)s, %(handoffs)s, %(promises)s checked at %(time)s.") % parts


def checked(member: Member, at: datetime) -> Checked:
    """Count what an empty Today was found empty of: the member's deals, their desks' handoffs, their promises."""
    desks = desks_of(member, current_map())
    mine = Deal.objects.visible_to(member).filter(owner=member).exclude(status__in=("lost", "done"))
    handoffs = Handoff.objects.visible_to(member).waiting().to_desks(sorted(desks)).count()
    promises = Promise.objects.visible_to(member).ours().open().filter(promised_by=member).count()
    return Checked(mine.count(), handoffs, promises, at, desks)
