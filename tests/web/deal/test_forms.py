"""What is done on a deal: values as people type them, stages, emails, files; and what is refused, with nothing lost."""

import re

import pytest
from django.core import mail as outbox
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.capture.outbox import send_due
from baton.kernel.clock import now
from baton.ledger.models import File, Interaction
from baton.work.models import ExceptionCase, Handoff, Promise, Question
from tests.cast import MINUTE, MONDAY, fresh
from tests.web.deal.scene import quayside
from tests.web.deal.test_page import from_page, on, text

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db]


@pytest.fixture
def deal(cast):
    return quayside(cast)


def test_a_form_without_a_single_field_is_refused_in_a_sentence(cast, deal, signed_in):
    answer = signed_in(cast.ana).post(f"{on(deal)}exceptions/", {})

    assert (answer.status_code, "What is done differently: This field is required." in answer.content.decode()) == (
        422,
        True,
    )


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("amount", "12.5k", {"minor": 1_250_000, "currency": "GBP"}),
        ("amount", "12,500", {"minor": 1_250_000, "currency": "GBP"}),
        ("amount", "€900", {"minor": 90_000, "currency": "EUR"}),
        ("close_date", "2026-12-01", "2026-12-01"),
        ("start_date", "1 December 2027", "2027-12-01"),
        ("scope", "Lobby only", "Lobby only"),
        ("key_holder", "Colin Marsh", {"name": "Colin Marsh"}),
    ],
)
def test_a_value_is_read_as_people_type_it(cast, deal, signed_in, field, typed, value):
    signed_in(cast.ana).post(f"{on(deal)}fields/{field}/value/", {"value": typed, "because": ""})

    assert fresh(deal).value(field) == value


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [("amount", "a lot", "That is not an amount of money"), ("close_date", "soon", "That is not a date")],
)
def test_what_cannot_be_read_is_refused_with_how_to_write_it(cast, deal, signed_in, field, typed, sentence):
    before = deal.value(field)

    response = signed_in(cast.ana).post(f"{on(deal)}fields/{field}/value/", {"value": typed})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert fresh(deal).value(field) == before


def test_somebody_elses_change_meanwhile_is_shown_before_anything_is_written(cast, deal, signed_in):
    looked_at = deal.version
    cast.tell("deal", deal.pk, by=cast.bram, at=MONDAY + 5 * MINUTE, amount={"minor": 9_000_000, "currency": "GBP"})

    typed = {"value": "70k", "version": looked_at}
    response = signed_in(cast.ana).post(f"{on(deal)}fields/amount/value/", typed)

    assert response.status_code == 409
    assert "Amount: £90,000 (Bram Castell" in response.content.decode()
    assert fresh(deal).amount == 9_000_000


def test_who_has_read_the_change_and_saves_again_saves_over_it(cast, deal, signed_in):
    looked_at, client = deal.version, signed_in(cast.ana)
    cast.tell("deal", deal.pk, by=cast.bram, at=MONDAY + 5 * MINUTE, amount={"minor": 9_000_000, "currency": "GBP"})
    address, typed = f"{on(deal)}fields/amount/value/", {"value": "70k", "version": looked_at}

    notice = client.post(address, typed, headers={"HX-Request": "true"}).content.decode()
    page = client.post(address, typed, headers={"referer": "http://testserver/deals/"}).content.decode()
    client.post(address, typed | {"version": fresh(deal).version})

    assert f'data-version="{deal.version + 1}"' in notice
    assert f'<input type="hidden" name="version" value="{deal.version + 1}">' in page
    assert fresh(deal).amount == 7_000_000


def test_a_refused_form_shows_again_what_a_person_typed_and_nothing_else(cast, deal, signed_in):
    typed = {"value": "a lot", "because": "", "version": deal.version, "fact": str(deal.pk)}

    page = signed_in(cast.ana).post(
        f"{on(deal)}fields/amount/value/", typed, headers={"referer": "http://testserver/deals/"}
    )

    assert re.findall(r"<label[^>]*>(\w+)</label>", page.content.decode()) == ["Value"]


def test_a_change_of_another_field_is_in_nobodys_way(cast, deal, signed_in):
    looked_at = deal.version
    cast.tell("deal", deal.pk, by=cast.bram, at=MONDAY + 5 * MINUTE, scope="Lobby only")

    signed_in(cast.ana).post(f"{on(deal)}fields/amount/value/", {"value": "70k", "version": looked_at})

    assert fresh(deal).amount == 7_000_000


def test_the_history_of_a_value_says_who_when_and_from_what(cast, deal, signed_in):
    client = signed_in(cast.ana)
    client.post(f"{on(deal)}fields/amount/value/", {"value": "70k", "because": "one tower fewer"})

    rows = text(client.get(f"{on(deal)}fields/amount/history/"), "#history > li")

    assert ["£70,000" in rows[0], "By you, on this page: one tower fewer" in rows[0]] == [True, True]
    assert "£84,600" in rows[1]


def test_the_source_of_a_value_says_who_needs_it_and_what_breaks(cast, deal, signed_in):
    response = signed_in(cast.ana).get(f"{on(deal)}fields/start_date/")

    body = response.content.decode()
    assert text(response, ".source-state") == ["Suggested. Nobody has confirmed it."]
    assert "The crew is booked for the wrong week." in body
    assert "<mark>start on 1 December</mark>" in body


def test_a_move_without_evidence_saves_and_says_so(cast, deal, signed_in):
    signed_in(cast.ana).post(f"{on(deal)}stage/", {"stage": "agreed", "because": "She nodded"})

    after = fresh(deal)
    excused = ExceptionCase.objects.unscoped("tests").get(about="stage:agreed")
    assert (after.stage, after.shown, excused.reason) == ("agreed", False, "She nodded")


def test_a_message_that_cannot_show_a_stage_is_not_offered_for_it(cast, deal, signed_in):
    response = signed_in(cast.ana).get(f"{on(deal)}stage/?stage=agreed")

    offered = [line.split(",")[0] for line in text(response, "fieldset .tick-text")]
    assert offered == ["Email from Dana Whitlock", "Email from Dana Whitlock", "Nothing yet: it stays said"]


def test_handing_over_confirms_what_was_left_ticked(cast, deal, signed_in):
    waiting = deal.values["start_date"]["s"][0]

    signed_in(cast.ana).post(f"{on(deal)}handoff/", {"note": "Keys follow", "confirming": [waiting]})

    handoff = Handoff.objects.unscoped("tests").get(deal=deal)
    assert (handoff.state, handoff.to_desk, handoff.note) == ("offered", "operations", "Keys follow")
    assert fresh(deal).value("start_date") == "2026-12-01"


def test_a_question_about_a_field_is_answered_as_its_value(cast, deal, signed_in):
    asked = {"text": "When do they start?", "of": str(cast.ben.pk), "about": "start_date"}
    signed_in(cast.ana).post(f"{on(deal)}questions/", asked)
    question = Question.objects.unscoped("tests").get(about_field="start_date")

    signed_in(cast.ben).post(f"/questions/{question.pk}/answer/", {"text": "3 December 2027"})

    assert fresh(deal).value("start_date") == "2027-12-03"
    assert fresh(question).answer == "3 December 2027"


def test_a_promise_is_kept_or_moved_and_an_ask_is_taken_on(cast, deal, signed_in):
    client = signed_in(cast.ana)
    ours, asked = (Promise.objects.unscoped("tests").get(deal=deal, who=who) for who in ("us", "asked"))

    client.post(f"/promises/{ours.pk}/outcome/", {"outcome": "kept"})
    client.post(f"/promises/{asked.pk}/taken-on/", {"due": "1 December 2027"})

    assert (fresh(ours).state, fresh(asked).who) == ("kept", "us")
    assert f"{fresh(asked).due_at:%d %H:%M}" == "01 17:00"


def test_an_email_that_was_sent_is_recorded_as_ours_on_the_deal(cast, deal, signed_in):
    typed = {"to": "dana@marlowe.example", "subject": "Your quote", "text": "Here it is."}

    signed_in(cast.ana).post(f"{on(deal)}email/", typed)
    send_due(now() + MINUTE)

    [sent] = outbox.outbox
    kept = Interaction.objects.unscoped("tests").get(kind="email", direction="out", deal=deal)
    assert (sent.to, sent.from_email) == (["dana@marlowe.example"], "Ana Horvat <ana@lime.example>")
    assert (kept.trust, kept.author_id, kept.audience) == ("own", cast.ana.pk, "full")


def test_an_email_that_nobody_could_send_is_a_note_and_no_evidence(cast, deal, signed_in, settings):
    settings.EMAIL_BACKEND = "baton.kernel.mailing.CheckedBackend"
    typed = {"to": "dana@marlowe.example", "subject": "Your quote", "text": "Here it is."}

    signed_in(cast.ana).post(f"{on(deal)}email/", typed)

    kept = Interaction.objects.unscoped("tests").filter(deal=deal).latest("recorded_at")
    assert (kept.kind, kept.direction) == ("note", "internal")


def test_a_file_is_taken_in_with_the_line_and_only_ever_downloaded(cast, deal, signed_in):
    client = signed_in(cast.ana)
    page = SimpleUploadedFile("../plan.html", b"<script>alert(1)</script>", content_type="text/html")

    client.post("/quick/", {"line": "The plan", "deal": str(deal.pk), "key": "k", "file": page})

    file = File.objects.unscoped("tests").get(deal=deal)
    answer = client.get(f"/files/{file.pk}/")
    assert file.name == "plan.html"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.html"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_a_message_that_somebody_may_not_read_is_not_there(cast, deal, signed_in):
    signed_in(cast.ana).post(
        "/quick/", {"line": "Plan", "deal": str(deal.pk), "key": "k", "file": SimpleUploadedFile("plan.txt", b"x")}
    )
    file = File.objects.unscoped("tests").get(deal=deal)
    cast.tell("interaction", file.interaction_id, audience="private")

    assert signed_in(cast.bram).get(f"/files/{file.pk}/").status_code == 404


def test_who_may_only_read_sees_the_page_and_changes_nothing(cast, deal, signed_in):
    client = signed_in(cast.rita)

    page = client.get(on(deal))
    answer = client.post(f"{on(deal)}stage/", {"stage": "agreed"}, headers=from_page(deal))

    assert text(page, "#say-form, .packet form") == []
    assert (answer.status_code, fresh(deal).stage) == (403, "quoted")


def test_a_lost_deal_says_why_and_can_be_opened_again(cast, deal, signed_in):
    client = signed_in(cast.ana)

    client.post(f"{on(deal)}loss/", {"because": "Went with cheaper"})
    lost = fresh(deal)
    client.post(f"{on(deal)}reopening/")

    assert (lost.status, lost.lost_reason, fresh(deal).status) == ("lost", "Went with cheaper", "open")


def test_a_linked_deal_begins_at_its_desk_with_the_same_customer(cast, deal, signed_in):
    client = signed_in(cast.ana)

    client.post(f"{on(deal)}linked/", {"title": "Renewal", "desk": "sales"})

    linked = text(client.get(on(deal)), "[aria-labelledby=linked-title] li")
    assert linked == ["RenewalVisited, opened from this one"]


FORMS = {
    "promises": (Promise, {"what": "the method statement", "due": "Fri", "who": "us"}),
    "exceptions": (ExceptionCase, {"what": "Starts before the survey", "category": "", "reason": "She asked"}),
    "questions": (Question, {"text": "Who holds the keys?", "about": ""}),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_same_form_sent_twice_records_once_and_a_new_one_records_anew(cast, deal, signed_in, name):
    ana, (model, typed) = signed_in(cast.ana), FORMS[name]
    typed = typed | ({"of": str(cast.ben.pk)} if name == "questions" else {})
    keys = [re.search(r'name="key" value="([^"]+)"', ana.get(f"{on(deal)}{name}/").content.decode())[1] for _ in "12"]
    before = model.objects.unscoped("tests").count()

    answers = [ana.post(f"{on(deal)}{name}/", typed | {"key": key}).status_code for key in (keys[0], *keys)]

    assert answers == [302, 302, 302]
    assert model.objects.unscoped("tests").count() == before + 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9999-12-31", "9999-12-31 is more than 20 years away. Write the year that is meant."),
        ("2090-01-01", "2090-01-01 is more than 20 years away."),
        ("31 December 9999", "9999 is no year that comes up here."),
    ],
)
def test_a_year_that_nobody_means_is_refused_with_a_sentence(cast, deal, signed_in, typed, sentence):
    before = deal.value("close_date")

    answer = signed_in(cast.ana).post(f"{on(deal)}fields/close_date/value/", {"value": typed})

    assert sentence in answer.content.decode()
    assert fresh(deal).value("close_date") == before
