"""Where a message belongs: the rules of filing, in order, each with the sentence that the page shows.

Pure on what was looked up. A rule that is sure files; one that finds several deals asks; what nobody knows waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.capture.arrival import Arrival, Party
from baton.capture.grammar import is_free_mail
from baton.capture.known import Known, Place, document_digest, numbers_in
from baton.capture.ourselves import Course
from baton.ledger.models import Company, Contact, Deal


@dataclass(slots=True)
class Finding:
    """The outcome of the rules. `place` None means Inbox; `because` is the reason either way.

    `candidates` are the deals between which a person should choose. `newcomer` is somebody without a contact yet:
    on a known company it becomes one by itself.
    """

    place: Place | None
    because: str
    candidates: list[UUID] = field(default_factory=list)
    newcomer: Party | None = None


COUNTS = {
    2: gettext_lazy("two"),
    3: gettext_lazy("three"),
    4: gettext_lazy("four"),
    5: gettext_lazy("five"),
    6: gettext_lazy("six"),
}


def find_place(arrival: Arrival, course: Course, thread: UUID | None, known: Known) -> Finding:
    """Apply the rules of filing to one message and return where it belongs, or why nobody can tell."""
    if course.direction == "internal":
        return _among_ourselves(thread, known)
    people = _people(course, known)
    return (
        _by_thread(thread, people, known)
        or _by_number(arrival, people, known)
        or _by_contact(people, known)
        or _by_company(people, known)
        or _unknown(course, people)
    )


@dataclass(slots=True)
class People:
    """Whom the counterpart turned out to be. `ambiguous` are several contacts who share one address."""

    party: Party
    contact: Contact | None = None
    company: Company | None = None
    ambiguous: list[Contact] = field(default_factory=list)
    rivals: list[Company] = field(default_factory=list)

    @property
    def company_id(self) -> UUID | None:
        if self.contact and self.contact.company_id:
            return self.contact.company_id
        return self.company.pk if self.company else None


def _people(course: Course, known: Known) -> People:
    """The first of the customer's side whom Baton knows: as a contact, else by the company."""
    parties = [party for party in (course.with_whom, *course.others) if party and party.address]
    found = [_person(party, known) for party in parties] or [People(course.with_whom or Party("", ""))]
    by_contact = next((each for each in found if each.contact or each.ambiguous), None)
    return by_contact or next((each for each in found if each.company), None) or found[0]


def _person(party: Party, known: Known) -> People:
    contacts, companies = known.contacts_at(party.address), known.companies_at(party.domain)
    people = People(party, company=companies[0] if len(companies) == 1 else None)
    people.rivals = companies if len(companies) > 1 else []
    if len(contacts) == 1:
        people.contact = contacts[0]
    else:
        people.ambiguous = contacts
    return people


def _among_ourselves(thread: UUID | None, known: Known) -> Finding:
    place = known.places.get(thread) if thread else None
    if place and place.deal:
        return Finding(place, _("It is among ourselves, in a conversation that is filed on this deal."))
    return Finding(None, _("It is among ourselves, and its conversation is on no deal."))


def _by_thread(thread: UUID | None, people: People, known: Known) -> Finding | None:
    place = known.places.get(thread) if thread else None
    if place is None or not (place.deal or place.contact):
        return None
    if place.deal is None and people.contact and people.contact.pk != place.contact:
        return None
    contact = people.contact.pk if people.contact else place.contact if place.deal is None else None
    found = Place(place.deal, contact, place.company or people.company_id)
    deal = known.deals.get(place.deal) if place.deal else None
    if deal:
        return Finding(found, _("It continues a conversation that is filed on %(deal)s.") % {"deal": deal.title})
    return Finding(found, _("It continues a conversation with this contact."))


def _by_number(arrival: Arrival, people: People, known: Known) -> Finding | None:
    """A number counts only from somebody who has to do with its deal: anybody can write “quote 4417”."""
    for number in sorted(numbers_in(arrival)):
        deals = [known.deals[pk] for pk in known.numbered.get(document_digest(number), ()) if pk in known.deals]
        theirs = [deal for deal in deals if _has_to_do_with(people, deal)]
        if len(theirs) == 1:
            because = _("It names %(number)s, which belongs to %(deal)s.")
            return Finding(
                _on(theirs[0], people),
                because % {"number": number, "deal": theirs[0].title},
                newcomer=_newcomer(people),
            )
        if deals and not people.contact and not people.company_id:
            because = _("It names %(number)s of %(deal)s, but comes from somebody whom nobody there knows.")
            told = {"number": number, "deal": deals[0].title}
            return Finding(None, because % told, [deal.pk for deal in deals], people.party)
    return None


def _has_to_do_with(people: People, deal: Deal) -> bool:
    by_contact = people.contact is not None and deal.contact_id == people.contact.pk
    return by_contact or (people.company_id is not None and deal.company_id == people.company_id)


def _on(deal: Deal, people: People) -> Place:
    return Place(deal.pk, people.contact.pk if people.contact else None, deal.company_id or people.company_id)


def _newcomer(people: People) -> Party | None:
    return None if people.contact or people.ambiguous else people.party


def _by_contact(people: People, known: Known) -> Finding | None:
    if people.ambiguous:
        names = ", ".join(contact.name for contact in people.ambiguous[:4])
        return Finding(None, _("Several contacts have this address: %(names)s.") % {"names": names})
    if people.contact is None:
        return None
    deals = _running(known.open_deals(contact=people.contact.pk))
    if not deals and people.contact.company_id:
        deals = _running(known.open_deals(company=people.contact.company_id))
    company = known.named.get(people.contact.company_id, "") if people.contact.company_id else ""
    if len(deals) > 1:
        return _ask(deals, company or people.contact.name)
    if deals:
        because = _("From or to %(name)s, whose one open deal this is.") % {"name": people.contact.name}
        return Finding(_on(deals[0], people), because)
    because = _("From or to %(name)s, who has no open deal.") % {"name": people.contact.name}
    return Finding(Place(None, people.contact.pk, people.contact.company_id), because)


def _running(deals: list[Deal]) -> list[Deal]:
    """Deals that are being decided go first; where there is none, those that were won and are being worked on."""
    return [deal for deal in deals if deal.status == "open"] or deals


def _ask(deals: list[Deal], name: str) -> Finding:
    counted = {"count": COUNTS.get(len(deals), len(deals)), "name": name}
    because = _("Which of %(count)s %(name)s deals does this belong to?") % counted
    return Finding(None, because, [deal.pk for deal in deals])


def _by_company(people: People, known: Known) -> Finding | None:
    if people.rivals:
        names = ", ".join(company.name for company in people.rivals[:4])
        return Finding(None, _("Several companies have this mail domain: %(names)s.") % {"names": names})
    if people.company is None:
        return None
    deals = _running(known.open_deals(company=people.company.pk))
    told = {"domain": people.party.domain, "company": people.company.name}
    if len(deals) > 1:
        asked = _ask(deals, people.company.name)
        asked.newcomer = people.party
        return asked
    if deals:
        because = _("%(domain)s is %(company)s, whose one open deal this is.") % told
        return Finding(_on(deals[0], people), because, newcomer=people.party)
    because = _("%(domain)s is %(company)s, which has no open deal.") % told
    return Finding(Place(None, None, people.company.pk), because, newcomer=people.party)


def _unknown(course: Course, people: People) -> Finding:
    party = people.party
    if not party.address:
        return Finding(None, _("It names nobody outside with an address."))
    others = len(course.others)
    because = _("No company or contact by that name: %(address)s.") % {"address": party.address}
    if others:
        because += " " + ngettext("Nor is the other one known.", "Nor are the other %(count)s known.", others) % {
            "count": others
        }
    return Finding(None, because, newcomer=party)


def names_a_company(domain: str) -> bool:
    """Whether mail from this domain names a company: not where anybody can have an address."""
    return "." in domain and not is_free_mail(domain)
