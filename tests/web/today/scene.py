"""A busy Monday of Ana's: late, due soon, due later; read from mail, promised, asked, handed over, offered."""

from datetime import timedelta

from baton.kernel.clock import stamp
from baton.ledger.entries import Author, Entry, NewInteraction
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.work import handoffs, next_steps, promises, questions
from tests.cast import HOUR, MINUTE, MONDAY, Cast, fresh

ASKED = "Could we start on 1 December rather than in the new year, and does the price hold after seven?"
FRIDAY = MONDAY - timedelta(days=3)


def quayside(cast: Cast, at=MONDAY) -> Deal:
    """Return a deal whose customer asked something with a date in it; its next step is Wednesday's."""
    company = cast.company()
    contact = cast.contact(company=company)
    cast.tell("contact", contact.pk, phones=["+44 20 7183 8750"], at=at)
    deal = cast.deal(
        "Quayside Tower", "quoted", contact=contact, company=company, amount={"minor": 8_460_000, "currency": "GBP"}
    )
    next_steps.set_next(deal, "call Dana about the lifts", by=cast.ana, at=at, due=at + timedelta(days=2))
    mail = cast.mail(deal, at=at, text=ASKED)
    suggest(deal, mail, "start_date", "2026-12-01", "start on 1 December")
    return fresh(deal)


def suggest(deal: Deal, mail, field: str, value, words: str) -> None:
    begin = ASKED.index(words)
    entry = Entry(
        "deal",
        deal.pk,
        field,
        value,
        status="suggested",
        interaction_id=mail.pk,
        words=words,
        span=(begin, begin + len(words)),
        reader="dates",
        confidence=0.8,
        key=f"dates:{mail.pk}:{begin}:{field}",
    )
    record([entry], by=Author(None, "email"), at=mail.recorded_at)


def northgate(cast: Cast, at=MONDAY) -> Deal:
    """Return a deal with a promise that is late since Friday."""
    contact = cast.contact("Sunil Rao", "sunil@northgate.example")
    deal = cast.deal("Northgate Retail Park", "quoted", contact=contact, amount={"minor": 4_600_000, "currency": "GBP"})
    next_steps.set_next(deal, "send the permit", by=cast.ana, at=at, due=at + timedelta(days=9))
    promises.make(deal, "Method statement", by=cast.ana, at=FRIDAY - HOUR, due_at=FRIDAY)
    return fresh(deal)


def alder(cast: Cast, at=MONDAY) -> Deal:
    """Return a deal on which Ben asked Ana something, and which has no next step."""
    deal = cast.deal("Alder House Flats", "visited", at=at)
    questions.ask(deal, "Who holds the keys?", of=cast.ana, by=cast.ben, at=at + MINUTE, about_field="key_holder")
    return fresh(deal)


def busy(cast: Cast) -> dict[str, Deal]:
    """Return Ana's Monday at nine."""
    return {"quayside": quayside(cast), "northgate": northgate(cast), "alder": alder(cast)}


def planned_visit(cast: Cast, deal: Deal, at) -> None:
    """Put a visit on the deal's calendar."""
    filed = {"deal": str(deal.pk), "contact": None, "company": None, "audience": "full"}
    one = NewInteraction(
        "meeting", "internal", "calendar", at, subject="Site visit", trust="own", parts={"planned": True}, filed=filed
    )
    record(interactions=[one], by=Author(cast.ana, "calendar"), at=MONDAY)


def offered(cast: Cast, title: str = "Northgate winter gritting", at=MONDAY, **values):
    """Return a handoff to Operations that Ana offered, with the key holder missing unless told."""
    told = {"scope": "3 car parks", "start_date": "2026-11-23", "amount": {"minor": 4_600_000, "currency": "GBP"}}
    deal = cast.deal(title, "agreed", at=at - 10 * MINUTE, contact=cast.contact(), **(told | values))
    next_steps.set_next(deal, "book the crew", by=cast.ana, at=at - 9 * MINUTE, due=at + timedelta(days=4))
    return handoffs.offer(fresh(deal), to="sales-operations", by=cast.ana, at=at, note="They ring at four.")


def enquiries(cast: Cast, count: int, at=MONDAY) -> None:
    """Give Ana so many unanswered enquiries, each on a deal of its own with its own customer."""
    for number in range(count):
        contact = cast.contact(f"Customer {number}", f"someone@customer{number}.example")
        deal = cast.deal(f"Enquiry {number}", contact=contact, at=at)
        step = {"what": "wait", "at": stamp(at + timedelta(days=30)), "by": str(cast.ana.pk)}
        cast.tell("deal", deal.pk, by=cast.ana, at=at, next_step=step)
        cast.mail(deal, at=at + number * MINUTE, text=f"Could you quote for {number} floors?")
