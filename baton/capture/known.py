"""What the ledger knows of the people and threads of a whole batch of arrivals, in a handful of queries."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from baton.capture.arrival import Arrival, Notice
from baton.capture.grammar import is_free_mail
from baton.capture.models import MessageKey
from baton.kernel.phones import is_number
from baton.ledger.models import Address, Company, Contact, Deal, Interaction

CALLER = "capture"
SAME_TOPIC_FOR = timedelta(days=30)
"""How far apart two mails with the same subject and people may lie and still be one conversation."""


def document_digest(number: str) -> str:
    """Return the key under which the number of a quote or an order leads to its deal."""
    plain = "".join(letter for letter in number.upper() if letter.isalnum())
    return hashlib.sha256(f"document\x1f{plain}".encode()).hexdigest()


@dataclass(slots=True)
class Place:
    """Where an interaction is filed."""

    deal: UUID | None = None
    contact: UUID | None = None
    company: UUID | None = None


@dataclass(slots=True)
class Known:
    """The look-ups of one batch. Filing adds to them as it goes, so that later messages find what earlier ones made.

    `rows` are the records as they were read, for whoever writes on them in the same transaction.
    """

    recorded: dict[str, UUID] = field(default_factory=dict)
    keys: dict[str, MessageKey] = field(default_factory=dict)
    places: dict[UUID, Place] = field(default_factory=dict)
    numbered: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    contacts: dict[str, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    companies: dict[str, list[Company]] = field(default_factory=lambda: defaultdict(list))
    deals: dict[UUID, Deal] = field(default_factory=dict)
    named: dict[UUID, str] = field(default_factory=dict)
    rows: dict[tuple[str, UUID], Any] = field(default_factory=dict)

    def thread_of(self, arrival: Arrival, at: datetime) -> UUID | None:
        """Return the thread that a message continues, by what it answers, else by subject and people."""
        for digest in (*arrival.ids, *arrival.answers):
            if digest in self.keys:
                return self.keys[digest].thread
        topic = self.keys.get(arrival.topic) if arrival.topic else None
        if topic and (topic.answers or arrival.is_reply) and abs(topic.happened_at - at) <= SAME_TOPIC_FOR:
            return topic.thread
        return None

    def contacts_at(self, address: str) -> list[Contact]:
        """Return the contacts with this mail address or phone number."""
        return self.contacts.get(address, [])

    def companies_at(self, domain: str) -> list[Company]:
        """Return the companies with this mail domain; a free-mail domain names none."""
        return [] if not domain or is_free_mail(domain) else self.companies.get(domain, [])

    def open_deals(self, *, contact: UUID | None = None, company: UUID | None = None) -> list[Deal]:
        """Return the open deals of a contact, or of a company, oldest first."""
        found = [
            deal
            for deal in self.deals.values()
            if deal.status in {"open", "won"}
            and ((contact and deal.contact_id == contact) or (company and deal.company_id == company))
        ]
        return sorted(found, key=lambda deal: deal.pk)

    def remember(self, arrival: Arrival, interaction: UUID, thread: UUID, at: datetime, place: Place | None) -> None:
        """Take in a message that was just recorded."""
        self.recorded[arrival.fingerprint] = interaction
        for key in keys_of(arrival, interaction, thread, at):
            if key.digest == arrival.topic or key.digest not in self.keys:
                self.keys[key.digest] = key
        if place:
            self.places[thread] = place


MOST_ANSWERED = 5


def keys_of(arrival: Arrival, interaction: UUID, thread: UUID, at: datetime) -> list[MessageKey]:
    """Return the keys by which later messages find this one: its id, what it answers, its topic, its documents."""
    found = [MessageKey(digest=d, thread=thread, interaction_id=interaction, happened_at=at) for d in arrival.ids]
    found += [MessageKey(digest=d, thread=thread, happened_at=at) for d in arrival.answers[:MOST_ANSWERED]]
    if arrival.topic:
        found.append(
            MessageKey(
                digest=arrival.topic,
                thread=thread,
                interaction_id=interaction,
                happened_at=at,
                topic=True,
                answers=arrival.is_reply,
            )
        )
    numbers = {document_digest(number) for _kind, number in arrival.documents if number}
    found += [MessageKey(digest=d, thread=thread, interaction_id=interaction, happened_at=at) for d in numbers]
    return found


def look_up(arrivals: Iterable[Arrival], notices: Iterable[Notice] = ()) -> Known:
    """Look up everything that filing these arrivals, and placing these notices, may ask for."""
    arrivals = [each for arrival in arrivals for each in (arrival, arrival.passed_on) if each]
    known = Known()
    _look_up_recorded(known, arrivals)
    _look_up_keys(known, arrivals)
    _look_up_people(known, arrivals)
    _look_up_deals(known)
    _look_up_noticed(known, [notice for notice in notices if notice.about])
    return known


def _look_up_noticed(known: Known, notices: list[Notice]) -> None:
    """What notices are about, and whoever had a number before it changed."""
    about = {notice.about for notice in notices}
    known.keys |= {key.digest: key for key in MessageKey.objects.filter(digest__in=about)} if about else {}
    numbers = {notice.about for notice in notices if notice.what == "number"}
    rows = Address.objects.filter(kind="phone", value__in=numbers, contact__isnull=False) if numbers else ()
    for row in rows:
        found = _by_id(known, Contact, {row.contact_id})
        known.contacts[row.value] = [*found.values(), *known.contacts.get(row.value, [])][:1]


def _look_up_recorded(known: Known, arrivals: list[Arrival]) -> None:
    rows = Interaction.objects.unscoped(CALLER).filter(fingerprint__in={each.fingerprint for each in arrivals})
    known.recorded.update(rows.values_list("fingerprint", "pk"))


def _look_up_keys(known: Known, arrivals: list[Arrival]) -> None:
    numbers = {document_digest(number) for each in arrivals for number in numbers_in(each)}
    digests = {digest for each in arrivals for digest in (*each.ids, *each.answers, each.topic) if digest}
    known.keys = {key.digest: key for key in MessageKey.objects.filter(digest__in=digests | numbers)}
    threads = {key.thread for digest, key in known.keys.items() if digest in digests}
    documents = {key.interaction_id: digest for digest, key in known.keys.items() if digest in numbers}
    if not threads and not documents:
        return
    rows = Interaction.objects.unscoped(CALLER).filter(Q(thread__in=threads) | Q(pk__in=documents))
    filed = rows.filter(filed_at__isnull=False).order_by("happened_at", "pk")
    for pk, thread, deal, contact, company in filed.values_list("pk", "thread", "deal", "contact", "company"):
        if thread in threads:
            known.places[thread] = Place(deal, contact, company)
        if pk in documents and deal:
            known.numbered[documents[pk]].add(deal)


def numbers_in(arrival: Arrival) -> set[str]:
    """Return the numbers of documents that a message names in its subject, its files or its words."""
    told = {number for _kind, number in arrival.documents if number}
    told |= {str(r.value["number"]) for r in arrival.readings if r.kind == "document" and r.value.get("number")}
    return {number for number in told if sum(letter.isdigit() for letter in number) >= 3}


def _look_up_people(known: Known, arrivals: list[Arrival]) -> None:
    parties = {p for each in arrivals for p in (*each.parties, *each.reply_to, each.sender) if p and p.address}
    addresses = {party.address for party in parties} | {a for each in arrivals for a in each.failed_for}
    emails = {address for address in addresses if not is_number(address)}
    domains = {email.rpartition("@")[2] for email in emails}
    wanted = Q(kind="email", value__in=emails) | Q(kind="domain", value__in=domains)
    if numbers := addresses - emails:
        wanted |= Q(kind="phone", value__in=numbers)
    rows = list(Address.objects.filter(wanted).values_list("kind", "value", "contact", "company"))
    contacts = _by_id(known, Contact, {contact for _k, _v, contact, _c in rows if contact})
    named = {company for _k, _v, _c, company in rows if company}
    named |= {contact.company_id for contact in contacts.values() if contact.company_id}
    companies = _by_id(known, Company, named)
    known.named.update({pk: company.name for pk, company in companies.items()})
    for kind, value, contact, company in rows:
        if kind in ("email", "phone") and contact in contacts:
            known.contacts[value].append(contacts[contact])
        elif kind == "domain" and company in companies:
            known.companies[value].append(companies[company])


def _by_id(known: Known, model: Any, ids: set[UUID]) -> dict[UUID, Any]:
    if not ids:
        return {}
    rows = {row.pk: row for row in model.objects.unscoped(CALLER).filter(pk__in=ids, merged_into__isnull=True)}
    known.rows.update({(model._meta.model_name, pk): row for pk, row in rows.items()})
    return rows


def _look_up_deals(known: Known) -> None:
    contacts = {contact.pk for found in known.contacts.values() for contact in found}
    companies = {company.pk for found in known.companies.values() for company in found}
    companies |= {c.company_id for found in known.contacts.values() for c in found if c.company_id}
    needed = {place.deal for place in known.places.values() if place.deal}
    needed |= {deal for deals in known.numbered.values() for deal in deals}
    theirs = Q(contact__in=contacts) | Q(company__in=companies)
    if contacts or companies or needed:
        rows = Deal.objects.unscoped(CALLER).filter(theirs & Q(status__in=["open", "won"]) | Q(pk__in=needed))
        known.deals.update({deal.pk: deal for deal in rows})
        known.rows.update({("deal", deal.pk): deal for deal in known.deals.values()})
