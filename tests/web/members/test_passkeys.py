"""Second steps: a passkey made and used in a real browser, an authenticator app, recovery codes."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser import assert_accessible
from tests.cast import Cast

GOOD = "a long quiet river"


def _cast_with_password() -> Cast:
    cast = Cast()
    cast.ana.set_password(GOOD)
    cast.ana.save()
    return cast


def _device(page: Page) -> None:
    """Give the browser an authenticator of its own, with a finger that is always there."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _sign_in(page: Page, home: str) -> None:
    page.goto(f"{home}/account/login/?next=/settings/")
    page.get_by_label("Work email").fill("ana@lime.example")
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_made_and_opens_the_door_alone(page_at, server):
    _cast_with_password()
    page = page_at()
    _device(page)
    home = server.replace("127.0.0.1", "localhost")  # browsers make no passkeys for a number
    _sign_in(page, home)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Your password").fill(GOOD)
    page.get_by_role("button", name="Go on").click()

    page.get_by_role("button", name="Make it").click()

    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Chrome on Linux").first).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{home}/account/login/?next=/settings/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Your settings")).to_be_visible()
    [passkey] = Authenticator.objects.filter(type="webauthn")
    assert (passkey.user.email, passkey.wrap().is_passwordless) == ("ana@lime.example", True)
    page.context.close()  # with its authenticator


def test_where_no_passkey_is_there_the_page_says_so_and_the_password_still_works(page_at, server):
    _cast_with_password()
    page = page_at()
    page.goto(f"{server}/account/login/")

    page.evaluate("() => {navigator.credentials.get = async () => {throw new DOMException('no', 'NotAllowedError')}}")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("cancelled or took too long")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_is_accessible(page_at, width, scheme):
    Cast()
    page = page_at(width, scheme)
    page.goto("/account/login/")

    assert_accessible(page)


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.django_db
class TestAnAuthenticatorApp:
    @pytest.fixture
    def client(self) -> Client:
        _cast_with_password()
        client = Client()
        client.post("/account/login/", {"login": "ana@lime.example", "password": GOOD})
        return client

    @pytest.fixture
    def secret(self, client) -> str:
        client.post("/account/reauthentication/", {"password": GOOD})
        page = client.get("/account/authenticator/").content.decode()
        secret = re.search(r'id="key" value="(\w+)"', page)[1]
        client.post("/account/authenticator/", {"code": _code(secret)})
        return secret

    def _ask(self) -> Client:
        client = Client()
        answer = client.post("/account/login/", {"login": "ana@lime.example", "password": GOOD})
        assert answer.headers["Location"].startswith("/account/second-step/")
        return client

    def test_turning_it_on_wants_the_password_once_more(self, client):
        answer = client.get("/account/authenticator/")

        assert answer.headers["Location"].startswith("/account/reauthentication/")

    def test_the_password_alone_no_longer_opens(self, secret):
        client = self._ask()

        assert client.get("/settings/").status_code == 302

    def test_the_code_of_the_half_minute_does(self, secret):
        client = self._ask()

        client.post("/account/second-step/", {"code": _code(secret)})

        assert client.get("/settings/").status_code == 200

    def test_a_recovery_code_opens_once(self, secret):
        codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
        first, second = self._ask(), self._ask()

        first.post("/account/second-step/", {"code": codes[0]})
        second.post("/account/second-step/", {"code": codes[0]})

        assert (first.get("/settings/").status_code, second.get("/settings/").status_code) == (200, 302)

    def test_codes_are_guessed_no_oftener_than_passwords(self, secret):
        client = self._ask()

        answers = [client.post("/account/second-step/", {"code": f"{n:06}"}).content.decode() for n in range(30)]

        assert sum("That code isn’t right" in answer for answer in answers) == 5
        assert "Too many tries" in answers[-1]

    def test_its_secret_is_encrypted_in_the_database(self, secret):
        with connection.cursor() as cursor:
            cursor.execute("SELECT data FROM mfa_authenticator WHERE type = 'totp'")
            [(kept,)] = cursor.fetchall()

        assert secret not in str(kept)
