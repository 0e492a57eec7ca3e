"""`python -m bench SCALE=0.1 [DB=sqlite,postgresql] [ONLY=today,board] [ASKED=500] [CHECK=yes]`."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure, Report, this_machine
from bench.places import CACHE, KINDS, ROOT
from bench.starting import start

KEYS = (
    "today", "deal", "board", "list", "search", "saving", "confirming", "accepting", "pouring", "mail",
    "smtp", "imap", "hooks", "webhooks", "sheet", "request", "drill", "reading", "filing", "twins", "phone", "start",
    "forecast", "forecast-past", "forecast-changes", "maven", "agenda", "rehearse", "publishing", "mirror", "owner",
    "api-deal", "api-list",
)  # fmt: skip
KEPT_FOR = 2 * 86_400
"""Seconds for which a built business is used again; what it owes grows old with it."""
SHAPE = ("bench", "baton/ledger", "baton/work", "baton/migrations", "baton/map", "baton/kernel", "baton/members")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    scale: float = 0.1
    databases: tuple[str, ...] = tuple(KINDS)
    only: tuple[str, ...] = KEYS
    asked: int = 500
    check: bool = False

    @property
    def folder(self) -> Path:
        return CACHE / f"{self.scale:g}"


def wanted(arguments: list[str]) -> Wanted:
    """Read `NAME=value` words; anything else is refused with the list of what there is."""
    told = dict(argument.partition("=")[::2] for argument in arguments)
    unknown = told.keys() - {"SCALE", "DB", "ONLY", "ASKED", "CHECK"}
    databases = tuple(filter(None, told.get("DB", ",".join(KINDS)).replace(",", " ").split()))
    only = tuple(filter(None, told.get("ONLY", ",".join(KEYS)).replace(",", " ").split()))
    if unknown or set(databases) - set(KINDS) or set(only) - set(KEYS):
        raise SystemExit(f"{__doc__}\nDB: {', '.join(KINDS)}; ONLY: {', '.join(KEYS)}")
    scale, asked = float(told.get("SCALE") or 0.1), int(told.get("ASKED") or 500)
    return Wanted(scale, databases, only, asked, bool(told.get("CHECK")))


def main(asked: Wanted) -> None:
    """Build what isn't there, measure on copies, and print the table."""
    at = datetime.now(UTC)
    report = Report(asked.scale, f"{at:%Y-%m-%d %H:%M} UTC", this_machine())
    for name in asked.databases:
        kind = KINDS[name](asked.folder)
        try:
            report.built[name] = _built(kind, asked)
            report.figures[name] = _measured(kind, asked)
        finally:
            kind.stop()
    CACHE.mkdir(parents=True, exist_ok=True)
    report.save(ROOT / "bench" / "last.json")
    print("\n" + report.table())


def _built(kind: Any, asked: Wanted) -> dict[str, float]:
    """Build the business unless it is there as this code would build it; return the seconds of each step."""
    stamp = kind.folder / "built.json"
    known = json.loads(stamp.read_text()) if stamp.exists() else {}
    if known.get("shape") == _shape() and time.time() - known["at"] < KEPT_FOR:
        return known["took"]
    print(f"Building the reference business at scale {asked.scale:g} on {kind.name}", flush=True)
    place = kind.begin()
    began = time.monotonic()
    _python(place, "-m", "bench.reference", f"{asked.scale:g}")
    took = {"load": round(time.monotonic() - began, 1)}
    if asked.check:
        print("baton check", flush=True)
        _python(place, "-m", "manage", "check", "--json")
    kind.built()
    stamp.write_text(json.dumps({"shape": _shape(), "at": time.time(), "took": took}))
    return took


def _shape() -> str:
    """Return a digest of the code that decides how the business is built."""
    digest = hashlib.sha256()
    for folder in SHAPE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if folder != "bench" or path.stem in BUILDS:
                digest.update(path.read_bytes())
    return digest.hexdigest()


BUILDS = {"bulk", "lives", "living", "part", "people", "reference", "shelf", "telling", "words"}


def _measured(kind: Any, asked: Wanted) -> list[Figure]:
    found: list[Figure] = []
    inside = [key for key in asked.only if key not in {"start", "maven"}]
    if inside:
        print(f"Measuring on {kind.name}", flush=True)
        place, answer = kind.copied(), kind.folder / "figures.json"
        answer.unlink(missing_ok=True)
        _python(place, "-m", "bench.measuring", str(asked.asked), ",".join(inside), str(answer))
        found += [Figure(**row) for row in json.loads(answer.read_text())]
    if "maven" in asked.only:
        place, answer = kind.empty(), kind.folder / "maven.json"
        _python(place, "-m", "bench.scoring", str(answer))
        found += [Figure(**row) for row in json.loads(answer.read_text())]
    if "start" in asked.only:
        found += start(kind.empty())
    return found


def _python(place: Any, *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=place.environment, check=True)


if __name__ == "__main__":
    main(wanted(sys.argv[1:]))
