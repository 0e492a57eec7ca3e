"""The words, the files and the invitations of a message, sorted out of its parts."""

import hashlib
import re
from dataclasses import dataclass, field

from baton.channels.email.charsets import decode
from baton.channels.email.html import html_to_text
from baton.channels.email.message import Attachment, CalendarPart
from baton.channels.email.parts import Part, safe_name
from baton.channels.email.tnef import NotTnef, TnefContent, read_tnef

MOST_TEXT_CHARACTERS = 1_000_000
TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
REPORT_TYPES = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "text/rfc822-headers",
    "message/rfc822-headers",
)
ENDINGS = {
    "text/html": ".html",
    "text/plain": ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "text/csv": ".csv",
    "application/zip": ".zip",
    "text/rtf": ".rtf",
}
SOFT_BREAK = re.compile(r"(?m)^([^\n]{60,}[^\n=])=\n")
HARD_LEFTOVER = re.compile(r"=20(?=\n|$)|^(?:=09)+", re.MULTILINE)
MARKUP = re.compile(r"<[^<>]{1,200}>")


@dataclass(slots=True)
class Body:
    """What was found while walking the parts."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    calendars: list[CalendarPart] = field(default_factory=list)
    messages: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        if sentence not in self.defects:
            self.defects.append(sentence)

    @property
    def text(self) -> str:
        return "\n\n".join(each for each in (text.strip("\n") for text in self.texts) if each.strip())

    @property
    def html(self) -> str | None:
        return "\n".join(self.htmls) if self.htmls else None


def read_body(root: Part) -> Body:
    body = Body()
    _collect(root, body)
    return body


def _collect(part: Part, body: Body, *, chooses: bool = False) -> None:
    """Sort one part in. `chooses` is set within an alternative, where HTML has a plain twin."""
    kind = part.content_type
    if part.is_message or kind == "message/partial":
        _collect_message(part, body)
    elif part.content_type == "multipart/alternative":
        _collect_alternative(part, body)
    elif part.children:
        for child in part.children:
            _collect(child, body, chooses=chooses)
    elif kind in ("text/calendar", "application/ics"):
        _collect_calendar(part, body)
    elif kind in TNEF_TYPES or part.filename.lower() == "winmail.dat":
        _collect_tnef(part, body)
    elif kind in REPORT_TYPES or kind.startswith("multipart/"):
        _collect_report(part, body)
    elif kind in ("text/plain", "text/html", "text/enriched", "text/richtext") and not _is_file(part):
        _collect_text(part, body, chooses=chooses)
    else:
        body.attachments.append(attachment(part))


def _is_file(part: Part) -> bool:
    return part.disposition == "attachment" or bool(part.filename)


def _collect_message(part: Part, body: Body) -> None:
    if part.children:
        body.messages.append(part)
    elif part.content.strip():
        body.attachments.append(attachment(part))


def _collect_alternative(part: Part, body: Body) -> None:
    """The plain text speaks for its HTML twin, unless it is empty; everything else is kept as well."""
    inner = Body()
    for child in part.children:
        _collect(child, inner, chooses=True)
    plain, html = inner.text, inner.html
    body.texts.append(plain if plain.strip() or not html else "")
    if html:
        body.htmls.append(html)
        if not plain.strip():
            body.texts.append(html_to_text(html))
    for name in ("attachments", "calendars", "messages"):
        getattr(body, name).extend(getattr(inner, name))
    for each in inner.defects:
        body.note(each)


def _collect_calendar(part: Part, body: Body) -> None:
    body.calendars.append(CalendarPart(part.parameters.get("method", "").upper(), part.content))
    if _is_file(part):
        body.attachments.append(attachment(part))


def _collect_report(part: Part, body: Body) -> None:
    """A machine's own words are read elsewhere; a multipart without parts shows its source."""
    if part.content_type.startswith("multipart/") and part.content.strip():
        body.note("The message announces several parts but has none; it was read as plain text.")
        body.texts.append(decode(part.content[:MOST_TEXT_CHARACTERS], part.parameters.get("charset", ""))[0])


def _collect_text(part: Part, body: Body, *, chooses: bool) -> None:
    text, clean = decode(part.content[: 4 * MOST_TEXT_CHARACTERS], part.parameters.get("charset", ""))
    if not clean:
        body.note("Some characters can't be read, as the charset is unknown or wrong.")
    if len(text) > MOST_TEXT_CHARACTERS:
        body.note("The text is longer than a million characters; the rest was left out.")
    text = text[:MOST_TEXT_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if part.content_type == "text/html":
        body.htmls.append(text)
        if not chooses:
            body.texts.append(html_to_text(text))
    elif part.content_type == "text/plain":
        body.texts.append(_without_leftovers(text, part.encoding))
    else:
        body.texts.append(MARKUP.sub("", text))


def _without_leftovers(text: str, encoding: str) -> str:
    """Undo quoted-printable that some exporter left in a body it calls 7bit."""
    if encoding in ("quoted-printable", "base64") or "=" not in text or not HARD_LEFTOVER.search(text):
        return text
    text = re.sub(r"=20(?=\n|$)", " ", SOFT_BREAK.sub(r"\1", text))
    return text.replace("=09", "\t").replace("=3D", "=")


def _collect_tnef(part: Part, body: Body) -> None:
    try:
        found = read_tnef(part.content)
    except NotTnef:
        body.attachments.append(attachment(part))
        return
    if found.damaged:
        body.note("A winmail.dat is damaged; what stands before the damage was read.")
    for number, each in enumerate(found.files, 1):
        name = safe_name(each.name) or f"attachment-{number}"
        body.attachments.append(
            _attachment(name, each.content_type or "application/octet-stream", each.content, False, each.content_id)
        )
    _take_tnef_words(found, body)


def _take_tnef_words(found: TnefContent, body: Body) -> None:
    if found.html:
        body.htmls.append(found.html)
    if body.text:
        return
    if found.text or found.html:
        body.texts.append((found.text or html_to_text(found.html)).replace("\r\n", "\n").replace("\x00", ""))
    elif found.rtf:
        body.attachments.append(_attachment("body.rtf", "text/rtf", found.rtf, False, ""))


def attachment(part: Part) -> Attachment:
    name = part.filename or f"attachment{ENDINGS.get(part.content_type, '')}"
    inline = part.disposition == "inline" or (part.disposition != "attachment" and bool(part.content_id))
    return _attachment(name, part.content_type, part.content, inline, part.content_id)


def _attachment(name: str, content_type: str, content: bytes, inline: bool, content_id: str) -> Attachment:
    return Attachment(
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        inline=inline,
        content_id=content_id,
    )
