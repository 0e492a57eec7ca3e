"""Invoices and payments land on their deals; their numbers are matched; nothing of it shows a stage or opens a duty."""

import pytest

from baton.channels.sheets.models import LeftRow
from baton.channels.sheets.undoing import take_back
from baton.ledger.models import Interaction
from baton.work.checking import check
from baton.work.models import Duty
from tests.cast import MONDAY, TUESDAY, WEDNESDAY, Cast, fresh
from tests.channels.sheets.bringing import bring, counts

pytestmark = pytest.mark.django_db
HEAD = "Invoice number,Customer,Invoice date,Due date,Total,Paid on\n"
ONE = '2026-114,Marlowe,10/11/2026,24/11/2026,"1,250.00",\n'


def told(deal) -> list[str]:
    return list(
        Interaction.objects.unscoped("tests")
        .filter(deal=deal)
        .order_by("happened_at", "id")
        .values_list("subject", flat=True)
    )


def business() -> tuple[Cast, object]:
    cast = Cast()
    company = cast.company()
    return cast, cast.deal(company=company, stage="agreed", status="won", amount={"minor": 125_000, "currency": "GBP"})


def test_an_invoice_lands_on_the_client_s_deal_and_its_payment_next_week_too():
    cast, deal = business()
    owed = Duty.objects.unscoped("tests").count()

    first = bring(HEAD + ONE, by=cast.tomas, what="invoices.csv")
    second = bring(HEAD + ONE.replace(",\n", ",20/11/2026\n"), by=cast.tomas, what="invoices.csv", at=WEDNESDAY)

    assert (counts(first), counts(second)) == ((1, 1, 0, 0), (1, 1, 0, 0))
    assert told(deal) == ["Invoice 2026-114: £1,250, due 2026-11-24", "Invoice 2026-114 was paid"]
    assert (fresh(deal).shown, Duty.objects.unscoped("tests").count()) == (False, owed)


def test_the_same_sheet_again_says_nothing_new():
    cast, deal = business()
    bring(HEAD + ONE, by=cast.tomas)

    again = bring(HEAD + ONE, by=cast.tomas, at=TUESDAY)

    assert (counts(again), len(told(deal))) == ((1, 0, 1, 0), 1)


def test_of_several_deals_the_one_with_that_amount_is_meant_and_without_one_it_waits_for_a_person():
    cast, deal = business()
    cast.deal("Pier 9", company=str(deal.company_id), amount={"minor": 900, "currency": "GBP"})

    job = bring(HEAD + ONE + ONE.replace("114", "115").replace("1,250", "77"), by=cast.tomas)

    assert (counts(job), len(told(deal))) == ((2, 1, 0, 1), 1)
    assert LeftRow.objects.get().because == "2 deals of Marlowe could be meant. Say which, in a column for the deal."


def test_a_column_for_the_deal_says_which():
    cast, deal = business()
    other = cast.deal("Pier 9", company=str(deal.company_id))

    bring("Invoice number,Customer,Project,Total\nX-7,Marlowe,Pier 9,10\n", by=cast.tomas)

    assert (told(deal), told(other)) == ([], ["Invoice X-7: £10"])


def test_a_number_that_came_by_mail_already_is_matched_and_not_filed_twice():
    from baton.capture.known import document_digest
    from baton.capture.models import MessageKey

    cast, deal = business()
    mail = cast.mail(deal, "out", parts={"documents": [{"kind": "invoice", "number": "2026-114"}]})
    MessageKey.objects.create(
        digest=document_digest("2026-114"), thread=mail.thread, interaction=mail, happened_at=MONDAY
    )

    known = bring(HEAD + ONE, by=cast.tomas)
    paid = bring(HEAD + ONE.replace(",\n", ",20/11/2026\n"), by=cast.tomas, at=WEDNESDAY)

    assert (counts(known), counts(paid)) == ((1, 0, 1, 0), (1, 1, 0, 0))
    assert told(deal) == ["Start", "Invoice 2026-114 was paid"]


def test_a_client_whom_nobody_knows_is_left_for_later():
    cast = Cast()

    job = bring(HEAD + ONE, by=cast.tomas)

    assert (counts(job), LeftRow.objects.get().because) == ((1, 0, 0, 1), "No deal of Marlowe is under way, or won.")


def test_invoices_are_taken_back_with_their_import_and_may_come_again():
    cast, deal = business()
    job = bring(HEAD + ONE, by=cast.tomas)

    take_back(job, by=cast.tomas, at=TUESDAY)

    assert told(deal) == []
    assert check().differences == []
    again = bring(HEAD + ONE, by=cast.tomas, at=WEDNESDAY)
    assert (counts(again), len(told(deal))) == ((1, 1, 0, 0), 1)
