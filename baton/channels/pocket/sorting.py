"""What was shared, sorted: chats, contacts, mail and sheets each to their import, all else one line with its files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath

from baton.channels.pocket.beginning import CALENDAR, CHAT, CONTACTS, MAIL, SHEET
from baton.channels.pocket.packing import Held
from baton.channels.pocket.reading import LINE
from baton.channels.pocket.taking import Parcel
from baton.channels.quick.chips import Chip
from baton.channels.whatsapp.importing import is_chat
from baton.channels.whatsapp.members import place_in
from baton.members.models import Member

BY_ENDING = {
    CALENDAR: (".ics", ".vcs"),
    CONTACTS: (".vcf", ".vcard"),
    MAIL: (".eml", ".mbox", ".msg"),
    SHEET: (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods"),
}
BY_TYPE = {
    "text/calendar": CALENDAR,
    "text/vcard": CONTACTS,
    "text/x-vcard": CONTACTS,
    "text/directory": CONTACTS,
    "message/rfc822": MAIL,
    "text/csv": SHEET,
    "application/vnd.ms-excel": SHEET,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": SHEET,
    "application/vnd.oasis.opendocument.spreadsheet": SHEET,
}
CARD = b"BEGIN:VCARD"


def sorted_out(words: Sequence[str], files: Sequence[Held]) -> list[Parcel]:
    """Return what was shared as parcels. `words` are its title, text and address; said twice, they count once.

    Android shares a chat with media as its text and the media beside it: they belong together.
    """
    kinds = {id(one): kind_of(one) for one in files}
    chats = [one for one in files if kinds[id(one)] == CHAT]
    rest = [one for one in files if kinds[id(one)] == LINE]
    if len(chats) == 1 and chats[0].name.lower().endswith(".txt") and rest:
        chats, rest = [_together(chats[0], rest)], []
    parcels = [Parcel(CHAT, [one]) for one in chats]
    parcels += [Parcel(kinds[id(one)], [one]) for one in files if kinds[id(one)] not in {CHAT, LINE}]
    line = _joined(words)
    if rest or (line and not parcels):
        parcels.append(Parcel(LINE, rest, line or ", ".join(one.name for one in rest)))
    return parcels


def people_in(words: str, member: Member) -> tuple[Chip, ...]:
    """Return whom words are about, where they leave no doubt: a contact, a deal, or both."""
    place = place_in(words, member)
    named = (("contact", place.contact), ("deal", place.deal))
    return tuple(Chip(kind, str(row), {"id": str(row.pk)}, (0, 0), 1.0) for kind, row in named if row is not None)


def kind_of(file: Held) -> str:
    """Return what a file is, by its name, what it claims to be, and how it begins."""
    ending = PurePosixPath(file.name.lower()).suffix
    named = next((kind for kind, endings in BY_ENDING.items() if ending in endings), "")
    if named:
        return named
    if ending in {".txt", ".zip"} and is_chat(io.BytesIO(file.content), file.name):
        return CHAT
    if file.content[:64].lstrip().upper().startswith(CARD):
        return CONTACTS
    if ending == ".zip":
        return MAIL
    return BY_TYPE.get(file.content_type.partition(";")[0].strip().lower(), LINE)


def _together(chat: Held, media: Sequence[Held]) -> Held:
    """Return a chat and its media as the one file that other phones export."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for one in (chat, *media):
            archive.writestr(zipfile.ZipInfo(one.name), one.content)
    return Held(f"{chat.name[:-4]}.zip", "application/zip", packed.getvalue())


def _joined(words: Sequence[str]) -> str:
    kept: list[str] = []
    for word in (one.strip() for one in words):
        if word and not any(word in other for other in kept):
            kept = [other for other in kept if other not in word] + [word]
    return "\n".join(kept)
