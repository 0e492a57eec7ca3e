"""The page of a deal answers where it stands, what proves it, what the next desk needs and what was promised."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from baton.ledger.entries import NewInteraction
from baton.ledger.recording import record
from tests.cast import HOUR, MINUTE, MONDAY, Cast, fresh
from tests.web.deal.scene import Author, quayside, suggest

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def text(response, selector):
    return [" ".join(node.text().split()) for node in LexborHTMLParser(response.content.decode()).css(selector)]


def on(deal):
    return f"/deals/{deal.pk}/"


def from_page(deal):
    """Return the headers of an htmx form on the deal's own page."""
    return HTMX | {"HX-Current-URL": f"http://testserver{on(deal)}"}


@pytest.fixture
def deal(cast):
    return quayside(cast)


def test_every_stage_shows_its_event_or_what_would_prove_it(cast, deal, signed_in):
    response = signed_in(cast.ana).get(on(deal))

    assert text(response, ".stage[data-evidence=shown] .stage-name") == ["Enquiry", "Visited"]
    assert text(response, ".stage[data-evidence=said]") == ["Quoted, now said, no evidence"]
    assert text(response, ".stage[data-evidence=needed] .stage-evidence") == [
        "Needs: yes in writing",
        "Needs: start booked",
    ]


def test_a_chance_is_the_stage_weight_only_where_something_shows_the_stage(cast, deal, signed_in):
    said = text(signed_in(cast.ana).get(on(deal)), ".figures dd")[2]
    record(interactions=[_quote(cast, deal)], by=Author(cast.ana), at=MONDAY + HOUR)

    shown = text(signed_in(cast.ana).get(on(deal)), ".figures dd")[2]

    assert (said, shown) == ("said not counted until something shows it", "40% for Quoted")


def _quote(cast, deal):
    filed = {"deal": str(deal.pk), "contact": None, "company": None, "audience": "full"}
    documents = {"documents": [{"kind": "quote", "number": "Q-1"}]}
    return NewInteraction("email", "out", "email", MONDAY, trust="own", author=cast.ana, filed=filed, parts=documents)


def test_the_packet_shows_what_is_missing_first_with_what_breaks(cast, deal, signed_in):
    response = signed_in(cast.ana).get(on(deal))

    assert text(response, ".packet .packet-name") == ["Key holder", "Start date", "Scope", "Amount"]
    assert text(response, "#packet-key_holder .packet-why") == ["The first crew stands outside."]


def test_promises_and_what_they_asked_of_us_stand_apart(cast, deal, signed_in):
    response = signed_in(cast.ana).get(on(deal))

    assert "Revised quote" in text(response, "[aria-labelledby=promises-title]")[0]
    assert "Cover over Christmas" in text(response, "[aria-labelledby=asked-title]")[0]


def test_a_long_deal_costs_as_many_queries_as_a_short_one(cast, signed_in):
    few, many = quayside(cast), quayside(cast)
    at = [MONDAY - timedelta(hours=n) for n in range(300)]
    for moment in at:
        cast.mail(many, at=moment, text=f"At {moment}")
    client = signed_in(cast.ana)
    client.get(on(few))

    counts = []
    for one in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(on(one))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_timeline_goes_on_where_it_ended_without_a_gap_or_a_double(cast, deal, signed_in):
    for hour in range(60):
        cast.mail(deal, at=MONDAY - HOUR * hour, text=f"Mail {hour}")
    client = signed_in(cast.ana)

    seen, address = [], f"{on(deal)}timeline/?tab=customer"
    while address:
        response = client.get(address, headers=HTMX)
        seen += [node.attributes["id"] for node in LexborHTMLParser(response.content.decode()).css(".timeline > li")]
        links = LexborHTMLParser(response.content.decode()).css("[data-more] a")
        address = links[0].attributes["href"] if links else ""

    assert len(seen) == len(set(seen)) == 64


def test_a_message_that_is_shared_by_subject_only_shows_that_it_happened(cast, deal, signed_in):
    shared = cast.mail(deal, at=MONDAY + MINUTE, text="Our margin is thin", holders=(cast.bram.pk,))
    cast.tell("interaction", shared.pk, audience="subject")

    response = signed_in(cast.ana).get(on(deal))

    entry = text(response, f"#i-{shared.pk}")[0]
    assert "Start" in entry
    assert "margin" not in response.content.decode()
    assert signed_in(cast.ana).get(f"/messages/{shared.pk}/").status_code == 404


def test_a_private_message_is_seen_by_whom_it_came_to_alone_until_they_share_it(cast, deal, signed_in):
    private = cast.mail(deal, at=MONDAY + MINUTE, text="Between us", holders=(cast.bram.pk,))
    cast.tell("interaction", private.pk, audience="private")
    before = f'id="i-{private.pk}"' in signed_in(cast.ana).get(on(deal)).content.decode()

    signed_in(cast.bram).post(f"/messages/{private.pk}/audience/", {"audience": "full"})

    assert before is False
    assert f'id="i-{private.pk}"' in signed_in(cast.ana).get(on(deal)).content.decode()


def test_nobody_else_can_share_a_message(cast, deal, signed_in):
    mail = cast.mail(deal, at=MONDAY + MINUTE, holders=(cast.bram.pk,))

    response = signed_in(cast.ana).post(f"/messages/{mail.pk}/audience/", {"audience": "private"})

    assert response.status_code == 422
    assert fresh(mail).audience == "full"


def test_a_deal_that_somebody_cannot_see_is_not_there(db, signed_in):
    own = Cast(visibility="own")
    deal = own.deal(desk="operations", owner=own.ben)
    client = signed_in(own.mia)

    answers = [client.get(on(deal) + part).status_code for part in ("", "timeline/", "stage/", "fields/amount/")]

    assert answers == [404, 404, 404, 404]


def test_an_htmx_answer_shows_what_a_fresh_page_does(cast, deal, signed_in):
    client = signed_in(cast.ana)
    fact = suggest(deal, cast.mail(deal, at=MONDAY + MINUTE), "key_holder", {"name": "Colin Marsh"}, "")

    answer = client.post(f"/facts/{fact.pk}/confirmation/", headers=from_page(deal))
    page = client.get(on(deal))

    assert answer.headers["HX-Trigger"] == "baton:close"
    assert text(answer, "#deal aside") == text(page, "#deal aside")
    assert text(answer, ".timeline > li") == text(page, ".timeline > li")


def test_a_form_from_elsewhere_leads_back_to_where_it_stood(cast, deal, signed_in):
    fact = suggest(deal, cast.mail(deal, at=MONDAY + MINUTE), "key_holder", {"name": "Colin Marsh"}, "")

    answer = signed_in(cast.ana).post(f"/facts/{fact.pk}/confirmation/", {"next": "/today/"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/today/")


def test_what_was_dismissed_is_gone_and_counts_as_unknown(cast, deal, signed_in):
    client = signed_in(cast.ana)
    fact = deal.values["start_date"]["s"][0]

    client.post(f"/facts/{fact}/dismissal/")

    response = client.get(on(deal))
    assert text(response, "#packet-start_date .value") == []
    assert fresh(deal).value("start_date") is None


def test_all_that_waits_from_one_message_is_confirmed_together(cast, deal, signed_in):
    mail = cast.mail(deal, at=MONDAY + MINUTE)
    other = suggest(deal, mail, "key_holder", {"name": "Colin Marsh"}, "")
    waiting = [deal.values["start_date"]["s"][0], str(other.pk)]

    signed_in(cast.ana).post(on(deal) + "confirmations/", {"fact": waiting})

    after = fresh(deal)
    assert (after.value("start_date"), after.value("key_holder")) == ("2026-12-01", {"name": "Colin Marsh"})
