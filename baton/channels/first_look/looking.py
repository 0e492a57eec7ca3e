"""Doing a first look: in the background, in chunks, seen while it runs, and stopped after the chunk at hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from baton.capture.channels import Clock
from baton.capture.trust import INBOX, SENT
from baton.capture.untrusted import Unreadable, allow, parse_many
from baton.channels.email.boxes import mailbox
from baton.channels.first_look.finding import BACK, Findings, find
from baton.channels.first_look.glancing import Note
from baton.channels.first_look.models import FirstLook
from baton.kernel.claims import LEASE, claim, ring
from baton.kernel.sealed import Sealed
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map.founding import set_up
from baton.members.hours import weekdays
from baton.members.models import Member

BELL = "first-look"
GLANCE = allow(
    "baton.channels.first_look.glancing.glance",
    answers=["baton.channels.first_look.glancing.Note", "baton.channels.first_look.glancing.Someone"],
)
CHUNK = 50
MOST_KEPT = 60_000
FORGOTTEN_AFTER = timedelta(days=30)
"""What was found is deleted then, should nobody have published a map."""
OPEN, SHUT = time(9), time(17)


def look_of(member: Member) -> FirstLook | None:
    """Return the member's own look, if they had one begun."""
    return FirstLook.objects.filter(member=member).first()


def begin_files(places: list[str], what: str, *, by: Member, at: datetime) -> FirstLook:
    """Have these folders of uploaded mail looked through; they are deleted afterwards."""
    return _begin(FirstLook(member=by, what=what[:400], places=places, started_at=at, due_at=at))


def begin_mailbox(settings: dict[str, Any], secret: Mapping[str, str], *, by: Member, at: datetime) -> FirstLook:
    """Have the headings of a mailbox looked through. Raises `Refusal` where it can't be opened."""
    from baton.channels.mailbox.adapter import try_out

    try_out(settings, dict(secret))
    look = FirstLook(member=by, what=str(settings["address"])[:400], settings=settings, started_at=at, due_at=at)
    look.secret = Sealed.of(dict(secret))
    return _begin(look)


def _begin(look: FirstLook) -> FirstLook:
    forget(look.member)
    with writing():
        look.save(force_insert=True)
        ring(BELL)
    return look


def forget(member: Member) -> None:
    """Delete what was found in this member's mail, and what is left of it on disk."""
    for look in FirstLook.objects.filter(member=member):
        _delete_files(look)
        with writing():
            look.delete()


def stop(look: FirstLook, *, at: datetime) -> None:
    """Ask a running look to stop after the chunk at hand; what was read so far is told."""
    with writing():
        FirstLook.objects.filter(pk=look.pk, finished_at=None).update(stopped_at=at, due_at=at)
        ring(BELL)


def look_due(clock: Clock) -> int:
    """Do the next look that waits, and forget old ones; return how many were done. One step of a loop."""
    for old in FirstLook.objects.filter(started_at__lt=clock() - FORGOTTEN_AFTER).select_related("member"):
        forget(old.member)
    looks = claim(FirstLook.objects.select_related("member"), limit=1, at=clock())
    for look in looks:
        _look(look, clock)
    return len(looks)


def _look(look: FirstLook, clock: Clock) -> None:
    notes: list[Note] = []
    look.read = look.unread = 0
    try:
        for raws in _chunks(_raws(look, clock())):
            _take(look, raws, notes)
            if not _goes_on(look, clock()):
                break
    except (Refusal, OSError) as why:
        look.because = (why.sentence if isinstance(why, Refusal) else str(why))[:400]
    hours = weekdays(_zone(look), OPEN, SHUT)
    found = find(notes, mine=look.member.email.lower(), hours=hours, at=clock()) if notes else Findings()
    _close(look, found, clock())


def _zone(look: FirstLook) -> str:
    row = set_up()
    place = row.answers.get("place", {}) if row else {}
    return look.member.zone or place.get("zone") or "UTC"


def _take(look: FirstLook, raws: list[bytes], notes: list[Note]) -> None:
    for each in parse_many(GLANCE, raws):
        if isinstance(each, Unreadable):
            look.unread += 1
        else:
            look.read += 1
            notes.append(each)
    if len(notes) > MOST_KEPT:
        newest = max(note.at for note in notes if note.at)
        notes[:] = [note for note in notes if note.at and note.at >= newest - BACK][-MOST_KEPT:]


def _goes_on(look: FirstLook, at: datetime) -> bool:
    """Keep the claim and the progress; whether nobody asked to stop."""
    with writing():
        going_on = FirstLook.objects.filter(pk=look.pk, stopped_at=None)
        return bool(going_on.update(read=look.read, unread=look.unread, total=look.total, due_at=at + LEASE))


def _close(look: FirstLook, found: Findings, at: datetime) -> None:
    _delete_files(look)
    look.findings, look.finished_at, look.due_at, look.places = found.as_data(), at, None, []
    look.secret = None
    if not found.read and not look.because:
        look.because = _("There was no mail in it that could be read.")
    with writing():
        fields = ["findings", "finished_at", "due_at", "places", "because", "read", "unread", "total", "secret"]
        FirstLook.objects.filter(pk=look.pk).update(**{name: getattr(look, name) for name in fields})


def _delete_files(look: FirstLook) -> None:
    for place in look.places:
        shutil.rmtree(Path(place), ignore_errors=True)


def _chunks(raws: Iterator[bytes]) -> Iterator[list[bytes]]:
    while chunk := list(islice(raws, CHUNK)):
        yield chunk


# Where the mail comes from


def _raws(look: FirstLook, at: datetime) -> Iterator[bytes]:
    yield from _from_files(look) if look.places else _from_mailbox(look, at)


def _from_files(look: FirstLook) -> Iterator[bytes]:
    look.total = sum(1 for place in look.places for _message in mailbox(place))
    for place in look.places:
        for message in mailbox(place):
            if message.raw is None:
                look.unread += 1
            else:
                yield message.raw


def _from_mailbox(look: FirstLook, at: datetime) -> Iterator[bytes]:
    """Fetch headings only, of Inbox and Sent, without marking anything as read."""
    from baton.channels.mailbox.client import signed_in

    secret = look.secret.opened() if look.secret else {}
    with signed_in(look.settings, password=secret.get("password", "")) as box:
        folders = box.folders(str(look.settings.get("sent", "")))
        waiting = {}
        for role in (SENT, INBOX):
            if role in folders:
                box.open(folders[role])
                waiting[role] = box.since(at - BACK)
        look.total = sum(len(numbers) for numbers in waiting.values())
        for role, numbers in waiting.items():
            box.open(folders[role])
            for start in range(0, len(numbers), CHUNK):
                yield from (glanced.head for glanced in box.glance(numbers[start : start + CHUNK]))
