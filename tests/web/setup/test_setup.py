"""The first set-up: four pages in order, one owner, one map, and closed for good."""

import pytest
from django.test import Client, override_settings
from selectolax.lexbor import LexborHTMLParser

from baton.map.current import current_map, current_version
from baton.map.founding import found
from baton.map.ready import READY, ready_map
from baton.members.models import Member
from baton.members.setup import is_empty
from tests.cast import MONDAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.deal.addresses")]
ABOUT = {
    "business": "Vidik & sinovi",
    "purpose": "Nobody asks a client twice.",
    "zone": "Europe/Zagreb",
    "country": "HR",
    "currency": "EUR",
    "language": "hr",
}
OWNER = {"name": "Ana Horvat", "email": "Ana@Vidik.example", "password": "a long quiet river"}


def parsed(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def answered(*, until: str = "map", name: str = "facilities", behaviors=("answer-customer", "next-step")) -> Client:
    client = Client()
    steps = {
        "owner": lambda: client.post("/setup/", ABOUT),
        "behaviors": lambda: client.post("/setup/owner/", OWNER),
        "map": lambda: client.post("/setup/behaviors/", {"map": name, "behaviors": list(behaviors)}),
    }
    for step, answer in steps.items():
        assert answer().headers.get("Location") == f"/setup/{step}/"
        if step == until:
            break
    return client


def test_the_first_visit_to_an_empty_baton_leads_to_the_set_up():
    response = Client().get("/people/", follow=True)

    assert response.redirect_chain[-1][0] == "/setup/"
    assert parsed(response).css_first("h1").text() == "What is it for?"


def test_the_pages_come_in_this_order_what_for_who_what_people_do_and_only_then_stages_and_fields():
    titles = [node.text() for node in parsed(Client().get("/setup/")).css(".asks > ol > li")]

    assert titles == ["What it is for", "Who owns it", "What people do", "Stages and fields"]
    assert Client().get("/setup/map/").headers["Location"] == "/setup/"
    assert answered(until="owner").get("/setup/map/").headers["Location"] == "/setup/owner/"


def test_after_the_last_page_there_is_an_owner_who_is_signed_in_and_a_map_in_force():
    client = answered()
    assert is_empty()

    response = client.post("/setup/map/")

    owner = Member.objects.get()
    assert response.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert (owner.name, owner.email, owner.role, owner.check_password(OWNER["password"])) == (
        "Ana Horvat",
        "ana@vidik.example",
        "owner",
        True,
    )
    drawn = current_map()
    assert (current_version(), drawn.business, drawn.purpose) == (1, ABOUT["business"], ABOUT["purpose"])
    assert (drawn.owner, drawn.currency, drawn.languages) == ("ana@vidik.example", "EUR", ("hr",))
    assert (drawn.hours.zone, drawn.hours.holidays) == ("Europe/Zagreb", "HR")
    assert list(drawn.behaviors) == ["answer-customer", "next-step"]


@pytest.mark.parametrize("name", READY)
def test_each_ready_map_can_be_founded_with_any_one_of_its_behaviors(name):
    offered = parsed(answered(until="behaviors").get(f"/setup/behaviors/?map={name}")).css("[name=behaviors]")
    keys = [node.attributes["value"] for node in offered]
    assert len(keys) == 4

    client = answered(name=name, behaviors=keys[:1])
    client.post("/setup/map/")

    assert list(current_map().behaviors) == keys[:1]


def test_the_last_page_shows_the_way_of_a_deal_and_what_breaks_when_a_field_is_wrong():
    page = parsed(answered().get("/setup/map/"))

    assert len(page.css("svg .node")) == 8
    assert page.css("svg a") == []
    assert "Somebody drives to the wrong site." in page.css_first("[aria-labelledby=fields]").text()


def test_the_password_is_kept_between_the_pages_only_as_its_hash():
    client = answered(until="behaviors")

    kept = client.session["setup"]["owner"]["password"]
    assert OWNER["password"] not in str(dict(client.session))
    assert kept.startswith(("pbkdf2", "md5$"))
    assert OWNER["password"] not in client.get("/setup/owner/").content.decode()


@pytest.mark.parametrize(
    ("page", "given", "why"),
    [
        ("/setup/", {**ABOUT, "purpose": " "}, "This field is required."),
        ("/setup/", {**ABOUT, "zone": "Europe/Nowhere"}, "Select a valid choice"),
        ("/setup/", {**ABOUT, "country": "XX"}, "Select a valid choice"),
        ("/setup/owner/", {**OWNER, "password": "short"}, "too short"),
        ("/setup/owner/", {**OWNER, "password": "ana@vidik.example"}, "too similar"),
        ("/setup/owner/", {**OWNER, "email": "ana"}, "valid email"),
        ("/setup/behaviors/", {"map": "agency"}, "Keep at least one"),
    ],
)
def test_an_answer_that_can_t_be_right_is_asked_again_with_the_reason(page, given, why):
    client = answered(until="behaviors")

    response = client.post(page, given)

    assert response.status_code == 422
    assert why in response.content.decode()


def test_once_somebody_is_a_member_the_set_up_is_closed_for_good():
    client = answered()
    found(
        ready_map("agency", "ivo@vidik.example", "Ivo"),
        name="Ivo",
        email="ivo@vidik.example",
        password="another quiet river",
        at=MONDAY,
    )
    Member.objects.update(is_active=False)

    for page in ("/setup/", "/setup/owner/", "/setup/behaviors/", "/setup/map/"):
        assert client.get(page).headers["Location"] == "/account/login/"
    assert client.post("/setup/map/").headers["Location"] == "/account/login/"
    assert (Member.objects.count(), current_map().business) == (1, "Ivo")


def test_in_the_demonstration_there_is_no_set_up():
    with override_settings(BATON_DEMO=True):
        assert Client().get("/setup/").status_code == 404


def test_a_business_that_exists_never_sees_it():
    Cast()

    assert Client().get("/setup/").status_code == 302
    assert "/setup" not in Client().get("/people/", follow=True).redirect_chain[-1][0]


def test_what_was_answered_is_still_there_on_the_way_back():
    page = parsed(answered(until="map").get("/setup/"))

    assert page.css_first("#id_business").attributes["value"] == ABOUT["business"]
    assert page.css_first("#id_zone option[selected]").attributes["value"] == "Europe/Zagreb"


def test_htmx_gets_the_behaviors_of_another_ready_map_alone():
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    content = answered(until="behaviors").get("/setup/behaviors/?map=law-firm", headers=headers).content.decode()

    assert content.strip().startswith("<form")
    assert "no claim lapses with us" in content
