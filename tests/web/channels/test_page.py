"""Channels: connected by a form that is tried first; the other side calls at an address and proves itself."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.capture import connections
from baton.capture.channels import _channels
from baton.capture.models import Connection, Delivery
from tests.capture import tin_can
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
FORM = {"length": "3", "word": "open sesame"}


@pytest.fixture(autouse=True)
def _tin_can():
    tin_can.register_tin_can()
    yield
    del _channels[tin_can.NAME]


@pytest.fixture
def cast():
    return Cast()


def client(member) -> Client:
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(response) -> str:
    return " ".join(LexborHTMLParser(response.content.decode()).css_first("main").text(separator=" ").split())


def test_the_owner_connects_one_for_the_business(cast):
    client(cast.tomas).post("/channels/tin-can/shared/connection/", FORM)

    one = Connection.objects.unscoped("tests").get()
    assert (one.name, one.settings, one.member, one.made_by) == ("3 m of string", {"length": 3}, None, cast.tomas)


def test_what_does_not_work_is_told_and_not_kept(cast):
    response = client(cast.tomas).post("/channels/tin-can/shared/connection/", FORM | {"word": "please"})

    assert response.status_code == 422
    assert "The other can doesn’t know that word." in response.content.decode()
    assert Connection.objects.unscoped("tests").count() == 0


def test_the_page_says_how_each_is(cast):
    made = connections.make("tin-can", "string", {"length": 3}, {"word": "open sesame"}, by=cast.tomas, at=MONDAY)
    connections.heard(made, MONDAY, kept=4, passed_over={"too far away": 2})

    said = text(client(cast.tomas).get("/channels/"))

    assert "4 kept. 2 left where they are: too far away." in said


def test_a_secret_is_never_shown_again(cast):
    made = connections.make("tin-can", "string", {"length": 3}, {"word": "open sesame"}, by=cast.tomas, at=MONDAY)

    response = client(cast.tomas).get(f"/connections/{made.pk}/")

    assert (b"sesame" in response.content, "Kept, and never shown" in text(response)) == (False, True)


def test_a_colleagues_connection_is_not_there(cast):
    made = connections.make(
        "tin-can", "string", {"length": 3}, {"word": "open sesame"}, by=cast.ana, of=cast.ana, at=MONDAY
    )

    assert client(cast.tomas).get(f"/connections/{made.pk}/").status_code == 404
    assert client(cast.bram).post(f"/connections/{made.pk}/removal/").status_code == 404


@pytest.mark.parametrize(("word", "status", "kept"), [("open sesame", 200, 1), ("please", 403, 0), ("", 403, 0)])
def test_who_calls_proves_it_or_nothing_is_kept(cast, word, status, kept):
    made = connections.make("tin-can", "string", {"length": 3}, {"word": "open sesame"}, by=cast.tomas, at=MONDAY)

    response = Client(headers={"x-word": word}).post(f"/hooks/{made.pk}/", "hello", content_type="text/plain")

    assert response.status_code == status
    assert Delivery.objects.unscoped("tests").filter(channel="tin-can").count() == kept


def test_nobody_answers_at_an_address_that_is_switched_off_or_unknown(cast):
    made = connections.make("tin-can", "string", {"length": 3}, {"word": "open sesame"}, by=cast.tomas, at=MONDAY)
    connections.switch(made, on=False, by=cast.tomas, at=MONDAY)

    for key in (made.pk, "00000000-0000-7000-8000-000000000000"):
        assert Client(headers={"x-word": "open sesame"}).post(f"/hooks/{key}/").status_code == 404
