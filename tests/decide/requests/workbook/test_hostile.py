"""Bombs and hostile workbooks are refused in the limited child within two seconds, and nothing of them is run."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from baton.capture.untrusted import Unreadable
from baton.decide.requests.answering import read_template
from tests.templates import workbook

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def hostile(sheet: bytes, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(("S", [["a", 1]])))) as good, zipfile.ZipFile(out, "w", 8) as packed:
        for name in good.namelist():
            packed.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else good.read(name))
        for name, content in more.items():
            packed.writestr(name, content)
    return out.getvalue()


def many_cells(count: int) -> bytes:
    rows = "".join(f'<row r="{n}">' + "<c><v>1</v></c>" * 100 + "</row>" for n in range(1, count // 100 + 1))
    return SHEET.format(rows).encode()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + SHEET.format("&b;").encode()
HOSTILE = {
    "blanks": hostile(SHEET.format(" " * 300_000_000).encode()),
    "cells": hostile(many_cells(2_000_000)),
    "entities": hostile(ENTITIES),
    "late entities": hostile(b"<!--" + b" " * 2_000_000 + b"-->" + ENTITIES),
    "deep": hostile(b"<a>" * 500_000),
    "cut off": hostile(SHEET.format('<row r="1"><c r="A1"><v>1').encode()[:120]),
    "wrong place": hostile(SHEET.format('<row r="1"><c r="ZZZZ99999999"><v>1</v></c></row>').encode()),
    "no workbook": hostile(b"x")[:200],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_within_two_seconds(kind):
    read_template(workbook(("S", [["a", 1]])))  # the child is warm, as it is in a running Baton
    began = time.monotonic()

    with pytest.raises(Unreadable):
        read_template(HOSTILE[kind])

    assert time.monotonic() - began < 2
