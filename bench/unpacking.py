"""Reading one sheet alone, as the limited child does: `python -m bench.unpacking FILE` says rows, MB and seconds."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from baton.capture.untrusted import Unreadable
from baton.channels.sheets.reading import read_sheet


def measured(path: Path) -> str:
    """Return the rows read (-1 where it was refused), the most memory held in MB, and the seconds."""
    began = time.perf_counter()
    try:
        rows = read_sheet(path.read_bytes()).total
    except Unreadable:
        rows = -1
    took = time.perf_counter() - began
    return f"{rows} {_peak():.1f} {took:.3f}"


def _peak() -> float:
    """Return the most memory this process held, in MB. (`ru_maxrss` begins with what the parent held.)"""
    told = Path("/proc/self/status").read_text()
    return int(next(line for line in told.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    print(measured(Path(sys.argv[1])))
