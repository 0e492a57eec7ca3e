"""Spreadsheets: contacts a second through the whole path, the memory of two hundred thousand rows, and a bomb.

Run inside a process that the measured place belongs to. What is read is made up here, the same every time.
"""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import xlsxwriter

from baton.channels.sheets import importing
from baton.kernel.clock import now
from baton.ledger.search import find
from baton.members.models import Member
from bench.figures import Figure
from bench.places import ROOT

HEADS = ("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Company", "Job Title", "Contact owner")
LONG = 200_000


def contacts(asked: int) -> Figure:
    """Let a CSV of new contacts in: read, matched, checked by the map, recorded with provenance, findable.

    Beside it another process compares them for duplicates, as `baton start` does; the time ends when both are done.
    """
    by = Member.objects.get(email__startswith="tomas@")
    count = max(2_500, asked * 10)
    text = "\n".join(",".join(row) for row in [HEADS, *(_row(number, by.name) for number in range(count))])
    began = time.perf_counter()
    beside = subprocess.Popen(
        [sys.executable, "-m", "bench.comparing"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    worked = time.process_time()
    job = importing.start("contacts.csv", text.encode(), by=by, at=now(), kind="contacts")
    importing.bring_in(job, now, lambda _job: None, threading.Event())
    alone, worked = time.perf_counter() - began, time.process_time() - worked
    compared, comparing = beside.communicate()[0].split()
    took = time.perf_counter() - began
    if job.recorded != count:
        raise RuntimeError(f"of {count} rows {job.recorded} were let in")
    found = any(hit.kind == "contact" for hit in find(by, f"Benchlast{count - 1}", limit=5))
    rate = count / took
    note = (
        f"{count} contacts, findable at once: {found}; {count / alone:.0f}/s until they stood there, "
        f"{count / worked:.0f}/s of that process's own processor time; "
        f"{compared} compared for duplicates beside it in {comparing} s of processor"
    )
    return Figure("sheet", "CSV import, whole path", 2500, "contacts/s", rate, rate, more_is_better=True, note=note)


def _row(number: int, owner: str) -> tuple[str, ...]:
    firm = number % 500
    return (
        f"B{number}", f"Benchfirst{number % 997}", f"Benchlast{number}", f"b{number}@benchfirm{firm}.example",
        f"+44 20 7{number:07d}", f"Benchfirm {firm}", "Manager", owner,
    )  # fmt: skip


def memory() -> list[Figure]:
    """Read a workbook of 200,000 rows, and refuse bombs, each in a process of its own whose peak is measured."""
    folder = ROOT / ".cache" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    long, bomb = folder / "long.xlsx", folder / "bomb.xlsx"
    if not long.exists():
        _make_long(long)
    _make_bomb(bomb)
    rows, held, took = _alone(long)
    refused, bomb_held, bomb_took = _alone(bomb)
    if (rows, refused) != (LONG, -1):
        raise RuntimeError(f"{rows} rows were read, and the bomb gave {refused}")
    return [
        Figure(
            "sheet-memory",
            "XLSX of 200,000 rows and 8 columns, memory",
            200,
            "MB",
            held,
            held,
            note=f"read in {took:.1f} s",
        ),
        Figure(
            "sheet-bomb", "A bomb refused", 2000, "ms", bomb_took * 1000, bomb_took * 1000, note=f"{bomb_held:.0f} MB"
        ),
    ]


def _alone(path: Path) -> tuple[int, float, float]:
    told = subprocess.run(
        [sys.executable, "-m", "bench.unpacking", str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rows, held, took = told.stdout.split()
    return int(rows), float(held), float(took)


def _make_long(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADS)
        for number in range(LONG):
            _id, *texts = _row(number, "Ana Horvat")
            sheet.write_number(number + 1, 0, number)
            sheet.write_row(number + 1, 1, texts)


def _make_bomb(path: Path) -> None:
    """Three megabytes that unpack to a sheet of a million rows."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write_string(0, 0, "Name")
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_000))
    with zipfile.ZipFile(made) as there, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in there.namelist():
            content = f"{head}{rows}</sheetData></worksheet>" if name.endswith("sheet1.xml") else there.read(name)
            packed.writestr(name, content)
