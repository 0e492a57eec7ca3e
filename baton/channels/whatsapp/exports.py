"""A chat as a phone exports it: `.txt`, or `.zip` with the files that were sent. Read in the limited child.

Lines are the message's own or continue the one before; lines without a sender are news of the chat. Android and iPhone,
any language: only the shape of dates, names and file marks is looked at, and a handful of words.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath

from baton.capture.untrusted import Unreadable
from baton.channels.whatsapp.headers import INVISIBLE, SPACES, Head, head_of, moment_of, order_of

MOST_TEXT = 64 * 1024 * 1024
MOST_FILE = 100 * 1024 * 1024
MOST_ENTRIES = 20_000
SENDER = re.compile(r"^(?P<sender>[^\n:]{1,120}(?::[^\s\n:][^\n:]{0,60}){0,2}):(?:[ \t](?P<text>.*)|$)", re.DOTALL)
QUOTES = '"“”„«»'
NOTICES = re.compile(r"end-to-end encrypted|end-to-end encryption|Ende-zu-Ende-verschlüsselt|obostrano šifrirani", re.I)
ATTACHED = (
    re.compile(r"^<\s?[^<>:]{2,24}:\s*(?P<name>[^<>/\\:]{1,200}\.\w{2,5})\s*>", re.MULTILINE),
    re.compile(r"^(?P<name>[^<>/\\:\n]{1,200}\.\w{2,5}) \((?P<mark>[^()\n]{4,40})\)", re.MULTILINE),
    re.compile(r"^(?P<name>[^<>/\\:\n]{1,200}\.\w{2,5}) <[^<>\n]{4,40}>", re.MULTILINE),
)
ATTACHED_WORDS = re.compile(r"attach|angeh|adjunt|joint|allegat|anexad|bijgevoegd|priložen|privit|załącz|příloh", re.I)
OWN_NAMES = re.compile(r"^(?:IMG|VID|AUD|PTT|DOC|STK)-\d{8}-WA\d+\.\w+$")
OMITTED = re.compile(
    r"^<?(?:Media|Medien|Multimedia|Médias?|Media omessi|Medij[ai])? ?(?:image|video|audio|sticker|document|GIF|"
    r"Contact card|Bild|Video|Audio|Sticker|Dokument|Kontaktkarte)? ?(?:omitted|weggelassen|ausgeschlossen|omitido|"
    r"omis|omesso|omessi|omitida|izostavljen\w*)>?$",
    re.IGNORECASE,
)
DELETED = re.compile(
    r"^(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht|"
    r"Du hast diese Nachricht gelöscht|Ova je poruka izbrisana|Izbrisali ste ovu poruku)\.?$",
    re.IGNORECASE,
)
TITLES = re.compile(
    r"^(?:WhatsApp[ -]Chat (?:with|mit|-|s)|Chat de WhatsApp con|Chat WhatsApp (?:con|avec)|Discussion WhatsApp avec|"
    r"Conversa do WhatsApp com|WhatsApp razgovor s[a]?(?: korisnikom)?:?|WhatsApp Chat)\s*-?\s*(?P<title>.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One message: when by the phone's clock, by whom (nobody: news of the chat), its words, the file that it names."""

    at: datetime
    sender: str
    text: str
    file: str = ""
    omitted: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """A whole chat: its lines in the order of the file, the title that its name gives, the files that came along."""

    lines: tuple[tuple, ...]
    title: str = ""
    files: tuple[str, ...] = field(default=())


def read_export(payload: bytes, *, name: str) -> Export:
    """Read a chat. `payload` is the path of the file, which only the child opens. Raises `Unreadable` with the reason.

    The lines are (ISO time, sender, text, file, omitted, deleted).
    """
    path = payload.decode()
    title = title_of(PurePosixPath(name).stem)
    if not zipfile.is_zipfile(path):
        with open(path, "rb") as file:
            return _export(file.read(MOST_TEXT + 1), title, ())
    try:
        return _zipped(path, title)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as why:
        raise Unreadable("The archive is damaged or locked with a password.") from why


def _zipped(path: str, title: str) -> Export:
    with zipfile.ZipFile(path) as archive:
        entries = _entries(archive)
        texts = [entry for entry in entries if entry.filename.lower().endswith(".txt")]
        chat = next((entry for entry in texts if PurePosixPath(entry.filename).name == "_chat.txt"), None)
        chat = chat or next((e for e in texts if TITLES.match(PurePosixPath(e.filename).stem)), None)
        if chat is None and len(texts) != 1:
            raise Unreadable("No chat is in the archive: a file _chat.txt, or “WhatsApp Chat with …”.")
        chat = chat or texts[0]
        files = tuple(PurePosixPath(entry.filename).name for entry in entries if entry is not chat)
        inner = title_of(PurePosixPath(chat.filename).stem)
        return _export(_content(archive, chat, MOST_TEXT + 1), inner or title, files)


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What a Mac puts beside each file is left out: it ends in `_chat.txt` too, and isn't one."""
    entries = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(entries) > MOST_ENTRIES:
        raise Unreadable("More than 20,000 files are in the archive.")
    return [one for one in entries if not PurePosixPath(one.filename).name.startswith("._")]


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Unpack as much as may be; what an archive says of its sizes isn't believed."""
    with archive.open(entry) as file:
        return file.read(most)


def read_file(payload: bytes, *, name: str) -> bytes:
    """Return one file of a chat's archive. `payload` is the path of the archive, which only the child opens."""
    try:
        with zipfile.ZipFile(payload.decode()) as archive:
            entry = next((e for e in _entries(archive) if PurePosixPath(e.filename).name == name), None)
            content = _content(archive, entry, MOST_FILE + 1) if entry else b""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as why:
        raise Unreadable("The file in the archive is damaged.") from why
    if entry is None or len(content) > MOST_FILE:
        raise Unreadable("The file isn’t in the archive, or is larger than 100 MB.")
    return content


def title_of(stem: str) -> str:
    """Return with whom a chat is, by the name of its file; nothing where the name doesn't say."""
    found = TITLES.match(INVISIBLE.sub("", stem).replace("_", " ").strip())
    return re.sub(r"\s*\(\d+\)$", "", found["title"]).strip() if found else ""


def _export(raw: bytes, title: str, files: tuple[str, ...]) -> Export:
    if len(raw) > MOST_TEXT:
        raise Unreadable("The chat is larger than 64 MB.")
    lines = read_lines(_decoded(raw), frozenset(files))
    if not lines:
        raise Unreadable("It isn’t a chat that WhatsApp exported.")
    told = tuple((one.at.isoformat(), one.sender, one.text, one.file, one.omitted, one.deleted) for one in lines)
    return Export(told, title, files)


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


# Lines


def read_lines(text: str, files: frozenset[str] = frozenset()) -> list[ChatLine]:
    """Return the messages of a chat's text, news of the chat among them, in the order in which they stand."""
    blocks = _blocks(text)
    order = order_of([head for head, _rest in blocks])
    senders = _senders(block for _head, block in blocks)
    found = []
    for head, block in blocks:
        at = moment_of(head, order)
        if at is not None:
            found.append(_line(at, block, senders, files))
    return found


def _blocks(text: str) -> list[tuple[Head, str]]:
    """Return each head with its whole text; the first head of the file says what the others look like."""
    blocks: list[tuple[Head, list[str]]] = []
    shape: tuple[str, ...] | None = None
    for line in re.split(r"\r\n|\n|\r", text):
        head = head_of(line)
        shape = shape or (head.shape if head else None)
        if head is not None and head.shape == shape:
            blocks.append((head, [head.rest.rstrip()]))
        elif blocks:
            blocks[-1][1].append(line)
    return [(head, "\n".join(lines).rstrip()) for head, lines in blocks]


def _senders(blocks: Iterator[str]) -> set[str]:
    """Names that can only be senders: nothing in them is quoted, as the names of groups are."""
    found = (SENDER.match(block) for block in blocks)
    return {match["sender"] for match in found if match and not set(QUOTES) & set(match["sender"])}


def _line(at: datetime, block: str, senders: set[str], files: frozenset[str]) -> ChatLine:
    match = SENDER.match(block)
    if match is None or match["sender"] not in senders:
        return ChatLine(at, "", plain(block))
    sender, text = plain(match["sender"]), plain(match["text"] or "")
    if NOTICES.search(text) and len(text) < 300:
        return ChatLine(at, "", text)
    return _with_file(ChatLine(at, sender.removeprefix("~").strip(), text), files)


def plain(text: str) -> str:
    """Return a text without the marks that only steer the direction of writing, and with plain spaces."""
    return SPACES.sub(" ", re.sub("[\u200e\u200f\u202a-\u202c\ufeff]", "", text)).strip()


def _with_file(line: ChatLine, files: frozenset[str]) -> ChatLine:
    for pattern in ATTACHED:
        match = pattern.search(line.text)
        name = match["name"].strip() if match else ""
        if match and _is_file(name, match.groupdict().get("mark"), files):
            rest = (line.text[: match.start()] + line.text[match.end() :]).strip()
            return replace(line, text=rest, file=name)
    return replace(line, omitted=bool(OMITTED.match(line.text)), deleted=bool(DELETED.match(line.text)))


def _is_file(name: str, mark: str | None, files: frozenset[str]) -> bool:
    return name in files or bool(OWN_NAMES.match(name)) or mark is None or bool(ATTACHED_WORDS.search(mark))


def looks_like_chat(start: bytes) -> bool:
    """Whether the beginning of a text file is that of an exported chat."""
    lines = io.StringIO(start.decode("utf-8", "ignore").lstrip("\ufeff")).readlines()[:20]
    return any(head_of(line.rstrip("\r\n")) for line in lines)
