"""A sheet dropped again shows only what changed; bad rows wait; an import is stopped, gone on with, taken back."""

import threading

import pytest

from baton.capture import imports
from baton.channels.sheets import importing
from baton.channels.sheets.mending import choose, mend
from baton.channels.sheets.models import LeftRow, Sheet, SheetRow
from baton.channels.sheets.undoing import take_back
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, said
from baton.ledger.models import Address, Company, Contact, Deal, Fact
from baton.ledger.recording import record
from baton.work.checking import check
from tests.cast import MONDAY, TUESDAY, WEDNESDAY, Cast, fresh
from tests.channels.sheets.bringing import bring, counts, start

pytestmark = pytest.mark.django_db
HEAD = "Deal ID,Deal Name,Company,Contact person,Email,Stage,Amount,Close Date,Owner\n"
QUAY = 'D-1,Quayside Tower,Marlowe,Dana Whitlock,dana@marlowe.example,Quoted,"12,500",01/12/2026,Ana Horvat\n'
PIER = "D-2,Pier 9,Kestrel,,,Enquiry,800,,Nobody Known\n"


def deals() -> dict[str, Deal]:
    return {deal.title: deal for deal in Deal.objects.unscoped("tests").exclude(status="void")}


def test_a_row_becomes_a_deal_with_its_company_and_contact_and_says_where_it_comes_from():
    cast = Cast()

    job = bring(HEAD + QUAY, by=cast.tomas)

    deal = deals()["Quayside Tower"]
    company, contact = Company.objects.unscoped("tests").get(), Contact.objects.unscoped("tests").get()
    assert (deal.stage, deal.desk, deal.amount, str(deal.close_date)) == ("quoted", "sales", 1_250_000, "2026-12-01")
    assert (deal.owner_id, deal.company_id, deal.contact_id) == (cast.ana.pk, company.pk, contact.pk)
    assert (company.name, company.domain, contact.email) == ("Marlowe", "marlowe.example", "dana@marlowe.example")
    fact = Fact.objects.unscoped("tests").get(field="amount")
    assert (fact.channel, fact.said_by, fact.because) == ("sheets", cast.tomas, "Row 2 of deals.csv")
    assert fact.key == f"sheet:{job.pk.hex}:2:amount"


def test_the_same_sheet_next_week_changes_only_what_changed_in_it():
    cast = Cast()
    bring(HEAD + QUAY + PIER, by=cast.tomas)
    record(
        said("deal", deals()["Pier 9"].pk, amount={"minor": 95_000, "currency": "GBP"}), by=Author(cast.ana), at=TUESDAY
    )

    again = bring(HEAD + QUAY.replace("12,500", "13,000") + PIER, by=cast.tomas, at=WEDNESDAY)

    assert counts(again) == (2, 1, 1, 0)
    assert (deals()["Quayside Tower"].amount, deals()["Pier 9"].amount) == (1_300_000, 95_000)


def test_before_anything_is_let_in_it_is_shown_what_would_change():
    cast = Cast()
    bring(HEAD + QUAY, by=cast.tomas)
    job = start(
        HEAD + QUAY.replace("12,500", "13,000") + PIER + PIER.replace("Enquiry", "Limbo").replace("D-2", "D-3"),
        by=cast.tomas,
    )

    importing.ask(job, at=TUESDAY)

    looked = job.settings["looked"]
    assert looked["counts"] == {"new": 1, "changed": 1, "same": 0, "bad": 1}
    [change] = looked["examples"]["changed"][0]["changes"]
    assert (change["field"], change["before"]["minor"], change["after"]["minor"]) == ("amount", 1_250_000, 1_300_000)
    assert looked["shape"]["owners"] == {"Nobody Known": 2}
    assert looked["shape"]["unplaced"] == {"Limbo": 1}
    assert len(deals()) == 1


def test_a_long_sheet_is_looked_at_by_a_worker():
    cast = Cast()
    rows = "".join(f"Person {n},p{n}@x.example\n" for n in range(importing.LOOKED_AT_ONCE + 1))
    job = start("Name,Email\n" + rows, by=cast.tomas, what="people.csv")

    importing.ask(job, at=TUESDAY)
    assert (job.settings["looked"], job.due_at) == (None, TUESDAY)
    imports.work(lambda: TUESDAY)

    job.refresh_from_db()
    assert job.settings["looked"]["counts"] == {"new": importing.LOOKED_AT_ONCE + 1, "changed": 0, "same": 0, "bad": 0}
    assert (job.due_at, job.finished_at, Contact.objects.unscoped("tests").count()) == (None, None, 0)


def test_a_word_for_a_stage_is_said_once_and_remembered():
    cast = Cast()
    sheet = HEAD + PIER.replace("Enquiry", "Limbo")
    job = bring(sheet, by=cast.tomas)
    assert (counts(job), LeftRow.objects.get().because[:24]) == ((1, 0, 0, 1), "The map has no stage for")

    known = Sheet.objects.get()
    columns = {int(column): name for column, name in known.columns.items()}
    choose(
        known, kind="deals", columns=columns, words={"stage": {"Limbo": "visited"}}, order="", by=cast.tomas, at=TUESDAY
    )
    again = bring(sheet, by=cast.tomas, at=TUESDAY)

    assert (counts(again), deals()["Pier 9"].stage) == ((1, 1, 0, 0), "visited")


def test_a_bad_row_is_mended_where_it_stands():
    cast = Cast()
    job = bring(HEAD + PIER.replace("800", "a lot"), by=cast.tomas)
    row = LeftRow.objects.get(job=job)

    still = mend(job, row.number, [*row.cells[:6], "much", *row.cells[7:]], at=TUESDAY)
    done = mend(job, row.number, [*row.cells[:6], "900", *row.cells[7:]], at=TUESDAY)

    assert (still, done, LeftRow.objects.count()) == (False, True, 0)
    assert (counts(job), deals()["Pier 9"].amount) == ((1, 1, 0, 0), 90_000)


def test_an_import_that_was_stopped_goes_on_where_it_stopped():
    cast = Cast()
    text = people(300)
    job, stop = start(text, by=cast.tomas), threading.Event()
    importing.bring_in(job, lambda: MONDAY, lambda _job: stop.set(), stop)
    first = Contact.objects.unscoped("tests").count()

    importing.bring_in(job, lambda: TUESDAY, lambda _job: None, threading.Event())

    assert (first, Contact.objects.unscoped("tests").count()) == (100, 300)
    assert counts(job) == (300, 200, 100, 0)


def people(count: int) -> str:
    return "Name,Email\n" + "".join(f"Person {n},p{n}@x{n}.example\n" for n in range(count))


def test_a_row_that_speaks_again_of_a_record_finds_what_was_written_of_it_before():
    cast = Cast()

    job = bring(people(150) + "Person 3,p3@x3.example\nPerson Four,p4@x4.example\n", by=cast.tomas, kind="contacts")

    assert counts(job) == (152, 151, 1, 0)
    assert Contact.objects.unscoped("tests").filter(name="Person Four").count() == 1
    assert SheetRow.objects.get(key="p4@x4.example").said["name"] == "Person Four"


def test_a_contact_that_is_there_is_found_by_its_address_and_keeps_what_the_sheet_doesn_t_say():
    cast = Cast()
    dana = cast.contact()

    bring("Name,Email,Phone\nDana Whitlock,DANA@marlowe.example,+44 20 7946 0000\n", by=cast.tomas, at=TUESDAY)

    assert fresh(dana).phone == "+44 20 7946 0000"
    assert Contact.objects.unscoped("tests").count() == 1


def test_people_of_the_same_name_at_different_companies_stay_two():
    cast = Cast()

    job = bring("Name,Company\nAna Kovač,Lumen\nAna Kovač,Vela\nAna Kovač,Lumen\n", by=cast.tomas, kind="contacts")

    assert (counts(job), Contact.objects.unscoped("tests").count()) == ((3, 2, 1, 0), 2)


def test_deals_that_nothing_tells_apart_are_counted_and_known_again():
    cast = Cast()
    sheet = "Deal Name,Account Name,Amount\nCleaning,Vela,100\nCleaning,Vela,100\n"
    bring(sheet, by=cast.tomas, kind="deals")

    again = bring(sheet, by=cast.tomas, kind="deals", at=TUESDAY)

    assert (counts(again), Deal.objects.unscoped("tests").count()) == ((2, 0, 2, 0), 2)


def test_who_may_only_read_imports_nothing():
    cast = Cast()

    with pytest.raises(Refusal):
        bring(HEAD + QUAY, by=cast.rita)


# Undo


def test_an_import_that_nobody_touched_is_taken_back_whole():
    cast = Cast()
    job = bring(HEAD + QUAY + PIER, by=cast.tomas)

    done = take_back(job, by=cast.tomas, at=TUESDAY)

    assert (done.records, done.kept, deals(), Address.objects.count()) == (5, [], {}, 0)
    for model in (Deal, Contact, Company):
        assert model.objects.visible_to(cast.tomas).count() == 0
    assert check().differences == []
    again = bring(HEAD + QUAY + PIER, by=cast.tomas, at=WEDNESDAY)
    assert (counts(again), sorted(deals())) == ((2, 2, 0, 0), ["Pier 9", "Quayside Tower"])


def test_what_was_changed_since_stays_and_is_said():
    cast = Cast()
    job = bring(HEAD + QUAY + PIER, by=cast.tomas)
    record(said("deal", deals()["Quayside Tower"].pk, service="Windows"), by=Author(cast.ana), at=TUESDAY)

    done = take_back(job, by=cast.tomas, at=WEDNESDAY)

    assert sorted(deals()) == ["Quayside Tower"]
    assert "Quayside Tower stays: others have worked on it since." in done.kept
    assert Company.objects.visible_to(cast.tomas).get().name == "Marlowe"


def test_a_record_that_was_there_before_gets_back_what_it_said():
    cast = Cast()
    deal = cast.deal("Quayside Tower", amount={"minor": 100, "currency": "GBP"}, service="Floors")
    job = bring("Deal Name,Amount,Product\nQuayside Tower,250,Windows\n", by=cast.tomas, kind="deals", at=TUESDAY)
    assert (fresh(deal).amount, fresh(deal).service) == (25_000, "Windows")
    record(said("deal", deal.pk, service="Roofs"), by=Author(cast.ana), at=WEDNESDAY)

    done = take_back(job, by=cast.tomas, at=WEDNESDAY)

    assert (fresh(deal).amount, fresh(deal).service) == (100, "Roofs")
    assert done.kept == ["Quayside Tower: “service” was changed since and stays."]


def test_only_who_imported_it_and_who_leads_take_it_back():
    cast = Cast()
    job = bring(HEAD + QUAY, by=cast.ana)

    with pytest.raises(Refusal):
        take_back(job, by=cast.bram, at=TUESDAY)
    take_back(job, by=cast.tomas, at=TUESDAY)
    with pytest.raises(Refusal):
        take_back(job, by=cast.tomas, at=TUESDAY)
