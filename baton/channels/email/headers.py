"""The header block of a message, read from the raw bytes.

Own reading, because the value as it was sent is needed: a comma inside an encoded name must not split an address.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from baton.channels.email.charsets import decode, decode_undeclared

MOST_HEADER_BYTES = 64 * 1024
MOST_SCANNED_BYTES = 1024 * 1024
TOO_LONG = "The headers are longer than 64 KB; the rest of them was not read."
FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
ENVELOPE_LINE = re.compile(rb">?From [^\n]*\n|\d{1,9}[ \t]*\r?\n(?=[A-Za-z-]+:)")
ENCODED_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")
MESSAGE_ID = re.compile(r"<([^<>]{1,998})>")
EARLIEST_YEAR, LATEST_YEAR = 1982, 2100  # RFC 822 is of 1982; a null date of 1979 or 1970 says nothing


@dataclass(slots=True)
class Head:
    """The header fields by lower-case name, in the order they came, and where the body starts."""

    fields: dict[str, list[str]]
    start: int
    end: int
    body_at: int
    defects: list[str]

    def first(self, name: str) -> str:
        values = self.fields.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])


@dataclass(slots=True)
class _Scan:
    lines: dict[str, list[list[str]]]
    start: int
    end: int
    body_at: int
    defects: list[str]


def read_head(raw: bytes) -> Head:
    """The header block. Past 64 KB only the first line of fields that follow is kept, past a megabyte nothing."""
    scan = _scan(raw)
    fields = {name: [" ".join(lines) for lines in values] for name, values in scan.lines.items()}
    return Head(fields, scan.start, scan.end, scan.body_at, scan.defects)


def _scan(raw: bytes) -> _Scan:
    start = _after_envelope(raw)
    head = _Scan({}, start, start, start, [])
    position, current = start, None
    while position < len(raw):
        line_end = raw.find(b"\n", position)
        line_end = len(raw) if line_end < 0 else line_end + 1
        line = raw[position:line_end]
        if not line.strip(b"\r\n"):
            head.end, head.body_at = position, line_end
            return head
        if line_end - start > MOST_HEADER_BYTES:
            current = None
            _note_length(head)
        if line_end - start > MOST_SCANNED_BYTES:
            return _cut_short(raw, head, position)
        if line[:1] in b" \t":
            if current is not None:
                current.append(_text_of(line))
        elif (found := FIELD.match(line)) is not None:
            current = [_text_of(line[found.end() :])]
            head.lines.setdefault(found[1].decode("ascii").lower(), []).append(current)
        elif not ENVELOPE_LINE.match(line):
            head.end = head.body_at = position
            if head.lines:
                head.defects.append("The headers end without a blank line.")
            return head
        position = line_end
    head.end = head.body_at = len(raw)
    return head


def _note_length(head: "_Scan") -> None:
    if TOO_LONG not in head.defects:
        head.defects.append(TOO_LONG)


def _cut_short(raw: bytes, head: "_Scan", position: int) -> "_Scan":
    ends = [at + len(gap) for gap in (b"\n\n", b"\n\r\n") if (at := raw.find(gap, position - 1)) >= 0]
    head.end, head.body_at = position, min(ends, default=len(raw))
    return head


def _after_envelope(raw: bytes) -> int:
    """Past a byte order mark, blank lines, an mbox `From ` line or Apple Mail's byte count."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw[start : start + 1] in (b"\r", b"\n"):
        start += 1
    envelope = ENVELOPE_LINE.match(raw, start)
    return envelope.end() if envelope else start


def _text_of(line: bytes) -> str:
    return decode_undeclared(line).replace("\x00", "").strip()


def words(value: str) -> str:
    """A header value with its encoded words (RFC 2047) decoded, on one line."""
    if "=?" in value:
        value = _decode_words(BETWEEN_WORDS.sub(r"\1", value))
    return " ".join(value.replace("\x00", "").split())


def _decode_words(value: str) -> str:
    """Neighbouring words of one charset are joined first, as some mailers cut them within a character."""
    runs: list[tuple[str, bytes]] = []
    position = 0
    for found in ENCODED_WORD.finditer(value):
        if position < found.start():
            runs.append(("utf-8", value[position : found.start()].encode("utf-8", "replace")))
            runs.append(("", b""))
        charset, body = found[1].lower(), _word_bytes(found[2], found[3])
        if runs and runs[-1][0] == charset:
            runs[-1] = (charset, runs[-1][1] + body)
        else:
            runs.append((charset, body))
        position = found.end()
    return "".join(decode(body, charset)[0] for charset, body in runs) + value[position:]


def _word_bytes(encoding: str, body: str) -> bytes:
    data = body.encode("utf-8", "replace")
    if encoding in "bB":
        try:
            return base64.b64decode(data + b"=" * (-len(data) % 4))
        except (binascii.Error, ValueError):
            return data
    return binascii.a2b_qp(data, header=True)


def message_ids(value: str) -> tuple[str, ...]:
    """The ids of a header without their angle brackets; one folded over two lines is put together again."""
    found = tuple("".join(each.split()) for each in MESSAGE_ID.findall(value))
    bare = "".join(value.split()) if len(value.split()) == 1 else ""
    return tuple(each for each in found if each) or ((bare.strip("<>"),) if bare.strip("<>") else ())


def read_date(value: str) -> datetime | None:
    """The moment in UTC, or None where it can't be read or can't be true."""
    value = words(value)[:200]
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        moment = _iso_date(value)
    return _plausible(moment)


def _iso_date(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None


def _plausible(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        utc = aware.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return utc if EARLIEST_YEAR <= utc.year < LATEST_YEAR else None


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """The media type and its parameters, RFC 2231 pieces and charsets included."""
    kind, *rest = _split_parameters(value)
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for each in rest[:200]:
        name, equals, content = each.partition("=")
        if equals:
            _keep_piece(pieces, name.strip().lower(), content.strip())
    return kind.strip().lower(), {name: _joined(parts) for name, parts in pieces.items()}


def _split_parameters(value: str) -> list[str]:
    if '"' not in value:
        return value.split(";")
    return re.findall(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+', value) or [""]


def _keep_piece(pieces: dict, name: str, content: str) -> None:
    if len(content) >= 2 and content[0] == content[-1] == '"':
        content = re.sub(r"\\(.)", r"\1", content[1:-1])
    base, *numbers = name.rstrip("*").split("*")
    order = int(numbers[0]) if numbers and numbers[0].isdecimal() and len(numbers[0]) < 4 else 0
    pieces.setdefault(base, {}).setdefault(order, (content, name.endswith("*")))


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    charset, data = "", b""
    for order in sorted(parts):
        content, encoded = parts[order]
        if encoded and order == min(parts) and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        data += _percent_decoded(content) if encoded else content.encode("utf-8", "replace")
    return words(decode(data, charset or "utf-8")[0])


def _percent_decoded(content: str) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), content.encode("utf-8", "replace"))
