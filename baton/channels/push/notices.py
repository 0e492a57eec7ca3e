"""Notices: noted with what set them off, sent after the commit, in working hours, each device once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import httpx2
from django.utils.translation import gettext as _

from baton.channels.letters.telling import owed_by_ids
from baton.channels.push.devices import is_signed_in
from baton.channels.push.encrypting import encrypted
from baton.channels.push.models import PushDevice, PushNotice
from baton.channels.push.telling import summary, told
from baton.channels.push.vapid import authorization
from baton.kernel import connecting
from baton.kernel.claims import claim, ring
from baton.kernel.connecting import Unreachable
from baton.kernel.rows import insert_rows
from baton.ledger.recording import Batch
from baton.map.current import current_map, current_version
from baton.work.models import Duty
from baton.work.reader import as_read_by

log = logging.getLogger(__name__)
BELL = "push"
CALLER = "work.duties"
PRESSING = {"question.asked": "question", "handoff.offered": "offered", "handoff.returned": "returned"}
CHASED = {"reminded": "reminded", "escalated": "escalated"}
OWED = "owed"
AT_ONCE = 50
MOST_AT_ONCE = 3
"""More than these for one device at a time are told as a number."""
MOST_TRIES = 6
GONE = {404, 410}
"""What a push service says of a browser that asked to be told nothing more (RFC 8030, section 7.3)."""
KEPT_FOR = 86_400
"""Seconds for which a push service keeps it for a phone that is off."""
SECONDS = 10.0


# Noted in the same transaction


def follow(batch: Batch) -> None:
    """Note whom what was recorded is told to, and on which devices. A reducer of `record()`."""
    found = [*_opened(batch), *_chased(batch)]
    himself = batch.by.member.pk if batch.by.member else None
    wanted = [one for one in found if one[1] not in (None, himself)]
    rows = list(_rows(wanted, batch.at)) if wanted else []
    if rows:
        insert_rows(rows, ignore_conflicts=True)
        ring(BELL)


def _opened(batch: Batch) -> Iterable[tuple[Duty, UUID | None, str]]:
    about = {event.pk: PRESSING.get(event.kind, OWED) for event in batch.events if event.live}
    if about and PushDevice.objects.exists():
        for duty in Duty.objects.unscoped(CALLER).open().filter(opened_by__in=about):
            yield duty, duty.owed_by_id, about[duty.opened_by]


def _chased(batch: Batch) -> Iterable[tuple[Duty, UUID | None, str]]:
    about = {fact.record_id: CHASED[fact.field] for fact in batch.facts if fact.field in CHASED and fact.value}
    if about:
        for duty in Duty.objects.unscoped(CALLER).open().filter(pk__in=about):
            up = about[duty.pk] == "escalated"
            yield duty, duty.escalated_to_id if up else duty.owed_by_id, about[duty.pk]


def _rows(wanted: list[tuple[Duty, UUID | None, str]], at: datetime) -> Iterable[PushNotice]:
    devices = defaultdict(list)
    for device in PushDevice.objects.filter(member__in={member for _duty, member, _about in wanted}):
        devices[device.member_id].append(device)
    for duty, member, about in wanted:
        for device in devices[member]:
            if about != OWED or device.wants == PushDevice.Wants.ALL:
                key = f"{duty.pk}:{about}:{member}"
                yield PushNotice(device=device, key=key, duty=duty.pk, about=about, made_at=at, due_at=at)


# Sent afterwards


def send_due(at: datetime) -> int:
    """Tell what is due, or put it off until the business opens; return how many were looked at. One step of a loop."""
    if not current_version():
        return 0
    taken = claim(PushNotice.objects.select_related("device__member"), limit=AT_ONCE, at=at)
    if taken and not current_map().hours.is_open(at):
        _until(taken, current_map().hours.next_open(at))
        return len(taken)
    by_device = defaultdict(list)
    for notice in taken:
        by_device[notice.device_id].append(notice)
    for notices in by_device.values():
        _tell(notices[0].device, notices, at)
    return len(taken)


def _until(notices: list[PushNotice], at: datetime) -> None:
    PushNotice.objects.filter(pk__in=[one.pk for one in notices]).update(due_at=at, tries=0)


def _tell(device: PushDevice, notices: list[PushNotice], at: datetime) -> None:
    """Tell one device what is still so; whoever signed out there is told nothing, and forgotten."""
    if not is_signed_in(device):
        device.delete()
        return
    with as_read_by(device.member):
        found = owed_by_ids([str(one.duty) for one in notices], device.member, at)
        live = [(notice, owed) for notice, owed in zip(notices, found, strict=True) if owed is not None]
        _done([notice for notice, owed in zip(notices, found, strict=True) if owed is None])
        if len(live) > MOST_AT_ONCE:
            _send([notice for notice, _owed in live], summary(device, len(live)), at)
        else:
            for notice, owed in live:
                _send([notice], told(notice, owed), at)


def _done(notices: list[PushNotice], at: datetime | None = None) -> None:
    PushNotice.objects.filter(pk__in=[one.pk for one in notices]).update(due_at=None, sent_at=at)


def _send(notices: list[PushNotice], message: bytes, at: datetime) -> None:
    """Hand one message to the push service, and note what became of it. Not for inside a transaction."""
    device = notices[0].device
    status, why = _posted(device, message, at)
    if status in GONE:
        PushDevice.objects.filter(pk=device.pk).delete()
    elif 200 <= status < 300:
        _done(notices, at)
        PushDevice.objects.filter(pk=device.pk).update(told_at=at, last_error="")
    elif _may_pass(status) and notices[0].tries < MOST_TRIES:
        for notice in notices:
            notice.put_off(why, at)
    else:
        log.warning("a push service refused a message: %s", why)
        _done(notices)
        PushDevice.objects.filter(pk=device.pk).update(last_error=why[:200])


def _may_pass(status: int) -> bool:
    """Whether trying again may help: nobody answered, too many at once, or trouble of theirs."""
    return status in {0, 429} or status >= 500


def _posted(device: PushDevice, message: bytes, at: datetime) -> tuple[int, str]:
    """Return the status that the push service answered with, 0 where nobody did, and why in words.

    The browser says where that is, so what the answer goes on to say is never read: it may have no end.
    """
    keys = device.keys.opened()
    headers = {
        "TTL": str(KEPT_FOR),
        "Urgency": "high",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Authorization": authorization(keys["where"], at),
    }
    body = encrypted(message, keys["p256dh"], keys["auth"])
    try:
        with (
            connecting.http(seconds=SECONDS, redirects=False) as client,
            client.stream("POST", keys["where"], content=body, headers=headers) as answer,
        ):
            return answer.status_code, _("The push service answered %(status)d.") % {"status": answer.status_code}
    except (httpx2.HTTPError, Unreachable, OSError) as why:
        return 0, str(why)
