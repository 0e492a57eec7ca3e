"""The one writer of tables that leave Baton: CSV and XLSX in which no text is ever taken for a formula.

A spreadsheet program computes what begins with `=`, `+`, `-` or `@`, also behind blanks, tabs, line ends and in full
width. In CSV such a text gets an apostrophe in front; in XLSX every text is typed as a text.
https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

Value = str | int | float | Decimal | bool | date | datetime | None
BEGINS_FORMULA = frozenset("=+-@|%")
_IGNORED = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\x00")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program could take a text for a formula, whatever blanks stand before it."""
    plain = unicodedata.normalize("NFKC", text[:200])
    first = next((letter for letter in plain if not _is_blank(letter)), "")
    return first in BEGINS_FORMULA


def _is_blank(letter: str) -> bool:
    return letter.isspace() or letter in _IGNORED or unicodedata.category(letter) in {"Cc", "Cf", "Zs"}


def safe(text: str) -> str:
    """Return a text that no spreadsheet program computes."""
    return f"'{text}" if is_formula(text) else text


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a CSV as Excel and everything else reads it: UTF-8 with its mark, commas, CRLF."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([safe(head) for head in heads])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    return "" if value is None else value.isoformat() if isinstance(value, date) else value


def as_xlsx(name: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a workbook of one sheet: texts typed as texts, amounts as numbers, days as days."""
    import xlsxwriter

    made = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet(_sheet_name(name))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head[:32_000], bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, day)
        sheet.freeze_panes(1, 0)
    return made.getvalue()


def _write(sheet: Any, row: int, column: int, value: Value, day: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value[:32_000])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), day)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001


def _sheet_name(name: str) -> str:
    kept = "".join(letter for letter in name if letter not in "[]:*?/\\'").strip()
    return kept[:31] or "Baton"
