"""Bytes into text, whatever the mail says its charset is."""

import codecs

# The names mail programs use for what Python calls otherwise; the latin family is read as its Windows superset,
# as browsers do (WHATWG Encoding Standard).
SPOKEN_NAMES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "utf8": "utf-8",
    "cp-850": "cp850",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
}
UNDECLARED = frozenset({"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "8bit", "default", "none", "binary"})
NOT_FOR_MAIL = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})


def decode(data: bytes, charset: str) -> tuple[str, bool]:
    """The text, and whether it was read without loss under the charset that was declared."""
    name = charset.strip().strip("\"'").lower()
    if name in UNDECLARED:
        return decode_undeclared(data), True
    codec = known_codec(SPOKEN_NAMES.get(name, name))
    if codec is None:
        return decode_undeclared(data), False
    try:
        return data.decode(codec), True
    except (UnicodeError, ValueError):
        return _decode_damaged(data, codec), False


def decode_undeclared(data: bytes) -> str:
    if data.isascii():
        return data.decode("ascii")
    if b"\x1b$" in data or b"\x1b(J" in data:
        return data.decode("iso2022_jp_2", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def known_codec(name: str) -> str | None:
    """The codec's own name, where it is a text encoding that mail may use."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    readable = found._is_text_encoding and found.name.replace("_", "-") not in NOT_FOR_MAIL
    return found.name if readable else None


def _decode_damaged(data: bytes, codec: str) -> str:
    if codec == "utf-8":
        return data.decode("utf-8", "replace") if _mostly_utf8(data) else data.decode("cp1252", "replace")
    return data.decode(codec, "replace")


def _mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    high = sum(character > "\x7f" for character in text)
    return text.count("�") * 2 <= high
