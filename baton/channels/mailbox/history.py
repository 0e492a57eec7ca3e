"""Back-fill: what lay in the mailbox before it was connected, as an import that can be stopped and gone on with."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import imports, reading
from baton.capture.channels import Clock, Progress
from baton.capture.connections import count
from baton.capture.models import Connection, Delivery, ImportJob
from baton.capture.ourselves import MAILBOX
from baton.capture.trust import INBOX, SENT
from baton.channels.mailbox.client import Mailbox
from baton.channels.mailbox.reading import CHUNK, chunks, session
from baton.channels.mailbox.taking import Taker, Tally
from baton.kernel.claims import LEASE
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing

CALLER = "capture"
FIRST_SENT = (SENT, INBOX)
"""Sent goes first: which strangers were answered is known before their mail is looked at."""


def begin_where_asked(connection: Connection, at: datetime) -> None:
    """Put the back-fill in the queue that the settings ask for, once."""
    days, by = int(connection.settings.get("since") or 0), connection.member or connection.made_by
    if not days or by is None or connection.position.get("history") == days:
        return
    connection.position["history"] = days
    with writing():
        connection.save(update_fields=["position"])
        what = _("%(mailbox)s, what was there before") % {"mailbox": connection.name}
        imports.start(
            MAILBOX, what, [str(connection.pk)], by=by, at=at, settings={"days": days, "done": {}}, waiting=True
        )


def bring_in(job: ImportJob, clock: Clock, progress: Progress, stop: threading.Event) -> None:
    """Read what was there, chunk by chunk; each chunk is settled before the next, and the job knows how far it is."""
    connection = Connection.objects.unscoped(CALLER).filter(pk=UUID(job.places[0])).select_related("member").first()
    if connection is None:
        imports.close(job, at=clock(), stopped=False)
        return
    try:
        with session(connection, clock()) as mailbox:
            _read_back(job, connection, mailbox, clock, progress, stop)
    except (Refusal, OSError) as why:
        job.put_off(why.sentence if isinstance(why, Refusal) else str(why), clock())
        return
    imports.close(job, at=clock(), stopped=stop.is_set())
    progress(job)


def _read_back(
    job: ImportJob, connection: Connection, mailbox: Mailbox, clock: Clock, progress: Progress, stop: threading.Event
) -> None:
    folders = mailbox.folders(str(connection.settings.get("sent", "")))
    begin = connection.made_at - timedelta(days=job.settings["days"])
    waiting = {role: _numbers(job, connection, mailbox, role, folders[role], begin) for role in folders}
    job.total = job.read + sum(len(numbers) for numbers in waiting.values())
    for role in FIRST_SENT:
        if role in folders and not stop.is_set():
            validity = mailbox.open(folders[role]).validity
            for uids in chunks(waiting[role], CHUNK):
                tally = Taker(connection, mailbox, clock(), job=job, lease=LEASE).take(role, folders[role], uids)
                _settle(job, connection, tally, clock())
                job.settings["done"][role] = {"validity": validity, "uid": uids[-1]}
                _save(job)
                progress(job)
                if stop.is_set():
                    break


def _numbers(
    job: ImportJob, connection: Connection, mailbox: Mailbox, role: str, folder: str, begin: datetime
) -> list[int]:
    """Return the numbers that are still to be looked at; where the server counts anew, all of them again."""
    opened = mailbox.open(folder)
    place: dict[str, Any] = connection.position.get("folders", {}).get(role, {})
    done = job.settings["done"].get(role, {})
    first_live = place.get("first") if place.get("validity") == opened.validity else None
    past = done["uid"] if done.get("validity") == opened.validity else 0
    there = mailbox.since(begin)
    return [uid for uid in there if uid > past and (first_live is None or uid < first_live)]


def _settle(job: ImportJob, connection: Connection, tally: Tally, at: datetime) -> None:
    """Read and record what was kept of a chunk, and count what became of it."""
    states = {one.delivery.pk: one.delivery.state for one in tally.deliveries}
    waiting = [one.delivery for one in tally.deliveries if one.delivery.state == Delivery.State.WAITING]
    states |= reading.process(waiting, at=at) if waiting else {}
    told = list(states.values())
    left = sum(tally.left.values())
    job.read += tally.looked
    job.recorded += told.count(Delivery.State.READ)
    job.parked += told.count(Delivery.State.PARKED) + told.count(Delivery.State.WAITING)
    job.left += left + told.count(Delivery.State.LEFT)
    job.already_known = job.read - job.recorded - job.parked - job.left
    count(connection, kept=tally.kept, passed_over=tally.left)


def _save(job: ImportJob) -> None:
    with writing():
        job.save(update_fields=["total", "read", "recorded", "already_known", "parked", "left", "settings"])
