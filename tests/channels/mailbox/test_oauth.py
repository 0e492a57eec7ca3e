"""Signing in at the provider: with PKCE, into a real Dovecot by XOAUTH2, with tokens that are refreshed."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.capture import connections
from baton.capture.models import Connection
from baton.channels.mailbox.hosts import GOOGLE, MICROSOFT
from baton.channels.mailbox.oauth import errand
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from tests.capture.letters import letter
from tests.channels.mailbox.reading import hear, subjects
from tests.channels.mailbox.tokens import CLIENT, SECRET, place_to_sign_in
from tests.dovecot import running

pytestmark = pytest.mark.django_db
ANA = "ana@lime.example"


@pytest.fixture(scope="session")
def _place():
    with place_to_sign_in() as place, running(place.address) as server:
        yield place, server


@pytest.fixture
def place(_place, settings):
    place, server = _place
    settings.BATON_INSIDE = [*settings.BATON_INSIDE, place.inside, server.inside]
    place.consents, place.lasts = True, 3600
    place.asked.clear()
    yield place
    server.empty()


@pytest.fixture
def server(_place):
    return _place[1]


@pytest.fixture
def form(place, server):
    told = server.settings | {"how": "server-oauth", "address": ANA, "since": "0"}
    signing_in = {"authorize_at": f"{place.address}/authorize", "token_at": f"{place.address}/token", "scope": "mail"}
    return told | signing_in | {"client_id": CLIENT, "client_secret": SECRET}


@pytest.fixture
def ana(cast):
    client = Client()
    client.force_login(cast.ana)
    return client


def led_to(client, form, **more) -> str:
    page = client.post("/channels/mailbox/own/connection/", form | more).content.decode()
    link = LexborHTMLParser(page).css_first("a[rel=noreferrer]")
    assert link is not None, page
    return link.attributes["href"]


def connect(client, place, form) -> Connection:
    client.get("/connections/signed-in/", place.sign_in(led_to(client, form), ANA))
    return Connection.objects.unscoped("tests").get()


def test_whoever_signs_in_there_is_connected_and_read(ana, cast, place, server, form):
    one = connect(ana, place, form)
    server.deliver_as_root(ANA, letter(ANA, "dana@marlowe.example", date=now()), folder="Sent")
    cast.contact()

    hear(now())

    assert (one.member, one.secret.opened()["refresh_token"], one.settings["client_id"]) == (
        cast.ana, f"again-{ANA}", CLIENT,
    )  # fmt: skip
    assert "client_secret" not in one.settings
    assert subjects() == ["Start"]


def test_a_token_that_is_old_is_refreshed_and_kept(ana, place, server, form):
    place.lasts = 60
    one = connect(ana, place, form)
    place.lasts = 3600

    hear(now())
    again = len(place.asked)
    hear(now() + timedelta(minutes=5))

    assert [told["grant_type"] for told in place.asked[1:again]] == ["refresh_token"]
    assert len(place.asked) == again
    assert Connection.objects.unscoped("tests").get(pk=one.pk).state == "on"


@pytest.mark.parametrize("lasts", ["soon", 10**30])
def test_a_token_that_says_nonsense_about_how_long_it_lasts_is_good_for_an_hour(ana, place, form, lasts):
    place.lasts = lasts

    kept = connect(ana, place, form).secret.opened()

    good_for = datetime.fromisoformat(kept["lasts_until"]) - now()
    assert timedelta(minutes=55) < good_for <= timedelta(hours=1)


def test_a_right_that_was_taken_back_is_said(ana, place, form):
    place.lasts = 60
    connect(ana, place, form)
    place.consents = False

    hear(now())

    row = Connection.objects.unscoped("tests").get()
    assert (row.state, row.because) == ("broken", "The sign-in there no longer counts: sign in again. (invalid_grant)")


def test_a_mailbox_of_somebody_else_is_not_connected(ana, place, form):
    back = place.sign_in(led_to(ana, form), "bram@lime.example")

    response = ana.get("/connections/signed-in/", back)

    assert response.status_code == 422
    assert Connection.objects.unscoped("tests").count() == 0


@pytest.mark.parametrize(
    ("brought", "sentence"),
    [
        ({"error": "access_denied"}, "access_denied"),
        ({"code": "made-up"}, "invalid_grant"),
        ({"state": "another"}, "That isn’t the sign-in that was begun here"),
    ],
)
def test_coming_back_with_something_else_connects_nothing(ana, place, form, brought, sentence):
    back = {"state": place.sign_in(led_to(ana, form), ANA)["state"]} | brought

    response = ana.get("/connections/signed-in/", back)

    assert (response.status_code, sentence in response.content.decode()) == (422, True)
    assert Connection.objects.unscoped("tests").count() == 0


def test_it_is_good_for_one_time(ana, place, form):
    back = place.sign_in(led_to(ana, form), ANA)
    ana.get("/connections/signed-in/", back)

    assert ana.get("/connections/signed-in/", back).status_code == 422


def test_what_was_typed_lies_sealed_in_the_session(ana, form, place):
    led_to(ana, form)

    assert SECRET not in str(dict(ana.session))


@pytest.mark.parametrize(("how", "provider"), [("google", GOOGLE), ("microsoft", MICROSOFT)])
def test_google_and_microsoft_are_asked_in_their_way(how, provider):
    told = {"how": how, "address": ANA, "client_id": CLIENT}

    led = errand(told, {}, "https://crm.lime.example/connections/signed-in/")

    asked = {name: values[0] for name, values in parse_qs(urlsplit(led.address).query).items()}
    assert led.address.startswith(provider.authorize)
    assert (asked["scope"], asked["redirect_uri"]) == (
        provider.scope,
        "https://crm.lime.example/connections/signed-in/",
    )
    assert led.keeps["verifier"] not in led.address


def test_tokens_are_asked_for_over_https_alone():
    told = {"how": "server-oauth", "address": ANA, "client_id": CLIENT, "authorize_at": "https://id.example/a"}

    with pytest.raises(Refusal, match="must begin with https"):
        errand(told | {"token_at": "http://id.example/t"}, {}, "https://crm.lime.example/")


def test_the_secret_left_empty_stays_when_settings_change(ana, place, form, cast):
    one = connect(ana, place, form)
    page = ana.post(f"/connections/{one.pk}/", form | {"client_secret": "", "labels": "Private"}).content.decode()

    link = LexborHTMLParser(page).css_first("a[rel=noreferrer]").attributes["href"]
    ana.get("/connections/signed-in/", place.sign_in(link, ANA))

    row = Connection.objects.unscoped("tests").get()
    assert (row.settings["labels"], row.secret.opened()["client_secret"]) == ("Private", SECRET)
    assert connections.listen(now()) == 0
