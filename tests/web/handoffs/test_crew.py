"""Share with crew: made on the handoff, opened without an account, and over when somebody says so."""

import re

import pytest
from django.test import Client

from baton.ledger.models import Deal, File
from baton.work.models import CrewAddress
from tests.web.today.scene import offered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"}


@pytest.fixture
def handoff(cast):
    handoff = offered(cast, key_holder={"name": "Colin Hart, 020 7183 8750"})
    cast.mail(Deal.objects.unscoped("tests").get(pk=handoff.deal_id), text="Between us: the last crew was late.")
    return handoff


@pytest.fixture
def ben(cast, signed_in):
    return signed_in(cast.ben)


def make(client, handoff, **told) -> str:
    """Make an address and return its path, as its maker copies it."""
    page = client.post(f"/handoffs/{handoff.pk}/crew/", {"name": "Leo’s crew", "item": ["scope", "key_holder"]} | told)
    return re.search(r'value="http://[^/]+(/crew/[^"]+)"', page.content.decode())[1]


def test_crew_reads_the_packet_and_nothing_else(ben, handoff):
    path = make(ben, handoff)

    answer = Client(headers=PHONE).get(path)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "3 car parks" in page
    assert 'href="tel:+442071838750"' in page
    assert [
        word for word in ("£", "23 November", "last crew was late", "/deals/", "/today/", "<nav") if word in page
    ] == []


def test_nobody_is_told_where_it_was_opened_from_and_nothing_finds_or_keeps_it(ben, handoff):
    answer = Client().get(make(ben, handoff))

    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-store"


def test_who_made_it_sees_when_it_was_opened_and_on_what(ben, handoff):
    path = make(ben, handoff)
    before = ben.get(f"/handoffs/{handoff.pk}/crew/").content.decode()

    Client(headers=PHONE).get(path)
    after = ben.get(f"/handoffs/{handoff.pk}/crew/").content.decode()

    assert "Not opened yet" in before
    assert "Safari iPhone" in after
    assert path not in after


def test_an_address_that_was_ended_says_so_and_whom_to_ask(ben, handoff):
    path = make(ben, handoff)

    ben.post(f"/handoffs/{handoff.pk}/crew/{CrewAddress.objects.get().pk}/ending/")
    answer = Client().get(path)

    assert answer.status_code == 410
    assert "Ask Ben Raman for what you need." in answer.content.decode()
    assert "3 car parks" not in answer.content.decode()


def test_an_address_that_never_was_says_what_to_look_at(db, cast):
    answer = Client().get("/crew/made-up/")

    assert (answer.status_code, "all of it was copied" in answer.content.decode()) == (404, True)


def test_a_file_of_another_deal_is_not_handed_out(cast, ben, handoff):
    path = make(ben, handoff)
    cast.mail(cast.deal(), files=(("plan.pdf", "application/pdf", 4, "0" * 64, False, ""),))
    file = File.objects.unscoped("tests").get()

    assert Client().get(f"{path}files/{file.pk}/").status_code == 404


def test_it_is_opened_sixty_times_a_minute_at_most(ben, handoff):
    path = make(ben, handoff)

    answers = [Client().get(path).status_code for _ in range(61)]

    assert (set(answers[:60]), answers[60]) == ({200}, 429)


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("rita", 403)])
def test_who_may_write_shares_and_who_may_only_read_doesn_t(cast, signed_in, handoff, who, status):
    answer = signed_in(getattr(cast, who)).post(f"/handoffs/{handoff.pk}/crew/", {"name": "Leo", "item": ["scope"]})

    assert (answer.status_code, CrewAddress.objects.count()) == (status, int(status == 200))


def test_it_stands_on_the_handoff_and_on_its_deal(ben, cast, handoff, signed_in):
    link = f'href="/handoffs/{handoff.pk}/crew/"'

    assert link in ben.get(f"/handoffs/{handoff.pk}/").content.decode()
    assert link in ben.get(f"/deals/{handoff.deal_id}/").content.decode()
    assert link not in signed_in(cast.rita).get(f"/deals/{handoff.deal_id}/").content.decode()
