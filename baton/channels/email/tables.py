"""The first rows of a spreadsheet that came attached, read in the limited child: enough to tell what it is."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence

from baton.capture.grammar.pipelines import pipeline_columns
from baton.channels.email.message import Attachment

ENDINGS = ("xlsx", "xlsm", "xls", "ods", "csv", "tsv")
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_SHEETS = 4
MOST_ROWS = 100_000
Rows = Sequence[Sequence[object]]


def pipeline_in(attachment: Attachment) -> dict[str, object] | None:
    """Return {"file", "sha256", "columns", "rows"} where a sheet looks like a pipeline; None for any other file."""
    ending = attachment.name.rpartition(".")[2].lower()
    if ending not in ENDINGS or len(attachment.content) > MOST_BYTES:
        return None
    try:
        sheets = _typed(attachment.content) if ending in ("csv", "tsv") else _workbook(attachment.content)
    except Exception:  # noqa: BLE001 - a file that can't be read is no pipeline
        return None
    for rows in sheets:
        found = pipeline_columns(rows)
        if found:
            filled = sum(1 for row in rows[found[0] + 1 : MOST_ROWS] if any(str(cell).strip() for cell in row))
            told = {"file": attachment.name[:200], "sha256": attachment.sha256}
            return told | {"columns": found[1][:40], "rows": filled}
    return None


def _typed(content: bytes) -> list[Rows]:
    text = content.decode("utf-8-sig", "replace")
    sample = text[:4000]
    delimiter = max(";\t,|", key=sample.count)
    return [
        [row for row, _n in zip(csv.reader(io.StringIO(text), delimiter=delimiter), range(MOST_ROWS), strict=False)]
    ]


def _workbook(content: bytes) -> list[Rows]:
    from python_calamine import CalamineWorkbook

    if content[:2] == b"PK":
        _refuse_bomb(content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python(nrows=5_000) for name in book.sheet_names[:MOST_SHEETS]]


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
            raise ValueError("It unpacks to more than is read.")
