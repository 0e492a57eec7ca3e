"""How much of a spreadsheet is read at all. Asked of the packed file before anything unpacks it whole.

A file of one megabyte can unpack to gigabytes, claim to be smaller than it is, or hold one cell in its last corner.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from baton.capture.untrusted import Unreadable

MOST_BYTES = 100_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_CELLS = 8_000_000
MOST_UNPACKED_BYTES = 400_000_000
MOST_MEMBERS = 2_000
MOST_MEMBER_RATIO = 250
"""Sheets of real numbers pack to a tenth, the most repetitive ones to a hundredth."""
SMALL = 5_000_000
STEP = 1 << 20

_ROW = re.compile(rb"<(?:\w+:)?row [^>]*?\br=\"(\d{1,9})\"")
_FAR_COLUMN = re.compile(rb'\br="([A-Z]{2,4})\d')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[ >]")
_REPEATED_ROW = re.compile(rb'<table:table-row [^>]*rows-repeated="(\d{2,9})"[^>]*>(.*?)</table:table-row>', re.DOTALL)
_REPEATED_CELL = re.compile(rb'columns-repeated="(\d{3,9})"[^>]*(?<!/)>')
_SAYS = re.compile(rb"office:(?:[a-z-]+-)?value|<text:p")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def refuse_too_much(raw: bytes) -> None:
    """Raise `Unreadable` for a packed spreadsheet (XLSX, ODS) that would be too much to read."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    if not raw.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            members = packed.infolist()
            _refuse_declared(members)
            for member in members:
                _refuse_actual(packed, member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError) as why:
        raise Unreadable("The file is damaged: what it is packed in can’t be opened.") from why


def _refuse_declared(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED_BYTES:
        raise Unreadable(f"It unpacks to more than {MOST_UNPACKED_BYTES // 1_000_000} MB, so it wasn’t opened.")
    for one in members:
        if one.file_size > SMALL and one.file_size > MOST_MEMBER_RATIO * max(one.compress_size, 1):
            raise Unreadable("It unpacks to hundreds of times its size, so it wasn’t opened.")


def _refuse_actual(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack one member a piece at a time, counting; look at what says how large a sheet is."""
    is_xml = member.filename.lower().endswith((".xml", ".rels"))
    is_sheet = is_xml and "worksheets/" in member.filename
    is_ods = member.filename == "content.xml"
    extent, repeats = _Extent(), _Repeats()
    for number, piece in enumerate(_pieces(packed, member)):
        if is_xml and number == 0 and _ENTITY.search(piece):
            raise Unreadable("It defines entities of its own, which no spreadsheet needs, so it wasn’t opened.")
        if is_sheet:
            extent.refuse(piece)
        if is_ods:
            repeats.refuse(piece)


def _pieces(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member really unpacks to; more than it declared is a lie, and ends it."""
    unpacked = 0
    with packed.open(member) as stream:
        while piece := stream.read(STEP):
            unpacked += len(piece)
            if unpacked > member.file_size:
                raise Unreadable("It unpacks to more than it says, so it wasn’t opened.")
            yield piece


@dataclass(slots=True)
class _Extent:
    """How far a sheet reaches: a workbook is held in memory up to its last row and column."""

    rows: int = 0
    columns: int = 1

    def refuse(self, piece: bytes) -> None:
        """Take one piece of the sheet's XML into account. The empty rows at the end of a sheet are let be."""
        last = piece.rfind(b"<row ")
        found = _ROW.search(piece, last) if last >= 0 else None
        if found and _VALUE.search(piece):
            self.rows = max(self.rows, int(found[1]))
        self.columns = max([self.columns, *(_number(letters) for letters in set(_FAR_COLUMN.findall(piece)))])
        if self.rows > MOST_ROWS + STEP // 40:
            raise too_many_rows()
        if self.columns > MOST_COLUMNS or self.columns * self.rows > MOST_CELLS:
            raise too_wide()


def _number(letters: bytes) -> int:
    """Return the number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@dataclass(slots=True)
class _Repeats:
    """OpenDocument writes what repeats once, with a number; the empty rest of a sheet that way is let be."""

    rows: int = 0

    def refuse(self, piece: bytes) -> None:
        """Take one piece of the content into account."""
        if any(int(times) > MOST_COLUMNS for times in _REPEATED_CELL.findall(piece)):
            raise too_wide()
        for times, row in _REPEATED_ROW.findall(piece):
            self.rows += int(times) if _SAYS.search(row) else 0
        if self.rows > MOST_ROWS:
            raise too_many_rows()


def too_wide() -> Unreadable:
    """Return the answer to a sheet that is too wide."""
    return Unreadable(f"It has cells beyond column {MOST_COLUMNS}, or too many of them in all.")


def too_many_rows() -> Unreadable:
    """Return the answer to a sheet that is too long."""
    return Unreadable(f"It has more than {MOST_ROWS:,} rows. Split it, and drop the parts one after the other.")
