"""A deal in the middle of its life, as its page is looked at: messages, readings, promises, a packet with gaps."""

from datetime import timedelta

from baton.kernel.clock import stamp
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.work import exceptions, moves, next_steps, notes, promises, questions
from tests.cast import HOUR, MINUTE, MONDAY, Cast, fresh

ASKED = "The board has signed off. Could we start on 1 December rather than in the new year?"


def quayside(cast: Cast, at=MONDAY, **told) -> Deal:
    """Return Quayside Tower: quoted, half of its packet there, one promise open, one suggestion waiting."""
    company = cast.company()
    contact = cast.contact(company=company)
    cast.tell("contact", contact.pk, phones=["+442071838750"], job="Property manager")
    deal = cast.deal(
        "Quayside Tower: concierge and evening cleaning",
        stage="quoted",
        at=at - timedelta(days=20),
        contact=contact,
        company=company,
        amount={"minor": 8_460_000, "currency": "GBP"},
        close_date=(at + timedelta(days=11)).date().isoformat(),
        scope="Lobby, 14 floors, 2 lifts; desk 07–19",
        **told,
    )
    cast.mail(deal, at=at - timedelta(days=19), text="We are looking for a concierge from January.")
    enquiry = cast.mail(deal, at=at - timedelta(days=3), text=ASKED)
    suggest(deal, enquiry, "start_date", "2026-12-01", "start on 1 December")
    notes.log(deal, "meeting", "Walked the site with Dana.", by=cast.ana, at=at - timedelta(days=14), minutes=50)
    notes.log(
        deal,
        "call",
        "Wants the concierge in uniform.",
        by=cast.ana,
        at=at - HOUR,
        happened_at=at - 5 * HOUR,
        minutes=6,
    )
    promises.make(deal, "Revised quote", by=cast.ana, at=at, due_at=at + timedelta(days=2))
    promises.make(deal, "Cover over Christmas", by=cast.ana, at=at, who="asked")
    exceptions.record_exception(
        deal, "6% off the rate card", category="Price", reason="Marlowe brings three towers", by=cast.tomas, at=at
    )
    questions.ask(deal, "Can we start before the lifts are done?", of=cast.ben, by=cast.ana, at=at)
    next_steps.set_next(fresh(deal), "Send the revised quote", by=cast.ana, at=at + MINUTE, due=at + timedelta(days=2))
    return fresh(deal)


def suggest(deal, interaction, field, value, words, **more):
    """Record what was read from a message as a suggestion that waits; return its fact."""
    start = ASKED.find(words)
    entry = Entry(
        "deal",
        deal.pk,
        field,
        value,
        status="suggested",
        happened_at=interaction.happened_at,
        interaction_id=interaction.pk,
        words=words,
        span=(start, start + len(words)) if start >= 0 else None,
        reader="grammar:1",
        confidence=0.9,
        key=f"grammar:1:{interaction.pk}:{start}:{field}",
        **more,
    )
    batch = record([entry], by=Author(None, "email"), at=interaction.recorded_at + MINUTE)
    return batch.facts[0]


__all__ = ["ASKED", "moves", "quayside", "stamp", "suggest"]
