"""Inbox: what could not be placed, the reason, and one key for each thing to do about it."""

import pytest

from baton.capture import inbox
from baton.capture.models import Raw
from baton.kernel.verdict import Refusal
from baton.ledger.models import Company, Contact, Deal, Interaction
from baton.map.publishing import publish
from tests.capture.letters import everything, from_mailbox, letter, recorded, to_desk
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def stranger(cast):
    [delivery] = from_mailbox(cast.ana, letter("Leo Kestrel <leo@kestrel-homes.example>", subject="Re: Gutters"))
    return recorded(delivery)


def test_what_came_through_a_member_s_mailbox_waits_for_them_alone(cast, stranger):
    assert [list(inbox.waiting(member)) for member in (cast.ana, cast.bram)] == [[stranger], []]


def test_what_came_to_a_desk_waits_for_whoever_sits_there(cast):
    machine = to_desk(letter("leo@kestrel.example", "hello@lime.example", auto_submitted="auto-replied"))

    assert [list(inbox.quiet(member)) for member in (cast.mia, cast.ana)] == [[recorded(machine)], []]


def test_one_key_opens_a_deal_with_contact_and_company(cast, stranger):
    inbox.open_deal(stranger, by=cast.ana, at=TUESDAY)

    [deal], [contact], [company] = everything(Deal), everything(Contact), everything(Company)
    assert (deal.title, deal.desk, deal.stage, deal.contact_id, deal.company_id) == (
        "Gutters", "intake", "enquiry", contact.pk, company.pk,
    )  # fmt: skip
    assert (contact.name, contact.email, company.name) == ("Leo Kestrel", "leo@kestrel-homes.example", "Kestrel Homes")
    assert (fresh(stranger).deal_id, fresh(stranger).filed_because) == (deal.pk, "Ana opened this deal from it.")
    assert list(inbox.waiting(cast.ana)) == []


def test_free_mail_opens_a_deal_without_a_company(cast):
    [delivery] = from_mailbox(cast.ana, letter("Leo <leo@gmail.com>", subject="Gutters"))

    inbox.open_deal(recorded(delivery), by=cast.ana, at=TUESDAY)

    assert ([deal.company_id for deal in everything(Deal)], everything(Company)) == ([None], [])


def test_where_the_map_wants_a_conflict_check_nothing_opens_before_it(cast, stranger):
    text = FIRM.replace("currency: GBP", "currency: GBP\nconflict_check: yes").replace(
        "enquiry: {desk: intake, entered_by: interaction in}",
        "enquiry: {desk: intake, entered_by: conflict check cleared}",
    )
    publish(text, by=cast.tomas, at=MONDAY)
    to_desk(letter("kit@elsewhere.example", "hello@lime.example"))

    with pytest.raises(Refusal, match="Check for conflicts of interest first"):
        inbox.open_deal(stranger, by=cast.ana, at=TUESDAY)
    assert everything(Deal) == []

    inbox.record_conflict_check(stranger, cleared=True, because="nobody on the other side", by=cast.ana, at=TUESDAY)
    inbox.open_deal(fresh(stranger), by=cast.ana, at=TUESDAY + HOUR)
    assert [deal.evidence["enquiry"]["kind"] for deal in everything(Deal)] == ["conflict.cleared"]


def test_filing_takes_the_rest_of_the_conversation_along_and_adds_whoever_wrote(cast, stranger):
    company = cast.company()
    deal = cast.deal(contact=cast.contact(company=company), company=company)
    reply = letter("leo@kestrel-homes.example", subject="Re: Gutters", text="Well?", date=MONDAY + HOUR)
    [delivery] = from_mailbox(cast.ana, reply, at=MONDAY + HOUR)

    inbox.file(stranger, by=cast.ana, at=TUESDAY, deal=deal)

    leo = Contact.objects.unscoped("tests").get(email="leo@kestrel-homes.example")
    filed = [fresh(stranger), recorded(delivery)]
    assert [(one.deal_id, one.contact_id, one.audience) for one in filed] == [(deal.pk, leo.pk, "full")] * 2
    assert [one.filed_because for one in filed] == ["Ana filed it here.", "It continues a conversation that Ana filed."]


def test_filing_asks_from_then_on_what_the_message_says(cast, stranger):
    company = cast.company()
    deal = cast.deal(stage="quoted", contact=cast.contact(company=company), company=company)
    [delivery] = from_mailbox(
        cast.ana, letter("leo@kestrel-homes.example", text="We can spend £12,500 on it.", subject="Money")
    )

    inbox.file(recorded(delivery), by=cast.ana, at=TUESDAY, deal=deal)

    assert len(fresh(deal).values["amount"]["s"]) == 1


def test_filing_elsewhere_takes_back_what_was_suggested(cast):
    company = cast.company()
    deal = cast.deal(stage="quoted", contact=cast.contact(company=company), company=company)
    [delivery] = from_mailbox(cast.ana, letter(text="We can spend £12,500 on it."))
    other = cast.deal("Car Park", stage="quoted")

    inbox.refile(recorded(delivery), by=cast.ana, at=TUESDAY, deal=other)

    assert ("amount" in fresh(deal).values, len(fresh(other).values["amount"]["s"])) == (False, 1)
    assert (fresh(deal).last_heard_at, fresh(other).last_heard_at) == (None, MONDAY)


def test_the_deals_in_question_are_offered(cast):
    company = cast.company()
    contact = cast.contact(company=company)
    deals = [cast.deal(title, contact=contact, company=company) for title in ("Atrium", "Boiler room")]

    [delivery] = from_mailbox(cast.ana, letter())

    assert inbox.candidates(recorded(delivery), cast.ana) == deals


def test_set_aside_it_leaves_inbox_and_can_be_brought_back(cast, stranger):
    inbox.set_aside(stranger, by=cast.ana, at=TUESDAY)
    gone = list(inbox.waiting(cast.ana))
    inbox.bring_back(stranger, by=cast.ana, at=TUESDAY + HOUR)

    assert (gone, list(inbox.waiting(cast.ana))) == ([], [stranger])


def test_only_a_holder_says_who_else_sees_it(cast, stranger):
    inbox.share(stranger, "full", by=cast.ana, at=TUESDAY)
    assert list(Interaction.objects.visible_to(cast.bram)) == [stranger]

    with pytest.raises(Refusal, match="Only somebody whose own mailbox brought it"):
        inbox.share(stranger, "private", by=cast.bram, at=TUESDAY)


@pytest.mark.parametrize("who", ["bram", "tomas", "rita"])
def test_nobody_files_what_they_can_t_read(cast, stranger, who):
    with pytest.raises(Refusal):
        inbox.open_deal(stranger, by=getattr(cast, who), at=TUESDAY)

    assert (everything(Deal), fresh(stranger).filed_at) == ([], None)


@pytest.mark.parametrize("sender", ["leo@kestrel-homes.example", "kestrel-homes.example", "@kestrel-homes.example"])
def test_of_a_sender_whom_a_member_never_wants_recorded_nothing_is_kept(cast, sender):
    inbox.never_record(sender, by=cast.ana, at=MONDAY)

    [hers] = from_mailbox(cast.ana, letter("leo@kestrel-homes.example"))
    [his] = from_mailbox(cast.bram, letter("leo@kestrel-homes.example"))

    assert (hers.state, hers.because, hers.raw_id, hers.sender) == (
        "left", "You asked never to record this sender.", None, "",
    )  # fmt: skip
    assert (his.state, list(Raw.objects.values_list("pk", flat=True))) == ("read", [his.raw_id])
