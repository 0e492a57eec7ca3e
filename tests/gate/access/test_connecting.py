"""OAuth 2.1: a program introduces itself, a member consents, and it gets what they allowed, and no more."""

import base64
import hashlib
import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client, RequestFactory
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken

from baton.gate.access.acting import NotLetIn, acting
from baton.gate.access.programs import connected_to, end_connection
from baton.gate.access.registering import is_safe_address
from baton.members.models import Member
from tests.cast import Cast

pytestmark = pytest.mark.django_db
BACK = "https://assistant.example/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
GOOD = "a long good sentence"


class Program:
    """A program that does what RFC 8414, 7591, 6749 and 7636 say."""

    def __init__(self, browser: Client, back: str = BACK) -> None:
        self.browser, self.back, self.own = browser, back, Client()
        offered = self.own.get("/.well-known/oauth-authorization-server").json()
        self.authorization = urlsplit(offered["authorization_endpoint"]).path
        self.token_path = urlsplit(offered["token_endpoint"]).path
        told = {"client_name": "Assistant", "redirect_uris": [back], "token_endpoint_auth_method": "none"}
        self.answer = self.own.post(urlsplit(offered["registration_endpoint"]).path, told, "application/json")
        self.id = self.answer.json().get("client_id", "")

    def address(self, **other: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": self.back,
            "scope": "read write",
            "state": "xyz",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return f"{self.authorization}?{urlencode({k: v for k, v in (asked | other).items() if v})}"

    def allowed(self, scopes=("read", "write"), **other: str) -> dict[str, list[str]]:
        told = {"answer": "allow", "scopes": list(scopes)}
        return parse_qs(urlsplit(self.browser.post(self.address(**other), told).headers["Location"]).query)

    def tokens(self, code: str, **other: str) -> dict[str, str]:
        told = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "client_id": self.id,
            "code_verifier": VERIFIER,
        }
        return self.own.post(self.token_path, told | other).json()

    def refreshed(self, token: str) -> dict[str, str]:
        told = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.id}
        return self.own.post(self.token_path, told).json()


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    for member in (cast.ana, cast.rita):
        member.set_password(GOOD)
        member.save()
    return cast


def signed_in(email: str) -> Client:
    client = Client()
    client.post("/account/login/", {"login": email, "password": GOOD})
    return client


@pytest.fixture
def program(cast) -> Program:
    return Program(signed_in("ana@lime.example"))


def request(secret: str, path: str = "/api/v1/deals"):
    return RequestFactory().get(path, headers={"Authorization": f"Bearer {secret}"})


def test_a_program_connects_acts_as_the_member_and_is_ended(program, cast):
    consent = program.browser.get(program.address())
    answered = program.allowed()
    given = program.tokens(answered["code"][0])

    member, scopes, client = acting(request(given["access_token"]))

    assert "assistant.example" in consent.content.decode()
    assert (answered["state"], answered["iss"]) == (["xyz"], ["http://localhost"])
    assert (member, scopes, client.name) == (cast.ana, {"read", "suggest", "write"}, "Assistant")
    assert [(one.name, one.where, one.scopes) for one in connected_to(cast.ana)] == [
        ("Assistant", "assistant.example", ["read", "write"])
    ]
    assert end_connection(connected_to(cast.ana)[0].id, by=cast.ana)
    with pytest.raises(NotLetIn):
        acting(request(given["access_token"]))
    assert program.refreshed(given["refresh_token"])["error"] == "invalid_grant"


def test_nothing_that_opens_the_door_is_kept_as_it_is(program):
    given = program.tokens(program.allowed()["code"][0])

    kept = str([*AccessToken.objects.values(), *RefreshToken.objects.values(), *Application.objects.values()])

    assert given["access_token"] not in kept
    assert given["refresh_token"] not in kept


def test_the_browser_lets_the_form_lead_to_the_program_and_nowhere_else(program):
    policy = program.browser.get(program.address()).headers["Content-Security-Policy"]

    assert re.search(r"form-action ([^;]+)", policy)[1] == "'self' https://assistant.example"


def test_a_no_is_told_to_the_program_and_gives_it_nothing(program):
    answer = program.browser.post(program.address(), {"answer": "no", "scopes": ["read"]})

    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (told["error"], told["state"], Grant.objects.count()) == (["access_denied"], ["xyz"], 0)


def test_a_member_may_allow_less_than_was_asked_and_never_more(program):
    given = program.tokens(program.allowed(scopes=["read", "messages"])["code"][0])

    assert acting(request(given["access_token"])).scopes == {"read"}


def test_who_may_only_read_lets_a_program_only_read(cast):
    program = Program(signed_in("rita@lime.example"))
    given = program.tokens(program.allowed()["code"][0])

    assert acting(request(given["access_token"])).scopes == {"read"}


def test_a_code_is_worth_nothing_without_its_verifier_twice_or_from_another_address(program):
    code = program.allowed()["code"][0]

    assert program.tokens(code, code_verifier="w" * 64)["error"] == "invalid_grant"
    assert program.tokens(code, redirect_uri="https://assistant.example/other")["error"] == "invalid_request"
    assert "access_token" in program.tokens(code)
    assert program.tokens(code)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "read everything"}, "invalid_scope"),
        ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"),
    ],
)
def test_what_oauth_21_took_away_is_refused_and_the_program_is_told(program, other, error):
    told = program.browser.get(program.address(**other))

    assert parse_qs(urlsplit(told.headers["Location"]).query)["error"][0] == error
    assert told.headers["Location"].startswith(BACK)


@pytest.mark.parametrize(
    "other",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": BACK + "?more=1"},
        {"redirect_uri": BACK + "/more"},
        {"redirect_uri": "https://assistant.example.evil.example/callback"},
        {"client_id": "made-up"},
    ],
)
def test_nobody_is_sent_to_an_address_that_was_not_registered(program, other):
    answer = program.browser.get(program.address(**other))

    assert (answer.status_code, answer.headers.get("Location")) == (400, None)


@pytest.mark.parametrize("grant", ["password", "client_credentials", "implicit", ""])
def test_no_other_grant_gives_a_token(program, grant):
    told = {"grant_type": grant, "client_id": program.id, "username": "ana@lime.example", "password": GOOD}

    answer = program.own.post(program.token_path, told)

    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_refresh_token_is_spent_by_using_it_and_a_stolen_one_ends_them_all(program):
    first = program.tokens(program.allowed()["code"][0])
    second = program.refreshed(first["refresh_token"])

    assert acting(request(second["access_token"])).client.name == "Assistant"
    assert program.refreshed(first["refresh_token"])["error"] == "invalid_grant"
    with pytest.raises(NotLetIn):
        acting(request(second["access_token"]))
    assert program.refreshed(second["refresh_token"])["error"] == "invalid_grant"


def test_who_left_is_refreshed_no_more(program, cast):
    given = program.tokens(program.allowed()["code"][0])
    Member.objects.filter(pk=cast.ana.pk).update(is_active=False)

    assert program.refreshed(given["refresh_token"])["error"] == "invalid_grant"
    with pytest.raises(NotLetIn):
        acting(request(given["access_token"]))


def test_a_token_for_one_address_opens_no_other(program):
    given = program.tokens(program.allowed(resource="http://localhost/mcp")["code"][0])

    assert acting(request(given["access_token"], "/mcp")).client.name == "Assistant"
    with pytest.raises(NotLetIn):
        acting(request(given["access_token"], "/api/v1/deals"))


def test_consent_is_asked_each_time_whatever_the_program_says(program):
    program.tokens(program.allowed()["code"][0])

    assert program.browser.get(program.address(approval_prompt="auto", prompt="none")).status_code in {200, 302}
    assert Grant.objects.count() == 0


def test_a_stranger_signs_in_first_and_a_stale_session_says_again_who_it_is(program, cast):
    stranger, stale = Client(), Client()
    stale.force_login(cast.ana)

    assert stranger.get(program.address()).headers["Location"].startswith("/account/login/?next=/oauth/")
    assert stale.get(program.address()).headers["Location"].startswith("/account/reauthentication/?next=")


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://assistant.example/callback", True),
        ("http://127.0.0.1:3118/callback", True),
        ("http://localhost:3118/callback", True),
        ("com.example.app:/callback", True),
        ("http://assistant.example/callback", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://user@assistant.example/", False),
        ("https://assistant.example/#x", False),
        ("https://assistant.example/ http://x", False),
        ("https:///callback", False),
        ("https://[::1/", False),
        ("https://assistant.example/caf\u00e9", False),
        ("https://assistant.example/\ud800", False),
        ("", False),
    ],
)
def test_answers_go_to_https_to_this_computer_or_to_an_app(address, safe):
    assert is_safe_address(address) is safe


@pytest.mark.parametrize(
    "told",
    [
        "no json",
        "[]",
        json.dumps({}),
        json.dumps({"redirect_uris": ["http://evil.example/"]}),
        json.dumps({"redirect_uris": [BACK], "grant_types": ["password"]}),
        json.dumps({"redirect_uris": [BACK], "response_types": ["token"]}),
        json.dumps({"redirect_uris": [BACK], "token_endpoint_auth_method": "client_secret_basic"}),
    ],
)
def test_a_program_that_asks_for_more_than_there_is_is_not_registered(told):
    answer = Client().post("/oauth/registration/", told, "application/json")

    assert (answer.status_code, Application.objects.count()) == (400, 0)
    assert set(answer.json()) == {"error", "error_description"}


def test_a_program_is_shown_by_a_name_that_everybody_reads_the_same(db):
    told = r'{"client_name": "Ana\u202e \ud800s  \u0000sheet\n", "redirect_uris": ["https://assistant.example/"]}'

    answer = Client().post("/oauth/registration/", told, "application/json")

    assert (answer.status_code, answer.json()["client_name"]) == (201, "Ana s sheet")


def test_it_is_written_where_programs_look_how_they_are_let_in():
    told = Client().get("/.well-known/oauth-protected-resource/mcp").json()

    assert told["resource"] == "http://localhost/mcp"
    assert told["authorization_servers"] == ["http://localhost"]
