"""From the raw bytes of a mail to what it says."""

import re
from dataclasses import dataclass
from typing import Any

from baton.capture.untrusted import Unreadable
from baton.channels.email.addresses import read_address, read_addresses
from baton.channels.email.automatic import kind_of, speaks_of_failure
from baton.channels.email.bodies import Body, read_body
from baton.channels.email.bounces import names_failure, read_bounce, says_failed
from baton.channels.email.charsets import decode_undeclared
from baton.channels.email.fingerprint import fingerprint
from baton.channels.email.forwards import forward_in, quoted_messages
from baton.channels.email.headers import Head, message_ids, read_date, read_head, words
from baton.channels.email.history import Lines, find_marks
from baton.channels.email.languages import language_of
from baton.channels.email.message import Address, Bounce, Forwarded, MailMessage, QuotedMessage
from baton.channels.email.parts import Part, read_parts
from baton.channels.email.replies import Reply, split_lines

MOST_NAMED_RECIPIENTS = 100
MOST_NESTED_MESSAGES = 5
MOST_MESSAGES_INSIDE = 50
MOST_LINES_OF_HISTORY = 20_000
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
VIA_A_LIST = re.compile(r"\s+(?:via|über|putem)\s+.{1,80}$", re.IGNORECASE)


def read_mail(raw: bytes) -> MailMessage:
    """Read a message; raises `Unreadable` only where there is neither a header nor text in the bytes."""
    head = read_head(raw)
    _refuse_garbage(raw, head)
    defects = list(head.defects)
    if not head.fields:
        defects.append("The message has no headers.")
    root = read_parts(_as_one_message(raw, head), head.body_at - head.start, defects)
    return _message(head, root, defects, nesting=0)


def _refuse_garbage(raw: bytes, head: Head) -> None:
    if not raw.strip():
        raise Unreadable("The file is empty.")
    if head.fields and any(name in KNOWN_HEADERS for name in head.fields):
        return
    sample = raw[:20_000]
    if len(CONTROL.findall(sample)) * 100 > len(sample) or decode_undeclared(sample).count("\ufffd") * 20 > len(sample):
        raise Unreadable("The file holds binary data, not a mail message.")


KNOWN_HEADERS = frozenset(
    "from to cc subject date message-id received return-path content-type mime-version sender reply-to "
    "delivered-to x-from".split()
)


def _as_one_message(raw: bytes, head: Head) -> bytes:
    """The bytes with the header block the way the tree's reader expects it."""
    if not head.defects and head.start == 0 and head.fields:
        return raw
    return raw[head.start : head.end].rstrip(b"\r\n") + b"\r\n\r\n" + raw[head.body_at :]


def _message(head: Head, root: Part, defects: list[str], nesting: int) -> MailMessage:
    body, people = read_body(root), _people(head)
    subject, text = words(head.first("subject")), body.text
    split = _split(text, subject, answers=bool(head.first("in-reply-to").strip()))
    kind, because = _kind(head, root, people, subject, text)
    inner = _forwarded_whole(body, split.reply.own, nesting, automatic=kind in ("bounce", "auto-reply"))
    date_raw = words(head.first("date"))
    date = read_date(date_raw)
    return MailMessage(
        **_ids(head),
        **_transport(head),
        **_addressed(head, people),
        **_said(split, text),
        subject=subject,
        date=date,
        date_raw=date_raw,
        html=body.html,
        forwarded=(*split.forwarded, *inner),
        attachments=tuple(body.attachments),
        calendar_parts=tuple(body.calendars),
        kind=kind,
        kind_because=because,
        bounce=_failures(head, root, people, text) if kind == "bounce" else None,
        fingerprint=fingerprint(
            date=date,
            date_raw=date_raw,
            from_email=_header_from(people),
            subject=subject,
            text=text,
            html=body.html,
            attachments=_digests(body, inner),
        ),
        defects=tuple(dict.fromkeys([*defects, *body.defects, *_header_defects(head, people, date_raw, date)])),
    )


def _ids(head: Head) -> dict[str, Any]:
    own, answered = message_ids(head.first("message-id")), message_ids(" ".join(head.all("in-reply-to")))
    referred = message_ids(" ".join(head.all("references")))
    return {
        "message_id": own[0] if own else "",
        "in_reply_to": answered[0] if answered else "",
        "references": tuple(dict.fromkeys([*referred, *answered[1:]])),
    }


def _transport(head: Head) -> dict[str, Any]:
    return {
        "delivered_to": _delivered_to(head),
        "return_path": _return_path(head),
        "list_id": _list_id(head),
        "authentication_results": tuple(head.all("authentication-results")),
        "has_dkim": "dkim-signature" in head.fields,
    }


def _addressed(head: Head, people: "_People") -> dict[str, Any]:
    names = ("from_", "rewritten_from", "reply_to", "to", "cc", "bcc")
    return {name: getattr(people, name) for name in names} | {"sender": read_address(head.first("sender"))}


def _said(split: "_Split", text: str) -> dict[str, Any]:
    reply = split.reply
    return {
        "text": text,
        "own_text": reply.own,
        "shown_text": reply.shown,
        "quoted_text": reply.quoted,
        "signature": reply.signature,
        "quoted_before": split.quoted_before,
        "language": language_of(reply.own or text),
    }


def _digests(body: Body, inner: list[Forwarded]) -> list[str]:
    return [each.sha256 for each in body.attachments] + [each.message.fingerprint for each in inner if each.message]


def _failures(head: Head, root: Part, people: "_People", text: str) -> Bounce:
    return read_bounce(head, root, _bounce_words(root, text), _own_addresses(head, people))


# ---- people --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _People:
    from_: Address | None
    rewritten_from: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]


def _people(head: Head) -> _People:
    written = read_address(head.first("from"))
    reply_to = read_addresses(head.first("reply-to"))
    original = _before_the_list(head, written, reply_to)
    named = (
        _named((original or written,), head.first("x-from"))[0]
        if original or written
        else read_address(head.first("x-from"))
    )
    return _People(
        from_=named,
        rewritten_from=written if original else None,
        reply_to=reply_to,
        to=_named(_all_addresses(head, "to"), head.first("x-to")),
        cc=_named(_all_addresses(head, "cc"), head.first("x-cc")),
        bcc=_named(_all_addresses(head, "bcc"), head.first("x-bcc")),
    )


def _all_addresses(head: Head, name: str) -> tuple[Address, ...]:
    values = head.all(name)
    if len(values) == 1:
        return read_addresses(values[0])
    return tuple(dict.fromkeys(each for value in values for each in read_addresses(value)))


def _before_the_list(head: Head, written: Address | None, reply_to: tuple[Address, ...]) -> Address | None:
    """The author, where a mailing list put its own address into From and kept the author's elsewhere."""
    name = VIA_A_LIST.sub("", written.name).strip("'\" ") if written else ""
    for header in ("x-original-from", "x-original-sender"):
        original = read_address(head.first(header))
        if original and original.email and (written is None or original.email != written.email):
            return Address(original.name or name, original.email)
    is_rewritten = (
        written is not None and VIA_A_LIST.search(written.name) and (head.first("list-id") or head.first("list-post"))
    )
    if is_rewritten and len(reply_to) == 1 and reply_to[0].email not in ("", written.email):
        return Address(reply_to[0].name or name, reply_to[0].email)
    return None


def _named(found: tuple[Address, ...], x_header: str) -> tuple[Address, ...]:
    """Names from Enron's X-From and X-To, where the real header has none."""
    if not x_header or len(found) > MOST_NAMED_RECIPIENTS or all(each.name for each in found):
        return found
    names = read_addresses(x_header)
    if len(names) != len(found):
        return found
    return tuple(Address(each.name or known.name, each.email) for each, known in zip(found, names, strict=True))


def _header_from(people: _People) -> str:
    address = people.rewritten_from or people.from_
    return (address.email or address.name) if address else ""


def _own_addresses(head: Head, people: _People) -> frozenset[str]:
    known = [*people.to, *people.cc, *(each for each in (people.from_, read_address(head.first("sender"))) if each)]
    return frozenset(each.email for each in known)


def _delivered_to(head: Head) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to")
    found = (each.email for name in names for value in head.all(name) for each in read_addresses(value))
    return tuple(dict.fromkeys(email for email in found if email))


def _return_path(head: Head) -> str | None:
    """The envelope sender: empty for the null sender, None where no server noted it."""
    if "return-path" not in head.fields:
        return None
    address = read_address(head.first("return-path"))
    return address.email if address else ""


def _list_id(head: Head) -> str:
    value = words(head.first("list-id"))
    found = re.search(r"<([^<>]+)>", value)
    return (found[1] if found else value).strip().lower()


def _header_defects(head: Head, people: _People, date_raw: str, date) -> list[str]:
    defects = []
    if head.fields and people.from_ is None:
        defects.append("There is no sender that can be read.")
    if date is None:
        defects.append(f"The date can't be used: {date_raw[:80]}." if date_raw else "There is no date.")
    if len(head.all("message-id")) > 1 or len(head.all("from")) > 1:
        defects.append("A header that may stand only once stands several times; the first one was taken.")
    return defects


# ---- the words -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Split:
    reply: Reply
    forwarded: tuple[Forwarded, ...]
    quoted_before: tuple[QuotedMessage, ...]


def _split(text: str, subject: str, *, answers: bool) -> _Split:
    lines = Lines(text)
    if len(lines.texts) > MOST_LINES_OF_HISTORY:
        return _Split(Reply(text, text, "", ""), (), ())
    marks = find_marks(lines)
    forward = forward_in(lines, marks, subject, answers=answers)
    reply = split_lines(lines, marks)
    if forward:
        above = split_lines(Lines(forward.comment), [])
        reply = Reply(above.own, above.shown, text[len(forward.comment) :].lstrip(), above.signature)
    return _Split(reply, (forward,) if forward else (), quoted_messages(marks))


def _forwarded_whole(body: Body, comment: str, nesting: int, *, automatic: bool) -> list[Forwarded]:
    """The messages attached as messages. What a bounce returns counts as well, but nobody commented on it."""
    found = []
    for part in body.messages[:MOST_MESSAGES_INSIDE]:
        if nesting >= MOST_NESTED_MESSAGES:
            body.note("Messages are attached inside messages more than five deep; the innermost were left out.")
            return found
        defects: list[str] = []
        inner = _message(_head_of(part.children[0]), part.children[0], defects, nesting + 1)
        found.append(
            Forwarded(
                from_=inner.from_,
                to=inner.to,
                cc=inner.cc,
                subject=inner.subject,
                date_raw=inner.date_raw,
                text=inner.text,
                comment="" if automatic else comment,
                message=inner,
            )
        )
    if len(body.messages) > MOST_MESSAGES_INSIDE:
        body.note("More than 50 messages are attached; the rest was left out.")
    return found


def _head_of(part: Part) -> Head:
    return Head(part.headers, 0, 0, 0, [])


# ---- who or what wrote it ------------------------------------------------------------------------------------------


def _kind(head: Head, root: Part, people: _People, subject: str, text: str) -> tuple[str, str]:
    report = root.parameters.get("report-type", "").lower() if root.content_type == "multipart/report" else ""
    return kind_of(
        head,
        report=report,
        failed=names_failure(root),
        told=speaks_of_failure(subject) and says_failed(text),
        from_=people.from_,
        subject=subject,
    )


def _bounce_words(root: Part, text: str) -> str:
    if text.strip() or not root.content:
        return text
    return decode_undeclared(root.content)
