"""The first hour: an account, what is true already, the questions in their order, and then closed for good."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from selectolax.lexbor import LexborHTMLParser

from baton.channels.first_look import looking
from baton.channels.first_look.models import FirstLook
from baton.kernel.clock import now
from baton.map.current import current_map, current_version, forget_parsed, is_published
from baton.map.founding import found, set_up
from baton.map.models import Agreement, MapDraft, SetUp
from baton.map.ready import READY, ready_map
from baton.members.invitations import invite
from baton.members.models import Member
from baton.web.setup.forms import person_in
from tests.cast import MONDAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.deal.addresses")]
ME = {"name": "Ana Horvat", "email": "Ana@Vidik.example", "password": "a long quiet river", "zone": "Europe/Zagreb"}
DECIDED = {
    "supports": ["which enquiries to answer first"],
    "own": "which crews to hire",
    "purpose": "Nobody asks a client twice.",
    "business": "Vidik & sinovi",
    "zone": "Europe/Zagreb",
    "country": "HR",
    "currency": "EUR",
    "language": "hr",
}
OWNED = {"whose": "me", "more": "Ben Raman, ben@vidik.example"}
ALONE = {"whose": "me", "more": ""}
BEHAVED = {
    "map": "facilities",
    "behaviors": ["answer-customer", "next-step"],
    "within-answer-customer": "2 working hours",
}
FLOWS = {
    "facts_begin": "In mails to info@.",
    "breaks_at": "Between Sales and Operations.",
    "desk-sales": "ben@vidik.example",
}
GOAL = {
    "metric": "first_response_p80",
    "baseline-first_response_p80": "9 h",
    "target-first_response_p80": "4 h",
    "by-first_response_p80": "2099-03-31",
}


@pytest.fixture(autouse=True)
def _nothing_is_published() -> None:
    forget_parsed()


def parsed(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def texts(response, selector: str) -> list[str]:
    return [" ".join(node.text(separator=" ").split()) for node in parsed(response).css(selector)]


def begun() -> Client:
    client = Client()
    client.post("/setup/", ME)
    return client


def answered(until: str = "map", owner: dict = ALONE, **instead: dict) -> Client:
    client = begun()
    given = {
        "mail/passing": {},
        "decisions": DECIDED,
        "owner": owner,
        "behaviors": BEHAVED,
        "flow": FLOWS,
        "goals": GOAL,
        "map": {},
    }
    for page, answer in (given | instead).items():
        if page == until:
            break
        assert client.post(f"/setup/{page}/", answer).status_code == 302
    return client


def mail(who: str, to: str, subject: str, ago: timedelta, number: int, answers: int = 0) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = who, to, subject
    message["Date"] = format_datetime(datetime.now(UTC) - ago)
    message["Message-ID"] = f"<{number}@mail.example>"
    if answers:
        message["In-Reply-To"] = f"<{answers}@mail.example>"
    message.set_content("Some words.")
    return message.as_bytes()


def mbox(*messages: bytes) -> SimpleUploadedFile:
    whole = b"".join(b"From x Mon Nov 16 09:00:00 2026\n" + one + b"\n" for one in messages)
    return SimpleUploadedFile("post.mbox", whole)


# In their order


def test_the_first_visit_to_an_empty_baton_leads_to_the_set_up():
    response = Client().get("/people/", follow=True)

    assert response.redirect_chain[-1][0] == "/setup/"
    assert parsed(response).css_first("h1").text() == "First, what is true already"


def test_whoever_begins_is_signed_in_and_sees_nothing_but_the_set_up_until_a_map_is_published():
    client = begun()

    me = Member.objects.get()
    assert (me.name, me.email, me.role, me.check_password(ME["password"])) == (
        "Ana Horvat",
        "ana@vidik.example",
        "owner",
        True,
    )
    assert not is_published()
    assert client.get("/setup/").headers["Location"] == "/setup/mail/"
    assert client.get("/today/").headers["Location"] == "/setup/"


def test_the_questions_come_in_this_order_and_none_can_be_jumped_to():
    client = begun()
    titles = texts(client.get("/setup/mail/"), ".asks > ol > li")

    assert titles == [
        "What is true already",
        "What it should decide",
        "Who owns it",
        "What people do",
        "How work flows now",
        "What gets better",
        "Stages and fields",
    ]
    assert client.get("/setup/map/").headers["Location"] == "/setup/mail/"
    assert answered_elsewhere(client).headers["Location"] == "/setup/owner/"


def answered_elsewhere(client: Client):
    client.post("/setup/mail/passing/")
    client.post("/setup/decisions/", DECIDED)
    return client.get("/setup/map/")


def test_it_can_be_left_and_gone_on_with_on_another_device():
    answered(until="behaviors")
    again = Client()
    again.force_login(Member.objects.get())

    assert again.get("/setup/").headers["Location"] == "/setup/behaviors/"
    shown = parsed(again.get("/setup/decisions/"))
    assert shown.css_first("#id_business").attributes["value"] == "Vidik & sinovi"
    assert shown.css_first("#id_own").attributes["value"] == "which crews to hire"


def test_one_person_publishes_on_the_last_page_and_every_answer_stands_on_the_map():
    client = answered()

    response = client.post("/setup/map/")

    assert response.headers["Location"] == "/map/charter/"
    drawn = current_map()
    assert (current_version(), drawn.business, drawn.purpose) == (1, "Vidik & sinovi", "Nobody asks a client twice.")
    assert (drawn.owner, drawn.currency, drawn.languages) == ("ana@vidik.example", "EUR", ("hr",))
    assert (drawn.hours.zone, drawn.hours.holidays) == ("Europe/Zagreb", "HR")
    assert drawn.charter.supports == ("which enquiries to answer first", "which crews to hire")
    assert (drawn.charter.facts_begin, drawn.charter.breaks_at) == (
        "In mails to info@.",
        "Between Sales and Operations.",
    )
    assert {key: str(each.within) for key, each in drawn.behaviors.items()} == {
        "answer-customer": "2 working hours",
        "next-step": "same working day",
    }
    assert [(goal.metric, goal.target) for goal in drawn.goals] == [("first_response_p80", "4 h")]
    assert not SetUp.objects.exists()
    charter = client.get("/map/charter/").content.decode()
    assert "which crews to hire" in charter
    assert 'href="/channels/"' in charter.partition("What comes next")[2].partition("</section>")[0]
    assert "In mails to info@." in charter


def test_stages_and_fields_that_nobody_needs_are_left_out_and_what_holds_the_map_together_stays():
    client = answered()
    fields = [node.attributes["value"] for node in parsed(client.get("/setup/map/")).css("[name=fields]")]

    client.post("/setup/map/", {"stages": [], "fields": [one for one in fields if one != "feedback"]})

    drawn = current_map()
    assert "feedback" not in drawn.fields
    assert "site_visited" not in drawn.stages
    assert {"enquiry", "agreed", "live"} <= set(drawn.stages)


@pytest.mark.parametrize("name", READY)
def test_each_ready_map_can_be_published_with_any_one_of_its_behaviors(name):
    offered = parsed(answered(until="behaviors").get(f"/setup/behaviors/?map={name}")).css("[name=behaviors]")
    keys = [node.attributes["value"] for node in offered]
    assert len(keys) == 4
    client = Client()
    client.force_login(Member.objects.get())

    client.post("/setup/behaviors/", {"map": name, "behaviors": keys[:1]})
    client.post("/setup/flow/", FLOWS)
    client.post("/setup/goals/", {"without": "1"})
    client.post("/setup/map/")

    assert list(current_map().behaviors) == keys[:1]


@pytest.mark.parametrize(
    ("page", "given", "why"),
    [
        ("decisions", DECIDED | {"supports": [], "own": ""}, "Name at least one"),
        ("decisions", DECIDED | {"purpose": " "}, "This field is required."),
        ("decisions", DECIDED | {"zone": "Europe/Nowhere"}, "Select a valid choice"),
        ("owner", {"whose": "other"}, "The owner needs a name and an address."),
        ("owner", {"whose": "me", "more": "Ben"}, "There is no address in “Ben”"),
        ("behaviors", {"map": "agency"}, "Keep at least one"),
        ("goals", {"wish": "we want control"}, "can’t be measured as it is"),
        ("goals", GOAL | {"target-first_response_p80": "20 h"}, "here less is better"),
        ("goals", GOAL | {"by-first_response_p80": ""}, "Say until when"),
        ("goals", GOAL | {"by-first_response_p80": "2001-01-01"}, "The date is over already."),
    ],
)
def test_an_answer_that_can_t_be_right_is_asked_again_with_the_reason(page, given, why):
    response = answered().post(f"/setup/{page}/", given)

    assert response.status_code == 422
    assert why in response.content.decode()


@pytest.mark.parametrize(
    "line",
    [
        "Ben Raman, ben@vidik.example",
        "Ben Raman ben@vidik.example",
        "ben@vidik.example Ben Raman;",
        "Ben Raman <Ben@vidik.example>",
        "Raman, Ben <ben@vidik.example>",
    ],
)
def test_a_colleague_is_read_from_a_line_however_it_is_written(line):
    read = person_in(line)

    assert read["email"] == "ben@vidik.example"
    assert sorted(read["name"].split()) == ["Ben", "Raman"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "ana@vidik.example"}, "too similar"),
        ({"email": "ana"}, "valid email"),
    ],
)
def test_who_begins_needs_an_address_and_a_good_password(given, why):
    response = Client().post("/setup/", ME | given)

    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Member.objects.exists()


def test_a_wish_is_answered_with_goals_that_can_be_measured_and_no_goal_is_an_answer_too():
    client = answered(until="goals")
    shown = texts(client.get("/setup/goals/?wish=we+want+control"), "fieldset .tick-text b")

    assert shown == ["Duties kept on time", "Stages that something shows", "Open deals with a next step"]
    assert client.post("/setup/goals/", {"wish": "control", "without": "1"}).headers["Location"] == "/setup/map/"


def test_a_target_without_a_tick_is_asked_about_and_not_lost():
    client = answered(until="goals")
    unticked = {name: value for name, value in GOAL.items() if name != "metric"}

    response = client.post("/setup/goals/", unticked | {"wish": "answer faster"})

    assert response.status_code == 422
    assert texts(response, "fieldset .error") == ["Tick it, or empty its target."]
    assert parsed(response).css_first("#target-first_response_p80").attributes["value"] == "4 h"
    assert client.post("/setup/goals/", GOAL).headers["Location"] == "/setup/map/"


def test_a_goal_that_was_kept_is_dropped_by_its_tick_alone():
    client = answered(until="goals")
    client.post("/setup/goals/", GOAL)

    client.post("/setup/goals/", {name: value for name, value in GOAL.items() if name != "metric"})

    assert SetUp.objects.get().answers["goals"] == []


def test_htmx_gets_the_behaviors_of_another_ready_map_alone():
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    content = answered(until="behaviors").get("/setup/behaviors/?map=law-firm", headers=headers).content.decode()

    assert content.strip().startswith("<form")
    assert "no claim lapses with us" in content


# What is true already


def test_mail_is_read_before_the_first_question_and_its_files_are_gone_afterwards(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = begun()
    hours = timedelta(hours=1)
    file = mbox(
        mail("Dana <dana@marlowe.example>", "ana@vidik.example", "Site visit", 100 * hours, 1),
        mail("Ana <ana@vidik.example>", "dana@marlowe.example", "Re: Site visit", 99 * hours, 2, answers=1),
        mail("Ivo <ivo@kamen.example>", "ana@vidik.example", "Roof repair", 72 * hours, 3),
    )

    client.post("/setup/mail/", {"files": file})
    assert texts(client.get("/setup/mail/"), "h1") == ["Reading"]
    looking.look_due(now)
    shown = client.get("/setup/mail/")

    assert texts(shown, "h1") == ["1 person waits for an answer"]
    assert texts(shown, "details[open] .grow") == ["Ivo Roof repair"]
    assert list((tmp_path / "uploads").iterdir()) == []
    client.post("/setup/mail/passing/")
    assert client.get("/setup/").headers["Location"] == "/setup/decisions/"


def test_colleagues_who_were_ticked_stay_ticked_when_a_line_is_asked_again(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = begun()
    hours = timedelta(hours=1)
    file = mbox(mail("Ben <ben@vidik.example>", "ana@vidik.example, dana@marlowe.example", "Quote", 9 * hours, 1))
    client.post("/setup/mail/", {"files": file})
    looking.look_due(now)
    client.post("/setup/mail/passing/")
    client.post("/setup/decisions/", DECIDED)

    refused = client.post("/setup/owner/", {"whose": "me", "seen": "ben@vidik.example", "more": "Mia"})

    assert "There is no address in “Mia”" in refused.content.decode()
    assert [node.attributes["value"] for node in parsed(refused).css("[name=seen][checked]")] == ["ben@vidik.example"]


def test_what_was_found_is_forgotten_at_a_word_and_with_the_published_map(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = answered()
    client.post(
        "/setup/mail/", {"files": mbox(mail("dana@marlowe.example", "ana@vidik.example", "Hello", timedelta(2), 1))}
    )
    looking.look_due(now)
    assert FirstLook.objects.get().findings["read"] == 1

    client.post("/setup/map/")

    assert not FirstLook.objects.exists()


def test_a_look_that_is_stopped_tells_what_it_saw_and_can_be_forgotten(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = begun()
    client.post(
        "/setup/mail/", {"files": mbox(mail("dana@marlowe.example", "ana@vidik.example", "Hello", timedelta(2), 1))}
    )
    client.post("/setup/mail/stop/")
    looking.look_due(now)

    assert texts(client.get("/setup/mail/"), "h1") == ["1 person waits for an answer"]
    client.post("/setup/mail/removal/")
    assert texts(client.get("/setup/mail/"), "h1") == ["What is true already?"]


def test_a_file_that_holds_no_mail_says_so_and_nothing_chosen_is_asked_for(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = begun()

    assert client.post("/setup/mail/").status_code == 422
    client.post("/setup/mail/", {"files": SimpleUploadedFile("x.eml", b"%PDF-1.4 not mail")})
    looking.look_due(now)

    assert "There was no mail in it that could be read." in client.get("/setup/mail/").content.decode()


# Everybody agrees


def joined(name: str, email: str) -> Client:
    ana = Member.objects.get(email="ana@vidik.example")
    _invited, secret = invite(email, by=ana, at=now(), role="member", name=name)
    client = Client()
    assert client.get(f"/invitations/{secret}/").status_code == 200
    client.post(f"/invitations/{secret}/", {"name": name, "password": "another quiet river"})
    return client


def test_who_is_named_is_asked_and_their_objection_holds_the_map_back_until_it_is_answered():
    client = answered(owner=OWNED)
    assert client.post("/setup/map/").headers["Location"] == "/setup/people/"
    ben = joined("Ben Raman", "ben@vidik.example")
    assert "There is no map yet" in ben.get("/setup/").content.decode()

    client.post("/setup/people/asking/")
    part = ben.get("/setup/", follow=True)
    assert part.redirect_chain[-1][0].endswith("/part/")
    assert "You would sit at Sales." in " ".join(texts(part, ".page-ask"))
    assert texts(part, "[aria-labelledby=owe] h3")[0] == "Answer customers"
    ben.post(part.redirect_chain[-1][0], {"says": "objected", "words": "Two hours is not enough."})

    refused = client.post("/setup/publication/")
    assert "Ben Raman: “Two hours is not enough.”" in refused.content.decode()
    assert not is_published()
    objection = Agreement.objects.get()
    client.post(f"/map/objections/{objection.pk}/answer/", {"words": "Then Mia takes the phone."})
    client.post("/setup/publication/")

    assert is_published()
    assert Agreement.objects.get().version_id == 1
    assert not MapDraft.objects.exists()
    assert "Then Mia takes the phone." in client.get("/map/charter/").content.decode()


@pytest.mark.parametrize(("url", "warned"), [("", True), ("https://baton.vidik.example", False)])
def test_links_that_open_on_this_computer_alone_say_so(url, warned):
    with override_settings(BATON_URL=url, ALLOWED_HOSTS=["localhost", "testserver"]):
        shown = answered(owner=OWNED, map={}, until="nothing").post("/setup/people/asking/")

    assert ("They open on this computer only" in shown.content.decode()) == warned


def test_who_agreed_is_told_that_nothing_more_is_asked_of_them():
    client = answered(owner=OWNED)
    client.post("/setup/map/")
    ben = joined("Ben Raman", "ben@vidik.example")
    client.post("/setup/people/asking/")
    part = ben.get("/setup/", follow=True).redirect_chain[-1][0]

    ben.post(part, {"says": "agreed"})

    assert texts(ben.get(part), ".notice p")[0].startswith("That is all for now. Once Ana Horvat publishes it")


def test_silence_is_no_agreement_but_the_owner_may_go_on_without():
    client = answered(owner=OWNED, map={}, until="nothing")
    shown = client.post("/setup/people/asking/")
    assert len(parsed(shown).css(".notice input[readonly]")) == 1
    assert "Nobody was asked yet" not in shown.content.decode()

    refused = client.post("/setup/publication/")
    assert "Not everybody said something yet: Ben Raman." in refused.content.decode()
    client.post("/setup/publication/", {"anyway": "1"})

    assert is_published()


def test_an_owner_elsewhere_is_invited_goes_on_and_is_the_only_one_to_publish():
    owner = {"whose": "other", "name": "Tomas", "email": "tomas@vidik.example", "more": ""}
    client = answered(owner=owner, map={}, until="nothing")
    client.post("/setup/people/asking/")
    assert (
        "Only the owner of the map publishes it" in client.post("/setup/publication/", {"anyway": "1"}).content.decode()
    )
    tomas = joined("Tomas", "tomas@vidik.example")

    tomas.post("/setup/publication/", {"anyway": "1"})

    assert current_map().owner == "tomas@vidik.example"
    assert dict(Member.objects.values_list("email", "role")) == {
        "ana@vidik.example": "manager",
        "tomas@vidik.example": "owner",
    }


def test_a_colleague_who_only_waits_can_t_answer_for_the_business():
    answered(owner=OWNED)
    ben = joined("Ben Raman", "ben@vidik.example")

    assert ben.get("/setup/map/").headers["Location"] == "/setup/"
    assert ben.post("/setup/publication/").headers["Location"] == "/setup/"
    assert not is_published()


# Closed for good


def test_once_a_map_is_published_the_set_up_is_closed_for_good():
    client = answered()
    client.post("/setup/map/")

    for page in ("mail", "decisions", "owner", "behaviors", "flow", "goals", "map", "people"):
        assert client.get(f"/setup/{page}/").headers["Location"] == "/map/charter/"
    assert Client().get("/setup/").headers["Location"] == "/account/login/"
    assert Client().post("/setup/", ME | {"email": "eve@vidik.example"}).headers["Location"] == "/account/login/"
    assert Member.objects.count() == 1


def test_a_business_that_was_founded_at_once_never_sees_it():
    found(
        ready_map("agency", "ivo@vidik.example", "Ivo"),
        name="Ivo",
        email="ivo@vidik.example",
        password="another quiet river",
        at=MONDAY,
    )

    assert Client().get("/setup/").headers["Location"] == "/account/login/"
    assert set_up() is None


def test_in_the_demonstration_there_is_no_set_up():
    with override_settings(BATON_DEMO=True):
        assert Client().get("/setup/").status_code == 404


def test_a_business_that_exists_never_sees_it():
    Cast()

    assert Client().get("/setup/").status_code == 302
    assert "/setup" not in Client().get("/people/", follow=True).redirect_chain[-1][0]
