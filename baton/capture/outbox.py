"""The outbox: what goes out is a row first, is sent once, and says what became of it.

Nothing is sent inside a transaction. A row is marked as begun just before the other side is told, so that after a
crash in between nobody gets it twice: it is shown as perhaps sent, and a person decides.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from baton.capture.channels import channel_named
from baton.capture.models import Connection, Outgoing
from baton.kernel.claims import claim, ring
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.models import Deal
from baton.members.models import Member

log = logging.getLogger(__name__)
CALLER = "capture"
BELL = "outbox"
LEASE = timedelta(minutes=3)
GIVE_UP_AFTER = timedelta(days=3)
Reducer = Callable[[Outgoing, datetime], None]


class PerhapsSent(Exception):
    """Raised by a channel that can't know whether the other side got it; the text is the sentence for people."""


_after: dict[str, Reducer] = {}


def put(
    channel: str,
    key: str,
    *,
    to: str,
    body: dict[str, Any],
    at: datetime,
    send_at: datetime | None = None,
    connection: Connection | None = None,
    member: Member | None = None,
    deal: Deal | None = None,
    raw_id: str | None = None,
) -> Outgoing:
    """Put something in the outbox, to be sent at once or at `send_at`; the same key returns what is there already."""
    digest = key if len(key) <= 200 else hashlib.sha256(key.encode()).hexdigest()
    row = Outgoing(channel=channel, key=digest, to=to[:400], body=body, connection=connection, member=member, deal=deal)
    row.raw_id, row.asked_at, row.due_at = raw_id, at, send_at or at
    with writing():
        there = Outgoing.objects.unscoped(CALLER).filter(key=digest).first()
        if there is not None:
            return there
        row.save(force_insert=True)
        ring(BELL)
    return row


def standing(channel: str, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return key → (state, why) of what goes out, whoever sends it: nothing of what it says."""
    rows = Outgoing.objects.unscoped(CALLER).filter(channel=channel, key__in=list(keys))
    return {key: (state, because) for key, state, because in rows.values_list("key", "state", "because")}


def take_back(outgoing: Outgoing) -> None:
    """Take back what hasn't been begun. Raises `Refusal` when it is too late."""
    rows = Outgoing.objects.unscoped(CALLER).filter(pk=outgoing.pk, begun_at=None).waiting()
    if not rows.update(state=Outgoing.State.TAKEN_BACK, due_at=None):
        raise Refusal(_("It is too late to take this back: it has been sent."))


def send_again(outgoing: Outgoing, at: datetime) -> None:
    """Try once more what failed or may have failed, because a person says so."""
    open_again = [Outgoing.State.FAILED, Outgoing.State.UNSURE]
    rows = Outgoing.objects.unscoped(CALLER).filter(pk=outgoing.pk, state__in=open_again)
    rows.update(state=Outgoing.State.WAITING, begun_at=None, because="", due_at=at, tries=0, asked_at=at)
    ring(BELL)


def forget(outgoing: Outgoing) -> None:
    """Drop what didn't go out, or may not have, because a person says that it needs nothing more."""
    done_with = [Outgoing.State.FAILED, Outgoing.State.UNSURE, Outgoing.State.TAKEN_BACK]
    Outgoing.objects.unscoped(CALLER).filter(pk=outgoing.pk, state__in=done_with).delete()


def after_sending(channel: str, reducer: Reducer) -> None:
    """Have `reducer(outgoing, at)` called once something of this channel was sent; it may run again after a crash."""
    _after[channel] = reducer


def send_due(at: datetime) -> int:
    """Send what is due; return how many were tried. One step of the loop `outbox`."""
    rows = Outgoing.objects.unscoped(CALLER).waiting().select_related("connection", "member")
    taken = claim(rows, limit=10, at=at, lease=LEASE)
    for row in taken:
        _send(row, at)
    return len(taken)


def _send(row: Outgoing, at: datetime) -> None:
    if row.sent_at is not None:
        return _follow(row, at)
    if row.begun_at is not None:
        return _settle(row, Outgoing.State.UNSURE, _("Baton stopped while it was being sent: it may have arrived."))
    send = channel_named(row.channel).send
    if send is None:
        return _settle(row, Outgoing.State.FAILED, _("Nothing is set up to send this with."))
    if not _begin(row, at):
        return None
    try:
        row.sent_as = (send(row, at) or "")[:200]
    except Refusal as why:
        return _settle(row, Outgoing.State.FAILED, why.sentence)
    except PerhapsSent as why:
        return _settle(row, Outgoing.State.UNSURE, str(why))
    except OSError as why:
        return _later(row, str(why), at)
    except Exception as why:
        log.exception("%s: sending %s failed", row.channel, row.pk)
        return _settle(row, Outgoing.State.UNSURE, _("An error of Baton’s: %(kind)s.") % {"kind": type(why).__name__})
    row.sent_at = at
    row.save(update_fields=["sent_at", "sent_as", "body"])
    return _follow(row, at)


def _begin(row: Outgoing, at: datetime) -> bool:
    """Mark it as begun; nothing, where it was taken back since it was claimed, or the lease ran out and another began.

    Several are claimed together, and each may take its time: what is true of one now stands in its row alone.
    """
    row.begun_at = at
    rows = Outgoing.objects.unscoped(CALLER).filter(pk=row.pk, begun_at=None).waiting()
    return bool(rows.update(begun_at=at))


def _follow(row: Outgoing, at: datetime) -> None:
    """Do what follows from having sent it. It waits until that is done, so that a crash in between loses nothing."""
    try:
        if row.channel in _after:
            _after[row.channel](row, at)
    except Exception as why:
        log.exception("%s: what follows sending %s failed", row.channel, row.pk)
        return row.put_off(f"{type(why).__name__}: {why}", at)
    return _settle(row, Outgoing.State.SENT, "")


def _later(row: Outgoing, why: str, at: datetime) -> None:
    if at - row.asked_at > GIVE_UP_AFTER:
        return _settle(row, Outgoing.State.FAILED, _("It was tried for three days: %(why)s") % {"why": why})
    row.begun_at = None
    row.save(update_fields=["begun_at"])
    row.put_off(why, at)
    return None


def _settle(row: Outgoing, state: str, because: str) -> None:
    row.state, row.because, row.due_at = state, because[:400], None
    row.save(update_fields=["state", "because", "due_at", "sent_at", "sent_as"])
