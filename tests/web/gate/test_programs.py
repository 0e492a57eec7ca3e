"""A member makes a token, connects a program and ends both; who may only read does so for reading."""

import re

import pytest
from django.test import Client

from baton.gate.access import tokens
from baton.gate.access.acting import acting
from baton.gate.access.models import ProgramToken
from tests.cast import MONDAY, Cast
from tests.gate.access.test_connecting import GOOD, Program, request, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    for member in (cast.ana, cast.rita):
        member.set_password(GOOD)
        member.save()
    return cast


def known_again(email: str) -> Client:
    client = signed_in(email)
    client.post("/account/reauthentication/", {"password": GOOD})
    return client


def make(client, *scopes):
    page = client.post("/settings/programs/tokens/", {"name": "Export", "scopes": scopes, "days": "90"})
    return page, re.search(r'id="secret" value="(baton_[\w-]+)"', page.content.decode())


def test_making_a_token_wants_the_password_once_more(cast):
    client = signed_in("ana@lime.example")

    asked, sent = client.get("/settings/programs/tokens/"), make(client, "read")[0]

    assert [one.headers["Location"].split("?")[0] for one in (asked, sent)] == ["/account/reauthentication/"] * 2
    assert ProgramToken.objects.count() == 0


def test_a_token_is_shown_once_and_ended_from_the_list(cast):
    client = known_again("ana@lime.example")
    page, found = make(client, "read", "write")
    listed = client.get("/settings/programs/").content.decode()

    assert page.headers["Cache-Control"] == "private, no-store"
    assert acting(request(found[1])).member == cast.ana
    assert found[1] not in listed
    assert f"…{found[1][-4:]}" in listed

    client.post(f"/settings/programs/tokens/{ProgramToken.objects.get().pk}/removal/")

    assert ProgramToken.objects.count() == 0


def test_who_may_only_read_makes_a_token_that_only_reads(cast):
    client = known_again("rita@lime.example")

    asked = client.get("/settings/programs/tokens/").content.decode()
    refused, found = make(client, "write")

    assert 'value="write"' not in asked
    assert (refused.status_code, found) == (422, None)
    assert make(client, "read")[1] is not None


def test_nobody_sees_or_ends_the_programs_of_somebody_else(cast):
    browser = signed_in("ana@lime.example")
    program = Program(browser)
    program.tokens(program.allowed()["code"][0])
    token, _secret = tokens.make("Mine", ["read"], days=30, by=cast.ana, at=MONDAY)
    href = re.search(r"/settings/programs/\d+/removal/", browser.get("/settings/programs/").content.decode())[0]
    other = Client()
    other.force_login(cast.bram)

    listed = other.get("/settings/programs/").content.decode()

    assert ("Assistant" in listed, "Mine" in listed) == (False, False)
    assert other.post(href).status_code == other.post(f"/settings/programs/{10**30}/removal/").status_code == 404
    assert other.post(f"/settings/programs/tokens/{token.pk}/removal/").status_code == 404
    assert browser.post(href).status_code == 302
    assert "Assistant" not in browser.get("/settings/programs/").content.decode()


def test_what_a_program_calls_itself_stays_text(cast):
    browser = signed_in("ana@lime.example")
    program = Program(browser)
    told = {"client_name": "<script>alert(1)</script>", "redirect_uris": ["https://a.example/"]}
    program.id = program.own.post("/oauth/registration/", told, "application/json").json()["client_id"]
    program.back = "https://a.example/"

    page = browser.get(program.address()).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
