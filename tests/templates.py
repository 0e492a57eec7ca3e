"""Templates as managers send them: made for a test, with a formula, a chart or a hidden sheet where one is needed."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

Rows = Sequence[Sequence[Any]]


def workbook(*sheets: tuple[str, Rows], then: Callable[[Any, list[Worksheet]], None] | None = None) -> bytes:
    """Return an XLSX with these sheets. A text that begins with = is a formula; None is no cell, "" an empty one."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        framed = made.add_format({"border": 1})
        written = [_sheet(made, name, rows, framed) for name, rows in sheets]
        if then:
            then(made, written)
    return out.getvalue()


def _sheet(made: Any, name: str, rows: Rows, framed: Any) -> Worksheet:
    sheet = made.add_worksheet(name)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value == "":
                sheet.write_blank(row, column, None, framed)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(row, column, value, None, 999)
            elif value is not None:
                sheet.write(row, column, value)
    return sheet
