"""Today: what a member owes, to whom, by when, and why, with what settles it; read in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

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
from baton.work.models import Duty, ExceptionCase, Handoff, Lapse, Promise, Question
from baton.work.sentences import Told

State = Literal["late", "soon", "today", "later"]
SOON = 0.75
"""From this share of the working time on, a duty is due soon."""
QUOTED = 200


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
