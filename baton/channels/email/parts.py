"""The MIME tree of a message as plain parts, within limits of depth and number.

fast-mail-parser reads it; where it gives up on a broken transfer encoding, the standard library's older and more
forgiving reader takes over, and where both give up the body counts as plain text.
"""

import email
import email.message
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field

import fast_mail_parser

from baton.channels.email.headers import parameters, words

MOST_DEPTH = 50
MOST_PARTS = 1000
UNSAFE_IN_NAMES = str.maketrans(
    dict.fromkeys(
        [*range(32), 127, *map(ord, '<>:"|?*\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f')], None
    )
)
LONGEST_NAME = 150


@dataclass(slots=True)
class Part:
    """One node of the tree. `content` is transfer-decoded and empty for a container."""

    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    content_id: str
    encoding: str
    content: bytes
    headers: dict[str, list[str]] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)

    @property
    def is_container(self) -> bool:
        return self.content_type.startswith("multipart/") and bool(self.children)

    @property
    def is_message(self) -> bool:
        return self.content_type in ("message/rfc822", "message/global", "message/news")

    def walk(self) -> Iterator["Part"]:
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def read_parts(raw: bytes, body_at: int, defects: list[str]) -> Part:
    try:
        return _Tree(defects).part(fast_mail_parser.parse_email_tree(raw), 0)
    except fast_mail_parser.DecodeError:
        defects.append("A part's transfer encoding is broken; it was read as far as possible.")
    except fast_mail_parser.MimeStructureError:
        defects.append("The parts are nested deeper than 50 levels; the body was read as plain text.")
        return Part("text/plain", {}, "", "", "", "", raw[body_at:])
    except fast_mail_parser.ParseError:
        defects.append("The structure of the message can't be read; the body was read as plain text.")
        return Part("text/plain", {}, "", "", "", "", raw[body_at:])
    return _forgiving(raw, body_at, defects)


def _forgiving(raw: bytes, body_at: int, defects: list[str]) -> Part:
    try:
        return _Tree(defects).standard_part(email.message_from_bytes(raw, policy=email.policy.compat32), 0)
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError, UnicodeError):
        defects.append("The structure of the message can't be read; the body was read as plain text.")
        return Part("text/plain", {}, "", "", "", "", raw[body_at:])


class _Tree:
    def __init__(self, defects: list[str]) -> None:
        self.defects = defects
        self.count = 0

    def part(self, node, depth: int) -> Part:
        headers = {name.lower(): values for name, values in node.headers.items()}
        made = _part(headers, node.content_type, node.content or b"", node.filename)
        for child in node.children:
            if not self.is_full(depth):
                made.children.append(self.part(child, depth + 1))
        return made

    def standard_part(self, node: email.message.Message, depth: int) -> Part:
        headers: dict[str, list[str]] = {}
        for name, value in node.items():
            headers.setdefault(name.lower(), []).append(str(value))
        content = b"" if node.is_multipart() else node.get_payload(decode=True)
        made = _part(headers, node.get_content_type(), content if isinstance(content, bytes) else b"", "")
        for child in node.get_payload() if node.is_multipart() else ():
            if not self.is_full(depth):
                made.children.append(self.standard_part(child, depth + 1))
        return made

    def is_full(self, depth: int) -> bool:
        self.count += 1
        if depth < MOST_DEPTH and self.count <= MOST_PARTS:
            return False
        because = "nested deeper than 50 levels" if depth >= MOST_DEPTH else "more than 1,000"
        sentence = f"The parts are {because}; the rest was left out."
        if sentence not in self.defects:
            self.defects.append(sentence)
        return True


def _part(headers: dict[str, list[str]], content_type: str, content: bytes, filename: str) -> Part:
    declared, params = parameters(_first(headers, "content-type"))
    disposition, options = parameters(_first(headers, "content-disposition"))
    name = options.get("filename") or params.get("name") or filename
    return Part(
        content_type=(content_type or declared or "text/plain").lower(),
        parameters=params,
        disposition=disposition,
        filename=safe_name(name),
        content_id=_first(headers, "content-id").strip().strip("<>"),
        encoding=_first(headers, "content-transfer-encoding").strip().lower(),
        content=content,
        headers=headers,
    )


def _first(headers: dict[str, list[str]], name: str) -> str:
    values = headers.get(name)
    return values[0] if values else ""


def safe_name(name: str) -> str:
    """A file name without folders, control characters and direction marks, at most 150 characters, ending kept."""
    last = words(name).replace("\\", "/").rsplit("/", 1)[-1].translate(UNSAFE_IN_NAMES).strip(" .")
    if len(last) <= LONGEST_NAME:
        return last
    stem, dot, ending = last.rpartition(".")
    return stem[: LONGEST_NAME - len(ending) - 1] + dot + ending if dot and len(ending) <= 10 else last[:LONGEST_NAME]
