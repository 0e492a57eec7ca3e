"""Suggestions are what a packet, a duty or a decision needs, with the words they came from; one answer settles each."""

import pytest

from baton.capture import suggestions
from baton.capture.arrival import Arrival
from baton.capture.grammar import read_text
from baton.capture.hearing import of_fields
from baton.capture.reading import process
from baton.kernel.verdict import Refusal
from baton.ledger.models import Contact, Fact
from baton.map.elements import Field
from baton.work.models import Promise
from tests.capture.letters import everything, from_mailbox, letter, recorded
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db

READER = {"written_at": MONDAY, "zone": "Europe/London", "language": "en", "from_us": False}
PROMISE = "I will send you the method statement by Friday."
QUOTE = f"Quote 4417 comes to £12,500. {PROMISE}"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(stage="quoted", contact=cast.contact(company=company), company=company)


def waiting(record, member) -> dict[str, object]:
    return {fact.field: fact.value for fact in suggestions.waiting_on([record.pk], member)}


def suggested(record, member, field: str) -> Fact:
    return next(fact for fact in suggestions.waiting_on([record.pk], member) if fact.field == field)


def test_what_the_next_packet_needs_is_suggested_with_its_sentence(cast, deal):
    text = "Hello Ana. Could we start on 1 December? The caretaker is away."

    [delivery] = from_mailbox(cast.ana, letter(text=text))

    fact = suggested(deal, cast.ana, "start_date")
    assert (fact.value, fact.words, fact.reader) == ("2026-12-01", "Could we start on 1 December?", "grammar:1")
    assert fact.interaction_id == delivery.interaction_id


def test_an_amount_that_a_decision_reads_is_suggested_and_counts_for_nothing_yet(cast, deal):
    from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))

    assert waiting(deal, cast.ana)["amount"] == {"minor": 1250000, "currency": "GBP"}
    assert fresh(deal).amount is None


def test_confirming_makes_it_a_fact_from_the_message(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))

    suggestions.confirm(suggested(deal, cast.ana, "amount"), by=cast.ana, at=TUESDAY)

    kept = fresh(deal).values["amount"]
    assert (fresh(deal).amount, kept["i"], kept["by"], kept.get("s")) == (
        1250000, str(delivery.interaction_id), str(cast.ana.pk), None,
    )  # fmt: skip


def test_it_can_be_changed_while_confirming(cast, deal):
    from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))

    suggestions.confirm(
        suggested(deal, cast.ana, "amount"), by=cast.ana, at=TUESDAY, value={"minor": 1_000_000, "currency": "GBP"}
    )

    assert (fresh(deal).amount, waiting(deal, cast.ana)) == (1_000_000, {})


def test_what_was_dismissed_is_not_asked_again_when_the_message_is_read_again(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))
    suggestions.dismiss(suggested(deal, cast.ana, "amount"), by=cast.ana, at=TUESDAY)
    from baton.capture.inbox import refile

    refile(recorded(delivery), by=cast.ana, at=TUESDAY, deal=deal)

    assert "amount" not in waiting(deal, cast.ana)


def test_one_answer_settles_it(cast, deal):
    from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))
    fact = suggested(deal, cast.ana, "amount")
    suggestions.confirm(fact, by=cast.ana, at=TUESDAY)

    with pytest.raises(Refusal, match="Somebody has answered this already"):
        suggestions.dismiss(fact, by=cast.bram, at=TUESDAY)


def test_the_same_value_said_twice_waits_once(cast, deal):
    from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))
    from_mailbox(cast.ana, letter(text="As I said, £12,500 is what we have."), at=MONDAY + HOUR)

    amounts = [fact for fact in suggestions.waiting_on([deal.pk], cast.ana) if fact.field == "amount"]

    assert len(amounts) == 1


def test_what_is_known_already_is_not_asked(cast, deal):
    cast.tell("deal", deal.pk, amount={"minor": 1250000, "currency": "GBP"})

    from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))

    assert "amount" not in waiting(deal, cast.ana)


def test_nothing_that_no_packet_duty_or_decision_needs_is_asked(cast):
    company = cast.company()
    early = cast.deal(stage="enquiry", desk="intake", contact=cast.contact(company=company), company=company)

    from_mailbox(cast.ana, letter(text="The first day is 1 December, and Dave Hollis has the keys."))

    assert not {"start_date", "key_holder", "scope"} & set(waiting(early, cast.ana))


def test_what_a_customer_asks_is_no_promise_and_ours_is_one(cast, deal):
    from_mailbox(cast.ana, letter(text="Can you send me the quote by Friday?"))
    ours = letter("ana@lime.example", "dana@marlowe.example", "Re: Start", PROMISE, date=MONDAY + HOUR)
    from_mailbox(cast.ana, ours, at=MONDAY + HOUR)

    found = {fact.field: fact.value["who"] for fact in suggestions.waiting_on([deal.pk], cast.ana)}
    assert {field: found[field] for field in ("asked", "promise")} == {"asked": "asked", "promise": "us"}
    assert everything(Promise) == []


def test_a_confirmed_promise_is_a_record_of_whoever_made_it_and_a_duty(cast, deal):
    ours = letter("ana@lime.example", "dana@marlowe.example", "Re: Start", PROMISE)
    [delivery] = from_mailbox(cast.ana, ours)

    suggestions.confirm(suggested(deal, cast.bram, "promise"), by=cast.bram, at=TUESDAY)

    [promise] = everything(Promise)
    assert (promise.who, promise.promised_by, promise.deal_id, promise.made_in_id) == (
        "us", cast.ana, deal.pk, delivery.interaction_id,
    )  # fmt: skip
    assert promise.due_at.isoformat() == "2026-11-20T17:00:00+00:00"


def test_a_quote_from_the_member_s_own_mailbox_confirms_its_amount_and_its_promises(cast, deal):
    quote = letter("ana@lime.example", "dana@marlowe.example", "Quote 4417", QUOTE, files=("Quote 4417.pdf",))

    from_mailbox(cast.ana, quote)

    assert fresh(deal).amount == 1250000
    assert [(promise.who, promise.promised_by) for promise in everything(Promise)] == [("us", cast.ana)]
    assert {"amount", "promise"} & set(waiting(deal, cast.ana)) == set()


def test_a_forged_quote_confirms_nothing(cast, deal):
    from tests.capture.letters import to_desk

    to_desk(letter("ana@lime.example", "dana@marlowe.example", "Quote 4417", "It is £1.", files=("Quote 4417.pdf",)))

    assert (fresh(deal).amount, everything(Promise)) == (None, [])


def test_a_next_step_is_suggested_only_where_there_is_none(cast, deal):
    from_mailbox(cast.ana, letter(text="Let's meet on Thursday at 10:00."))
    assert waiting(deal, cast.ana)["next_step"]["at"] == "2026-11-19T10:00:00.000000Z"

    suggestions.confirm(suggested(deal, cast.ana, "next_step"), by=cast.ana, at=TUESDAY)
    from_mailbox(cast.ana, letter(text="Or let's meet on Friday at 11:00."), at=MONDAY + HOUR)

    assert fresh(deal).next_step_by == cast.ana
    assert "next_step" not in waiting(deal, cast.ana)


SIGNED = "Fine by me.\n\n-- \nDana Whitlock\nFacilities Manager\nMarlowe Ltd\nTel +44 191 498 0123\n"


def test_a_signature_fills_what_is_missing_of_the_contact(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter(text=SIGNED))
    contact = Contact.objects.unscoped("tests").get(pk=deal.contact_id)

    suggestions.confirm_all(recorded(delivery), by=cast.ana, at=TUESDAY)

    assert (fresh(contact).phone, fresh(contact).job) == ("+441914980123", "Facilities Manager")
    from_mailbox(cast.ana, letter(text=SIGNED, subject="Again"), at=MONDAY + HOUR)
    assert waiting(contact, cast.ana) == {}


def test_suggestions_from_a_private_mail_stay_with_its_holder(cast, deal):
    from baton.map.publishing import publish
    from tests.cast import FIRM

    publish(FIRM + "\nsharing: {email: nothing}\n", by=cast.tomas, at=MONDAY)
    from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))

    assert ("amount" in waiting(deal, cast.ana), waiting(deal, cast.bram)) == (True, {})


def test_reading_a_delivery_twice_changes_nothing(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter(text="We can spend £12,500 on this."))
    facts = len(everything(Fact))

    process([delivery], at=MONDAY + MINUTE)

    assert len(everything(Fact)) == facts


@pytest.mark.parametrize(
    "text",
    [
        "The car park is closed until 4 December.",
        "We are renewed in spirit since 4 December.",
        "It is impossible to say.",
    ],
)
def test_a_word_that_only_relates_says_nothing_of_which_field_is_meant(text):
    renewal = Field(
        id="renewal_date", key="renewal_date", name="Contract end", type="date", heard_as=("until", "ends on")
    )
    order = Field(id="order", key="order", name="Order number", type="text", heard_as=("PO",))
    arrival = Arrival("email", "", text=text, readings=tuple(read_text(text, **READER)))

    assert list(of_fields(arrival, [renewal, order])) == []


def test_the_telling_words_of_a_field_are_heard_with_their_endings():
    renewal = Field(id="renewal_date", key="renewal_date", name="Renewal", type="date", heard_as=("until", "expire"))
    text = "The contract expires on 4 December."
    arrival = Arrival("email", "", text=text, readings=tuple(read_text(text, **READER)))

    assert [said.value for said in of_fields(arrival, [renewal])] == ["2026-12-04"]


def test_a_number_that_they_call_their_own_is_suggested_for_the_contact(cast, deal):
    from_mailbox(cast.ana, letter(text="You can reach me on my mobile: +44 20 7946 0812. Or ring Sam: 0191 498 0001."))

    contact = Contact.objects.unscoped("tests").get(pk=deal.contact_id)
    assert waiting(contact, cast.ana)["phones"] == ["+442079460812"]
