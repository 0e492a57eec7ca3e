"""What makes two workbooks the same template: their sheets, labels and formulas, and no value. Pure."""

from __future__ import annotations

import hashlib
from datetime import date

from baton.decide.requests.grid import read_grid
from baton.decide.requests.words import Names, read_label, tokens
from baton.decide.requests.workbook.book import Book


def fingerprint_of(book: Book, names: Names, today: date) -> str:
    """Return a digest of the structure. Months move on, people come and go: neither changes it."""
    digest = hashlib.sha256()
    for sheet in book.sheets:
        labels = read_grid(sheet).labels
        kinds = dict.fromkeys(_kind(text, names, today) for _at, text in sorted(labels.items()))
        formulas = sorted({column for (_row, column), cell in sheet.cells.items() if cell.formula})
        digest.update(repr((_masked(sheet.name), [one for one in kinds if one], formulas)).encode())
    return digest.hexdigest()


def _kind(text: str, names: Names, today: date) -> str:
    one = read_label(text, names, today)
    if one.span or one.unplaced:
        return "<time>"
    if one.about:
        return "<" + " ".join(sorted(one.about)) + ">"
    return _masked(text)


def _masked(text: str) -> str:
    return " ".join("#" if word.isdigit() else word for word in tokens(text))
