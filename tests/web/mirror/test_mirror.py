"""The mirror and the owner's desk on screen: a finding opens its cases, and those their messages."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from baton.kernel.clock import now
from baton.map.models import MapDraft
from baton.map.publishing import publish
from baton.mirror.deciding import decide
from baton.mirror.models import Decided, Look
from baton.work import notes
from baton.work.exceptions import record_exception
from tests.cast import FIRM, HOUR, MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    for place in ("baton.web.mirror.page.now", "baton.web.owner.page.now"):
        monkeypatch.setattr(place, lambda: MONDAY + 8 * HOUR)


def of(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_finding_of_the_mirror_leads_down_to_its_mail():
    cast = Cast()
    deal = cast.deal(contact=cast.contact())
    mail = cast.mail(deal, at=MONDAY, received=MONDAY + 2 * HOUR)
    client = of(cast.tomas)

    page = client.get(reverse("mirror"))
    address = re.search(r'href="(/mirror/findings/lag/email/email/)"', page.content.decode())
    assert address
    cases = client.get(address[1])

    assert reverse("message", args=[mail.pk]) in cases.content.decode()
    assert "could be used 2 h after it happened" in text_of(cases)
    assert client.get(reverse("message", args=[mail.pk])).status_code == 200


def test_a_finding_that_there_is_none_of_is_not_found():
    cast = Cast()

    assert of(cast.tomas).get("/mirror/findings/nothing/at/all/").status_code == 404


def test_everybody_sees_the_mirror_and_only_the_owner_their_desk():
    cast = Cast()

    told = {name: of(getattr(cast, name)) for name in ("tomas", "ana", "rita")}

    assert [client.get(reverse("mirror")).status_code for client in told.values()] == [200, 200, 200]
    assert [client.get(reverse("owner")).status_code for client in told.values()] == [200, 422, 422]
    assert reverse("owner") not in told["ana"].get(reverse("mirror")).content.decode()


@pytest.mark.parametrize(("who", "status"), [("tomas", 302), ("ana", 422), ("rita", 403)])
def test_who_decides_about_a_finding(who, status):
    cast = Cast()

    answer = of(getattr(cast, who)).post(reverse("owner-decisions"), {"finding": "deputy", "answer": "later"})

    assert answer.status_code == status
    assert Decided.objects.unscoped("tests").count() == (1 if who == "tomas" else 0)


@pytest.mark.parametrize(("who", "status"), [("tomas", 302), ("ana", 422), ("rita", 403)])
def test_who_asks_for_what_is_missing(who, status):
    cast = Cast()
    cast.deal()

    answer = of(getattr(cast, who)).post(reverse("owner-questions"), {"field": "amount"})

    assert answer.status_code == status


@pytest.mark.parametrize(("who", "status"), [("tomas", 302), ("ana", 422), ("rita", 403)])
def test_who_drafts_what_a_finding_proposes(who, status):
    cast = Cast()
    for number in range(3):
        record_exception(cast.deal(f"Deal {number}"), "No quote", category="by phone", by=cast.ana, at=MONDAY)

    answer = of(getattr(cast, who)).post(reverse("owner-drafts"), {"finding": "exception/by phone"})

    assert answer.status_code == status
    assert MapDraft.objects.count() == (1 if who == "tomas" else 0)


def test_a_finding_says_what_was_decided_about_it_to_whoever_decides():
    cast = Cast()
    cast.mail(cast.deal(contact=cast.contact()), at=MONDAY)
    decide("lag/email/email", "keep", because="It is the post office.", by=cast.tomas, at=MONDAY)

    his, hers = (text_of(of(one).get("/mirror/findings/lag/email/email/")) for one in (cast.tomas, cast.ana))

    assert "Decided on Mon 16 Nov: It stays as it is, until Sun 14 Feb" in his
    assert "It is the post office." in his
    assert "post office" not in hers


def test_looking_is_counted_in_memory_and_kept_in_one_go():
    from baton.mirror import looks

    looks.keep(now())
    Look.objects.all().delete()
    cast = Cast()
    client = of(cast.ana)
    for _number in range(3):
        client.get(reverse("contacts"))
    assert Look.objects.count() == 0

    looks.keep(now())

    assert list(Look.objects.values_list("part", "times")) == [("contacts", 3)]


def test_what_is_a_person_s_own_is_shown_to_them_alone():
    cast = Cast()
    deal = cast.deal(owner=cast.ana)
    notes.log(deal, "call", "They want it sooner", by=cast.ana, at=MONDAY + HOUR)

    hers, his = text_of(of(cast.ana).get(reverse("mirror"))), text_of(of(cast.tomas).get(reverse("mirror")))

    assert "You typed 1 of 1 within the hour in which it happened." in hers
    assert "You typed" not in his
    assert "Only you see this: the map shows it to nobody else." in hers


def test_a_person_s_own_figures_are_seen_by_whom_the_map_names_and_they_read_who_that_is():
    cast = Cast()
    publish(FIRM + "own_figures: [desk lead]\n", by=cast.tomas, at=MONDAY - timedelta(days=30))
    deal = cast.deal(owner=cast.bram)
    notes.log(deal, "call", "They want it sooner", by=cast.bram, at=MONDAY + HOUR)
    address = reverse("own-figures", args=[cast.bram.pk])

    hers, his = text_of(of(cast.ana).get(address)), text_of(of(cast.bram).get(reverse("mirror")))

    assert "Typed within the hour in which it happened: 1 of 1." in hers
    assert "You see this, and because the map says so: Ana Horvat." in his
    assert address in of(cast.ana).get(reverse("mirror")).content.decode()
    assert [of(one).get(address).status_code for one in (cast.tomas, cast.ben, cast.bram)] == [404, 404, 200]


def test_unless_the_map_says_so_nobody_sees_a_person_s_own_figures():
    cast = Cast()

    addresses = [reverse("own-figures", args=[one.pk]) for one in (cast.bram, cast.ana)]

    assert [of(cast.tomas).get(one).status_code for one in addresses] == [404, 404]
    assert "Your colleagues’ own" not in text_of(of(cast.tomas).get(reverse("mirror")))


def test_the_cases_of_an_early_warning_are_the_owners():
    cast = Cast()

    assert of(cast.tomas).get("/mirror/findings/sign/late/sales/").status_code == 200
    assert of(cast.ana).get("/mirror/findings/sign/late/sales/").status_code == 404


def test_what_went_wrong_leads_back_to_its_cause():
    cast = Cast()
    deal = cast.deal("Quayside Tower", stage="quoted", owner=cast.ana)
    cast.tell("deal", deal.pk, by=cast.ana, at=MONDAY + HOUR, status="lost", lost_reason="price")

    page = text_of(of(cast.tomas).get(reverse("failures")))

    assert "Deals counted on, and lost" in page
    assert "Quayside Tower counted at Quoted, which was only said" in page
