"""The lines of a vCard: unfolded, decoded and taken apart (RFC 2425, RFC 2426, RFC 6350, vCard 2.1 of versit).

Tolerant of what programs really write: base64 folded without the leading blank, doubled carriage returns, soft breaks
of quoted-printable, parameters without a name. Linear in the size of the text.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_PROPERTY = re.compile(
    r"(?:(?P<group>[A-Za-z0-9-]{1,60})\.)?(?P<name>[A-Za-z][A-Za-z0-9-]{0,60})(?P<rest>(?:;(?:[^:\";]|\"[^\"]*\")*)*):"
)
_PARAMETER = re.compile(r";((?:[^:\";]|\"[^\"]*\")*)")
_BREAK = re.compile(r"\r\n|\r|\n")
_SINGLE_BYTES = frozenset("windows-1252 cp1252 iso-8859-1 latin-1 latin1 us-ascii ascii".split())
MOST_LINE = 200_000
"""Characters of one value that are kept; a photo may be longer, a note isn't."""


@dataclass(frozen=True, slots=True)
class Line:
    """One property. `name` is in capitals, `types` what it is for in lower case, `value` still escaped."""

    name: str
    value: str
    group: str = ""
    types: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)


def decoded(raw: bytes) -> str:
    """Return the text of a file: by its mark, else UTF-8, else UTF-16 by its zeros, else Windows-1252."""
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    head = raw[:200]
    if head and head.count(0) * 3 > len(head):
        return raw.decode("utf-16-be" if head[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def properties(text: str) -> Iterator[Line]:
    """Yield the properties of a text in order, BEGIN and END included; what is none is left out."""
    for line in _unfolded(text):
        match = _PROPERTY.match(line)
        if match:
            yield _line(match, line[match.end() :][:MOST_LINE])


def _unfolded(text: str) -> Iterator[str]:
    """Yield whole lines: folded ones with a blank in front, quoted-printable ones with `=` at the end, bare base64."""
    parts: list[str] = []
    soft = False
    for line in _BREAK.split(text):
        if not line and not soft:
            continue
        if soft:
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        elif parts and line[:1] in (" ", "\t"):
            parts.append(line[1:])
        elif parts and not _PROPERTY.match(line) and not _is_frame(parts[0]):
            parts.append(line)
        else:
            if parts:
                yield "".join(parts)
            parts = [line]
        soft = line.endswith("=") and _is_quoted(parts[0])
    if parts:
        yield "".join(parts)


def _is_quoted(first: str) -> bool:
    return "QUOTED-PRINTABLE" in first[:300].upper()


def _is_frame(line: str) -> bool:
    """Anything else that is followed by a line that is no property goes on there: base64 is folded without a blank."""
    return line.upper().startswith(("BEGIN:", "END:"))


def _line(match: re.Match[str], value: str) -> Line:
    types: list[str] = []
    parameters: dict[str, str] = {}
    for told in _PARAMETER.findall(match["rest"]):
        name, equals, content = told.strip().partition("=")
        plain = content.strip().strip('"')
        if equals and name.strip().upper() != "TYPE":
            parameters[name.strip().upper()] = plain
        else:
            types += [one.strip().lower() for one in (plain if equals else name).split(",") if one.strip()]
    return Line(match["name"].upper(), _text(value, types, parameters), match["group"] or "", tuple(types), parameters)


def _text(value: str, types: list[str], parameters: dict[str, str]) -> str:
    if parameters.get("ENCODING", "").upper() != "QUOTED-PRINTABLE" and "quoted-printable" not in types:
        return value
    raw = binascii.a2b_qp(value.encode("utf-8", "replace"))
    charset = parameters.get("CHARSET", "")
    for encoding in (charset if charset.lower() not in _SINGLE_BYTES else "utf-8", charset, "cp1252"):
        try:
            return raw.decode(encoding or "utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("utf-8", "replace")


def pieces(value: str, mark: str = ";") -> list[str]:
    """Split a structured value at marks that aren't escaped; the pieces are plain text."""
    found, piece, escaped = [], [], False
    for letter in value:
        if escaped:
            piece.append("\\" + letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == mark:
            found.append("".join(piece))
            piece = []
        else:
            piece.append(letter)
    found.append("".join(piece) + ("\\" if escaped else ""))
    return found


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def plain(value: str) -> str:
    """Return a value without its escapes."""
    return _ESCAPED.sub(lambda one: "\n" if one[1] in "nN" else one[1], value).strip()
