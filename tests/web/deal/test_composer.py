"""Writing from the deal: what is typed is kept, what went wrong is shown, and nobody sends what isn't theirs."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.capture import outbox
from baton.capture.models import Outgoing
from baton.channels.email.models import MailTemplate
from baton.kernel.clock import now
from tests.capture.letters import from_mailbox, letter, recorded
from tests.cast import MINUTE, MONDAY
from tests.web.deal.test_page import on, text

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db]
TYPED = {"to": "dana@marlowe.example", "subject": "Your quote", "text": "Here it is.", "key": "k"}


@pytest.fixture
def deal(cast):
    return cast.deal(contact=cast.contact(company=cast.company()))


@pytest.fixture
def ana(cast, signed_in):
    return signed_in(cast.ana)


def row() -> Outgoing:
    return Outgoing.objects.unscoped("tests").latest("asked_at")


def test_what_failed_is_shown_with_why_and_can_be_sent_again_or_left(cast, deal, ana):
    ana.post(f"{on(deal)}email/", TYPED)
    Outgoing.objects.unscoped("tests").update(state="failed", because="550 Nobody here", due_at=None)

    shown = text(ana.get(on(deal)), "#outgoing li")[0]
    ana.post(f"/outgoing/{row().pk}/repeat/")
    again = row().state
    Outgoing.objects.unscoped("tests").update(state="unsure", due_at=None)
    ana.post(f"/outgoing/{row().pk}/removal/")

    assert [word in shown for word in ("Your quote", "Not sent. 550 Nobody here", "Send again")] == [True] * 3
    assert (again, Outgoing.objects.unscoped("tests").count()) == ("waiting", 0)


def test_a_colleague_neither_sees_nor_takes_back_what_one_sends(cast, deal, ana, signed_in):
    ana.post(f"{on(deal)}email/", TYPED)

    answer = signed_in(cast.bram).post(f"/outgoing/{row().pk}/withdrawal/")

    assert (answer.status_code, text(signed_in(cast.bram).get(on(deal)), "#outgoing li")) == (404, [])
    assert row().state == "waiting"


def test_what_was_taken_back_comes_back_with_its_files_and_goes_out_as_one_mail(cast, deal, ana):
    ana.post(f"{on(deal)}email/", TYPED | {"file": SimpleUploadedFile("plan.pdf", b"%PDF-1.4 plan")})
    ana.post(f"/outgoing/{row().pk}/withdrawal/")

    form = ana.get(f"{on(deal)}email/?again={row().pk}")
    kept = text(form, "textarea[name=text]"), text(form, ".tick-text")
    digest = row().body["typed"]["files"][0][3]
    ana.post(f"{on(deal)}email/", TYPED | {"key": "k2", "again": str(row().pk), "keep": digest})
    outbox.send_due(now() + MINUTE)

    assert kept == (["Here it is."], ["plan.pdf"])
    assert [(one.state, one.body["typed"]["files"][0][0]) for one in Outgoing.objects.unscoped("tests")] == [
        ("sent", "plan.pdf")
    ]


def test_a_file_that_one_may_not_see_does_not_go_along_by_its_digest(cast, deal, ana):
    secret = letter(files=("secret.pdf",))
    from_mailbox(cast.bram, secret)
    digest = hashlib.sha256(b"%PDF-1.4 secret.pdf").hexdigest()

    ana.post(f"{on(cast.deal('Other'))}email/", TYPED | {"keep": digest})

    assert row().body["typed"]["files"] == []


def test_a_template_fills_in_the_text_and_an_unfilled_place_does_not_go_out(cast, deal, ana):
    words = "Dear {first_name}, we start on {start_date}."
    kept = MailTemplate.objects.create(name="Start", text=words, owner=cast.bram, shared=True, saved_at=MONDAY)

    form = ana.get(f"{on(deal)}email/?template={kept.pk}")
    [filled] = text(form, "textarea[name=text]")
    refused = ana.post(f"{on(deal)}email/", TYPED | {"text": filled})

    assert filled == "Dear Dana, we start on {start_date}."
    assert (refused.status_code, "{start_date}" in refused.content.decode()) == (422, True)
    assert Outgoing.objects.unscoped("tests").count() == 0


def test_a_place_that_was_typed_by_hand_is_filled_too(cast, deal, ana):
    ana.post(f"{on(deal)}email/", TYPED | {"text": "Dear {first_name}, it is done."})

    assert row().body["typed"]["text"] == "Dear Dana, it is done."


def test_a_template_of_a_colleague_s_own_is_neither_offered_nor_changed(cast, deal, ana):
    theirs = MailTemplate.objects.create(name="Mine", text="x", owner=cast.bram, saved_at=MONDAY)

    assert "Mine" not in ana.get(f"{on(deal)}email/").content.decode()
    assert ana.post(f"/mail-templates/{theirs.pk}/", {"name": "Taken", "text": "y"}).status_code == 404


def test_templates_are_kept_changed_and_deleted(cast, ana):
    ana.post("/mail-templates/", {"name": "Start", "subject": "", "text": "Dear {name}"})
    kept = MailTemplate.objects.get()
    ana.post(f"/mail-templates/{kept.pk}/", {"name": "Begin", "text": "Dear {name}", "shared": "on"})
    changed = MailTemplate.objects.get()
    page = ana.get("/mail-templates/").content.decode()
    ana.post(f"/mail-templates/{kept.pk}/removal/")

    assert (changed.name, changed.shared, "Begin" in page) == ("Begin", True, True)
    assert MailTemplate.objects.count() == 0


def test_a_reply_begins_from_the_message_it_answers(cast, deal, ana):
    [came] = from_mailbox(cast.ana, letter(message_id="<ask@marlowe.example>"))

    form = ana.get(f"{on(deal)}email/?answer={recorded(came).pk}&how=forward")

    assert 'value="Fwd: Start"' in form.content.decode()
    assert "Could we start on 1 December?" in text(form, "details .said")[0]


def test_a_message_of_another_deal_is_not_answered_from_here(cast, deal, ana):
    [came] = from_mailbox(cast.ana, letter())
    other = cast.deal("Other")

    assert ana.get(f"{on(other)}email/?answer={recorded(came).pk}").status_code == 404
