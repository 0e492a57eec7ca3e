"""Being told at once: one session stays in IDLE on Inbox, and looks into Sent now and then."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from baton.capture.channels import line_of
from baton.capture.connections import BELL
from baton.capture.models import Connection
from baton.capture.staying import Ending
from baton.capture.trust import INBOX
from baton.channels.mailbox.client import Mailbox
from baton.channels.mailbox.reading import read_new, read_newer, session
from baton.kernel.claims import ring
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing

log = logging.getLogger(__name__)
CALLER = "capture"
LOOK_AROUND = 60.0
"""Seconds after which IDLE is left to look into Sent, and whether the connection was changed."""
AGAIN = timedelta(minutes=25)
"""A session is renewed after this; servers close one that idles for half an hour (RFC 2177)."""
AFTER_FAILURE = timedelta(seconds=15)


def stay(connection: Connection, ending: Ending) -> None:
    """Read what comes the moment the server tells, until `ending`, a change of the connection, or a failure.

    Whatever ends it, the connection falls due and is listened to by the loop that polls.
    """
    began, pause = now(), timedelta(0)
    try:
        with session(connection, began) as mailbox:
            if not mailbox.can_wait:
                return
            _wait_and_read(connection, mailbox, ending, until=began + AGAIN)
    except (Refusal, OSError) as why:
        log.info("staying with mailbox %s ended: %s", connection.pk, why)
        pause = AFTER_FAILURE
    if not ending.said.is_set():
        _let_the_loop_listen(connection, now() + pause)


def _wait_and_read(connection: Connection, mailbox: Mailbox, ending: Ending, until: datetime) -> None:
    """Look around, then stay in Inbox until it is time to look around again."""
    while not ending.said.is_set() and now() < until and _hold(connection):
        read_new(connection, mailbox, now())
        mailbox.open(mailbox.folders(str(connection.settings.get("sent", "")))[INBOX])
        read_newer(connection, mailbox, now())
        around = time.monotonic() + LOOK_AROUND
        while (left := around - time.monotonic()) > 0 and mailbox.wait(ending, left) and _hold(connection):
            read_newer(connection, mailbox, now())


def _hold(connection: Connection) -> bool:
    """Keep the claim, so that nobody else listens; False where the connection was changed, switched off or removed."""
    line, at = line_of(connection.channel), now()
    every = timedelta(seconds=line.every if line else 300)
    rows = Connection.objects.unscoped(CALLER).filter(pk=connection.pk, state=Connection.State.ON)
    there = rows.first()
    if there is None or there.settings != connection.settings or there.made_at != connection.made_at:
        return False
    connection.secret, connection.desk = there.secret, there.desk
    if there.due_at is None or there.due_at < at + every / 2:
        with writing():
            rows.update(due_at=at + every)
    return True


def _let_the_loop_listen(connection: Connection, due: datetime) -> None:
    with writing():
        rows = Connection.objects.unscoped(CALLER).filter(pk=connection.pk, state=Connection.State.ON)
        rows.update(due_at=due)
        ring(BELL)
