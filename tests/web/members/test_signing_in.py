"""Signing in: who gets in, how often somebody may guess, and what a stranger is told (nothing)."""

import re
from itertools import product

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.map.current import forget_parsed
from baton.map.publishing import publish
from baton.map.ready import demonstration_map
from baton.members.models import Member, Role
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
GOOD = "a long quiet river"
LOGIN = "/account/login/"


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    cast.ana.set_password(GOOD)
    cast.ana.save()
    return cast


def _try(client: Client, password: str, email: str = "ana@lime.example", **more: str):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def _signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _errors(response) -> list[str]:
    tree = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text().split()) for node in tree.css(".notice[role=alert]:not([hidden])")]


def test_address_and_password_let_a_member_in(client, cast):
    response = _try(client, GOOD, "Ana@Lime.example")

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert _signed_in(client)


def test_they_go_on_to_the_page_that_they_asked_for_and_never_to_a_foreign_one(client, cast):
    ours = client.post(f"{LOGIN}?next=/people/", {"login": "ana@lime.example", "password": GOOD, "next": "/people/"})
    client.logout()
    foreign = client.post(LOGIN, {"login": "ana@lime.example", "password": GOOD, "next": "https://evil.example/"})

    assert (ours.headers["Location"], foreign.headers["Location"]) == ("/people/", "/")


@pytest.mark.parametrize("email", ["ana@lime.example", "nobody@lime.example"])
def test_a_stranger_is_not_told_whether_an_address_is_a_member_s(client, cast, email):
    assert _errors(_try(client, "not the password", email)) == ["Address and password don’t belong together."]


def test_somebody_who_left_does_not_come_in(client, cast):
    Member.objects.filter(pk=cast.ana.pk).update(is_active=False)

    _try(client, GOOD)

    assert not _signed_in(client)


def _guesses_heard(client: Client, tries: int, seconds: int, **spelled) -> int:
    """Return after how many of so many guesses, evenly spread over an hour, the password itself was looked at."""
    heard = 0
    with time_machine.travel(MONDAY, tick=False) as clock:
        for number in range(tries):
            spelling = {name: values[number % len(values)] for name, values in spelled.items()}
            email = spelling.pop("email", "ana@lime.example")
            errors = _errors(_try(client, f"guess number {number}", email, **spelling))
            heard += errors == ["Address and password don’t belong together."]
            clock.shift(seconds)
    return heard


def test_twenty_guesses_an_hour_are_heard_and_no_more(client, cast):
    assert _guesses_heard(client, 120, 30) == 20


def test_guessing_from_everywhere_under_every_host_and_spelling_changes_nothing(client, cast):
    heard = _guesses_heard(
        client,
        120,
        30,
        email=["ana@lime.example", "ANA@lime.example", " ana@lime.example"],
        HTTP_HOST=[f"localhost:{port}" for port in range(2000, 2120)],
        REMOTE_ADDR=[f"10.0.0.{n}" for n in range(120)],
        HTTP_X_FORWARDED_FOR=[f"10.1.0.{n}" for n in range(120)],
    )

    assert heard == 20


def test_the_right_password_after_too_many_guesses_is_not_looked_at_either(client, cast):
    with time_machine.travel(MONDAY, tick=False):
        for number in range(6):
            _try(client, f"guess number {number}")

        assert _errors(_try(client, GOOD)) == [
            "Too many tries for this address. It opens again within the hour; a passkey opens it now."
        ]


def test_guesses_are_counted_where_all_processes_see_them():
    cache.set("shared", 1)

    assert type(cache._connections["default"]).__name__ == "DatabaseCache"


def test_guesses_at_one_address_do_not_lock_another(client, cast):
    with time_machine.travel(MONDAY, tick=False) as clock:
        for number in range(6):
            _try(client, f"guess number {number}", "tomas@lime.example", REMOTE_ADDR="10.0.0.9")
        clock.shift(1)
        _try(client, GOOD)

    assert _signed_in(client)


def test_nobody_signs_up(client, cast):
    before = Member.objects.count()

    answers = [
        client.get("/account/signup/"),
        client.post("/account/signup/", {"email": "x@y.example", "password1": GOOD}),
    ]

    assert ["By invitation" in answer.content.decode() for answer in answers] == [True, True]
    assert Member.objects.count() == before


class TestTheDemonstration:
    """Some people sign in with one click, and only there."""

    PARTS = {"owner": "tomas", "manager": "ingrid", "sales": "nell", "operations": "priya", "reader": "vera"}
    ROLES = {"ingrid": Role.MANAGER, "vera": Role.READ_ONLY}

    @pytest.fixture
    def firm(self) -> None:
        forget_parsed()
        for name in self.PARTS.values():
            role = self.ROLES.get(name, Role.MEMBER)
            Member.objects.create_user(f"{name}@harbourlime.example", name=name.title(), role=role)
        publish(demonstration_map(), by=None, at=MONDAY)

    @pytest.mark.parametrize(("part", "demonstration"), list(product(PARTS, [True, False])))
    def test_one_click_is_an_address_of_the_demonstration_alone(self, client, firm, settings, part, demonstration):
        settings.BATON_DEMO = demonstration

        answer = client.post(f"/account/demonstration/{part}/")

        assert answer.status_code == (302 if demonstration else 404)
        assert _signed_in(client) is demonstration
        if demonstration:
            assert Member.objects.get(pk=client.session["_auth_user_id"]).name.lower() == self.PARTS[part]

    @pytest.mark.parametrize("part", ["billing", "nobody"])
    def test_nobody_else_signs_in_that_way(self, client, firm, settings, part):
        settings.BATON_DEMO = True

        assert client.post(f"/account/demonstration/{part}/").status_code == 404

    def test_a_link_does_not_sign_anybody_in(self, client, firm, settings):
        settings.BATON_DEMO = True

        assert client.get("/account/demonstration/owner/").status_code == 405
        assert not _signed_in(client)

    @pytest.mark.parametrize("demonstration", [True, False])
    def test_the_buttons_stand_on_the_page_of_the_demonstration_alone(self, client, firm, settings, demonstration):
        settings.BATON_DEMO = demonstration

        page = LexborHTMLParser(client.get(LOGIN).content.decode())

        buttons = [" ".join(node.text().split()) for node in page.css("form[action*=demonstration] button")]
        shown = [
            "TO Tomas, owns the map",
            "IN Ingrid, is a manager",
            "NE Nell, leads Sales",
            "PR Priya, leads Operations",
            "VE Vera, only reads",
        ]
        assert buttons == (shown if demonstration else [])


class TestANewPassword:
    def test_the_link_ignores_the_host_of_the_request(self, client, cast, settings):
        settings.ALLOWED_HOSTS = ["*"]
        settings.BATON_URL = "https://crm.lime.example"

        client.post("/account/password/reset/", {"email": "ana@lime.example"}, HTTP_HOST="evil.example")

        [sent] = mail.outbox
        assert "https://crm.lime.example/account/password/reset/" in sent.body
        assert "evil" not in sent.body + sent.subject

    def test_without_an_address_of_its_own_it_leads_to_the_first_host_allowed(self, client, cast, settings):
        settings.ALLOWED_HOSTS = ["crm.lime.example", "*"]

        client.post("/account/password/reset/", {"email": "ana@lime.example"}, HTTP_HOST="evil.example:99")

        assert "http://crm.lime.example/account/password/reset/" in mail.outbox[0].body
        assert "evil" not in mail.outbox[0].body

    def test_it_works_once_and_ends_every_session(self, client, cast):
        elsewhere = Client()
        elsewhere.force_login(cast.ana)
        client.post("/account/password/reset/", {"email": "ana@lime.example"})
        link = re.search(r"/account/password/reset/\S+", mail.outbox[0].body)[0]

        form = client.get(link, follow=True)
        client.post(form.request["PATH_INFO"], {"password1": "another quiet river", "password2": "another quiet river"})

        cast.ana.refresh_from_db()
        assert cast.ana.check_password("another quiet river")
        assert elsewhere.get("/people/").status_code == 302
        assert "used up" in Client().get(link).content.decode()

    def test_an_unknown_address_gets_the_same_answer_and_a_mail_too(self, client, cast):
        known = client.post("/account/password/reset/", {"email": "ana@lime.example"})
        unknown = client.post("/account/password/reset/", {"email": "nobody@lime.example"})

        assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
        assert [sent.to for sent in mail.outbox] == [["ana@lime.example"], ["nobody@lime.example"]]
        assert "reset/" not in mail.outbox[1].body.replace("/account/password/reset/\n", "")

    def test_who_left_gets_no_link(self, client, cast):
        Member.objects.filter(pk=cast.ana.pk).update(is_active=False)

        client.post("/account/password/reset/", {"email": "ana@lime.example"})

        assert not [sent for sent in mail.outbox if re.search(r"reset/\w+-", sent.body)]

    def test_changing_it_signs_out_everywhere_else(self, client, cast):
        elsewhere = Client()
        for each in (client, elsewhere):
            _try(each, GOOD)

        new = "another quiet river"
        client.post("/account/password/", {"oldpassword": GOOD, "password1": new, "password2": new})

        assert client.get("/settings/").status_code == 200
        assert elsewhere.get("/settings/").status_code == 302
