"""The page of webhooks: tried before it is kept, its secret shown once, and everybody sees only their own."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.gate.hooks import sending
from baton.gate.hooks.models import HookDelivery, Subscription
from baton.kernel.clock import now
from baton.ledger.entries import Author, said
from baton.ledger.recording import record
from tests.cast import Cast
from tests.channels.outside import outside

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def secret_on(page) -> str:
    return LexborHTMLParser(page.content.decode()).css_first("#hook-secret").attributes["value"]


def set_up(client, there, **more):
    told = {"name": "Books", "address": there.address + "/hook", "kinds": ["stage.entered"]} | more
    told |= {"secret": secret_on(client.get("/webhooks/new/"))}
    return told, client.post("/webhooks/new/", told)


def test_it_is_tried_kept_told_and_its_secret_is_shown_once(cast, settings):
    client, deal = signed_in(cast.ana), cast.deal()
    with outside(settings) as there:
        told, answer = set_up(client, there)
        record(said("deal", deal.pk, stage="visited"), by=Author(cast.ana), at=now())
        sending.send_due(now())

    hook = Subscription.objects.unscoped("tests").get()
    page = client.get(f"/webhooks/{hook.pk}/").content.decode()
    assert (answer.status_code, [b"baton.test" in one.body for one in there.asked]) == (302, [True, False])
    assert ("Delivered" in page, "Quayside Tower" in page, told["secret"] in page) == (True, True, False)


def test_what_does_not_take_the_test_message_is_not_kept_and_the_page_says_why(cast, settings):
    with outside(settings, status=404) as there:
        _told, answer = set_up(signed_in(cast.ana), there)

    assert (answer.status_code, "It answered 404." in answer.content.decode()) == (422, True)
    assert Subscription.objects.unscoped("tests").count() == 0


def test_a_colleague_does_not_know_of_it_the_owner_may_stop_it_and_nobody_else_changes_it(cast, settings):
    with outside(settings) as there:
        set_up(signed_in(cast.ana), there)
    hook = Subscription.objects.unscoped("tests").get()
    address = f"/webhooks/{hook.pk}/"

    seen = [signed_in(one).get(address).status_code for one in (cast.ana, cast.ben, cast.tomas)]
    changed = signed_in(cast.tomas).post(f"{address}secret/").status_code
    stopped = signed_in(cast.tomas).post(f"{address}state/", {"on": "no"}).status_code

    assert (seen, changed, stopped) == ([200, 404, 200], 422, 302)
    assert Subscription.objects.unscoped("tests").get().state == "off"


def test_who_may_only_read_sets_up_nothing_and_is_offered_nothing(cast, settings):
    client = signed_in(cast.rita)
    with outside(settings) as there:
        answer = client.post("/webhooks/new/", {"name": "x", "address": there.address, "kinds": ["deal.won"]})

    assert (answer.status_code, there.asked) == (403, [])
    assert "/webhooks/new/" not in client.get("/webhooks/").content.decode()


def test_a_message_is_sent_again_by_hand_and_another_secret_is_shown_once(cast, settings):
    client, deal = signed_in(cast.ana), cast.deal()
    with outside(settings) as there:
        set_up(client, there)
        record(said("deal", deal.pk, stage="visited"), by=Author(cast.ana), at=now())
        sending.send_due(now())
        row = HookDelivery.objects.unscoped("tests").get()
        client.post(f"/webhooks/{row.subscription_id}/messages/{row.pk}/repeat/")
        sending.send_due(now())

    other = secret_on(client.post(f"/webhooks/{row.subscription_id}/secret/"))
    assert (len(there.asked), other[:6]) == (3, "whsec_")
