"""What is begun with a file that was handed over: the import that its kind has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from baton.capture.models import ImportJob
from baton.channels.calendar import importing as calendars
from baton.channels.contacts import importing as contacts
from baton.channels.email import importing as mail
from baton.channels.pocket.packing import Held
from baton.channels.sheets import importing as sheets
from baton.channels.whatsapp import importing as chats
from baton.kernel.ids import uuid7
from baton.members.models import Member

CALENDAR, CHAT, CONTACTS, MAIL, SHEET = "calendar", "chat", "contacts", "mail", "sheet"
ENDINGS = {
    CALENDAR: (".ics", ".vcs"),
    CHAT: (".txt", ".zip"),
    CONTACTS: (".vcf", ".vcard"),
    MAIL: (".eml", ".mbox", ".zip", ".msg"),
}
"""Kind → endings that say something to its import; the rest of a name is never used for a path."""


def begin(what: str, files: Sequence[Held], *, by: Member, at: datetime) -> ImportJob:
    """Put the import of this file into the queue; of a sheet, have it looked at. Refuses what can't be read."""
    return _BEGIN[what](files[0], by, at)


def _chat(file: Held, by: Member, at: datetime) -> ImportJob:
    place = str(_kept(file, CHAT))
    return chats.start([place], by=by, at=at, waiting=True, names={place: file.name})


def _calendar(file: Held, by: Member, at: datetime) -> ImportJob:
    return _named(calendars.start([str(_kept(file, CALENDAR))], by=by, at=at, waiting=True), file)


def _contacts(file: Held, by: Member, at: datetime) -> ImportJob:
    return _named(contacts.start([str(_kept(file, CONTACTS))], by=by, at=at, waiting=True), file)


def _mail(file: Held, by: Member, at: datetime) -> ImportJob:
    return _named(mail.start([str(_kept(file, MAIL))], by=by, at=at, waiting=True), file)


def _sheet(file: Held, by: Member, at: datetime) -> ImportJob:
    job = sheets.start(file.name, file.content, by=by, at=at)
    sheets.ask(job, at=at)
    return job


_BEGIN: dict[str, Callable[[Held, Member, datetime], ImportJob]] = {
    CALENDAR: _calendar,
    CHAT: _chat,
    CONTACTS: _contacts,
    MAIL: _mail,
    SHEET: _sheet,
}


def _kept(file: Held, what: str) -> Path:
    """Keep a file in a folder of its own, where its import finds it."""
    folder = Path(settings.DATA_DIR) / "uploads" / str(uuid7())
    folder.mkdir(parents=True)
    ending = Path(file.name).suffix.lower()
    place = folder / f"00000{ending if ending in ENDINGS[what] else ''}"
    place.write_bytes(file.content)
    return place


def _named(job: ImportJob, file: Held) -> ImportJob:
    """Name an import after the file as people know it."""
    job.what = file.name[:400]
    job.save(update_fields=["what"])
    return job
