"""The page of requests: dropped or asked, each cell with its deals, corrected, remembered."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from baton.capture import store
from baton.decide.requests.models import Request
from baton.decide.requests.workbook.reading import read_workbook
from baton.map.drafts import draft_of
from baton.map.publishing import publish
from tests.cast import FIRM, MONDAY, Cast
from tests.templates import workbook

pytestmark = pytest.mark.django_db
DECIDED = FIRM + "  board-pack: {who: [tomas], every: month, reads: [amount, close_date]}\n"
ROWS = [["Rep", "Open pipeline", "Revenue", "Target"], ["Ana", "", "", ""], ["Bram", "", "", ""]]


def gbp(major):
    return {"minor": major * 100, "currency": "GBP"}


@pytest.fixture
def cast(settings, tmp_path) -> Cast:
    settings.FILES_DIR = tmp_path
    cast = Cast()
    publish(DECIDED, by=None, at=MONDAY)
    cast.deal("Quayside", "visited", amount=gbp(1_000), close_date="2026-11-27")
    cast.deal("Portside", "agreed", amount=gbp(300), status="won", owner=cast.bram)
    return cast


def browser(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def drop(client, rows=ROWS, name="Board pack.xlsx", **more):
    return client.post("/requests/", {"file": SimpleUploadedFile(name, workbook(("S", rows)))} | more, follow=True)


def test_a_dropped_sheet_is_answered_and_shown_with_the_deals_behind_a_cell(cast):
    answer = drop(browser(cast.tomas))

    page = answer.content.decode()
    request = Request.objects.get()
    assert answer.redirect_chain[-1][0] == f"/requests/{request.pk}/"
    assert "Baton filled 2 cells; 4 stay empty and say why." in page
    assert all(words in page for words in ("£1,000", "Quayside", "The row behind it", "Tomas Okafor"))
    assert request.opened_at is not None


def test_a_sheet_whose_cells_hold_figures_says_that_they_stay_and_how_to_replace_them(cast):
    page = drop(browser(cast.tomas), [["Rep", "Open pipeline"], ["Ana", 7], ["Bram", 9]]).content.decode()

    assert "Baton filled 0 cells; 0 stay empty and say why; 2 hold a figure already and stay." in page
    assert "To have them replaced, say so below the sheet." in page
    assert "Each says why." not in page


def test_who_may_only_read_is_not_told_to_drop_anything(cast):
    page = browser(cast.rita).get("/requests/").content.decode()

    assert "Drop their spreadsheet here" not in page


def test_the_filled_file_is_handed_out_to_who_may_see_the_request_and_to_nobody_else(cast):
    drop(browser(cast.tomas))
    address = f"/requests/{Request.objects.get().pk}/file/"

    file = browser(cast.tomas).get(address)

    assert file.headers["Content-Disposition"] == 'attachment; filename="Board pack (Baton).xlsx"'
    assert read_workbook(file.content).sheets[0].cells[2, 2].value == 1_000
    assert [browser(one).get(address).status_code for one in (cast.ana, cast.rita)] == [404, 404]


def test_what_a_label_means_is_said_on_the_page_and_the_sheet_is_filled_anew(cast):
    client = browser(cast.tomas)
    drop(client)
    request = Request.objects.get()

    said = {"label": ["revenue", "target"], "means": ["won:amount", "nothing"]}
    page = client.post(f"/requests/{request.pk}/meaning/", said, follow=True).content.decode()

    assert "Remembered, and filled anew." in page
    assert Request.objects.get().told["filled"]["S"]["C3"]["text"] == "£300"
    assert request.template.requests.count() == 1


def test_a_label_that_is_not_on_the_sheet_and_a_meaning_that_is_none_change_nothing(cast):
    client = browser(cast.tomas)
    drop(client)
    request = Request.objects.get()

    client.post(f"/requests/{request.pk}/meaning/", {"label": ["nonsense", "revenue"], "means": ["won:amount", "x:y"]})

    assert Request.objects.get().template.answers == {}


def test_a_question_in_one_line_is_answered_with_its_rows(cast):
    page = (
        browser(cast.tomas).post("/requests/", {"words": "How many open deals has Ana?"}, follow=True).content.decode()
    )

    assert "1 deal is open, worth £1,000." in page
    assert "Quayside" in page


def test_what_is_not_understood_says_so_and_stands_as_refused(cast):
    page = (
        browser(cast.tomas).post("/requests/", {"words": "What is the meaning of life?"}, follow=True).content.decode()
    )

    assert "I didn’t understand" in page


def test_a_template_that_comes_a_second_time_proposes_a_decision_that_the_owner_takes_over(cast):
    client = browser(cast.tomas)
    for month in ("November", "December"):
        drop(client, name=f"Sales round {month} 2026.xlsx")

    page = client.get("/requests/").content.decode()
    template = Request.objects.latest("asked_at").template
    client.post(f"/requests/templates/{template.pk}/decision/")

    assert "has come 2 times." in page
    assert "  sales-round:\n    who: [tomas@lime.example]" in draft_of(cast.tomas).text


def test_a_proposal_that_is_declined_is_not_made_again(cast):
    client = browser(cast.tomas)
    drop(client), drop(client, name="Sales round.xlsx")
    template = Request.objects.latest("asked_at").template

    refused = browser(cast.ana).post(f"/requests/templates/{template.pk}/decision/", {"does": "decline"})
    client.post(f"/requests/templates/{template.pk}/decision/", {"does": "decline"})

    assert refused.status_code == 404
    assert "has come" not in client.get("/requests/").content.decode()


def test_the_list_counts_the_drills_and_who_was_not_interrupted(cast):
    client = browser(cast.tomas)
    drop(client)

    page = client.get("/requests/").content.decode()

    assert "Board pack.xlsx" in page
    assert "2 cells filled, 4 left" in page


def test_without_a_decision_that_is_taken_from_requests_there_is_no_page_of_them(cast):
    client = browser(cast.tomas)
    publish(FIRM, by=None, at=MONDAY)

    answer = client.get("/requests/")

    assert (answer.status_code, 'href="/requests/"' in client.get("/today/").content.decode()) == (200, False)
    assert 'href="/map/decisions/"' in answer.content.decode()
    assert client.post("/requests/", {"words": "How much did we win?"}).status_code == 422


def test_who_may_only_read_asks_for_nothing_and_sees_no_other_s_requests(cast):
    drop(browser(cast.tomas))
    client = browser(cast.rita)

    assert client.post("/requests/", {"words": "open deals"}).status_code == 403
    assert 'type="file"' not in client.get("/requests/").content.decode()
    assert client.get(f"/requests/{Request.objects.get().pk}/").status_code == 404


def test_a_sheet_that_a_colleague_sent_around_is_answered_from_inbox(cast):
    digest = store.put(workbook(("S", ROWS)))
    parts = {"side_channel": [{"file": "P.xlsx", "sha256": digest, "rows": 2}]}
    mail = cast.mail(None, "internal", parts=parts, holders=(cast.tomas.pk,))

    answer = browser(cast.tomas).post("/requests/", {"message": str(mail.pk)}, follow=True)

    assert "P.xlsx" in answer.content.decode()
    assert browser(cast.tomas).post("/requests/", {"message": "nonsense"}).status_code == 404


def test_the_page_asks_as_often_however_many_deals_are_behind_a_cell(cast, django_assert_max_num_queries):
    client = browser(cast.tomas)
    for number in range(5):
        cast.deal(f"Deal {number}", "visited", amount=gbp(1))
    drop(client)
    request = Request.objects.get()
    client.get(f"/requests/{request.pk}/")

    with django_assert_max_num_queries(14):
        client.get(f"/requests/{request.pk}/")
