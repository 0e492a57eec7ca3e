"""Mail goes out with a sign-in at Google or Microsoft as with a password: by XOAUTH2, tokens refreshed."""

from datetime import timedelta

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.capture import connections, outbox
from baton.capture.models import Connection, Outgoing
from baton.channels.email.sending import SENDING
from baton.channels.email.submitting import SubmissionForm
from baton.channels.email.writing import UNDO, Typed, put_on_its_way
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from tests.cast import Cast
from tests.channels.email.mail_servers import submission
from tests.channels.mailbox.tokens import CLIENT, SECRET, place_to_sign_in

pytestmark = pytest.mark.django_db
ANA = "ana@lime.example"


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def place(settings):
    with place_to_sign_in() as running:
        settings.BATON_INSIDE = [running.inside]
        yield running


@pytest.fixture
def server(place, settings, tmp_path, monkeypatch):
    with submission(tmp_path, lambda token: place.living.get(token, "")) as running:
        settings.BATON_INSIDE = [*settings.BATON_INSIDE, f"localhost:{running.port}"]
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        yield running


@pytest.fixture
def form(place, server):
    where = {"host": "localhost", "port": server.port, "security": "starttls", "user": ANA}
    signing_in = {"authorize_at": f"{place.address}/authorize", "token_at": f"{place.address}/token", "scope": "mail"}
    return {"how": "server-oauth", **where, **signing_in, "client_id": CLIENT, "client_secret": SECRET}


def connect(cast, place, form) -> Connection:
    """Do what a person does: fill in the form, sign in there, come back."""
    client = Client()
    client.force_login(cast.ana)
    page = client.post(f"/channels/{SENDING}/own/connection/", form)
    leads = LexborHTMLParser(page.content).css_first("a[rel=noreferrer]")
    brought = place.sign_in(leads.attributes["href"], ANA)
    client.get("/connections/signed-in/", brought)
    return Connection.objects.unscoped("tests").get(channel=SENDING)


def write(cast) -> None:
    deal = cast.deal(contact=cast.contact(company=cast.company()))
    typed = Typed((("Dana Whitlock", "dana@marlowe.example"),), (), "Your quote", "Here it is.", "k")
    put_on_its_way(deal, typed, by=cast.ana, at=now())


def row() -> Outgoing:
    return Outgoing.objects.unscoped("tests").get()


def test_whoever_signed_in_there_sends_through_it(cast, place, server, form):
    one = connect(cast, place, form)
    write(cast)

    outbox.send_due(now() + UNDO)

    [mail] = server.letters
    assert (mail["From"], mail["To"]) == (f"Ana Horvat <{ANA}>", "Dana Whitlock <dana@marlowe.example>")
    assert row().state == "sent"
    assert (str(one), "password" in one.settings) == (f"{ANA} through localhost", False)


def test_an_old_token_is_refreshed_before_it_is_shown(cast, place, server, form):
    one = connect(cast, place, form)
    before = one.secret.opened()["access_token"]
    write(cast)

    outbox.send_due(now() + timedelta(hours=2))

    one.refresh_from_db(from_queryset=Connection.objects.unscoped("tests"))
    assert (len(server.letters), place.asked[-1]["grant_type"]) == (1, "refresh_token")
    assert one.secret.opened()["access_token"] != before


def test_where_the_consent_was_taken_back_the_mail_fails_and_channels_says_why(cast, place, server, form):
    one = connect(cast, place, form)
    write(cast)
    place.consents = False

    outbox.send_due(now() + timedelta(hours=2))

    one.refresh_from_db(from_queryset=Connection.objects.unscoped("tests"))
    why = "The sign-in there no longer counts: sign in again. (invalid_grant)"
    assert (row().state, row().because, one.because, server.letters) == ("failed", why, why, [])


def test_where_the_place_to_sign_in_is_away_the_mail_waits(cast, place, server, form):
    connect(cast, place, form)
    write(cast)
    place.away = True

    outbox.send_due(now() + timedelta(hours=2))

    assert (row().state, server.letters) == ("waiting", [])


def test_a_token_of_somebody_else_is_refused_before_anything_is_kept(cast, place, server, form):
    told = form | {"user": "ben@lime.example"}

    with pytest.raises(Refusal, match=r"doesn’t let ben@lime\.example send with this sign-in"):
        connections.make(SENDING, "x", told, {"access_token": "token-of-ana"}, by=cast.ana, of=cast.ana, at=now())

    assert not Connection.objects.unscoped("tests").exists()


def test_a_server_that_takes_passwords_alone_says_so(cast, place, settings, tmp_path, monkeypatch, form):
    with submission(tmp_path) as plain:
        settings.BATON_INSIDE = [f"localhost:{plain.port}"]
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        told = form | {"port": plain.port}

        with pytest.raises(Refusal, match="takes no sign-in from elsewhere"):
            connections.make(SENDING, "x", told, {"access_token": "t"}, by=cast.ana, of=cast.ana, at=now())


@pytest.mark.parametrize(
    ("how", "host"),
    [("google", "smtp.gmail.com"), ("google-password", "smtp.gmail.com"), ("microsoft", "smtp.office365.com")],
)
def test_where_google_and_microsoft_take_mail_nobody_types(how, host):
    secret = {"password": "p"} if how.endswith("password") else {"client_id": "c", "client_secret": "s"}
    form = SubmissionForm({"how": how, "user": ANA} | secret)

    assert (form.is_valid(), "host" in form.fields) == (True, False)
    assert [form.cleaned_data[name] for name in ("host", "port", "security")] == [host, 587, "starttls"]
