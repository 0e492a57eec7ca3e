"""Files that the other side keeps: asked for when their message is recorded, fetched afterwards, tried again.

The message stands at once and its duty runs; the photo or the recording follows beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import store
from baton.capture.arrival import WantedFile
from baton.capture.channels import Fetched, channel_named
from baton.capture.models import Delivery, Fetching
from baton.kernel.claims import claim, ring
from baton.kernel.rows import insert_rows
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.recording import record

log = logging.getLogger(__name__)
CALLER = "capture"
BELL = "fetching"
LEASE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(days=3)


def want(wanted: Iterable[tuple[Delivery, UUID | None, WantedFile]], at: datetime) -> None:
    """Note files to fetch for interactions that are being recorded in this transaction; each is noted once."""
    rows = [_row(delivery, interaction, file, at) for delivery, interaction, file in wanted if interaction]
    if rows:
        insert_rows(rows, ignore_conflicts=True)
        ring(BELL)


def _row(delivery: Delivery, interaction: UUID, file: WantedFile, at: datetime) -> Fetching:
    return Fetching(
        channel=delivery.channel,
        key=file.key[:200],
        connection_id=delivery.evidence.get("connection"),
        interaction_id=interaction,
        name=file.name[:255],
        content_type=file.content_type[:120],
        where=file.where,
        asked_at=at,
        due_at=at,
    )


def fetch_due(at: datetime) -> int:
    """Fetch what is due; return how many were tried. One step of the loop `fetching`."""
    taken = claim(Fetching.objects.unscoped(CALLER).select_related("connection"), limit=4, at=at, lease=LEASE)
    for row in taken:
        _fetch(row, at)
    return len(taken)


def _fetch(row: Fetching, at: datetime) -> None:
    fetch = channel_named(row.channel).fetch
    if fetch is None:
        return _give_up(row, _("Nothing is set up to fetch this with."))
    try:
        _keep(row, fetch(row, at), at)
    except Refusal as why:
        _give_up(row, why.sentence)
    except OSError as why:
        _later(row, str(why), at)
    except Exception as why:
        log.exception("%s: fetching %s failed", row.channel, row.pk)
        _later(row, type(why).__name__, at)
    return None


def _keep(row: Fetching, fetched: Fetched, at: datetime) -> None:
    """The bytes first, then that they are there; done twice it is there once."""
    sha256 = store.put(fetched.content)
    told: dict[str, Any] = {"name": fetched.name or row.name, "content_type": fetched.content_type or row.content_type}
    told |= {"size": len(fetched.content), "sha256": sha256}
    with writing():
        entry = Entry("interaction", row.interaction_id, "fetched", [told], key=f"fetched:{row.key}"[:200])
        record([entry], by=Author(None, row.channel), at=at)
        Fetching.objects.unscoped(CALLER).filter(pk=row.pk).delete()


def _later(row: Fetching, why: str, at: datetime) -> None:
    if at - row.asked_at > GIVE_UP_AFTER:
        return _give_up(row, _("It was tried for three days: %(why)s") % {"why": why})
    row.put_off(why, at)
    return None


def _give_up(row: Fetching, because: str) -> None:
    row.because, row.due_at = because[:400], None
    row.save(update_fields=["because", "due_at"])
