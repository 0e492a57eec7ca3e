"""Dropping a sheet: looked at, its columns said, let in by a worker, mended, taken back; and views as live sheets."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from baton.capture import imports
from baton.capture.models import ImportJob
from baton.channels.sheets.models import LeftRow
from baton.channels.sheets.reading import read_sheet
from baton.decide.models import ViewAddress
from baton.decide.saved import save_view, share_view
from baton.decide.views import View
from baton.kernel.clock import now
from baton.kernel.tables import as_csv, as_xlsx, is_formula
from baton.ledger.models import Deal
from tests.cast import MONDAY, Cast
from tests.channels.sheets.test_reading import rows as rows_of

pytestmark = pytest.mark.django_db
SHEET = "Deal Name,Company,Stage,Amount\nQuayside Tower,Marlowe,Quoted,12500\nPier 9,Kestrel,Limbo,lots\n"


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def drop(client: Client, text: str = SHEET, name: str = "deals.csv") -> ImportJob:
    client.post(reverse("sheets"), {"file": SimpleUploadedFile(name, text.encode())})
    return ImportJob.objects.latest("started_at")


def test_a_sheet_is_shown_before_it_is_let_in_and_a_worker_lets_it_in():
    cast = Cast()
    client = signed_in(cast.ana)
    job = drop(client)
    page = client.get(reverse("sheet", args=[job.pk])).content.decode()
    assert "1 new, 0 changed, 0 as before, 1 to be mended." in page
    assert "Words for a stage that this map doesn’t have" in page

    client.post(reverse("sheet-entry", args=[job.pk]))
    imports.work(now)

    assert Deal.objects.visible_to(cast.ana).get().title == "Quayside Tower"
    assert "All 2 rows are read." in client.get(reverse("sheet", args=[job.pk])).content.decode()


def test_what_a_column_and_a_word_mean_is_said_once():
    cast = Cast()
    client = signed_in(cast.ana)
    job = drop(client)
    told = {"kind": "deals", "column-0": "title", "column-1": "company", "column-2": "stage", "column-3": ""}

    client.post(reverse("sheet-columns", args=[job.pk]), told | {"stage-word": "Limbo", "stage-meant": "visited"})

    again = drop(client)
    assert again.settings["looked"]["counts"] == {"new": 2, "changed": 0, "same": 0, "bad": 0}


def test_a_row_that_was_left_is_mended_on_its_page():
    cast = Cast()
    client = signed_in(cast.ana)
    job = drop(client)
    client.post(reverse("sheet-entry", args=[job.pk]))
    imports.work(now)
    page = client.get(reverse("sheet-rows", args=[job.pk])).content.decode()
    assert 'value="Limbo" aria-invalid="true"' in page

    client.post(reverse("sheet-row", args=[job.pk, 3]), {"cell-2": "Visited", "cell-3": "700"})

    assert LeftRow.objects.count() == 0
    assert Deal.objects.visible_to(cast.ana).get(title="Pier 9").amount == 70_000


def test_an_import_is_taken_back_from_its_page():
    cast = Cast()
    client = signed_in(cast.ana)
    job = drop(client)
    client.post(reverse("sheet-entry", args=[job.pk]))
    imports.work(now)

    client.post(reverse("sheet-return", args=[job.pk]))

    assert Deal.objects.visible_to(cast.ana).count() == 0
    assert "Taken back: 2 records are gone again." in client.get(reverse("sheet", args=[job.pk])).content.decode()


def test_nobody_sees_another_member_s_sheet():
    cast = Cast()
    job = drop(signed_in(cast.ana))

    assert signed_in(cast.bram).get(reverse("sheet", args=[job.pk])).status_code == 404


def test_what_is_no_sheet_is_refused_with_a_sentence():
    cast = Cast()

    answer = signed_in(cast.ana).post(reverse("sheets"), {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")})

    assert (answer.status_code, "That is no spreadsheet." in answer.content.decode()) == (422, True)


# Views as live sheets


def read(client: Client, address: ViewAddress) -> list[list[str]]:
    answer = client.get(reverse("view-feed", args=[address.token, "csv"]))
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_saved_view_is_read_at_its_address_by_whoever_has_it_as_its_maker_sees_it():
    cast = Cast("own")
    cast.deal("Quayside Tower", amount={"minor": 1_250_050, "currency": "GBP"})
    cast.deal("Pier 9", owner=cast.bram)
    kept = save_view(
        "Mine", View.from_pairs([("columns", "title,amount,stage"), ("sort", "title")]), by=cast.ana, at=MONDAY
    )
    signed_in(cast.ana).post(reverse("view-address", args=[kept.pk]))
    mine = ViewAddress.objects.get()

    heads, *lines = read(Client(), mine)
    assert heads == ["Title", "Amount", "Stage"]
    assert lines == [["Pier 9", "", "Enquiry"], ["Quayside Tower", "12500.50", "Enquiry"]]
    share_view(kept.pk, by=cast.ana, shared=True)
    signed_in(cast.bram).post(reverse("view-address", args=[kept.pk]))
    theirs = ViewAddress.objects.exclude(pk=mine.pk).get()
    assert [row[0] for row in read(Client(), theirs)] == ["Title", "Pier 9"]


def test_an_address_that_was_ended_or_whose_maker_left_leads_nowhere():
    cast = Cast()
    kept = save_view("All", View(), by=cast.ana, at=MONDAY)
    client = signed_in(cast.ana)
    for _each in range(2):
        client.post(reverse("view-address", args=[kept.pk]))
    one, other = ViewAddress.objects.order_by("made_at")
    assert "Make one more" in client.get(reverse("view-address", args=[kept.pk])).content.decode()

    client.post(reverse("view-address-removal", args=[one.pk]))
    assert Client().get(reverse("view-feed", args=[one.token, "csv"])).status_code == 404
    assert Client().get(reverse("view-feed", args=[other.token, "xlsx"])).status_code == 200
    cast.ana.is_active = False
    cast.ana.save()
    assert Client().get(reverse("view-feed", args=[other.token, "csv"])).status_code == 404


HOSTILE = ["=1+1", " =1+1", "\t@SUM(1)", "\r\n-2+3", "＝1+1", "\u3000=cmd|' /C calc'!A0", "\u200b+1", "|x", "%0A=1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_as_a_formula_whatever_stands_before_it(text):
    [_heads, [cell]] = csv.reader(io.StringIO(as_csv(["Title"], [[text]]).decode("utf-8-sig"), newline=""))

    assert is_formula(text)
    assert cell.startswith("'")
    assert b"<f>" not in as_xlsx("x", ["Title"], [[text]])


def test_numbers_stay_numbers_and_a_workbook_reads_back_what_went_in():
    raw = as_xlsx("Deals: all [2026]", ["Title", "Amount"], [["=A1", -3.5], ["Pier", 12]])

    assert rows_of(read_sheet(raw)) == [["=A1", "-3.5"], ["Pier", "12"]]
    assert as_csv(["N"], [[-3.5]]).decode("utf-8-sig") == "N\r\n-3.5\r\n"
