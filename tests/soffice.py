"""LibreOffice, where it is installed (`apt-get install libreoffice-calc`): says what a workbook computes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice isn’t installed, so nothing says whether it opens what was filled"
)


def converted(books: list[Path], folder: Path) -> list[Path]:
    """Have LibreOffice open workbooks and save them as OpenDocument; return what it wrote. It computes on the way."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    args = [
        str(SOFFICE),
        profile,
        "--headless",
        "--convert-to",
        "ods",
        "--outdir",
        str(folder / "ods"),
        *map(str, books),
    ]
    subprocess.run(args, check=True, capture_output=True, timeout=240)
    return [folder / "ods" / f"{one.stem}.ods" for one in books]


def as_values(raw: bytes, folder: Path) -> dict[str, list[list[Any]]]:
    """Return what LibreOffice computes for each sheet of a workbook."""
    book = folder / "book.xlsx"
    book.write_bytes(raw)
    (made,) = converted([book], folder)
    found = load_workbook(str(made))
    return {name: found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names}
