"""A sheet is dropped, looked at and let in; next week it shows only what changed, and is taken back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from baton.capture import imports
from baton.kernel.clock import now
from baton.ledger.models import Deal
from tests.browser import assert_accessible, assert_no_sideways_scroll

pytestmark = pytest.mark.usefixtures("monday")
HEAD = "Deal ID,Deal Name,Account Name,Deal Stage,Amount,Close Date,Owner\n"
QUAY = "D-1,Quayside Tower,Marlowe,Quoted,12500,01/12/2026,Ana Horvat\n"
PIER = "D-2,Pier 9,Kestrel,Limbo,800,,Ana Horvat\n"


def drop(page: Page, folder: Path, text: str) -> None:
    file = folder / "pipeline.csv"
    file.write_text(text)
    page.goto("/sheets/")
    page.get_by_label("Sheet", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()


def let_in(page: Page) -> None:
    page.get_by_role("button", name="Let ").click()
    expect(page.get_by_text("0 of")).to_be_visible()
    imports.work(now)
    expect(page.get_by_text("rows are read.")).to_be_visible()


def test_a_sheet_imported_twice_shows_only_what_changed(cast, page_at, tmp_path):
    page = page_at(1440, "light", cast.ana)
    drop(page, tmp_path, HEAD + QUAY + PIER)
    expect(page.get_by_text("1 new, 0 changed, 0 as before, 1 to be mended.")).to_be_visible()
    assert_accessible(page)

    page.get_by_label("Limbo (1)").select_option("Visited")
    page.get_by_role("button", name="Look at it again").click()
    expect(page.get_by_text("2 new, 0 changed, 0 as before, 0 to be mended.")).to_be_visible()
    let_in(page)
    assert_accessible(page)

    drop(page, tmp_path, HEAD + QUAY.replace("12500", "13000") + PIER)
    expect(page.get_by_text("0 new, 1 changed, 1 as before, 0 to be mended.")).to_be_visible()
    expect(page.get_by_role("row", name="2 Quayside Tower Amount £12,500 £13,000")).to_be_visible()
    let_in(page)
    assert Deal.objects.visible_to(cast.ana).get(title="Quayside Tower").amount == 1_300_000

    page.get_by_role("button", name="Take it all back").click()
    expect(page.get_by_text("Taken back:", exact=False)).to_be_visible()
    assert Deal.objects.visible_to(cast.ana).get(title="Quayside Tower").amount == 1_250_000


def test_a_row_is_mended_on_a_phone(cast, page_at, tmp_path):
    page = page_at(390, "dark", cast.ana)
    drop(page, tmp_path, HEAD + PIER)
    assert_no_sideways_scroll(page)
    let_in(page)

    page.get_by_role("link", name="Mend what was left").click()
    expect(page.get_by_label("Deal Stage")).to_be_visible()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.get_by_label("Deal Stage").fill("Enquiry")
    page.get_by_role("button", name="Read it again").click()

    expect(page.get_by_text("Row 2 is in.")).to_be_visible()
    assert Deal.objects.visible_to(cast.ana).get().title == "Pier 9"
