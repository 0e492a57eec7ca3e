"""What a card says of whom: the entries that make or fill a contact and a company, and none for what is known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from baton.capture.grammar import company_name_from_domain, is_company_name, is_free_mail
from baton.channels.contacts.card import Card
from baton.kernel.ids import uuid7
from baton.ledger.entries import Entry
from baton.ledger.models import Address, Company, Contact
from baton.ledger.text import folded, words
from baton.map.current import current_map
from baton.members.models import Member

_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}$")
FEWEST_DIGITS = 3
MOST = 50


@dataclass(slots=True)
class Book:
    """The contacts and companies that some cards may be about, as the member sees them; grows as cards are placed.

    Values are what each record shows: {"name", "emails", "phones", "job", "company"}.
    """

    contacts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    companies: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    by_email: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    companies_by_name: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def take_contact(self, pk: UUID, values: dict[str, Any]) -> None:
        self.contacts[pk] = values
        self.by_name[folded(values["name"])].add(pk)
        for email in values.get("emails") or []:
            self.by_email[email].add(pk)

    def take_company(self, pk: UUID, values: dict[str, Any]) -> None:
        self.companies[pk] = values
        self.companies_by_name[folded(values["name"])].add(pk)


def look_up(cards: Iterable[Card], member: Member) -> Book:
    """Return what the ledger knows of the people and companies of these cards, in a handful of queries."""
    cards, book = list(cards), Book()
    emails = {address for card in cards for address in emails_of(card)}
    names = {folded(who) for card in cards for who in (person_of(card), card.name) if who}
    found = Address.objects.filter(kind="email", value__in=emails, contact__isnull=False).values("contact")
    seen = Contact.objects.visible_to(member)
    for row in [*seen.filter(pk__in=found), *seen.filter(name_folded__in=names)]:
        book.take_contact(row.pk, _shown(row))
    companies = {folded(company_of(card)) for card in cards if company_of(card)}
    for row in Company.objects.visible_to(member).filter(name_folded__in=companies):
        book.take_company(row.pk, _shown(row))
    return book


def _shown(row: Any) -> dict[str, Any]:
    return {name: kept["v"] for name, kept in row.values.items() if "v" in kept}


def person_of(card: Card) -> str:
    """Return the person's name on a card, empty where it is a company's alone."""
    parts = " ".join(part for part in (card.given, card.middle, card.family) if part)
    if card.is_organisation:
        return parts
    return "" if not parts and is_company_name(card.name) else card.name


def company_of(card: Card) -> str:
    """Return the company's name on a card."""
    return card.organisation or ("" if person_of(card) else card.name)


def emails_of(card: Card) -> list[str]:
    """Return the addresses that are ones, in lower case."""
    return list(dict.fromkeys(one.value.lower() for one in card.emails if _ADDRESS.fullmatch(one.value)))[:MOST]


def phones_of(card: Card) -> list[str]:
    """Return the numbers that have digits."""
    told = (" ".join(one.value.split())[:60] for one in card.phones)
    return list(dict.fromkeys(one for one in told if sum(letter.isdigit() for letter in one) >= FEWEST_DIGITS))[:MOST]


def entries_of(card: Card, book: Book) -> list[Entry]:
    """Return what is new in a card; empty where all of it is known. Adds to the book what it makes."""
    entries: list[Entry] = []
    company = _company(card, book, entries) if company_of(card) else None
    name = person_of(card)
    if name:
        _contact(card, name, company, book, entries)
    return entries


def _company(card: Card, book: Book, entries: list[Entry]) -> UUID:
    name = company_of(card)[:300]
    told = {"domains": domains_of(card, name)}
    if not person_of(card):
        told |= {"emails": emails_of(card), "phones": phones_of(card)}
    known = book.companies_by_name.get(folded(name))
    if known:
        pk = min(known)
        entries += _more("company", pk, book.companies[pk], {} if person_of(card) else told)
        return pk
    pk, values = uuid7(), {"name": name} | {key: value for key, value in told.items() if value}
    entries += [Entry("company", pk, key, value) for key, value in values.items()]
    book.take_company(pk, values)
    return pk


def domains_of(card: Card, name: str) -> list[str]:
    """Return the mail domains that are the company's own: none where anybody can have an address, nor a stranger's."""
    domains = dict.fromkeys(email.rpartition("@")[2] for email in emails_of(card))
    return [domain for domain in domains if not is_free_mail(domain) and _resembles(domain, name)]


def _resembles(domain: str, name: str) -> bool:
    guessed = "".join(words(company_name_from_domain(domain) or ""))
    told = words(name)
    initials = "".join(word[0] for word in told)
    return bool(guessed) and ("".join(told).startswith(guessed[:6]) or guessed in {*told, initials})


def _contact(card: Card, name: str, company: UUID | None, book: Book, entries: list[Entry]) -> None:
    told: dict[str, Any] = {"emails": emails_of(card), "phones": phones_of(card), "job": card.job[:200]}
    told |= {"company": str(company) if company else None} | _of_the_map(card)
    pk = _known(card, name, told, book)
    if pk is not None:
        entries += _more("contact", pk, book.contacts[pk], told)
        return
    pk, values = uuid7(), {"name": name[:300]} | {key: value for key, value in told.items() if value}
    entries += [Entry("contact", pk, key, value) for key, value in values.items()]
    book.take_contact(pk, values)


def _known(card: Card, name: str, told: dict[str, Any], book: Book) -> UUID | None:
    """Return the contact this is without a doubt: one of that name with one of the addresses or numbers, or with none.

    Whoever is only likely to be the same is a new contact, and is found as a duplicate.
    """
    same = sorted(book.by_name.get(folded(name), ()))
    reached = {pk for email in told["emails"] for pk in book.by_email.get(email, ())}
    for pk in same:
        theirs = book.contacts[pk]
        if pk in reached or set(told["phones"]) & set(theirs.get("phones") or []):
            return pk
        if not (told["emails"] or told["phones"]) and theirs.get("company") == told["company"]:
            return pk
    return None


def _more(kind: str, pk: UUID, known: dict[str, Any], told: dict[str, Any]) -> Iterator[Entry]:
    """Yield what a card adds: addresses that weren't there, and what was empty. What is known is never replaced."""
    for name, value in told.items():
        there = known.get(name)
        if isinstance(value, list):
            value = [*(there or []), *(one for one in value if one not in (there or []))][:MOST]
        if value and (value != there if isinstance(value, list) else not there):
            known[name] = value
            yield Entry(kind, pk, name, value)


def _of_the_map(card: Card) -> dict[str, Any]:
    """What the business keeps of a contact beside the usual: fields of its map called address, birthday, note, …"""
    kept = {
        "address": "; ".join(str(place) for place in card.places),
        "birthday": card.birthday,
        "note": card.note,
        "website": ", ".join(one.value for one in card.urls),
        "department": card.department,
        "nickname": card.nickname,
    }
    fields = current_map().fields
    wanted = (name for name in kept if name in fields and fields[name].on == "contact")
    return {name: kept[name][:20_000] for name in wanted if fields[name].type in {"text", "long text"}}
