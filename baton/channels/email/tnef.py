"""Microsoft's winmail.dat (MS-OXTNEF): the files inside, and the body where it is text or HTML."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from baton.channels.email.charsets import decode, decode_undeclared

SIGNATURE = 0x223E9F78
ATTACHMENT_LEVEL = 2
TITLE, DATA, RENDERING, PROPERTIES = 0x8010, 0x800F, 0x9002, 0x9005
MESSAGE_PROPERTIES, BODY, CODEPAGE = 0x9003, 0x800C, 0x9007
LONG_NAME, SHORT_NAME, CONTENT, MIME_TYPE, CONTENT_ID, DISPLAY_NAME = 0x3707, 0x3704, 0x3701, 0x370E, 0x3712, 0x3001
PLAIN_BODY, RTF_BODY, HTML_BODY = 0x1000, 0x1009, 0x1013
COMPRESSED_RTF, PLAIN_RTF = 0x75465A4C, 0x414C454D
MOST_RTF_BYTES = 5_000_000
RTF_DICTIONARY = (  # MS-OXRTFCP 2.2: what every compressed body starts from
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
FIXED_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16, 1: 0, 0: 0}
STRING8, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x102
NAMED = 0x8000
MULTIPLE = 0x1000
MOST_PROPERTIES = 5000
MOST_NESTING = 5


class NotTnef(Exception):
    """The bytes are no TNEF stream."""


@dataclass(slots=True)
class TnefFile:
    name: str = ""
    content_type: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass(slots=True)
class TnefContent:
    """What a stream holds; `damaged` where it ends too soon or contradicts itself."""

    files: list[TnefFile] = field(default_factory=list)
    text: str = ""
    html: str = ""
    rtf: bytes = b""
    damaged: bool = False


def read_tnef(data: bytes, nesting: int = 0) -> TnefContent:
    """Everything readable in the stream; a damaged one gives what stands before the damage."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        raise NotTnef
    content, codepage, current = TnefContent(), "cp1252", None
    for level, name, value in _attributes(data, content):
        if name == CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif level == ATTACHMENT_LEVEL:
            if name == RENDERING or current is None:
                current = TnefFile()
                content.files.append(current)
            _read_file(current, name, value, content, codepage, nesting)
        elif name == BODY:
            content.text = content.text or _string(value, codepage)
        elif name == MESSAGE_PROPERTIES:
            _read_message(value, content, codepage)
    content.files = [each for each in content.files if each.name or each.content]
    return content


def _attributes(data: bytes, content: TnefContent) -> Iterator[tuple[int, int, bytes]]:
    position = 6
    while position + 9 <= len(data):
        level, tag, size = struct.unpack_from("<BII", data, position)
        value = data[position + 9 : position + 9 + size]
        if level not in (1, ATTACHMENT_LEVEL) or len(value) < size:
            content.damaged = True
            if level in (1, ATTACHMENT_LEVEL) and value:
                yield level, tag & 0xFFFF, value
            return
        yield level, tag & 0xFFFF, value
        position += 9 + size + 2
    if position < len(data):
        content.damaged = True


def _read_file(current: TnefFile, name: int, value: bytes, content: TnefContent, codepage: str, nesting: int) -> None:
    if name == TITLE:
        current.name = current.name or _string(value, codepage)
    elif name == DATA:
        current.content = value
    elif name == PROPERTIES:
        for tag, kind, each in _properties(value, content):
            _read_file_property(current, tag, kind, each, content, codepage, nesting)


def _read_file_property(current, tag, kind, value: bytes, content: TnefContent, codepage: str, nesting: int) -> None:
    if tag == LONG_NAME or (tag in (SHORT_NAME, DISPLAY_NAME) and not current.name):
        current.name = _typed_string(kind, value, codepage) or current.name
    elif tag == MIME_TYPE:
        current.content_type = _typed_string(kind, value, codepage)
    elif tag == CONTENT_ID:
        current.content_id = _typed_string(kind, value, codepage).strip("<>")
    elif tag == CONTENT and kind in (OBJECT, BINARY):
        body = value[16:] if kind == OBJECT else value  # an object begins with the identifier of its interface
        current.content = body
        if nesting < MOST_NESTING and body[:4] == struct.pack("<I", SIGNATURE):
            content.files.extend(read_tnef(body, nesting + 1).files)


def _read_message(value: bytes, content: TnefContent, codepage: str) -> None:
    for tag, kind, each in _properties(value, content):
        if tag == PLAIN_BODY and kind in (STRING8, UNICODE):
            content.text = _typed_string(kind, each, codepage)
        elif tag == RTF_BODY and kind == BINARY:
            content.rtf = _unpacked_rtf(each)
        elif tag == HTML_BODY:
            content.html = decode(each, codepage)[0] if kind == BINARY else _typed_string(kind, each, codepage)


def _properties(data: bytes, content: TnefContent) -> Iterator[tuple[int, int, bytes]]:
    """MAPI properties as (tag, type, first value)."""
    try:
        count, position = min(struct.unpack_from("<I", data)[0], MOST_PROPERTIES), 4
        for _ in range(count):
            kind, tag = struct.unpack_from("<HH", data, position)
            position += 4
            if tag >= NAMED:
                position = _after_name(data, position)
            values, position = _values(data, position, kind)
            if values:
                yield tag, kind & ~MULTIPLE, values[0]
    except (struct.error, KeyError):
        content.damaged = True


def _after_name(data: bytes, position: int) -> int:
    by_name, number = struct.unpack_from("<II", data, position + 16)
    return position + 24 + (_padded(number) if by_name else 0)


def _values(data: bytes, position: int, kind: int) -> tuple[list[bytes], int]:
    base, count = kind & ~MULTIPLE, 1
    if kind & MULTIPLE or base in (STRING8, UNICODE, OBJECT, BINARY):
        count = struct.unpack_from("<I", data, position)[0]
        position += 4
    values = []
    for _ in range(min(count, MOST_PROPERTIES)):
        if base in (STRING8, UNICODE, OBJECT, BINARY):
            size = struct.unpack_from("<I", data, position)[0]
            position += 4
        else:
            size = FIXED_SIZES[base]
        values.append(data[position : position + size])
        position += _padded(size)
    return values, position


def _padded(size: int) -> int:
    return (size + 3) & ~3


def _typed_string(kind: int, value: bytes, codepage: str) -> str:
    if kind == UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\x00")
    return _string(value, codepage) if kind == STRING8 else ""


def _string(value: bytes, codepage: str) -> str:
    plain = value.rstrip(b"\x00")
    return decode_undeclared(plain) if codepage == "cp1252" else decode(plain, codepage)[0]


def _unpacked_rtf(data: bytes) -> bytes:
    """The RTF body out of its compression (MS-OXRTFCP); empty where the header is wrong."""
    if len(data) < 16:
        return b""
    size, raw_size, kind = struct.unpack_from("<III", data)
    if kind == PLAIN_RTF:
        return data[16 : 16 + raw_size]
    if kind != COMPRESSED_RTF:
        return b""
    return bytes(_unpacked(data[16 : size + 4], min(raw_size, MOST_RTF_BYTES)))


def _unpacked(data: bytes, wanted: int) -> bytearray:
    ring = bytearray(RTF_DICTIONARY.ljust(4096, b"\x00"))
    written, position, out = len(RTF_DICTIONARY), 0, bytearray()
    while position < len(data) and len(out) < wanted:
        control, position = data[position], position + 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 2 > len(data):
                    return out
                reference = data[position] << 8 | data[position + 1]
                position, offset = position + 2, reference >> 4
                if offset == written % 4096:
                    return out
                run = bytearray()
                for step in range((reference & 15) + 2):
                    run.append(ring[(offset + step) % 4096])
                    ring[(written + step) % 4096] = run[-1]
            else:
                run = data[position : position + 1]
                position += 1
                if run:
                    ring[written % 4096] = run[0]
            out += bytes(run)
            written += len(run)
    return out
