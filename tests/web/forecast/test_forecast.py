"""The forecast on screen: off until the map decides by it; any number opens its rows; a waterfall leads to its mail."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from baton.decide.forecast.accuracy import accuracy
from baton.decide.forecast.calls import call
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.work.models import Duty, Question, Use
from tests.cast import HOUR, MONDAY, TUESDAY, Cast
from tests.decide.forecast.scene import Q4, deal, decide_by_it, gbp, win

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast() -> Cast:
    return decide_by_it(Cast())


def of(member) -> Client:
    client = Client()
    client.force_login(member, backend=BACKEND)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def ask(client: Client, name: str, *args, **query):
    answer = client.get(reverse(name, args=args), {"period": "2026-Q4"} | query)
    assert answer.status_code == 200, text_of(answer)
    return answer


def test_where_the_map_decides_nothing_by_it_there_is_none_and_it_says_so():
    cast = Cast()
    client = of(cast.ana)

    page = client.get(reverse("forecast"))

    assert "no decision that is taken by a forecast" in text_of(page)
    assert reverse("forecast") not in client.get(reverse("deals")).content.decode()
    assert client.get(reverse("forecast-rows")).status_code == 422
    assert client.get(reverse("forecast-rates")).status_code == 422


def test_the_page_shows_the_sums_and_each_opens_its_deals(cast):
    deal(cast, "Pier 9", 1000)
    win(cast, deal(cast, "Quayside Tower", 5000))
    client = of(cast.ana)

    page = text_of(ask(client, "forecast"))
    rows = text_of(ask(client, "forecast-rows", category="won"))

    assert "£5,000" in page
    assert "£1,000" in page
    assert "1 comparable case: too few" in text_of(ask(client, "forecast-history"))
    assert "Quayside Tower" in rows
    assert "Pier 9" not in rows
    assert reverse("forecast") in client.get(reverse("deals")).content.decode()


def test_too_few_cases_for_a_share_are_listed_with_what_became_of_them_and_after_how_long(cast):
    win(cast, deal(cast, "Quayside Tower", 5000), at=MONDAY + timedelta(days=5))
    lost = deal(cast, "Pier 9", 1000)
    cast.tell("deal", lost.pk, at=MONDAY + timedelta(days=2), status="lost")
    deal(cast, "Still open", 700)
    client = of(cast.ana)

    history = ask(client, "forecast-history")
    [stage] = re.findall(r'href="(/forecast/cases/[^"]*stage=quoted[^"]*)"', history.content.decode())
    page = text_of(client.get(stage.replace("&amp;", "&")))
    [newest, _older] = json.loads(ask(client, "forecast-cases-sheet", "json", stage="quoted").content)

    assert "1 of 2 won: too few for a share" in text_of(history)
    assert "1 of 2 comparable deals were won. Fewer than 30 make no percentage, so here they are." in page
    assert re.search(r" Quayside Tower Won 5 days .* Pier 9 Lost 2 days ", page)
    assert "Still open" not in page
    assert (newest["Deal"], newest["What became of it"], newest["Days from there"]) == ("Quayside Tower", "Won", 5)
    assert "2 comparable deals" in text_of(ask(client, "forecast-cases"))
    assert client.get(reverse("forecast-cases"), {"stage": "nowhere"}).status_code == 404


def test_cases_are_those_that_were_known_at_the_moment_asked_for(cast):
    win(cast, deal(cast, "Quayside Tower", 5000), at=TUESDAY)

    page = text_of(ask(of(cast.ana), "forecast-cases", stage="quoted", at=(MONDAY + HOUR).isoformat()))

    assert "No deal that stood here was won or lost yet." in page


def test_it_is_read_as_of_any_moment(cast):
    one = deal(cast, "Pier 9", 1000)
    cast.tell("deal", one.pk, at=TUESDAY, amount=gbp(9000))

    page = text_of(ask(of(cast.ana), "forecast", at=(MONDAY + HOUR).isoformat()))

    assert "£1,000" in page
    assert "£9,000" not in page
    assert "As it was recorded by" in page
    assert of(cast.ana).get(reverse("forecast"), {"at": "soon"}).status_code == 422


def test_a_bar_opens_its_deals_a_deal_its_facts_and_a_fact_its_mail(cast):
    one = deal(cast, "Pier 9", 1000)
    mail = cast.mail(one, at=TUESDAY, text="Make it 1,500 pounds.")
    entry = Entry("deal", one.pk, "amount", gbp(1500), interaction_id=mail.pk, words="1,500 pounds")
    record([entry], by=Author(cast.ana), at=TUESDAY + HOUR)
    client, since = of(cast.ana), {"since": (MONDAY + HOUR).isoformat(), "measure": "open"}

    changes = ask(client, "forecast-changes", bar="grown", **since)
    facts = ask(client, "forecast-deal", one.pk, **since)

    assert "+ £500" in text_of(changes)
    assert reverse("forecast-deal", args=[one.pk]) in changes.content.decode()
    assert "1,500 pounds" in text_of(facts)
    assert reverse("message", args=[mail.pk]) in facts.content.decode()


def test_a_move_that_something_shows_opens_what_shows_it(cast):
    one = deal(cast, "Pier 9", 1000)
    mail = cast.mail(one, at=TUESDAY, text="Yes, go ahead.")
    record([Entry("deal", one.pk, "stage", "agreed")], by=Author(cast.ana), at=TUESDAY + HOUR)
    Deal.objects.unscoped("tests").filter(pk=one.pk).update(
        evidence={"agreed": {"event": "approval.in", "interaction": str(mail.pk)}}
    )

    facts = ask(of(cast.ana), "forecast-deal", one.pk, since=(MONDAY + HOUR).isoformat())

    assert reverse("message", args=[mail.pk]) in facts.content.decode()


def test_changes_since_after_the_moment_looked_at_are_those_since_the_decision_before_it(cast):
    deal(cast, "Pier 9", 1000)
    at, later = TUESDAY.isoformat(), (TUESDAY + HOUR).isoformat()
    client = of(cast.ana)

    asked_backwards = text_of(ask(client, "forecast", at=at, since=later))

    assert asked_backwards == text_of(ask(client, "forecast", at=at))


def test_every_page_has_its_figures_as_a_spreadsheet_csv_and_json(cast):
    deal(cast, "=1+1", 1000)
    client = of(cast.ana)

    for what in ("accuracy", "calls", "resting", "history"):
        assert client.get(reverse("forecast-beside-sheet", args=[what, "xls"])).status_code == 404
        assert ask(client, "forecast-beside-sheet", what, "xlsx").content[:2] == b"PK"
        assert isinstance(json.loads(ask(client, "forecast-beside-sheet", what, "json").content), list)
    assert client.get(reverse("forecast-beside-sheet", args=["gossip", "csv"])).status_code == 404
    for name in ("forecast-sheet", "forecast-rows-sheet", "forecast-changes-sheet", "forecast-cases-sheet"):
        for ending in ("csv", "xlsx", "json"):
            ask(client, name, ending)
        assert client.get(reverse(name, args=["exe"])).status_code == 404
    [line] = csv.DictReader(io.StringIO(ask(client, "forecast-rows-sheet", "csv").content.decode("utf-8-sig")))
    assert (line["Deal"], line["Amount"]) == ("'=1+1", "1000.00")
    whole = json.loads(ask(client, "forecast-sheet", "json").content)
    assert (whole["periods"][0]["pipeline"], whole["periods"][0]["period"]) == (100_000, "2026-Q4")


def test_what_one_may_not_see_is_in_no_page_and_no_sheet():
    cast = decide_by_it(Cast("own"))
    canary = deal(cast, "Canary", 77_777, owner=cast.mia, desk="intake")
    win(cast, deal(cast, "Canary won", 77_777, owner=cast.mia, desk="intake"))
    deal(cast, "Pier 9", 1000, owner=cast.bram)
    call(Q4, 4_242_00, by=cast.mia, at=MONDAY)
    client = of(cast.bram)

    pages = [
        "forecast",
        "forecast-rows",
        "forecast-changes",
        "forecast-resting",
        "forecast-calls",
        "forecast-history",
        "forecast-cases",
        "forecast-accuracy",
    ]
    seen = [ask(client, name).content.decode() for name in pages]
    seen += [
        ask(client, f"{name}-sheet", "csv").content.decode()
        for name in ("forecast", "forecast-rows", "forecast-changes", "forecast-cases")
    ]
    seen += [
        ask(client, "forecast-beside-sheet", what, "csv").content.decode()
        for what in ("accuracy", "calls", "resting", "history")
    ]

    assert not [page for page in seen if "Canary" in page or "77,777" in page or "77777" in page or "4,242" in page]
    assert "£1,000" in seen[0]
    assert "£78,777" not in seen[0]
    assert client.get(reverse("forecast-deal", args=[canary.pk])).status_code == 404


def test_how_right_it_was_lists_no_period_before_there_was_a_record(cast):
    earlier = MONDAY - timedelta(days=200)
    none_yet = ask(of(cast.tomas), "forecast-accuracy").content.decode()
    win(cast, deal(cast, "Pier 9", 1000, at=earlier), at=earlier + timedelta(days=100))

    listed = [one.period.key for one in accuracy(cast.tomas, "quarter", MONDAY.date())]

    assert "No deal is recorded yet" in none_yet
    assert listed == ["2026-Q3"]


def test_a_number_is_called_and_one_set_over_it_hides_nothing(cast):
    one = deal(cast, "Pier 9", 1000)
    of(cast.ana).post(reverse("forecast-calls") + "?period=2026-Q4", {"sum": "1200"})

    refused = of(cast.tomas).post(
        reverse("forecast-calls") + "?period=2026-Q4", {"sum": "900", "whose": str(cast.ana.pk)}
    )
    of(cast.tomas).post(
        reverse("forecast-calls") + "?period=2026-Q4",
        {"sum": "900", "whose": str(cast.ana.pk), "because": "The lease isn’t signed"},
    )

    for who in (cast.tomas, cast.ana):
        page = text_of(ask(of(who), "forecast"))
        assert "£1,200" in page
        assert "£900: The lease isn’t signed" in page
    assert refused.status_code == 422
    assert "£1,200" not in text_of(ask(of(cast.bram), "forecast"))
    used = set(Use.objects.unscoped("tests").filter(deal=one).values_list("said_by", "used_by", "used_in"))
    assert used == {(cast.tomas.pk, cast.ana.pk, "forecast")}


@pytest.mark.parametrize("typed", ["12.5k", "12,500", "£12,500", "12500"])
def test_a_number_is_called_as_amounts_are_typed_anywhere(cast, typed):
    of(cast.ana).post(reverse("forecast-calls") + "?period=2026-Q4", {"sum": typed})

    assert "£12,500" in text_of(ask(of(cast.ana), "forecast-calls"))


@pytest.mark.parametrize("typed", ["soon", "-5", "1e99", "9" * 30, "12.5k EUR", ""])
def test_what_is_no_sum_of_the_forecast_calls_nothing(cast, typed):
    answer = of(cast.ana).post(reverse("forecast-calls") + "?period=2026-Q4", {"sum": typed})

    assert answer.status_code == 422
    assert "Nobody whose numbers you see has called one yet." in text_of(answer)


def test_only_who_decides_by_it_sets_a_number_over_anothers(cast):
    answer = of(cast.ana).post(
        reverse("forecast-calls") + "?period=2026-Q4", {"sum": "9", "whose": str(cast.bram.pk), "because": "so"}
    )

    assert answer.status_code == 422
    assert of(cast.rita).post(reverse("forecast-calls"), {"sum": "9"}).status_code == 403


def test_asking_makes_a_duty_for_whoever_has_the_deal_once(cast):
    deal(cast, "Pier 9", 1000, at=MONDAY - timedelta(days=90))
    client = of(cast.tomas)

    panel = text_of(ask(client, "forecast-resting"))
    client.post(reverse("forecast-questions") + "?period=2026-Q4")
    client.post(reverse("forecast-questions") + "?period=2026-Q4")

    assert "Ana Horvat" in panel
    asked = list(Question.objects.unscoped("tests").values_list("asked_of", "about_field"))
    assert asked
    assert {who for who, _field in asked} == {cast.ana.pk}
    assert len(asked) == len(set(asked))
    assert Duty.objects.unscoped("tests").filter(behavior="baton:answer-question").count() == len(asked)


def test_the_owner_enters_rates_and_nobody_else(cast):
    deal(cast, "Pier 9", amount={"minor": 100_000, "currency": "EUR"})
    said = {"on": "2026-01-01", "currency": "eur", "rate": "0.86"}

    refused = of(cast.ana).post(reverse("forecast-rates"), said)
    of(cast.tomas).post(reverse("forecast-rates"), said)

    assert refused.status_code == 422
    page = text_of(ask(of(cast.ana), "forecast"))
    assert "£860" in page
    assert "1 EUR is 0.86 GBP" in page
    assert "0.86" in text_of(of(cast.ana).get(reverse("forecast-rates")))
    assert of(cast.tomas).post(reverse("forecast-rates"), {}).status_code == 422


def test_the_number_of_queries_does_not_grow_with_the_deals(cast):
    client, counts = of(cast.tomas), []
    ask(client, "forecast")
    for _round in range(2):
        for number in range(4):
            deal(cast, f"Open {number}", owner=(cast.ana, cast.bram)[number % 2])
            win(cast, deal(cast, f"Won {number}"))
        with CaptureQueriesContext(connection) as asked:
            ask(client, "forecast")
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] < 30
