"""The page of people, and what each role can do on it: over the addresses, not over functions."""

from datetime import timedelta
from itertools import product

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser

from baton.kernel import clock
from baton.ledger.models import Deal
from baton.members.models import Invitation, Member, Role
from baton.members.seats import desks_of
from baton.work.models import Absence
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import Cast, fresh

pytestmark = pytest.mark.django_db
GOOD = "a long quiet river"
OWNER, MANAGER, MEMBER, READ_ONLY = Role.OWNER, Role.MANAGER, Role.MEMBER, Role.READ_ONLY


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _as(member: Member, role: str | None = None) -> Client:
    if role:
        Member.objects.filter(pk=member.pk).update(role=role)
    client = Client()
    client.force_login(member)
    return client


def _text(response, selector: str) -> list[str]:
    tree = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(separator=" ").split()) for node in tree.css(selector)]


def test_colleagues_know_each_other(cast):
    page = _as(cast.rita).get("/people/")

    assert _text(page, "h1 + .page-ask") == ["6 people work here."]
    assert _text(page, "tbody td:first-child > a")[:2] == ["Ana Horvat", "Ben Raman"]
    assert _text(page, "tbody tr:first-child .desk") == ["Sales leads"]


@pytest.mark.parametrize(("role", "offered"), [(OWNER, True), (MANAGER, True), (MEMBER, False), (READ_ONLY, False)])
def test_inviting_is_offered_to_those_who_may(cast, role, offered):
    page = _as(cast.mia, role).get("/people/")

    assert bool(_text(page, "form[action='/people/invitations/']")) is offered


INVITES = {
    (OWNER, OWNER),
    (OWNER, MANAGER),
    (OWNER, MEMBER),
    (OWNER, READ_ONLY),
    (MANAGER, MEMBER),
    (MANAGER, READ_ONLY),
}


@pytest.mark.parametrize(("who", "role"), list(product(Role, Role)))
def test_who_invites_whom(cast, who, role):
    client = _as(cast.mia, who)

    answer = client.post("/people/invitations/", {"email": "nell@lime.example", "role": role})

    allowed = (who, role) in INVITES
    assert answer.status_code == (200 if allowed else 403 if who == READ_ONLY else 422)
    assert Invitation.objects.count() == allowed


CHANGES = [("role", {"role": "read-only"}), ("desks", {"desks": ["intake", "sales"]}), ("departure", {"to": "TOMAS"})]


@pytest.mark.parametrize(("who", "change"), list(product(Role, CHANGES)))
def test_who_changes_a_member(cast, who, change):
    address, sent = change
    sent = {name: str(cast.tomas.pk) if value == "TOMAS" else value for name, value in sent.items()}
    before = _state(cast.ana)

    answer = _as(cast.mia, who).post(f"/people/{cast.ana.pk}/{address}/", sent)

    allowed = who in (OWNER, MANAGER)
    assert answer.status_code == (302 if allowed else 403 if who == READ_ONLY else 422)
    assert (_state(cast.ana) != before) is allowed


def _state(member: Member) -> tuple[object, ...]:
    kept = Member.objects.get(pk=member.pk)
    return kept.role, kept.is_active, desks_of(kept)


def test_a_manager_does_not_touch_the_owner(cast):
    client = _as(cast.mia, MANAGER)

    answers = [
        client.post(f"/people/{cast.tomas.pk}/{address}/", sent).status_code
        for address, sent in [("role", {"role": "member"}), ("desks", {"desks": ["sales"]}), ("departure", {})]
    ]

    assert answers == [422, 422, 422]
    assert _state(cast.tomas) == ("owner", True, [])


def test_without_a_mail_server_the_page_shows_the_link_once(cast, settings):
    settings.MAIL_IS_SET_UP = False
    client = _as(cast.tomas)

    page = client.post("/people/invitations/", {"email": "nell@lime.example", "role": "member", "desks": ["sales"]})

    link = LexborHTMLParser(page.content.decode()).css_first("#link").attributes["value"]
    assert mail.outbox == []
    assert (
        "Welcome" in Client().get(link.partition("localhost:80")[2] or link.partition("localhost")[2]).content.decode()
    )
    assert _text(client.get("/people/"), "#link") == []


def test_with_one_the_link_goes_by_mail_and_stands_on_no_page(cast, settings):
    settings.MAIL_IS_SET_UP = True
    settings.BATON_URL = "https://crm.lime.example"

    page = _as(cast.tomas).post("/people/invitations/", {"email": "nell@lime.example", "role": "member"}, follow=True)

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["nell@lime.example"], "Tomas Okafor invites you to Baton")
    assert "https://crm.lime.example/invitations/" in sent.body
    assert _text(page, "#link") == []


def test_who_comes_through_the_link_is_in_and_signed_in(cast, settings):
    settings.MAIL_IS_SET_UP = True
    _as(cast.tomas).post("/people/invitations/", {"email": "nell@lime.example", "role": "member", "desks": ["sales"]})
    path = "/invitations/" + mail.outbox[0].body.split("/invitations/")[1].split()[0]
    client = Client()

    weak = client.post(path, {"name": "Nell Harrow", "password": "short"})
    client.post(path, {"name": "Nell Harrow", "password": GOOD})

    nell = Member.objects.get(email="nell@lime.example")
    assert "too short" in weak.content.decode()
    assert (nell.name, desks_of(nell), client.session["_auth_user_id"]) == ("Nell Harrow", ["sales"], str(nell.pk))
    assert Client().get(path).status_code == 422


def test_an_invitation_is_withdrawn_and_sent_again(cast, settings):
    settings.MAIL_IS_SET_UP = True
    client = _as(cast.tomas)
    client.post("/people/invitations/", {"email": "nell@lime.example", "role": "member"})
    invited = Invitation.objects.get()

    client.post(f"/people/invitations/{invited.pk}/link/")
    first, second = ("/invitations/" + sent.body.split("/invitations/")[1].split()[0] for sent in mail.outbox)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (422, 200)
    client.post(f"/people/invitations/{invited.pk}/withdrawal/")

    assert Client().get(second).status_code == 422


def test_the_page_of_leaving_names_what_is_open_and_hands_it_on(cast):
    deal = cast.deal()
    client = _as(cast.tomas)
    address = f"/people/{cast.ana.pk}/departure/"

    page = client.get(address)
    nobody = client.post(address, {})
    client.post(address, {"to": str(cast.bram.pk)})

    assert _text(page, ".rows .grow") == ["Quayside Tower", "Set next step Quayside Tower"]
    assert nobody.status_code == 422
    assert fresh(deal).owner == cast.bram
    assert not Deal.objects.unscoped("tests").filter(owner=cast.ana).exists()


def test_leaving_ends_the_sessions_that_were_open(cast):
    theirs = _as(cast.ana)
    assert theirs.get("/people/").status_code == 200

    _as(cast.tomas).post(f"/people/{cast.ana.pk}/departure/", {})

    assert theirs.get("/people/").status_code == 302


class TestSessions:
    PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"

    @pytest.fixture
    def clients(self, cast) -> list[Client]:
        cast.ana.set_password(GOOD)
        cast.ana.save()
        clients = [Client(), Client(headers={"User-Agent": self.PHONE})]
        for client in clients:
            client.post("/account/login/", {"login": "ana@lime.example", "password": GOOD})
        return clients

    def test_they_are_listed_by_browser_and_device_with_the_present_one_marked(self, clients):
        page = clients[0].get("/settings/")

        rows = _text(page, "section[aria-labelledby=sessions] li")
        assert sorted(row.partition(",")[0].rstrip("0123456789 ") for row in rows) == sorted(
            ["A program this one", "Safari on iPhone just now"]
        )

    def test_one_is_ended_and_gone_with_its_next_request(self, clients):
        here, phone = clients
        page = LexborHTMLParser(here.get("/settings/").content.decode())
        [form] = page.css("form[action^='/settings/sessions/']:not([action*=others])")

        here.post(form.attributes["action"])

        assert (here.get("/settings/").status_code, phone.get("/settings/").status_code) == (200, 302)

    def test_all_others_are_ended_at_once(self, clients):
        clients[1].post("/settings/sessions/others/")

        assert [client.get("/settings/").status_code for client in clients] == [302, 200]

    def test_nobody_ends_another_s(self, cast, clients):
        page = LexborHTMLParser(clients[0].get("/settings/").content.decode())
        [form] = page.css("form[action^='/settings/sessions/']:not([action*=others])")

        answer = _as(cast.bram).post(form.attributes["action"])

        assert answer.status_code == 404
        assert clients[1].get("/settings/").status_code == 200


class TestSettings:
    def test_name_language_zone_and_keys_are_one_s_own_to_change_for_every_role(self, cast):
        for member in (cast.tomas, cast.ana, cast.rita):
            sent = {
                "name": "New Name",
                "language": "hr",
                "zone": "Europe/Zagreb",
                "role": "owner",
                "email": "x@y.example",
            }
            _as(member).post("/settings/", sent)

            kept = Member.objects.get(pk=member.pk)
            assert (kept.name, kept.language, kept.zone, kept.single_keys) == ("New Name", "hr", "Europe/Zagreb", False)
            assert (kept.role, kept.email) == (member.role, member.email)

    def test_a_time_zone_or_language_that_is_none_is_refused_at_the_field(self, cast):
        page = _as(cast.ana).post("/settings/", {"name": "Ana", "language": "xx", "zone": "../etc/passwd"})

        assert len(_text(page, ".field .error")) == 2
        assert Member.objects.get(pk=cast.ana.pk).zone == ""

    def test_a_new_capture_address_takes_the_place_of_the_old(self, cast):
        client = _as(cast.ana)
        before = _text_of_address(client)

        client.post("/settings/capture-address/")

        after = _text_of_address(client)
        assert before != after
        assert after == f"ana.{Member.objects.get(pk=cast.ana.pk).capture_token}@localhost"

    def test_who_only_reads_has_no_capture_address(self, cast):
        assert "Your capture address" not in _as(cast.rita).get("/settings/").content.decode()


def _text_of_address(client: Client) -> str:
    page = LexborHTMLParser(client.get("/settings/").content.decode())
    return page.css_first("#address").attributes["value"]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_about_people_are_accessible_and_never_scroll_sideways(page_at, server, width, scheme):
    cast = Cast()
    cast.deal()
    page = page_at(width, scheme, cast.tomas)

    for address in ("/people/", f"/people/{cast.ana.pk}/", f"/people/{cast.ana.pk}/departure/", "/settings/"):
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_the_link_of_an_invitation_is_copied_with_one_click(page_at, server):
    cast = Cast()
    page = page_at(member=cast.tomas)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/people/")
    page.get_by_label("Their work email").fill("nell@lime.example")
    page.get_by_role("button", name="Make the link").click()

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#link").input_value()


def test_being_away_is_said_on_ones_own_page_and_ended_there(cast):
    cast.mail(cast.deal(contact=cast.contact(), owner=cast.bram))
    client = _as(cast.bram)
    today = clock.now().date()
    told = {"from": today.isoformat(), "until": (today + timedelta(days=3)).isoformat(), "deputy": str(cast.mia.pk)}

    response = client.post(f"/people/{cast.bram.pk}/absence/", told)

    [row] = Absence.objects.unscoped("tests").all()
    assert (response.status_code, row.member, row.deputy, row.began_at is not None) == (302, cast.bram, cast.mia, True)
    assert any("Mia Lind stands in" in each for each in _text(client.get(f"/people/{cast.bram.pk}/"), "main form"))
    client.post(f"/people/{cast.bram.pk}/absences/{row.pk}/end/")
    assert Absence.objects.unscoped("tests").get().ended_at is not None


def test_nobody_says_it_for_a_colleague_and_read_only_for_nobody(cast):
    today = clock.now().date().isoformat()
    statuses = [
        _as(who).post(f"/people/{cast.bram.pk}/absence/", {"from": today, "until": today}).status_code
        for who in (cast.ana, cast.rita)
    ]

    assert (statuses, Absence.objects.unscoped("tests").count()) == ([422, 403], 0)
