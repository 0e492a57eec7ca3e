"""While Baton runs, a mail is there the moment the server tells of it; where it doesn't tell, a loop polls."""

import threading
import time

import pytest

from baton.capture import connections
from baton.capture.models import Connection, Delivery
from baton.capture.reading import read_waiting
from baton.capture.staying import staying
from baton.kernel.clock import now
from tests.capture.letters import letter
from tests.channels.mailbox.reading import subjects

pytestmark = pytest.mark.django_db(transaction=True)
ANA = "ana@lime.example"
PATIENCE = 15.0


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def until(true) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "It never came to that."
        time.sleep(0.02)


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("mailbox-")]


def deliveries() -> int:
    return Delivery.objects.unscoped("tests").count()


def test_a_mail_is_there_at_once_and_after_a_restart_too(cast, deal, dovecot, connect):
    with staying():
        one = connect(cast.ana, at=now())
        until(lambda: len(threads()) == 1)
        dovecot.deliver(ANA, letter(subject="While it waits", date=now()))
        until(lambda: deliveries() == 1)
        assert not Connection.objects.unscoped("tests").filter(due_at__lte=now()).exists()
    assert threads() == []

    dovecot.deliver(ANA, letter(subject="While it is down", date=now()))
    Connection.objects.unscoped("tests").update(due_at=now())
    with staying():
        connections.listen(now())
        until(lambda: deliveries() == 2)
        until(lambda: len(threads()) == 1)
        connections.switch(Connection.objects.unscoped("tests").get(pk=one.pk), on=False, by=cast.ana, at=now())
        dovecot.deliver(ANA, letter(subject="The last one that is told", date=now()))
        until(lambda: threads() == [])

    while read_waiting(now()):
        pass
    assert subjects()[-2:] == ["While it is down", "While it waits"]


def test_a_server_that_breaks_off_leaves_it_to_the_loop(cast, deal, dovecot, connect):
    with staying():
        connect(cast.ana, at=now())
        until(lambda: len(threads()) == 1)
        until(lambda: dovecot.disconnect(ANA))
        until(lambda: threads() == [])

        row = Connection.objects.unscoped("tests").get()
        assert (row.state, (row.due_at - now()).total_seconds() < 60) == ("on", True)
