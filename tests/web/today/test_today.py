"""Today says what is owed, to whom, by when and why, and settles it where it stands."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from baton.work.models import Duty
from tests.web.today.conftest import HTMX
from tests.web.today.scene import busy, enquiries, quayside

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def tree(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def texts(response, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree(response).css(selector)]


def test_the_first_line_is_the_answer(cast, signed_in):
    busy(cast)

    response = signed_in(cast.ana).get("/today/")

    assert texts(response, ".page-ask") == ["Monday 16 November. You owe 6 things, 1 of them late."]


def test_the_root_is_today(cast, signed_in):
    assert texts(signed_in(cast.ana).get("/"), "h1") == ["Today"]


def test_duties_stand_under_late_today_and_later(cast, signed_in):
    busy(cast)

    response = signed_in(cast.ana).get("/today/")

    assert texts(response, ".section-head h2") == ["Late", "Today", "Later this week", "Later"]
    assert texts(response, ".duty-what") == [
        "Keep the promise: Method statement",
        "Reply to Dana Whitlock",
        "Set the next step for Alder House Flats",
        "Answer Ben: Who holds the keys?",
        "Call Dana about the lifts",
        "Send the permit",
    ]


def test_a_row_says_why_for_whom_by_when_and_quotes_the_customer(cast, signed_in):
    quayside(cast)

    response = signed_in(cast.ana).get("/today/")
    row = LexborHTMLParser(tree(response).css_first(".duty").html)
    because = "Because Dana Whitlock wrote, 10 min ago. Quayside Tower, £84,600"

    assert row.css_first(".duty-because").text().strip() == because
    assert "Dana Whitlock" in row.css_first(".duty-for").text()
    assert row.css_first(".duty-due").text() == "by 11:00"
    assert row.css_first("blockquote mark").text() == "start on 1 December"
    assert row.css_first(".value-text").text() == "1 December 2026"


def test_keys_stand_once_in_each_row(cast, signed_in):
    busy(cast)

    for row in tree(signed_in(cast.ana).get("/today/")).css(".duty"):
        keys = [node.attributes["data-key"] for node in row.css("[data-key]")]
        assert len(keys) == len(set(keys))
        assert {"S", "O"} <= set(keys)


def test_the_desk_sees_what_lies_with_all_of_it(cast, signed_in):
    busy(cast)

    response = signed_in(cast.bram).get("/today/?desk=sales")

    assert texts(response, ".page-ask") == ["Monday 16 November. Sales owes 6 things, 1 of them late."]
    assert "Ana Horvat owes it" in texts(response, ".duty")[0]


def test_a_desk_that_is_not_theirs_is_not_shown(cast, signed_in):
    busy(cast)

    assert texts(signed_in(cast.mia).get("/today/?desk=sales"), ".duty") == []


def test_an_empty_page_says_what_was_checked(cast, signed_in):
    busy(cast)

    response = signed_in(cast.tomas).get("/today/")

    assert texts(response, ".empty p")[0] == "0 open deals, 0 handoffs, 0 promises checked at 09:10."


def test_a_new_business_is_told_what_to_do_first(cast, signed_in):
    response = signed_in(cast.tomas).get("/today/")

    assert texts(response, ".empty a") == ["Drop a mailbox", "Invite the people at your desks", "Read the map"]


def test_who_can_t_invite_is_not_told_to(cast, signed_in):
    response = signed_in(cast.ana).get("/today/")

    assert texts(response, ".empty a") == ["Drop a mailbox", "Read the map"]


def test_somebody_who_only_reads_sees_nothing_to_press(cast, signed_in):
    busy(cast)

    response = signed_in(cast.rita).get("/today/")

    assert texts(response, ".duty-act button") == []


@pytest.mark.parametrize("member", ["ana", "bram"])
def test_the_number_of_queries_does_not_grow_with_the_rows(cast, signed_in, django_assert_max_num_queries, member):
    enquiries(cast, 5)
    client = signed_in(getattr(cast, member))
    client.get("/today/?desk=sales")
    with django_assert_max_num_queries(200) as few:
        client.get("/today/?desk=sales")
    enquiries(cast, 45)
    with django_assert_max_num_queries(200) as many:
        client.get("/today/?desk=sales")

    assert len(many) == len(few)


def test_fifty_are_shown_and_the_rest_follow_under_the_same_heading(cast, signed_in):
    enquiries(cast, 30)
    client = signed_in(cast.ana)

    first = client.get("/today/")
    rest = client.get("/today/?after=50", headers=HTMX)

    assert len(texts(first, ".duty")) == 50
    assert texts(first, "[data-more] a") == ["Show 10 more"]
    assert len(texts(rest, ".duty")) == 10
    assert texts(rest, "h2") == []
    assert texts(rest, "[data-more]") == []


def test_a_page_has_one_main_button(cast, signed_in):
    enquiries(cast, 3)

    assert texts(signed_in(cast.ana).get("/today/"), "main [data-kind=main]") == ["Reply R"]


def test_why_shows_the_behavior(cast, signed_in):
    quayside(cast)
    duty = Duty.objects.unscoped("tests").get(behavior="answer-enquiry")

    response = signed_in(cast.ana).get(f"/duties/{duty.pk}/reason/", headers=HTMX)

    assert "So that nobody waits until tomorrow." in response.content.decode()
    assert "by 11:00, 1 working hour left" in " ".join(response.content.decode().split())
