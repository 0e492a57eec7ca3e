"""A mail with everything that is read out of it, in one round trip to the limited child."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from baton.capture.arrival import Arrival, ArrivedFile, Party
from baton.capture.grammar import read_document, read_signature, read_text
from baton.capture.grammar.courtesy import is_bare_thanks
from baton.capture.grammar.papers import read_paper
from baton.capture.untrusted import Unreadable
from baton.channels.calendar.splitting import split_calendar
from baton.channels.email.doubting import doubt_of
from baton.channels.email.headers import read_date
from baton.channels.email.message import Address, Attachment, Forwarded, MailMessage
from baton.channels.email.pdf import text_of_pdf
from baton.channels.email.reading import read_mail
from baton.channels.email.replies import split_reply
from baton.channels.email.subjects import says_forward, says_reply, subject_stem
from baton.channels.email.tables import pipeline_in

MOST_CHARACTERS_READ = 20_000
MOST_REFERENCES = 30
SURE_ENOUGH = 0.6
MOST_CALENDARS, MOST_MEETINGS = 3, 20
"""How many calendars of one mail are taken apart, and how many meetings of each."""
MOST_PAPERS = 3
"""How many files of one mail are looked into."""
PAPER = ("pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "pages", "zip")
"""Endings of files that can be a quote, an order or a report; a picture in a signature can't."""


class Reader:
    """Who we are, where, and with which money: what the grammar must know to read a mail."""

    def __init__(self, *, ours: list[str], our_domains: list[str], zone: str, currency: str, at: datetime) -> None:
        self.ours, self.our_domains = frozenset(ours), frozenset(our_domains)
        self.zone, self.currency, self.at = zone, currency, at

    def is_ours(self, address: str) -> bool:
        """Whether an address is a member's, or of a domain that only we have."""
        return address in self.ours or address.rpartition("@")[2] in self.our_domains

    def readings(self, text: str, written_at: datetime | None, language: str, sender: Party | None) -> tuple[Any, ...]:
        """Return what the grammar reads in somebody's own words."""
        return tuple(
            read_text(
                text[:MOST_CHARACTERS_READ],
                written_at=written_at or self.at,
                zone=self.zone,
                language=language,
                from_us=bool(sender) and self.is_ours(sender.address),
                currency=self.currency,
            )
        )

    def signed(self, text: str, sender: Party | None, language: str) -> Any:
        """Return what a signature tells of whoever wrote; ours are known already."""
        if not text or sender is None or self.is_ours(sender.address):
            return None
        return read_signature(
            text, sender_name=sender.name, sender_email=sender.address, zone=self.zone, language=language
        )


def read_arrival(raw: bytes, **who_we_are: Any) -> Arrival:
    """Read a raw mail and everything in it. Raises `Unreadable` where there is nothing to read."""
    return _arrival(read_mail(raw), Reader(**who_we_are))


def _arrival(mail: MailMessage, reader: Reader, nesting: int = 0) -> Arrival:
    sender = _party(mail.from_)
    machine = _machine(mail, reader)
    arrival = Arrival(
        "email",
        mail.fingerprint,
        sent_at=mail.date,
        subject=mail.subject,
        stem=subject_stem(mail.subject),
        text=mail.own_text,
        quoted=mail.quoted_text,
        signature=mail.signature,
        sender=sender,
        claimed=(mail.rewritten_from or mail.from_ or Address("", "")).email,
        reply_to=() if machine == "list" else _parties(mail.reply_to),
        to=_parties(mail.to),
        cc=_parties(mail.cc),
        bcc=_parties(mail.bcc),
        ids=_id_digests([mail.message_id]),
        answers=_id_digests(_answered(mail)),
        is_reply=says_reply(mail.subject) or bool(mail.in_reply_to) or bool(mail.quoted_before),
        was_delivered=mail.return_path is not None or bool(mail.authentication_results),
        machine=machine,
        machine_because=mail.kind_because,
        failed_for=(*mail.bounce.permanent, *mail.bounce.temporary) if mail.bounce else (),
        files=tuple(_file(each) for each in mail.attachments),
        papers=tuple(_papers_of(mail, reader)),
        pipelines=tuple(_pipelines_of(mail, reader)),
        language=mail.language,
        parts=_parts(mail),
        enclosed=tuple(_meetings(mail)),
    )
    arrival.documents = tuple(_documents(mail, arrival.papers))
    arrival.topic = _topic(arrival)
    if not machine:
        _read_words(arrival, reader)
        _pass_on(arrival, mail, reader, nesting)
    return arrival


def _read_words(arrival: Arrival, reader: Reader) -> None:
    arrival.thanks = _is_bare_thanks(arrival) or arrival.parts.get("calendar") == "REPLY"
    arrival.readings = reader.readings(arrival.text, arrival.sent_at, arrival.language, arrival.sender)
    arrival.signed = reader.signed(arrival.signature or arrival.text[-1500:], arrival.sender, arrival.language)


def _machine(mail: MailMessage, reader: Reader) -> str:
    """A list of our own (hello@ as a group) passes on what people write; any other list is a machine."""
    if mail.kind == "person":
        return ""
    ours = any(mail.list_id.endswith(domain) for domain in reader.our_domains)
    return "" if mail.kind == "list" and ours else mail.kind


def _answered(mail: MailMessage) -> list[str]:
    """What it replies to, nearest first; a bounce answers the mail that failed."""
    failed = [mail.bounce.original_message_id] if mail.bounce else []
    return list(dict.fromkeys([*failed, mail.in_reply_to, *reversed(mail.references[-MOST_REFERENCES:])]))


def _id_digests(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(_digest("id", each) for each in ids if each)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def _topic(arrival: Arrival) -> str:
    """Subject and participants; nothing where the subject is empty: a thousand mails have none in common."""
    people = {each.address for each in (*arrival.to, *arrival.cc, arrival.sender) if each and each.address}
    stem = " ".join(arrival.stem.casefold().split())
    return _digest("topic", stem, *sorted(people)) if stem and len(people) > 1 else ""


def _is_bare_thanks(arrival: Arrival) -> bool:
    """Thanks and nothing else. A file that came along may be what was waited for, so then it isn't bare."""
    people = [each for each in (arrival.sender, *arrival.to, *arrival.cc) if each]
    names = [text for each in people for text in (each.name, each.address.partition("@")[0])]
    return not any(not file.inline for file in arrival.files) and is_bare_thanks(arrival.text, names)


def _documents(mail: MailMessage, read: Sequence[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    """Quotes, orders and the like that it carries: by what stands in them, by the names of its files, or by its subject
    if it is no reply."""
    papers = _papers(mail)
    inside = {one["file"]: (one["kind"], one.get("number", "")) for one in read}
    found = [read_document(each.name, mail.subject) for each in papers if each.name not in inside]
    if not papers and not says_reply(mail.subject) and not says_forward(mail.subject) and not mail.in_reply_to:
        told = read_document("", mail.subject)
        found = [told] if told and told.number else []
    good = [each for each in found if each and each.confidence >= SURE_ENOUGH]
    return dict.fromkeys([*inside.values(), *((each.kind, each.number or "") for each in good)])


def _papers(mail: MailMessage) -> list[Attachment]:
    return [each for each in mail.attachments if not each.inline and each.name.rpartition(".")[2].lower() in PAPER]


def _papers_of(mail: MailMessage, reader: Reader) -> Iterable[dict[str, Any]]:
    """What our own quotes and invoices say on their face; what others send is theirs to say."""
    if mail.from_ is None or not reader.is_ours(mail.from_.email) or mail.kind != "person":
        return
    for each in [one for one in _papers(mail) if one.name.lower().endswith(".pdf")][:MOST_PAPERS]:
        named = read_document(each.name, mail.subject)
        sure = named.kind if named and named.confidence >= SURE_ENOUGH else ""
        paper = read_paper(text_of_pdf(each.content), kind=sure, currency=reader.currency)
        if paper:
            number = paper.number or (named.number if named else "") or ""
            yield paper.as_value() | {"file": each.name[:200]} | ({"number": number} if number else {})


def _pipelines_of(mail: MailMessage, reader: Reader) -> Iterable[dict[str, Any]]:
    """Sheets that a colleague sends around and that look like the pipeline."""
    if mail.from_ is None or not reader.is_ours(mail.from_.email) or mail.kind not in ("person", "list"):
        return
    for each in [one for one in mail.attachments if not one.inline][:MOST_PAPERS]:
        found = pipeline_in(each)
        if found:
            yield found


def _parts(mail: MailMessage) -> dict[str, Any]:
    parts: dict[str, Any] = {"to": _said(mail.to), "message_id": mail.message_id[:500], "language": mail.language}
    if mail.cc:
        parts["cc"] = _said(mail.cc)
    if doubt := doubt_of(mail):
        parts["doubtful"] = doubt
    if mail.html:
        parts["html"] = True
    if mail.defects:
        parts["defects"] = list(mail.defects)[:20]
    if mail.calendar_parts:
        parts["calendar"] = mail.calendar_parts[0].method or "PUBLISH"
    return parts


def _meetings(mail: MailMessage) -> Iterable[tuple[str, bytes]]:
    """What it says of meetings: calendar parts, and calendars that are attached."""
    attached = [each.content for each in mail.attachments if _is_calendar(each)]
    raws = dict.fromkeys([*(part.content for part in mail.calendar_parts), *attached])
    for raw in list(raws)[:MOST_CALENDARS]:
        with suppress(Unreadable):
            yield from (("calendar", one) for one in split_calendar(raw)[:MOST_MEETINGS])


def _is_calendar(file: Attachment) -> bool:
    return file.content_type in ("text/calendar", "application/ics") or file.name.lower().endswith((".ics", ".ical"))


def _said(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": each.name[:200], "address": each.email[:320]} for each in addresses[:200]]


def _party(address: Address | None) -> Party | None:
    return Party(address.name, address.email) if address else None


def _parties(addresses: tuple[Address, ...]) -> tuple[Party, ...]:
    return tuple(Party(each.name, each.email) for each in addresses)


def _file(attachment: Attachment) -> ArrivedFile:
    return ArrivedFile(
        attachment.name,
        attachment.content_type,
        attachment.size,
        attachment.sha256,
        attachment.content,
        attachment.inline,
        attachment.content_id,
    )


# What a member passed on


def _pass_on(arrival: Arrival, mail: MailMessage, reader: Reader, nesting: int) -> None:
    forward = next((each for each in mail.forwarded if each.from_ and each.from_.email), None)
    if forward is None or nesting:
        return
    arrival.comment = forward.comment or arrival.text
    if forward.message is not None:
        arrival.passed_on = _arrival(forward.message, reader, nesting + 1)
    else:
        arrival.passed_on = _original(arrival, forward, reader)


def _original(outer: Arrival, forward: Forwarded, reader: Reader) -> Arrival:
    """The original as it stands in the forward's text. Its files are those of the mail that carries it."""
    words = split_reply(forward.text)
    sender = _party(forward.from_)
    original = Arrival(
        "email",
        _digest("passed on", outer.fingerprint),
        sent_at=read_date(forward.date_raw) if forward.date_raw else None,
        subject=forward.subject or outer.stem,
        stem=subject_stem(forward.subject or outer.stem),
        text=words.own,
        quoted=words.quoted,
        signature=words.signature,
        sender=sender,
        claimed=sender.address if sender else "",
        to=_parties(forward.to),
        cc=_parties(forward.cc),
        is_reply=says_reply(forward.subject),
        files=outer.files,
        documents=outer.documents,
        language=outer.language,
        parts={"to": _said(forward.to), "language": outer.language} | ({"cc": _said(forward.cc)} if forward.cc else {}),
    )
    original.topic = _topic(original)
    _read_words(original, reader)
    return original
