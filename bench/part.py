"""One part of the business: twenty companies with their contacts, deals and a year of mail, as rows for the tables.

Works without a database, so that parts are made side by side. What follows from the ledger is made by the functions
that `baton check` rebuilds it with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from baton.ledger import indexes
from baton.ledger.models import (
    Address,
    Company,
    Contact,
    Deal,
    DealSeat,
    DealState,
    Event,
    File,
    Holder,
    Interaction,
    InteractionText,
    SearchEntry,
)
from baton.ledger.proofs import HEARD
from baton.ledger.replaying import Replay, replay_deal
from baton.ledger.search.keeping import described_interaction
from baton.ledger.search.sources import kept_texts, sources
from baton.ledger.search.tokens import on_deal, spaced, words_in
from bench import lives, words
from bench.telling import Teller, Ticks, fresh, heard, named, uuid_at

COMPANIES, CONTACTS, DEALS, INTERACTIONS, UNFILED = 20, 500, 50, 2000, 4
"""In one part. Of the interactions nine in ten lie on deals."""
LONG = 320
"""Interactions on the deal whose page is measured; one in ten parts has such a deal."""
YEAR = timedelta(days=365)
RECEIPT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Business:
    """What every part knows: when the year ends, who works where, what a file is, and how many parts there are."""

    until: datetime
    parts: int
    desks: dict[str, list[UUID]]
    stages: list[lives.Stage]
    file: str
    replay: Replay


@dataclass(slots=True)
class Part:
    """The rows of a part, by table, and the tokens of its records for the search index, by place."""

    business: Business
    number: int
    dice: Random
    ticks: Ticks
    rows: dict[type, list[Any]] = field(default_factory=dict)
    tokens: list[tuple[int, set[str]]] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    contacts: dict[UUID, list[Contact]] = field(default_factory=dict)
    events: dict[UUID, list[Event]] = field(default_factory=dict)

    def keep(self, *rows: Any) -> None:
        """Add rows of one model."""
        for row in rows:
            self.rows.setdefault(type(row), []).append(row)

    def index(
        self, kind: str, row: Any, when: datetime, deal: UUID | None, changing: set[str], lasting: Any = ()
    ) -> None:
        """Give a record its place in the search index."""
        place = self.ticks.place(when)
        told = " ".join(sorted(changing))
        self.keep(fresh(SearchEntry, place=place, kind=kind, record_id=row.pk, deal_id=deal, tokens=told))
        self.tokens.append((place, changing | set(lasting)))


def make(business: Business, number: int) -> Part:
    """Make one part, the same every time for one end of the year."""
    dice = Random(1_000_003 * number + business.parts)
    part = Part(business, number, dice, Ticks(number, business.parts, dice, business.until))
    for place in range(COMPANIES):
        _company(part, number * COMPANIES + place)
    for place in range(CONTACTS):
        _contact(part, part.companies[place % COMPANIES], number * CONTACTS + place)
    shares = _shares(part)
    deals = [_Deal(part, number * DEALS + place, count) for place, count in enumerate(shares)]
    for deal in deals:
        deal.live()
    _beside_deals(part, INTERACTIONS - sum(shares))
    _finish_customers(part)
    return part


def _shares(part: Part) -> list[int]:
    """How many interactions each deal has: a few have most of them, as in life."""
    count = INTERACTIONS * 9 // 10
    first = [LONG] if part.number % 10 == 0 else []
    weights = [part.dice.lognormvariate(0, 0.9) for _ in range(DEALS - len(first))]
    free = count - sum(first)
    return first + [max(3, int(free * weight / sum(weights))) for weight in weights]


def _company(part: Part, number: int) -> None:
    dice, at = part.dice, part.ticks.near(part.business.until - YEAR - timedelta(days=part.dice.randint(1, 900)))
    name = f"{dice.choice(words.PLACE)} {dice.choice(words.TRADE)} {number}"
    teller = Teller("company", uuid_at(at, dice), dice)
    teller.tell(at, None, "import", name=name, domains=[f"c{number}.example"])
    row, events = teller.row(_Blank(teller.record_id, at))
    part.companies.append(row)
    part.contacts[row.pk] = []
    _keep_customer(part, teller, row, events)


def _contact(part: Part, company: Company, number: int) -> None:
    dice, at = part.dice, part.ticks.near(part.business.until - timedelta(days=part.dice.randint(1, 1200)))
    first, last = dice.choice(words.FIRST), dice.choice(words.LAST)
    teller = Teller("contact", uuid_at(at, dice), dice)
    teller.tell(at, None, "import", name=f"{first} {last}", emails=[f"p{number}@{company.domain}"])
    teller.tell(at, None, "import", company=str(company.pk))
    if dice.random() < 0.25:
        phone = f"+44 191 {dice.randint(200, 999)} {dice.randint(1000, 9999)}"
        teller.tell(at, None, "import", phones=[phone], job=dice.choice(lives.JOBS))
    row, events = teller.row(_Blank(teller.record_id, at))
    part.contacts[company.pk].append(row)
    _keep_customer(part, teller, row, events)


@dataclass(frozen=True, slots=True)
class _Blank:
    """A record of which only its identifier is known."""

    pk: UUID
    recorded_at: datetime


def _keep_customer(part: Part, teller: Teller, row: Any, events: list[Event]) -> None:
    part.keep(row, *teller.facts, *events)
    owner = {f"{teller.kind}_id": row.pk}
    for fact in teller.facts:
        for value in sorted(indexes.addresses_in(fact)) if fact.field in indexes.ADDRESSES else ():
            part.keep(fresh(Address, kind=indexes.ADDRESSES[fact.field], value=value, **owner))


class _Deal:
    """One deal on its way through the stages."""

    def __init__(self, part: Part, number: int, count: int) -> None:
        self.part, self.count, self.dice = part, max(3, count), part.dice
        self.company = part.companies[number % COMPANIES]
        self.contacts = self.dice.sample(part.contacts[self.company.pk], 3)
        self.life = lives.life(self.dice, part.business.until, part.business.stages, part.business.desks, number)
        began = part.ticks.near(self.life.began)
        self.teller = Teller("deal", uuid_at(began, self.dice), self.dice)
        self.events: list[Event] = []

    def live(self) -> None:
        """Tell its facts and its mail, and keep all that follows from them."""
        self._tell()
        for at, step in self.life.moments(self.dice, self.count):
            self._interaction(self.part.ticks.near(at), step)
        row, events = self.teller.row(_Blank(self.teller.record_id, self.teller.facts[0].recorded_at))
        self.events += events
        self._keep(row, events)

    def _tell(self) -> None:
        company, contact = str(self.company.pk), str(self.contacts[0].pk)
        title = f"{words.PLACE[hash_of(self.company.name) % len(words.PLACE)]}: {self.life.service.lower()}"
        for at, by, values in self.life.facts(self.dice, title, company, contact):
            self.teller.tell(self.part.ticks.near(at), by, "import", **values)

    def _interaction(self, at: datetime, step: lives.Step) -> None:
        contact = self.contacts[0] if self.dice.random() < 0.7 else self.dice.choice(self.contacts)
        filed = _filed(contact, self.company, self.teller.record_id)
        subject = words.subject(self.dice, self.life.service, self.company.name.partition(" ")[0])
        self.events += _interaction(self.part, at, step, contact, filed, self.life.owner_at(at), subject)

    def _keep(self, row: Deal, events: list[Event]) -> None:
        part, facts = self.part, self.teller.facts
        replayed = replay_deal(row.pk, facts, sorted(self.events, key=_order), part.business.replay)
        for name in ("evidence", "shown", "last_heard_at", "touched_at"):
            setattr(row, name, getattr(replayed.row, name))
        ends: list[Any] = [span.began_at for span in replayed.spans[1:]] + [None]
        for span, ended in zip(replayed.spans, ends, strict=True):
            told = {"began_at": span.began_at, "ended_at": ended, "map_version": span.map_version}
            part.keep(fresh(DealState, deal_id=row.pk, **told, **span.state))
        part.keep(row, *facts, *events)
        part.keep(
            *(
                fresh(DealSeat, deal_id=row.pk, member_id=UUID(m))
                for m in {f.value for f in facts if f.field == "owner"}
            )
        )
        current = {fact.field: fact for fact in facts if indexes.is_map_field(fact)}
        part.keep(*(indexes.field_row("deal", row.pk, fact.field, fact.value) for fact in current.values()))
        _index_record(part, "deal", row, _deal_texts(row, self.company, self.contacts[0]), {on_deal(row.pk)}, row.pk)


def hash_of(text: str) -> int:
    """Return a number that is the same in every process."""
    return sum(text.encode())


def _order(event: Event) -> tuple[datetime, UUID]:
    return event.known_at, event.pk


def _filed(contact: Contact, company: Company, deal: UUID | None) -> dict[str, Any]:
    ids = {"contact": str(contact.pk), "company": str(company.pk), "deal": str(deal) if deal else None}
    return ids | {"audience": "full", "because": f"{contact.email} is a contact at {company.name}."}


def _interaction(
    part: Part,
    at: datetime,
    step: lives.Step,
    contact: Contact,
    filed: dict[str, Any] | None,
    member: UUID,
    subject: str,
) -> list[Event]:
    """Keep one interaction with its words and what follows from it; return its events."""
    dice, known = part.dice, at + RECEIPT * step.late
    outward, pk = step.direction != "in", uuid_at(known, dice)
    stored = fresh(
        Interaction,
        id=pk,
        recorded_at=known,
        touched_at=known,
        kind=step.kind,
        direction=step.direction,
        channel="import",
        happened_at=at,
        subject=subject if step.kind in {"email", "meeting"} else "",
        from_name="" if outward else contact.name,
        from_address="" if outward else contact.email,
        author_id=member if outward else None,
        fingerprint=f"{dice.getrandbits(256):064x}",
        thread=named("thread", filed["deal"] if filed else pk, dice.randint(0, 5)),
        live=False,
        trust="own",
        files_count=int(step.file),
        parts=step.parts | {"to": [{"name": "", "address": contact.email if outward else "sales@harbourlime.example"}]},
        unfiled_because="" if filed else "Nobody at this address is known.",
    )
    teller = Teller("interaction", pk, dice)
    if filed:
        teller.tell(known, None, "import", filed=filed)
    if step.shows and filed:
        teller.tell(known + timedelta(minutes=5), member, "screen", shows={"kind": step.shows, "detail": ""})
    row, events = teller.row(stored)
    _keep_interaction(part, row, teller, events, member, step)
    for event in events:
        for one in (event.contact_id, event.company_id):
            if one:
                part.events.setdefault(one, []).append(event)
    return events


def _keep_interaction(
    part: Part, row: Interaction, teller: Teller, events: list[Event], member: UUID, step: lives.Step
) -> None:
    dice, own = part.dice, words.sentences(part.dice, part.dice.randint(2, 6))
    signature = row.from_name and f"{row.from_name}\n+44 191 {dice.randint(200, 999)} {dice.randint(1000, 9999)}"
    part.keep(row, *teller.facts, *events, fresh(Holder, interaction_id=row.pk, member_id=member))
    part.keep(fresh(InteractionText, interaction_id=row.pk, own=own, signature=signature))
    texts = [own, signature]
    if step.file:
        name = f"{dice.choice(('Quote', 'Plan', 'Report', 'Order'))} {dice.randint(1000, 99999)}.pdf"
        texts.append(name)
        part.keep(_file(part, row, name))
    told = described_interaction(row, texts, [member])
    part.index("interaction", row, row.happened_at, row.deal_id, told.changing, told.lasting)


def _file(part: Part, row: Interaction, name: str) -> File:
    digest = part.business.file
    return fresh(
        File,
        id=uuid_at(row.recorded_at, part.dice),
        interaction_id=row.pk,
        deal_id=row.deal_id,
        name=name,
        content_type="application/pdf",
        size=1000,
        sha256=digest,
    )


def _beside_deals(part: Part, count: int) -> None:
    """Mail with customers that is about no deal, and a little that waits in Inbox."""
    sales = part.business.desks["sales"]
    for number in range(count):
        company = part.dice.choice(part.companies)
        contact = part.dice.choice(part.contacts[company.pk])
        at = part.ticks.near(part.business.until - YEAR * part.dice.random())
        filed = None if number < UNFILED else _filed(contact, company, None)
        subject = words.subject(part.dice, part.dice.choice(words.SERVICES), company.name.partition(" ")[0])
        _interaction(part, at, lives.plain_step(part.dice), contact, filed, part.dice.choice(sales), subject)


def _finish_customers(part: Part) -> None:
    """Customers were last heard when their mail says; and are found by their names."""
    contacts = [one for there in part.contacts.values() for one in there]
    for row in [*part.companies, *contacts]:
        row.last_heard_at = heard(part.events.get(row.pk, ()), HEARD)
    names = {company.pk: company.name for company in part.companies}
    for company in part.companies:
        _index_record(part, "company", company, [company.name, company.domain, *kept_texts(company)])
    for contact in contacts:
        _index_record(
            part, "contact", contact, [contact.name, contact.job, names[contact.company_id], *kept_texts(contact)]
        )


def _deal_texts(row: Deal, company: Company, contact: Contact) -> list[str]:
    return [row.title, row.service, row.source, row.next_step, company.name, contact.name, *kept_texts(row)]


def _index_record(
    part: Part, kind: str, row: Any, texts: Iterable[str], scope: Iterable[str] = (), deal: UUID | None = None
) -> None:
    part.index(kind, row, row.recorded_at, deal, spaced(sources()[kind].space, words_in(*texts)) | set(scope))
