"""Bytes of a CSV become rows: any encoding, any separator, any end of line. Pure."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from baton.capture.untrusted import Unreadable

SEPARATORS = ",;\t|"
LOOKED_AT = 60
MOST_CELL = 1_000_000
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CENTRAL = frozenset("čćžšđČĆŽŠĐłŁśŚęąńĄĘźżŻőűŐŰřěŘĚ")
_WESTERN = frozenset("éèêëàâçñöäüßÖÄÜÉôîïùœåøæÅØÆáíóúãõ’‘“”–…")


def decoded(raw: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: by its mark, else UTF-8, else the likeliest of Windows."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw.decode(name, "replace").lstrip("\ufeff"), name
    sample = raw[:4000]
    if b"\x00" in sample:
        name = "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"
        return raw.decode(name, "replace"), name
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _of_windows(raw)


def _of_windows(raw: bytes) -> tuple[str, str]:
    high = bytes(one for one in raw[:2_000_000] if one > 127)
    central, western = high.decode("cp1250", "replace"), high.decode("cp1252", "replace")
    score = sum(letter in _CENTRAL for letter in central) - sum(letter in _WESTERN for letter in western)
    name = "cp1250" if score > 0 else "cp1252"
    return raw.decode(name, "replace"), name


def rows_of(text: str) -> tuple[Iterator[list[str]], str]:
    """Return the rows as (an iterator of) lists of texts, and the separator that they are read by."""
    csv.field_size_limit(MOST_CELL)
    separator, text = _separator(text)
    return _rows(text, separator), separator


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as why:
            raise Unreadable(f"Line {reader.line_num} can’t be read: {why}.") from why


def _separator(text: str) -> tuple[str, str]:
    """Return the separator: as Excel writes it into the first line (`sep=;`), else the one that makes even rows."""
    first, _end, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    return max(SEPARATORS, key=lambda one: _evenness(text, one)), text


def _evenness(text: str, separator: str) -> float:
    """Return how well a separator cuts the first rows: many columns, and as many in each row."""
    widths = []
    sample = io.StringIO(text[:200_000], newline="")
    try:
        for row in csv.reader(sample, delimiter=separator):
            widths += [len(row)] if any(row) else []
            if len(widths) == LOOKED_AT:
                break
    except csv.Error:
        return 0.0
    if not widths or max(widths) < 2:
        return 0.0
    width, times = Counter(widths).most_common(1)[0]
    return (times / len(widths)) ** 2 * min(width, 30) if width > 1 else 0.0
