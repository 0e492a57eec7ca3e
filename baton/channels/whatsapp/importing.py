"""Bringing an exported chat in: each message once, however often and however much of the chat is exported again.

A chat is known again by its lines: the minute, the words, and which of the same within that minute. Names are left out,
since a number becomes a name once somebody saves it. It is the member's own until it is filed.
"""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import imports, reading
from baton.capture.channels import Clock, Progress
from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Delivery, ImportJob, MessageKey
from baton.capture.numbers import numbers_of_members
from baton.capture.trust import MAILBOX
from baton.capture.untrusted import Unreadable, allow, parse_untrusted
from baton.channels.spoken import with_file
from baton.channels.whatsapp.adapter import CHAT, READ_EXPORT
from baton.channels.whatsapp.chats import line_digest
from baton.channels.whatsapp.exports import looks_like_chat, title_of
from baton.kernel.claims import LEASE
from baton.kernel.ids import uuid7
from baton.kernel.phones import e164
from baton.kernel.verdict import Refusal
from baton.ledger.models import Contact, Interaction
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.members.models import Member

CALLER = "capture"
CHUNK = 50
SECONDS = 60.0
READ_FILE = allow("baton.channels.whatsapp.exports.read_file")
TELLING = 12
"""Characters from which words are a chat's own; “Ok” at 9:31 is said in many."""
ENOUGH = 3
US = {"you", "du", "ti", "vi", "tú", "tu", "vous", "usted", "você"}


def is_chat(file: IO[bytes], name: str) -> bool:
    """Whether a file that somebody dropped is an exported chat, by its names and the shape of its first lines."""
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if not start.startswith(b"PK"):
        return name.lower().endswith(".txt") and looks_like_chat(start)
    try:
        with zipfile.ZipFile(file) as archive:
            names = [PurePosixPath(one).name for one in archive.namelist()[:2000]]
    except zipfile.BadZipFile:
        names = []
    file.seek(0)
    texts = [one for one in names if one.lower().endswith(".txt")]
    return "_chat.txt" in texts or any(title_of(PurePosixPath(one).stem) for one in texts)


def start(
    paths: Iterable[str], *, by: Member, at: datetime, waiting: bool = False, names: Mapping[str, str] | None = None
) -> ImportJob:
    """Note an import of these exported chats into a member's own. With `waiting` a worker takes it.

    `names` are the names that the files had where they came from: they say with whom a chat is.
    """
    places = [str(path) for path in paths]
    missing = next((place for place in places if not Path(place).is_file()), None)
    if missing:
        raise Refusal(_("There is no file “%(path)s”.") % {"path": missing})
    known = dict(names or {place: Path(place).name for place in places})
    what = ", ".join(known.values())
    return imports.start(CHAT, what, places, by=by, at=at, waiting=waiting, settings={"names": known})


def bring_in(job: ImportJob, clock: Clock, progress: Progress, stop: threading.Event) -> None:
    """Bring every chat of the job in, or as much as is done until `stop` is set; run again, it goes on."""
    job.read = job.recorded = job.already_known = job.parked = 0
    names = job.settings.get("names") or {}
    chats = [_opened(place, names.get(place) or Path(place).name) for place in job.places]
    job.total = sum(len(chat.lines) for chat in chats) + sum(1 for chat in chats if chat.problem)
    for chat in chats:
        if chat.problem:
            _park(job, chat, clock())
        for lines in _chunks(_told(chat, job.by), CHUNK):
            if stop.is_set():
                break
            _take(job, lines, chat, clock)
            job.save(update_fields=["total", "read", "recorded", "already_known", "parked"])
            progress(job)
    imports.close(job, at=clock(), stopped=stop.is_set())
    progress(job)


@dataclass(slots=True)
class Chat:
    """One export as it was read: (time, sender, words, file, left out, deleted) by line; or the problem with it."""

    place: str
    name: str
    title: str = ""
    lines: Sequence[tuple] = ()
    files: frozenset[str] = frozenset()
    problem: str = ""
    senders: list[str] = field(default_factory=list)


def _opened(place: str, name: str) -> Chat:
    try:
        export = parse_untrusted(READ_EXPORT, place.encode(), seconds=SECONDS, name=name)
    except Unreadable as why:
        return Chat(place, name, problem=str(why))
    senders = [sender for sender, _n in Counter(line[1] for line in export.lines if line[1]).most_common()]
    return Chat(place, name, export.title, export.lines, frozenset(export.files), senders=senders)


def _park(job: ImportJob, chat: Chat, at: datetime) -> None:
    """Keep what can't be read, as far as it is small, and say why."""
    with open(chat.place, "rb") as file:
        raw = file.read(MOST_PARKED)
    key = f"unreadable:{job.by_id}:{hashlib.sha256(raw).hexdigest()}"
    incoming = Incoming(CHAT, key, raw, as_member=job.by, evidence=MAILBOX, live=False, job=job)
    [taken] = ingest_many([incoming], at=at, lease=LEASE)
    if taken.delivery.state == Delivery.State.WAITING:
        reading.park(taken.delivery, f"{chat.name}: {chat.problem}")
    job.read, job.parked = job.read + 1, job.parked + 1


MOST_PARKED = 1_000_000


# Which chat it is, and who is who in it


def keys_of(lines: Iterable[tuple]) -> list[str]:
    """Return what each line is known by: its minute, its words, and which of the same it is."""
    seen: Counter[tuple[str, str]] = Counter()
    keys = []
    for at, _sender, text, file, omitted, _deleted in lines:
        said = "<media>" if omitted or (file and not text) else " ".join(text.split())
        one = (at[:16], said)
        keys.append("\x1f".join((*one, str(seen[one]))))
        seen[one] += 1
    return keys


def chat_of(lines: Sequence[tuple], keys: Sequence[str]) -> str:
    """Return the name of the chat that these lines are of: one that is known by several of them, else a new one."""
    telling = [key for key, line in zip(keys, lines, strict=True) if len(line[2]) >= TELLING] or list(keys)
    votes: Counter[UUID] = Counter()
    for some in _chunks(iter(telling), 500):
        rows = MessageKey.objects.filter(digest__in=[line_digest(key) for key in some])
        votes.update(rows.values_list("thread", flat=True))
    best = votes.most_common(1)
    if not best or best[0][1] < min(ENOUGH, len(telling)):
        return str(uuid7())
    parts = Interaction.objects.unscoped(CALLER).filter(thread=best[0][0], channel=CHAT).values_list("parts", flat=True)
    return str((parts.first() or {}).get("chat") or uuid7())


@dataclass(slots=True)
class Cast:
    """Who is who: the name under which the member writes, and the one other person where there is but one."""

    member: Member
    own: str
    other: str
    address: str


def cast_of(chat: Chat, member: Member) -> Cast:
    """Find the member among the senders: by name, by an own number, or as whoever isn't the chat's title."""
    own = next((name for name in chat.senders if _is_member(name, member)), "")
    rest = [name for name in chat.senders if name != own]
    if not own and len(chat.senders) == 2 and chat.title in chat.senders:
        own = next(name for name in chat.senders if name != chat.title)
        rest = [chat.title]
    alone = rest[0] if len(rest) == 1 and (own or chat.title == rest[0]) else ""
    other = alone or (chat.title if own and not rest else "")
    return Cast(member, own, other, _address_of(other, member) if other else "")


def _is_member(name: str, member: Member) -> bool:
    if folded(name) in {folded(member.name), *US}:
        return True
    number = e164(name, current_map().country)
    return bool(number) and numbers_of_members().get(number) == member


def _address_of(name: str, member: Member) -> str:
    """Return how the one other person is reached: a number is itself; a name leads to the only contact who has it."""
    number = e164(name, current_map().country)
    if number:
        return number
    known = list(Contact.objects.visible_to(member).filter(name_folded=folded(name))[:2])
    if len(known) != 1:
        return ""
    return known[0].email or e164(known[0].phone, current_map().country)


# One line at a time


def _told(chat: Chat, member: Member) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each line with the file that it names, in the form that the reader takes."""
    keys, cast = keys_of(chat.lines), cast_of(chat, member)
    name = chat_of(chat.lines, keys) if chat.lines else ""
    common = {"chat": name, "zone": member.zone or "", "title": chat.title or cast.other}
    face = max((i for i, line in enumerate(chat.lines) if line[1] and line[1] != cast.own), default=-1)
    for place, (line, key) in enumerate(zip(chat.lines, keys, strict=True)):
        at, sender, text, file, _omitted, _deleted = line
        told = common | {"line": key, "at": at, "text": text, "file": file, "news": not sender}
        yield told | _people(sender, cast) | {"inner": place != face}, file if file in chat.files else ""


def _people(sender: str, cast: Cast) -> dict[str, Any]:
    us, them = [cast.member.name, cast.member.email], [cast.other, cast.address]
    if sender and sender == cast.own:
        return {"sender": us, "to": [them] if cast.other else []}
    if sender and sender == cast.other:
        return {"sender": them, "to": [us]}
    return {"sender": [sender, ""], "to": [us]}


def _take(job: ImportJob, lines: list[tuple[dict[str, Any], str]], chat: Chat, clock: Clock) -> None:
    """Keep a chunk, read it, and count each line once by what became of it."""
    at = clock()
    incoming = [_incoming(job, told, _content(chat, file)) for told, file in lines]
    taken = ingest_many(incoming, at=at, lease=LEASE)
    waiting = [one.delivery for one in taken if one.delivery.state == Delivery.State.WAITING]
    outcomes = reading.process(waiting, at=at) if waiting else {}
    for delivery in waiting:
        if outcomes[delivery.pk] == Delivery.State.WAITING:
            reading.park(delivery, _("It couldn’t be recorded: %(why)s") % {"why": delivery.last_error})
            outcomes[delivery.pk] = delivery.state
    states = [outcomes.get(one.delivery.pk, _before(one.delivery)) for one in taken]
    job.read += len(states)
    job.recorded += states.count(Delivery.State.READ)
    job.already_known += states.count(Delivery.State.KNOWN)
    job.parked += states.count(Delivery.State.PARKED)


def _before(delivery: Delivery) -> str:
    """What was recorded in an earlier run is known in this one."""
    return Delivery.State.PARKED if delivery.state == Delivery.State.PARKED else Delivery.State.KNOWN


def _content(chat: Chat, file: str) -> bytes:
    if not file:
        return b""
    try:
        return parse_untrusted(READ_FILE, chat.place.encode(), seconds=SECONDS, name=file)
    except Unreadable:
        return b""  # the message stands without its file, which its words still name


def _incoming(job: ImportJob, told: dict[str, Any], content: bytes) -> Incoming:
    key = hashlib.sha256(f"{job.by_id}\x1f{told['chat']}\x1f{told['line']}".encode()).hexdigest()
    return Incoming(
        CHAT, f"chat:{key}", with_file(told, content), as_member=job.by, evidence=MAILBOX, live=False, job=job
    )


def _chunks(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for thing in things:
        chunk.append(thing)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
