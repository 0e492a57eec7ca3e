"""Push in a browser: what the worker shows, and an answer that a lost line keeps until it is back."""

import re

import pytest
from playwright.sync_api import expect

from baton.channels.push.models import PushDevice, PushNotice
from baton.channels.push.telling import token_of
from baton.kernel.clock import now
from baton.kernel.sealed import Sealed
from baton.work import questions
from baton.work.models import Duty
from tests.browser import assert_accessible, assert_no_sideways_scroll, until
from tests.cast import Cast, fresh
from tests.web.pocket.test_pocket_in_a_browser import NOTHING_WAITS, install

ANSWERED = "([answer, text]) => answered({title: 'Baton', tag: 'x', data: {url: '/'}}, answer, text)"
"""What the worker does with a click on a notification."""
SHOWN = "(message) => { self.registration.showNotification = (...shown) => shown; return told(message); }"
"""What it shows of a push; a browser without windows shows nothing, so it is caught on its way there."""
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(server: str) -> Cast:
    return Cast()


def told(cast) -> tuple[dict, object]:
    """A question that Ana's phone was told of."""
    at = now()
    question = questions.ask(cast.deal(), "Who has the keys?", of=cast.ana, by=cast.ben, at=at, about_field="")
    device = PushDevice.objects.create(
        member=cast.ana, where="x", keys=Sealed.of({"where": ""}), session_key="s", made_at=at
    )
    duty = Duty.objects.unscoped("tests").get(subject_kind="question")
    key = f"{duty.pk}:question:{cast.ana.pk}"
    PushNotice.objects.create(device=device, key=key, duty=duty.pk, about="question", made_at=at)
    answer = {"to": "/push/answers/", "key": key, "token": token_of(key), "member": str(cast.ana.pk)}
    return answer, question


def test_an_answer_without_a_line_is_kept_and_given_once_it_is_back(cast, page_at):
    answer, question = told(cast)
    page = page_at(390, "light", cast.ana)
    install(page)
    worker = page.context.service_workers[-1]

    page.context.set_offline(True)
    worker.evaluate(ANSWERED, [answer, "Colin has them"])
    page.context.set_offline(False)
    page.goto("/today/")

    until(page, NOTHING_WAITS)
    assert fresh(question).answer == "Colin has them"


def test_what_is_pushed_is_shown_with_its_answers(cast, page_at):
    page = page_at(390, "light", cast.ana)
    install(page)
    worker = page.context.service_workers[-1]
    answers = [{"action": "moved to tomorrow", "title": "Tomorrow", "type": "button"}]
    message = {"title": "Reply to Dana", "body": "by 11:12", "tag": "x", "url": "/today/", "actions": answers}

    title, shown = worker.evaluate(SHOWN, message | {"answer": None})

    assert (title, shown["body"], shown["actions"]) == ("Reply to Dana", "by 11:12", answers)
    assert shown["data"] == {"url": "/today/", "answer": None}


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_settings_can_be_read_by_everybody(cast, page_at, width, scheme):
    told(cast)
    page = page_at(width, scheme, cast.ana)
    page.goto("/settings/app/")
    page.get_by_label("For which phone").fill("iPhone")
    page.get_by_role("button", name="Make a secret").click()

    expect(page.get_by_label("Your secret")).to_have_value(re.compile("Bearer .{40,}"))
    assert_accessible(page)
    assert_no_sideways_scroll(page)
