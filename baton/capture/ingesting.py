"""`ingest()`: the one door for everything that comes in. Raw bytes are committed under a unique key before anything
is parsed; whoever acknowledges does so after it returned. Telling it the same thing twice changes nothing.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from baton.capture import store
from baton.capture.models import Delivery, ImportJob, Raw
from baton.kernel.claims import ring
from baton.kernel.rows import insert_rows
from baton.kernel.texts import writable, writable_in
from baton.kernel.writer import writing
from baton.members.models import Member

CALLER = "capture"
BELL = "capture"
MOST_INLINE_BYTES = 100_000
"""Compressed bytes that are kept in the database; larger ones lie in the file store."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that came in, before anybody looked at it. `live` is False for back-fill.

    `held` keeps it from being read until it is decided (`capture.undecided`).
    """

    channel: str
    key: str
    raw: bytes = field(repr=False)
    as_member: Member | None = None
    desk: str = ""
    recipient: str = ""
    sender: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    live: bool = True
    job: ImportJob | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The delivery that now stands for something that came in, and whether it is new."""

    delivery: Delivery
    new: bool


def ingest(
    channel: str,
    key: str,
    raw: bytes,
    *,
    at: datetime,
    as_member: Member | None = None,
    desk: str = "",
    recipient: str = "",
    sender: str = "",
    evidence: dict[str, Any] | None = None,
) -> Delivery:
    """Keep the raw bytes for good and return their delivery; the same channel and key return the first one."""
    one = Incoming(channel, key, raw, as_member, desk, recipient, sender, evidence or {})
    return ingest_many([one], at=at)[0].delivery


def ingest_many(incoming: Sequence[Incoming], *, at: datetime, lease: timedelta = timedelta(0)) -> list[Taken]:
    """Keep several in one commit. With a lease the caller reads them itself, and workers leave them alone meanwhile."""
    raws = {hashlib.sha256(one.raw).hexdigest(): one.raw for one in incoming}
    rows = [_raw(digest, content) for digest, content in raws.items()]
    digests = [hashlib.sha256(one.raw).hexdigest() for one in incoming]
    wanted = [_delivery(one, digest, at, lease) for one, digest in zip(incoming, digests, strict=True)]
    with writing():
        insert_rows(rows, ignore_conflicts=True)
        insert_rows(_first_of_each(wanted), ignore_conflicts=True)
        kept = _kept(wanted)
        ring(BELL)
    return [_taken(one, kept) for one in wanted]


def keep_raw(content: bytes) -> str:
    """Keep bytes that are about to go out, and return the digest by which they are found again."""
    digest = hashlib.sha256(content).hexdigest()
    with writing():
        insert_rows([_raw(digest, content)], ignore_conflicts=True)
    return digest


def kept_raw(digest: str) -> bytes:
    """Return the bytes that were kept under this digest."""
    return _unpacked(Raw.objects.get(pk=digest))


def _raw(digest: str, content: bytes) -> Raw:
    packed = zlib.compress(content, 3)
    if len(packed) > MOST_INLINE_BYTES:
        store.put(content)
        return Raw(sha256=digest, size=len(content), body=None)
    return Raw(sha256=digest, size=len(content), body=packed)


def _delivery(one: Incoming, digest: str, at: datetime, lease: timedelta) -> Delivery:
    return Delivery(
        channel=one.channel,
        key=one.key if len(one.key) <= 200 else hashlib.sha256(one.key.encode()).hexdigest(),
        received_at=at,
        live=one.live,
        as_member=one.as_member,
        desk=one.desk,
        recipient=writable(one.recipient)[:320],
        sender=writable(one.sender).lower()[:320],
        raw_id=digest,
        evidence=writable_in(one.evidence),
        job=one.job,
        state=Delivery.State.HELD if one.held else Delivery.State.WAITING,
        due_at=None if one.held else at + lease,
    )


def _first_of_each(wanted: list[Delivery]) -> list[Delivery]:
    return list({(one.channel, one.key): one for one in reversed(wanted)}.values())


def _kept(wanted: list[Delivery]) -> dict[tuple[str, str], Delivery]:
    rows = Delivery.objects.unscoped(CALLER).filter(
        channel__in={one.channel for one in wanted}, key__in=[one.key for one in wanted]
    )
    return {(row.channel, row.key): row for row in rows.select_related("as_member")}


def _taken(one: Delivery, kept: dict[tuple[str, str], Delivery]) -> Taken:
    row = kept[one.channel, one.key]
    return Taken(row, new=row.pk == one.pk)


def evidence_of(channel: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return key → what is known of how it came, for those that came: nothing of what they hold."""
    rows = Delivery.objects.unscoped(CALLER).filter(channel=channel, key__in=list(keys))
    return dict(rows.values_list("key", "evidence"))


def raw_of(delivery: Delivery) -> bytes:
    """Return the bytes as they came."""
    return raws_of([delivery])[delivery.pk]


def raws_of(deliveries: Sequence[Delivery]) -> dict[Any, bytes]:
    """Return delivery id → the bytes as they came; a delivery whose bytes were let go has none."""
    rows = Raw.objects.in_bulk([one.raw_id for one in deliveries if one.raw_id])
    return {one.pk: _unpacked(rows[one.raw_id]) for one in deliveries if one.raw_id in rows}


def _unpacked(row: Raw) -> bytes:
    return store.get(row.sha256) if row.body is None else zlib.decompress(bytes(row.body))
