"""Types values into workbooks through LibreOffice itself: what a person at its screen would get.

Run by the Python that LibreOffice brings its `uno` to (`apt-get install python3-uno`), with the work as JSON on its
standard input: [{"book", "made", "cells": [[sheet, row, column, value, whether it is a day]]}].
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PIPE = "baton-bench"


def main(soffice: str, profile: str) -> None:
    """Do the work, one workbook after the other, in one LibreOffice."""
    args = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--norestore"]
    office = subprocess.Popen([*args, f"--accept=pipe,name={PIPE};urp;"])
    try:
        desktop = _desktop()
        for one in json.load(sys.stdin):
            _type(desktop, **one)
    finally:
        office.terminate()
        office.wait()


def _desktop() -> Any:
    import uno  # comes with LibreOffice, and with no other Python

    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _try in range(120):
        try:
            there = resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
        except Exception:  # noqa: BLE001 - a class of its own, which only `uno` knows; it isn't up yet
            time.sleep(0.5)
    raise SystemExit("LibreOffice didn’t start within a minute.")


def _type(desktop: Any, book: str, made: str, cells: list[list[Any]]) -> None:
    from com.sun.star.beans import PropertyValue

    def told(name: str, value: Any) -> Any:
        return PropertyValue(Name=name, Value=value)

    opened = desktop.loadComponentFromURL(Path(book).as_uri(), "_blank", 0, (told("Hidden", True),))
    for name, row, column, value, _is_day in cells:
        cell = opened.Sheets.getByName(name).getCellByPosition(column - 1, row - 1)
        if isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(value)
    opened.calculateAll()
    opened.storeToURL(Path(made).as_uri(), (told("FilterName", "calc8"),))
    opened.close(True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
