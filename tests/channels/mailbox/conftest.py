"""Mailboxes connected to the Dovecot of the tests."""

import pytest

from baton.capture import connections
from baton.capture.models import Connection
from tests.cast import MONDAY, Cast
from tests.dovecot import PASSWORD


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def connect(dovecot):
    """Connect a member's mailbox, or (None) a shared one at Intake."""

    def connected(member, address: str = "", by=None, at=MONDAY, **more) -> Connection:
        told = dovecot.settings | {"address": address or member.email} | more
        secret = {"password": PASSWORD}
        desk = "" if member else "intake"
        made = connections.make("mailbox", told["address"], told, secret, by=by or member, of=member, at=at, desk=desk)
        connections.listen(at)
        return made

    return connected
