"""Every message is filed under the right contact, company and deal by a rule that says why, or waits with a reason."""

from datetime import timedelta

import pytest

from baton.capture.models import Delivery
from baton.ledger.models import Company, Contact, Deal, Interaction
from baton.work.models import Duty
from tests.capture.letters import everything, from_mailbox, letter, recorded, text_of, to_desk, to_member
from tests.cast import HOUR, MINUTE, MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def duties(behavior: str = "answer-enquiry") -> list[tuple[str, str]]:
    return [(duty.owed_by.short_name, duty.state) for duty in Duty.objects.unscoped("tests").filter(behavior=behavior)]


def test_mail_from_a_contact_goes_to_their_one_open_deal_and_opens_a_duty(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter())

    mail = recorded(delivery)

    assert (mail.deal_id, mail.contact_id, mail.company_id) == (deal.pk, deal.contact_id, deal.company_id)
    assert (mail.direction, mail.audience) == ("in", "full")
    assert mail.filed_because == "From or to Dana Whitlock, whose one open deal this is."
    assert duties() == [("Ana", "open")]


def test_our_answer_from_the_member_s_own_mailbox_closes_it(cast, deal):
    from_mailbox(cast.ana, letter())
    answer = letter("ana@lime.example", "dana@marlowe.example", "Re: Start", date=MONDAY + HOUR)

    [delivery] = from_mailbox(cast.ana, answer, at=MONDAY + HOUR)

    mail = recorded(delivery)
    assert (mail.direction, mail.trust, mail.author, duties()) == ("out", "own", cast.ana, [("Ana", "closed")])


def test_a_blind_copy_to_the_secret_address_is_the_mail_to_the_customer(cast, deal):
    from_mailbox(cast.ana, letter())

    mail = recorded(to_member(cast.ana, letter("ana@lime.example", "dana@marlowe.example", date=MONDAY + MINUTE)))

    assert (mail.direction, mail.trust, mail.deal_id, duties()) == ("out", "token", deal.pk, [("Ana", "closed")])


@pytest.mark.parametrize(
    "headers", [{}, {"authentication_results": "mx.lime.example; dkim=pass header.d=lime.example"}]
)
def test_a_from_that_only_claims_to_be_ours_closes_nothing(cast, deal, headers):
    from_mailbox(cast.ana, letter())
    forged = letter("ana@lime.example", "dana@marlowe.example", date=MONDAY + MINUTE, **headers)

    mail = recorded(to_desk(forged))

    assert (mail.trust, mail.author, duties()) == ("unverified", None, [("Ana", "open")])


def test_a_forged_mail_delivered_into_the_member_s_own_mailbox_closes_nothing(cast, deal):
    forged = letter("ana@lime.example", "dana@marlowe.example", return_path="<evil@elsewhere.example>")

    [delivery] = from_mailbox(cast.ana, forged)

    assert recorded(delivery).trust == "unverified"


def test_somebody_else_s_mail_to_a_member_s_secret_address_proves_nothing(cast, deal):
    mail = recorded(to_member(cast.ana, letter("bram@lime.example", "dana@marlowe.example")))

    assert (mail.direction, mail.trust) == ("out", "unverified")


def test_an_answer_goes_where_its_conversation_is_even_if_somebody_new_writes(cast, deal):
    from_mailbox(cast.ana, letter(message_id="<first@marlowe.example>"))
    reply = letter("Kit <kit@elsewhere.example>", subject="Something else", in_reply_to="<first@marlowe.example>")

    [delivery] = from_mailbox(cast.ana, reply)

    mail = recorded(delivery)
    assert (mail.deal_id, mail.contact_id) == (deal.pk, None)
    assert mail.filed_because == "It continues a conversation that is filed on Quayside Tower."


def test_an_answer_that_arrives_before_its_question_is_one_thread_with_it(cast, deal):
    reply = letter(subject="Re: Start", in_reply_to="<first@marlowe.example>", date=MONDAY)
    first = letter(message_id="<first@marlowe.example>", date=MONDAY - HOUR)

    threads = {recorded(delivery).thread for delivery in from_mailbox(cast.ana, reply, first)}

    assert len(threads) == 1


def test_the_same_subject_between_the_same_people_is_one_thread_for_a_month(cast, deal):
    ask = letter(subject="Barrier code")
    reply = letter("ana@lime.example", "dana@marlowe.example", "RE: barrier  code", date=MONDAY + MINUTE)
    later = letter(subject="Re: Barrier code", date=MONDAY + timedelta(days=40))

    first, second = (recorded(d) for d in from_mailbox(cast.ana, ask, reply))
    [third] = (recorded(d) for d in from_mailbox(cast.ana, later, at=MONDAY + timedelta(days=40)))

    assert first.thread == second.thread != third.thread


def test_an_empty_subject_makes_no_thread(cast, deal):
    mails = [letter(subject="", text=text) for text in ("One thing.", "Another thing.")]

    assert len({recorded(delivery).thread for delivery in from_mailbox(cast.ana, *mails)}) == 2


def test_several_open_deals_are_a_question(cast, deal):
    other = cast.deal("Quayside Car Park", contact=str(deal.contact_id), company=str(deal.company_id))

    [delivery] = from_mailbox(cast.ana, letter())

    mail = recorded(delivery)
    assert mail.filed_at is None
    assert mail.unfiled_because == "Which of two Marlowe deals does this belong to?"
    assert mail.parts["candidates"] == [str(deal.pk), str(other.pk)]


def test_the_number_of_a_quote_decides_between_them(cast, deal):
    quote = letter("ana@lime.example", "dana@marlowe.example", "Quote 4417", files=("Quote 4417.pdf",))
    [sent] = from_mailbox(cast.ana, quote)
    cast.deal("Quayside Car Park", contact=str(deal.contact_id), company=str(deal.company_id))

    [delivery] = from_mailbox(cast.ana, letter(subject="A question", text="About quote 4417: is VAT in it?"))

    assert recorded(sent).deal_id == deal.pk
    assert recorded(delivery).deal_id == deal.pk
    assert recorded(delivery).filed_because == "It names 4417, which belongs to Quayside Tower."


def test_a_stranger_who_names_a_quote_is_not_let_in(cast, deal):
    from_mailbox(cast.ana, letter("ana@lime.example", "dana@marlowe.example", "Quote 4417", files=("Quote 4417.pdf",)))

    [delivery] = from_mailbox(cast.ana, letter("x@elsewhere.example", subject="Quote 4417"))

    mail = recorded(delivery)
    assert (mail.filed_at, mail.parts["candidates"]) == (None, [str(deal.pk)])


def test_a_new_person_of_a_known_company_becomes_a_contact_there(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter("Kit Marsh <kit@marlowe.example>"))

    mail = recorded(delivery)
    kit = Contact.objects.unscoped("tests").get(email="kit@marlowe.example")
    assert (kit.name, kit.company_id, mail.deal_id, mail.contact_id) == ("Kit Marsh", deal.company_id, deal.pk, kit.pk)
    assert mail.filed_because == "marlowe.example is Marlowe, whose one open deal this is."


def test_a_stranger_waits_in_inbox_with_the_reason(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter("x@elsewhere.example"))

    mail = recorded(delivery)
    assert (mail.filed_at, mail.audience) == (None, "private")
    assert mail.unfiled_because == "No company or contact by that name: x@elsewhere.example."


def test_a_stranger_at_a_capture_address_becomes_contact_company_and_deal(cast):
    enquiry = letter("Leo Kestrel <leo@kestrel-homes.example>", "hello@lime.example", "Gutters at Kestrel House")

    mail = recorded(to_desk(enquiry))

    [deal] = everything(Deal)
    assert (deal.title, deal.desk, deal.stage, deal.shown) == ("Gutters at Kestrel House", "intake", "enquiry", True)
    [contact], [company] = everything(Contact), everything(Company)
    assert (contact.name, company.name, company.domain) == ("Leo Kestrel", "Kestrel Homes", "kestrel-homes.example")
    assert (deal.contact_id, deal.company_id, contact.company_id) == (contact.pk, company.pk, company.pk)
    assert mail.deal_id == deal.pk
    assert duties() == [("Mia", "open")]


def test_free_mail_names_no_company(cast):
    to_desk(letter("Leo <leo.kestrel@gmail.com>", "hello@lime.example", "Gutters"))

    assert [deal.company_id for deal in everything(Deal)] == [None]
    assert everything(Company) == []


def test_two_enquiries_of_one_stranger_in_a_batch_are_one_contact(cast):
    to_desk(letter("leo@kestrel.example", "hello@lime.example", "Gutters"))
    to_desk(letter("leo@kestrel.example", "hello@lime.example", "Gutters again"))

    assert (len(everything(Contact)), len(everything(Company)), len(everything(Deal))) == (1, 1, 1)


@pytest.mark.parametrize(
    "headers",
    [{"auto_submitted": "auto-replied"}, {"precedence": "bulk"}, {"list_unsubscribe": "<https://x.example/u>"}],
)
def test_machines_open_neither_deals_nor_duties(cast, deal, headers):
    to_desk(letter("leo@kestrel.example", "hello@lime.example", "Out of office", **headers))
    from_mailbox(cast.ana, letter(subject="Automatic reply", **headers))

    assert (everything(Deal), duties()) == ([deal], [])


def test_mail_that_only_copies_us_asks_nobody(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter(to="kit@marlowe.example", cc="ana@lime.example"))

    assert (recorded(delivery).parts["in_copy"], duties()) == (True, [])


def test_a_forward_records_the_customer_s_mail_with_what_the_member_wrote_above(cast, deal):
    forward = letter(
        "ana@lime.example",
        "capture@localhost",
        "Fwd: Key-holder",
        "This came to my phone.\n\n---------- Forwarded message ---------\nFrom: Dana Whitlock <dana@marlowe.example>\n"
        "Date: Mon, 16 Nov 2026 08:00:00 +0000\nSubject: Key-holder\nTo: <ana@lime.example>\n"
        "\nThe caretaker has the keys.\n",
    )

    mail = recorded(to_member(cast.ana, forward))

    assert (mail.direction, mail.from_address, mail.deal_id) == ("in", "dana@marlowe.example", deal.pk)
    assert (text_of(mail), mail.parts["comment"]) == ("The caretaker has the keys.", "This came to my phone.")
    assert mail.happened_at == MONDAY - HOUR


def test_a_web_form_is_from_whoever_answers_should_go_to(cast, deal):
    form = letter("Website <noreply@lime.example>", "hello@lime.example", reply_to="Dana <dana@marlowe.example>")

    mail = recorded(to_desk(form))

    assert (mail.direction, mail.contact_id) == ("in", deal.contact_id)


def test_mail_among_ourselves_is_filed_only_where_its_conversation_is(cast, deal):
    from_mailbox(cast.ana, letter(message_id="<first@marlowe.example>"))
    aside = letter("ana@lime.example", "bram@lime.example", "Re: Start", in_reply_to="<first@marlowe.example>")
    lunch = letter("ana@lime.example", "bram@lime.example", "Lunch?")

    first, second = (recorded(delivery) for delivery in from_mailbox(cast.ana, aside, lunch))

    assert [(one.direction, one.deal_id) for one in (first, second)] == [("internal", deal.pk), ("internal", None)]


def test_the_map_says_who_sees_what_is_filed(cast, deal):
    from baton.map.publishing import publish
    from tests.cast import FIRM

    publish(FIRM + "\nsharing: {email: subject}\n", by=cast.tomas, at=MONDAY)

    [delivery] = from_mailbox(cast.ana, letter())

    seen = {m.short_name: i.readable for m in (cast.ana, cast.bram) for i in Interaction.objects.visible_to(m)}
    assert (recorded(delivery).audience, seen) == ("subject", {"Ana": True, "Bram": False})


@pytest.mark.parametrize(
    ("date", "happened"),
    [
        (MONDAY - HOUR, MONDAY - HOUR),
        (None, MONDAY + MINUTE),
        (MONDAY + HOUR, MONDAY + MINUTE),
        (MONDAY - timedelta(days=8), MONDAY + MINUTE),
    ],
)
def test_it_happened_at_its_date_unless_that_can_t_be(cast, deal, date, happened):
    [delivery] = from_mailbox(cast.ana, letter(date=date))

    assert recorded(delivery).happened_at == happened


def test_back_fill_keeps_old_dates_and_opens_no_duty(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter(date=MONDAY - timedelta(days=400)), live=False)

    assert (recorded(delivery).happened_at, duties()) == (MONDAY - timedelta(days=400), [])


def test_documents_are_evidence_of_the_stage(cast, deal):
    from_mailbox(cast.ana, letter("ana@lime.example", "dana@marlowe.example", "Your quote", files=("Quote 4417.pdf",)))

    deal.refresh_from_db(from_queryset=Deal.objects.unscoped("tests"))

    assert deal.evidence["quoted"]["kind"] == "document.out"


def test_what_cannot_be_read_is_parked_with_the_reason(cast):
    [delivery] = from_mailbox(cast.ana, b"\x00\x01\x02\x03" * 100)

    assert (delivery.state, delivery.because) == ("parked", "The file holds binary data, not a mail message.")


def test_machines_that_write_to_each_other_are_held_after_twenty(cast):
    replies = [
        letter("bot@kestrel.example", subject="Auto", text=str(n), auto_submitted="auto-replied") for n in range(25)
    ]

    states = [delivery.state for delivery in from_mailbox(cast.ana, *replies)]

    assert states == ["read"] * 20 + ["parked"] * 5


def test_the_same_mail_by_two_ways_is_one_record_that_both_hold(cast, deal):
    raw = letter()

    [first] = from_mailbox(cast.ana, raw)
    [second] = from_mailbox(cast.bram, raw)

    assert (first.state, second.state, second.interaction_id) == ("read", "known", first.interaction_id)
    assert {holder.member for holder in recorded(first).holders.all()} == {cast.ana, cast.bram}


def test_the_same_message_id_with_other_words_is_another_record(cast, deal):
    raws = [letter(message_id="<same@marlowe.example>", text=text) for text in ("Yes, go ahead.", "No, stop.")]

    deliveries = from_mailbox(cast.ana, *raws)

    assert [delivery.state for delivery in deliveries] == ["read", "read"]
    assert Delivery.objects.unscoped("tests").values("interaction").distinct().count() == 2
