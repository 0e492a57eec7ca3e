"""One page says who sees what, connected mailboxes and whom one never records included."""

import pytest
from django.test import Client

from baton.capture.models import Connection, Delivery, Silenced
from baton.kernel.clock import now
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def page(member) -> str:
    client = Client()
    client.force_login(member)
    return client.get("/who-sees-what/").content.decode()


def test_it_names_one_s_own_mailbox_and_the_shared_ones_and_no_colleague_s(cast):
    for address, of, desk in (("ana@lime.example", cast.ana, ""), ("hello@lime.example", None, "intake")):
        Connection(channel="mailbox", name=address, member=of, desk=desk, made_at=now()).save(force_insert=True)
    Delivery(channel="email", key="1", as_member=cast.ana, state="held", received_at=now()).save(force_insert=True)

    hers, his = page(cast.ana), page(cast.bram)

    assert "ana@lime.example<" in hers
    assert "1 message is held right now." in hers
    assert "ana@lime.example<" not in his
    assert "0 messages are held right now." in his
    assert "whoever sits at Intake sees what it brings" in his


def test_somebody_is_never_recorded_and_recorded_again(cast):
    client = Client()
    client.force_login(cast.ana)

    client.post("/who-sees-what/never/", {"sender": "doctor@health.example"})
    said = page(cast.ana)
    client.post("/who-sees-what/never/", {"sender": "doctor@health.example", "again": "yes"})

    assert "doctor@health.example" in said
    assert Silenced.objects.count() == 0


def test_what_is_no_address_is_refused(cast):
    client = Client()
    client.force_login(cast.ana)

    assert client.post("/who-sees-what/never/", {"sender": "my doctor"}).status_code == 422
