"""What was measured, and the table of it."""

from __future__ import annotations

import json
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Figure:
    """One row on one database. `p50` and `p95` are in `unit`; `bare` is the median of the bare question and
    `worked` the web process's own processor time for one request, in ms: the rest is waiting for others.

    `goal` is the most that is wanted of p95, or the least where `more_is_better`. `note` says what else was seen.
    """

    key: str
    what: str
    goal: float
    unit: str = "ms"
    p50: float | None = None
    p95: float | None = None
    bare: float | None = None
    more_is_better: bool = False
    note: str = ""
    worked: float | None = None

    def __str__(self) -> str:
        bare = f", bare {self.bare:.1f} ms" if self.bare is not None else ""
        return f"{self.what}: {_measured(self)}{bare}{self.processor} {self.note}"

    @property
    def processor(self) -> str:
        """Return what of it was work of the web process, in words."""
        return f", {self.worked:.0f} ms of processor" if self.worked else ""

    @property
    def met(self) -> bool:
        """Whether the goal was reached."""
        if self.p95 is None:
            return False
        return self.p95 >= self.goal if self.more_is_better else self.p95 <= self.goal


def figure(
    key: str, what: str, goal: float, took: Sequence[float], bare: Sequence[float] = (), note: str = ""
) -> Figure:
    """Return the row for so many measured milliseconds."""
    middle = statistics.median(bare) if bare else None
    return Figure(key, what, goal, "ms", statistics.median(took), percentile(took, 95), middle, note=note)


def percentile(took: Sequence[float], share: int) -> float:
    """Return the smallest value that so many percent are not above."""
    ordered = sorted(took)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


@dataclass(slots=True)
class Report:
    """All figures of one run, by database."""

    scale: float
    date: str
    machine: str
    figures: dict[str, list[Figure]] = field(default_factory=dict)
    built: dict[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Keep the run as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")

    def table(self) -> str:
        """Return the run as a table in Markdown, one row a question."""
        heads = ["what", "goal (p95)", *(f"{name} p50 / p95" for name in self.figures)]
        heads += [f"bare SQL ({name})" for name in self.figures] + ["met?", "remarks"]
        keys = list(dict.fromkeys(one.key for there in self.figures.values() for one in there))
        lines = [heads, ["---"] * len(heads), *(self._row(key) for key in keys)]
        built = "; ".join(f"{name} loaded in {sum(took.values()):.0f} s" for name, took in self.built.items() if took)
        head = f"Scale {self.scale:g}, {self.date}, {self.machine}" + (f"; {built}" if built else "")
        return "\n".join([head, "", *("| " + " | ".join(line) + " |" for line in lines)])

    def _row(self, key: str) -> list[str]:
        there = {name: next((one for one in found if one.key == key), None) for name, found in self.figures.items()}
        first = next(one for one in there.values() if one)
        sign = "≥" if first.more_is_better else "≤"
        cells = [_measured(one) for one in there.values()]
        bare = ["" if one is None or one.bare is None else f"{one.bare:.1f} ms" for one in there.values()]
        met = "yes" if all(one.met for one in there.values() if one) else "**no**"
        notes = "; ".join(f"{name}: {(one.note + one.processor).strip(', ')}" for name, one in there.items() if one)
        return [first.what, f"{sign} {first.goal:g} {first.unit}", *cells, *bare, met, notes]


def _measured(one: Figure | None) -> str:
    if one is None:
        return ""
    if one.p95 is None:
        return "not measured"
    if one.p50 is None or one.p50 == one.p95:
        return f"{one.p95:.4g} {one.unit}"
    return f"{one.p50:.1f} / {one.p95:.1f} {one.unit}"


def this_machine() -> str:
    """Return what this machine is: processors, memory, system."""
    import os

    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GB, {platform.system()} {platform.release()}"
