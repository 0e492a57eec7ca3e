"""From a parsed delivery to what is recorded of it: one draft each, in the order in which they came."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from baton.capture.arrival import Arrival, Notice, Party, WantedFile
from baton.capture.channels import share_of
from baton.capture.known import Known, Place, keys_of
from baton.capture.matching import Finding, find_place
from baton.capture.models import Delivery, MessageKey, Silenced
from baton.capture.opening import Beginning, add_contact, may_open, open_deal
from baton.capture.ourselves import Course, Ourselves, course_of, passed_on_to_us
from baton.capture.suggesting import Pending, Source, suggest
from baton.capture.trust import OWN, SIGNED, UNVERIFIED, trust_of
from baton.capture.untrusted import Unreadable
from baton.kernel.ids import uuid7
from baton.ledger.entries import Entry, NewInteraction
from baton.ledger.models import Contact, Deal, Fact
from baton.map.elements import Desk
from baton.members.models import Member

CALLER = "capture"
CLOCK_SLACK = timedelta(minutes=5)
LATEST_POST = timedelta(days=7)
"""Live mail whose Date is further back than this counts from receipt: its sender's clock is wrong."""
LATEST_SUGGESTED = timedelta(days=60)
"""A conversation older than this is history, and no deal is suggested for it."""
MOST_AUTOMATIC = 20
AUTOMATIC_WITHIN = timedelta(minutes=120)
"""More automatic mail than this from one sender in this time is held: two machines are writing to each other."""
DOCUMENTS = {"out": {"quote", "invoice", "contract", "report"}, "in": {"order", "contract"}}
AUDIENCES = {"everything": "full", "subject": "subject", "nothing": "private"}
MOST_CHARACTERS = 500_000
MOST_COMPARED = 12
"""How many of a field's latest suggestions a new one is compared with, so that the same thing isn't asked twice."""


@dataclass(slots=True)
class Draft:
    """What one delivery becomes: a new interaction, a copy of one that is `known`, or `parked` with the reason.

    A notice becomes facts about the `known` interaction; one that came before its message waits until `later`.
    `left` is why nothing of it is kept: its owner asked for that. `enclosed` is for other channels to read. `renews`
    says that it tells something new of what is `known`.
    """

    delivery: Delivery
    interaction: NewInteraction | None = None
    known: UUID | None = None
    parked: str = ""
    left: str = ""
    holders: list[Member] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    keys: list[MessageKey] = field(default_factory=list)
    wanted: tuple[WantedFile, ...] = ()
    later: datetime | None = None
    because: str = ""
    sender: str = ""
    files: tuple[str, ...] = ()
    enclosed: tuple[tuple[str, bytes], ...] = ()
    renews: bool = False

    def settle(self) -> None:
        """Write into the delivery what became of it."""
        row = self.delivery
        row.due_at, row.last_error = self.later, ""
        if self.later:
            return
        row.sender = self.sender[:320] or row.sender
        if self.left:
            row.state, row.because, row.raw_id, row.sender = Delivery.State.LEFT, self.left[:400], None, ""
        elif self.parked:
            row.state, row.because = Delivery.State.PARKED, self.parked[:400]
        elif self.interaction or self.renews:
            row.state, row.interaction_id = Delivery.State.READ, self.interaction.id if self.interaction else self.known
        else:
            row.state, row.interaction_id, row.because = Delivery.State.KNOWN, self.known, self.because[:400]


@dataclass(slots=True)
class Sorter:
    """Drafts a batch, one message after the other, so that each finds what the ones before it made.

    What they say is read once all have their place, so that only what waits there already is looked up. `told` is what
    earlier ones of the batch told of an interaction, for channels with drafts of their own.
    """

    us: Ourselves
    known: Known
    live: bool
    at: datetime
    pending: Pending = field(default_factory=Pending)
    silenced: set[tuple[UUID, str]] = field(default_factory=set)
    automatic: dict[str, int] = field(default_factory=dict)
    placed: list[tuple[Draft, NewInteraction, Arrival, Place]] = field(default_factory=list)
    told: dict[UUID, Any] = field(default_factory=dict)

    def look_up(self, deliveries: list[Delivery]) -> None:
        """Look up whom members asked not to record."""
        members = {one.as_member_id for one in deliveries if one.as_member_id}
        rows = Silenced.objects.filter(member__in=members).values_list("member", "sender") if members else []
        self.silenced = set(rows)
        self._look_up_written_on(deliveries)

    def _look_up_written_on(self, deliveries: list[Delivery]) -> None:
        named = {UUID(one.evidence["deal"]) for one in deliveries if one.evidence.get("deal")}
        missing = named - self.known.deals.keys()
        rows = Deal.objects.unscoped(CALLER).filter(pk__in=missing) if missing else ()
        self.known.deals.update({deal.pk: deal for deal in rows})

    def draft(self, delivery: Delivery, read: Arrival | Notice | Unreadable) -> Draft:
        """Return what one delivery becomes."""
        if isinstance(read, Unreadable):
            return Draft(delivery, parked=str(read))
        if isinstance(read, Notice):
            return noted(delivery, read, self.known, self.at)
        draft = Draft(delivery, holders=self._holders(delivery), sender=read.sender.address if read.sender else "")
        draft.left, draft.parked = self._silenced(delivery, read), self._refused(delivery, read)
        if draft.left or draft.parked:
            draft.files = tuple(file.sha256 for file in read.files)
            return draft
        passed_on = read.passed_on if passed_on_to_us(read, self.us) else None
        arrival = passed_on or read
        draft.known = self.known.recorded.get(arrival.fingerprint)
        if draft.known is None:
            self._record(draft, arrival, outer=read)
        return draft

    def _holders(self, delivery: Delivery) -> list[Member]:
        if delivery.as_member:
            return [delivery.as_member]
        return self.us.holders_at(delivery.desk) if delivery.desk else []

    def _silenced(self, delivery: Delivery, arrival: Arrival) -> str:
        """Why nothing of it is kept, where its owner asked for that."""
        sender = arrival.sender
        if sender and {(delivery.as_member_id, sender.address), (delivery.as_member_id, sender.domain)} & self.silenced:
            return str(_("You asked never to record this sender."))
        return ""

    def _refused(self, delivery: Delivery, arrival: Arrival) -> str:
        """Two machines that write to each other are held; what went out from a deal of ours is limited there."""
        sender = arrival.sender
        if "deal" in delivery.evidence:
            return ""
        if self.live and arrival.machine and sender and self._too_many(sender.address):
            told = {"sender": sender.address, "most": MOST_AUTOMATIC}
            return _("More than %(most)s automatic mails from %(sender)s in two hours: held back.") % told
        return ""

    def _too_many(self, sender: str) -> bool:
        if sender not in self.automatic:
            lately = Delivery.objects.unscoped(CALLER).filter(sender=sender, state=Delivery.State.READ)
            self.automatic[sender] = lately.filter(received_at__gt=self.at - AUTOMATIC_WITHIN).count()
        self.automatic[sender] += 1
        return self.automatic[sender] > MOST_AUTOMATIC

    def _record(self, draft: Draft, arrival: Arrival, outer: Arrival) -> None:
        delivery, forwarded = draft.delivery, arrival is not outer
        course = course_of(arrival, self.us)
        happened_at = self._happened_at(arrival.sent_at or outer.sent_at, delivery.received_at, forwarded)
        thread = self.known.thread_of(arrival, happened_at)
        finding = self._written_on(delivery, find_place(arrival, course, thread, self.known))
        trust = trust_of(delivery, outer.claimed, was_delivered=outer.was_delivered)
        new = self._interaction(draft, arrival, course, happened_at, trust)
        new.thread = thread or new.id
        self._begin(draft, new, arrival, course, finding)
        self._file(new, finding, written_here="deal" in delivery.evidence)
        _describe(new, arrival, course, finding, outer if forwarded else None)
        self._suggest_a_deal(new, delivery, arrival, finding)
        self.placed.append((draft, new, arrival, finding.place or Place()))
        draft.interaction, draft.wanted, draft.enclosed = new, arrival.wanted, _enclosed(arrival, outer)
        self.known.remember(arrival, new.id, new.thread, happened_at, finding.place)
        draft.keys = keys_of(arrival, new.id, new.thread, happened_at)
        if forwarded:
            self.known.recorded[outer.fingerprint] = new.id

    def _happened_at(self, sent_at: datetime | None, received_at: datetime, forwarded: bool) -> datetime:
        """The Date header, unless it is missing or can't be: in the future, or long before live mail was received."""
        if sent_at is None or sent_at > received_at + CLOCK_SLACK:
            return received_at
        too_old = self.live and not forwarded and sent_at < received_at - LATEST_POST
        return received_at if too_old else sent_at

    def _interaction(
        self, draft: Draft, arrival: Arrival, course: Course, happened_at: datetime, trust: str
    ) -> NewInteraction:
        sender = arrival.sender
        return NewInteraction(
            arrival.kind,
            course.direction,
            draft.delivery.channel,
            happened_at,
            subject=arrival.subject,
            text=arrival.text[:MOST_CHARACTERS],
            quoted=arrival.quoted[:MOST_CHARACTERS],
            signature=arrival.signature[:MOST_CHARACTERS],
            from_name=sender.name if sender else "",
            from_address=sender.address if sender else "",
            author=self._author(draft.delivery, course, trust),
            fingerprint=arrival.fingerprint,
            live=self.live,
            automatic=arrival.machine,
            trust=trust,
            minutes=arrival.minutes,
            holders=tuple(member.pk for member in draft.holders),
            files=tuple((f.name, f.content_type, f.size, f.sha256, f.inline, f.content_id) for f in arrival.files),
            id=uuid7(),
        )

    def _author(self, delivery: Delivery, course: Course, trust: str) -> Member | None:
        """Who of us wrote or called; through a number of the business, whoever asked for it."""
        if trust == UNVERIFIED:
            return None
        asked = delivery.as_member if trust == SIGNED and course.direction == "out" else None
        return course.writer or asked

    # What begins by itself

    def _begin(self, draft: Draft, new: NewInteraction, arrival: Arrival, course: Course, finding: Finding) -> None:
        """Open a deal at a desk whose address opens deals; add a new person of a known company as a contact."""
        if arrival.machine or not course.with_whom or not course.with_whom.address:
            return
        desk = self._opening_desk(draft.delivery, course, finding)
        if desk is not None:
            self._open(draft, new, course, finding, desk)
        elif finding.place and finding.newcomer and finding.place.company and not finding.place.contact:
            self._add_newcomer(draft, new, course, finding, finding.newcomer)

    def _add_newcomer(
        self, draft: Draft, new: NewInteraction, course: Course, finding: Finding, newcomer: Party
    ) -> None:
        """Whoever wrote to us counts, and whomever we verifiably wrote to; not whom a forged mail names."""
        if finding.place is None or (course.direction != "in" and new.trust == UNVERIFIED):
            return
        beginning = self._beginning(draft, new, course, finding.because)
        beginning.party = newcomer
        finding.place.contact = add_contact(beginning, self.known, finding.place.company).pk
        draft.entries += beginning.entries

    def _opening_desk(self, delivery: Delivery, course: Course, finding: Finding) -> Desk | None:
        desk = self.us.desk(delivery.desk) if delivery.desk else None
        if desk is None or not desk.opens_deals or not self.live or course.direction != "in" or finding.candidates:
            return None
        if not delivery.recipient:
            return None
        is_new = finding.place is None and finding.newcomer is not None
        return desk if is_new or (finding.place is not None and finding.place.deal is None) else None

    def _open(self, draft: Draft, new: NewInteraction, course: Course, finding: Finding, desk: Desk) -> None:
        verdict = may_open(self.us.map)
        if verdict.answer != "allow":
            finding.because = verdict.because
            return
        because = _("It came to %(address)s, and the map opens a deal at %(desk)s for that.") % {
            "address": draft.delivery.recipient,
            "desk": desk.name,
        }
        beginning = self._beginning(draft, new, course, because)
        finding.place = open_deal(beginning, self.known, self.us.map, desk)
        finding.because = because
        draft.entries += beginning.entries

    def _beginning(self, draft: Draft, new: NewInteraction, course: Course, because: str) -> Beginning:
        assert course.with_whom is not None
        source = _("Email to %(address)s") % {"address": draft.delivery.recipient} if draft.delivery.recipient else ""
        return Beginning(course.with_whom, _stem(new.subject), new.happened_at, new.id, source, because)

    def _suggest_a_deal(self, new: NewInteraction, delivery: Delivery, arrival: Arrival, finding: Finding) -> None:
        """Say why a stranger's conversation may be a deal of its member: they answered it, or it carries a quote."""
        fresh = self.at - new.happened_at <= LATEST_SUGGESTED
        if delivery.as_member is None or finding.place or finding.newcomer is None or arrival.machine or not fresh:
            return
        if new.parts.get("documents"):
            new.parts["begins"] = "document"
        elif new.direction == "out" and new.trust == OWN and arrival.is_reply:
            new.parts["begins"] = "answered"

    # Where it goes, and what it says

    def _written_on(self, delivery: Delivery, finding: Finding) -> Finding:
        """What was sent from a deal's own page belongs to it, whatever the rules of filing would have chosen."""
        deal = self.known.deals.get(UUID(delivery.evidence["deal"])) if delivery.evidence.get("deal") else None
        if deal is None:
            return finding
        contact = (finding.place and finding.place.contact) or deal.contact_id
        return Finding(Place(deal.pk, contact, deal.company_id), _("It was written on this deal."))

    def _file(self, new: NewInteraction, finding: Finding, *, written_here: bool = False) -> None:
        place = finding.place
        if place is None:
            new.unfiled_because = finding.because
            return
        audience = "full" if written_here else AUDIENCES[self.us.map.shares(share_of(new.channel))]
        new.filed = filing(place, audience, finding.because)

    def suggest(self) -> None:
        """Add to each draft what its message says that somebody needs to know."""
        told = [(draft, new, arrival, *self._about(new, place)) for draft, new, arrival, place in self.placed]
        rows = {row.pk: row for *_message, deal, contact in told for row in (deal, contact) if row}
        asked = {
            UUID(fact): (row.pk, name)
            for row in rows.values()
            for name, kept in row.values.items()
            for fact in kept.get("s", ())[-MOST_COMPARED:]
        }
        self.pending.unread = _unread(asked)
        for draft, new, arrival, deal, contact in told:
            author = new.author.pk if new.author else None
            source = Source(new.id, new.happened_at, new.direction, new.trust, author)
            draft.entries += suggest(arrival, source, deal, contact, self.us.map, self.pending, self.at)

    def _about(self, new: NewInteraction, place: Place) -> tuple[Deal | None, Contact | None]:
        """Return the deal, and the contact where they wrote it themselves, that a message may tell something about."""
        deal = self.known.deals.get(place.deal) if place.deal else None
        people = self.known.contacts_at(new.from_address)
        return deal, people[0] if len(people) == 1 and people[0].pk == place.contact else None


def _enclosed(arrival: Arrival, outer: Arrival) -> tuple[tuple[str, bytes], ...]:
    return tuple(dict.fromkeys((*arrival.enclosed, *outer.enclosed)))


def _unread(asked: dict[UUID, tuple[UUID, str]]) -> dict[tuple[UUID, str], list[str]]:
    """Return the values of these suggestions, as JSON, by record and field."""
    found: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    if asked:
        rows = Fact.objects.unscoped(CALLER).filter(pk__in=asked).annotate(written=Cast("value", TextField()))
        for fact, written in rows.values_list("pk", "written"):
            found[asked[fact]].append(written)
    return dict(found)


def filing(place: Place, audience: str, because: str) -> dict[str, Any]:
    """Return where something is filed in the form that the ledger keeps."""
    return {
        "deal": str(place.deal) if place.deal else None,
        "contact": str(place.contact) if place.contact else None,
        "company": str(place.company) if place.company else None,
        "audience": audience,
        "because": because[:400],
    }


PATIENCE = timedelta(days=1)
"""How long a notice waits for the message that it is about: messages and what is told of them come in any order."""
SOON = timedelta(seconds=5)


def noted(delivery: Delivery, notice: Notice, known: Known, at: datetime) -> Draft:
    """Return what becomes of a notice: facts about the interaction it concerns, or about whose number changed."""
    draft = Draft(delivery, wanted=notice.files)
    if not notice.about:
        draft.because = str(notice.value)
    elif notice.what == "number":
        draft.entries = _changed_number(notice, known)
    elif (key := known.keys.get(notice.about)) and key.interaction_id:
        draft.known = key.interaction_id
        told = Entry("interaction", key.interaction_id, notice.what, notice.value, happened_at=notice.at)
        told.key = notice.key
        draft.entries = [told] if notice.what else []
    elif notice.patient and at - delivery.received_at < PATIENCE:
        draft.later = at + max(SOON, (at - delivery.received_at) / 2)
    else:
        draft.because = _("Nothing is recorded that this is about.")
    return draft


def _changed_number(notice: Notice, known: Known) -> list[Entry]:
    """Whoever writes from a new number keeps the old one too: what was said from it stays theirs."""
    entries = []
    for contact in known.contacts_at(notice.about):
        there = (contact.values.get("phones") or {}).get("v") or []
        if notice.value not in there:
            entry = Entry("contact", contact.pk, "phones", [notice.value, *there], key=f"{notice.key}:{contact.pk}")
            entry.because = _("Their number changed, as the messenger told.")
            entries.append(entry)
    return entries


def _stem(subject: str) -> str:
    return " ".join(subject.split())


def _describe(new: NewInteraction, arrival: Arrival, course: Course, finding: Finding, outer: Arrival | None) -> None:
    """Keep beside the words what pages and rules ask for: people, documents, candidates, signs of a machine."""
    new.parts = dict(arrival.parts)
    allowed = DOCUMENTS.get(course.direction, set())
    said = {(one["kind"], one.get("number", "")): one for one in arrival.papers}
    documents = [
        {"kind": kind, "number": number} | _on_its_face(said.get((kind, number), {}))
        for kind, number in arrival.documents
        if kind in allowed
    ]
    told = {
        "documents": documents,
        "candidates": [str(deal) for deal in finding.candidates],
        "in_copy": course.in_copy and outer is None,
        "machine": arrival.machine_because if arrival.machine else "",
        "comment": outer.comment[:MOST_CHARACTERS] if outer else "",
        "passed_on_by": outer.sender.address if outer and outer.sender else "",
        "undated": arrival.sent_at is None,
        "thanks": arrival.thanks,
        "side_channel": list(arrival.pipelines) if course.direction == "internal" else [],
    }
    new.parts |= {name: value for name, value in told.items() if value}


def _on_its_face(paper: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a quote or an invoice that was read: its total, the same without tax, its date."""
    return {name: paper[name] for name in ("total", "net", "dated", "file") if name in paper}
