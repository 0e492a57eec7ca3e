"""A visitor asks on a website and stays there; what an assistant makes of it waits; a webhook is set up."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from baton.capture import connections
from baton.capture.reading import read_waiting
from baton.gate.forms import taking
from baton.kernel.clock import now
from baton.ledger.models import Deal, Interaction
from tests.browser import NOWHERE, assert_accessible
from tests.cast import MONDAY, Cast, fresh
from tests.channels.outside import outside
from tests.gate.assistants.asking import Assistant

pytestmark = pytest.mark.django_db(transaction=True)
FORM = """<form data-baton method="post" action="{to}"><label>Your name <input name="name" required></label>
<label>Email <input name="email" type="email" required></label>
<label>Message <textarea name="message"></textarea></label>
<button>Send</button></form><script src="{script}"></script>"""


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_an_enquiry_comes_from_a_website_and_what_an_assistant_makes_of_it_waits(
    page_at, server, settings, monkeypatch, width, scheme
):
    monkeypatch.setattr(taking, "QUICKEST", timedelta(0))  # nobody is as quick as a browser in a test
    cast, elsewhere = Cast(), server.replace("127.0.0.1", "localhost")
    told = {"name": "Ask us", "asks": ["phone", "message"], "questions": "Postcode *", "origins": elsewhere}
    told |= {"consent": "You may write to me.", "thanks": "Thank you, Dana."}
    form = connections.make(
        "form", "Ask us", told | {"questions": "", "consent": ""}, {}, by=cast.tomas, at=MONDAY, desk="intake"
    )
    page = page_at(width, scheme, cast.ana)

    page.goto(f"{elsewhere}{NOWHERE}?utm_source=fair")
    page.set_content(FORM.format(to=f"{server}/forms/{form.pk}/", script=f"{server}/forms/form.js"))
    page.get_by_label("Your name").fill("Dana Whitlock")
    page.get_by_label("Email").fill("dana@marlowe.example")
    page.get_by_label("Message").fill("Could you grit our car park?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_have_text("Thank you, Dana.")
    read_waiting(now())
    deal, mail = Deal.objects.unscoped("tests").get(), Interaction.objects.unscoped("tests").get()
    assert deal.source == "Ask us: fair"

    connections.change(form, "Ask us", told, {}, by=cast.tomas, at=MONDAY, desk="intake")
    page.goto(f"{server}/forms/{form.pk}/")
    page.get_by_label("Your name").fill("Dana")
    assert_accessible(page)
    look(page, f"form-{width}-{scheme}")

    assistant = Assistant(cast.ana)
    assistant.call("read", kind="message", id=str(mail.pk))
    assistant.call(
        "propose_facts", deal=str(deal.pk), facts=[{"field": "need", "value": "Gritting", "because": "She asks."}]
    )
    assistant.call("draft_reply", message=str(mail.pk), text="Dear Dana,\nyes, from 1 December.\nAna")
    page.goto(f"{server}/assistants/")
    expect(page.get_by_text("2 things wait for you.")).to_be_visible()
    assert_accessible(page)
    look(page, f"assistants-{width}-{scheme}")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("Done: Need on")).to_be_visible()
    assert fresh(deal).values["need"]["v"] == "Gritting"

    with outside(settings) as there:
        page.goto(f"{server}/webhooks/new/")
        page.get_by_label("Name").fill("Books")
        page.get_by_label("Address").fill(f"{there.address}/hook")
        page.get_by_label("a deal was won").check()
        assert_accessible(page)
        look(page, f"webhook-new-{width}-{scheme}")
        page.get_by_role("button", name="Try it and keep it").click()
        expect(page.get_by_text("Books took the test message")).to_be_visible()
        assert_accessible(page)
        look(page, f"webhook-{width}-{scheme}")


def look(page, name):
    if os.environ.get("BATON_LOOK"):
        page.screenshot(path=f"{os.environ['BATON_LOOK']}/{name}.png", full_page=True)
