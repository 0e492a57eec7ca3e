"""`python -m prove [DB=sqlite,postgresql] [ONLY=kills,syncs,hooks,contract,orders] [KILLS=200] [MAILS=5000] …`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench.figures import this_machine
from bench.places import KINDS, ROOT, Place

FOLDER = ROOT / ".cache" / "prove"
PROOFS = ("kills", "syncs", "hooks", "contract", "orders")
EXAMPLES = 200
"""Requests to each operation of the API as each role."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    databases: tuple[str, ...] = tuple(KINDS)
    only: tuple[str, ...] = PROOFS
    kills: int = 200
    mails: int = 5000
    events: int = 200
    texts: int = 1000

    def numbers(self, proof: str) -> tuple[int, ...]:
        """Return the arguments of one proof."""
        asked = {"kills": (self.kills, self.mails), "syncs": (100,), "hooks": (self.events,)}
        return (asked | {"contract": (EXAMPLES,), "orders": (self.texts,)})[proof]


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the table: what was tried, what was found, and whether it is as promised."""

    database: str
    proof: str
    tried: str
    found: str
    kept: bool


def wanted(arguments: list[str]) -> Wanted:
    """Read `NAME=value` words; anything else is refused with the list of what there is."""
    told = dict(argument.partition("=")[::2] for argument in arguments)
    databases = tuple(filter(None, (told.pop("DB", "") or ",".join(KINDS)).replace(",", " ").split()))
    only = tuple(filter(None, (told.pop("ONLY", "") or ",".join(PROOFS)).replace(",", " ").split()))
    if told.keys() - {"KILLS", "MAILS", "EVENTS", "TEXTS"} or set(databases) - set(KINDS) or set(only) - set(PROOFS):
        raise SystemExit(f"{__doc__}\nDB: {', '.join(KINDS)}; ONLY: {', '.join(PROOFS)}")
    return Wanted(databases, only, **{name.lower(): int(value) for name, value in told.items() if value})


def prove(place: Place, proof: str, *numbers: int) -> dict[str, Any]:
    """Run one proof in an empty place and return what it found."""
    command = [sys.executable, "-m", f"prove.{proof}", *map(str, numbers)]
    done = subprocess.run(command, cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def shown(asked: Wanted) -> Iterator[Shown]:
    """Yield the lines of the table, each as soon as it is known."""
    for name in asked.databases:
        kind = KINDS[name](FOLDER)
        if name == "postgresql":
            kind.begin()
            kind.built()
        try:
            for proof in asked.only:
                told = prove(kind.empty(), proof, *asked.numbers(proof))
                yield Shown(name, proof, told["tried"], told["found"], told["kept"])
        finally:
            kind.stop()


def main(asked: Wanted) -> None:
    """Run what was asked for, and print the table; exit 1 where a promise wasn't kept."""
    lines = []
    for one in shown(asked):
        print(f"{one.database}, {one.proof}: {one.found}", flush=True)
        lines.append(one)
    print(f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {this_machine()}\n")
    print("| database | what was done | what was found | as promised? |\n| --- | --- | --- | --- |")
    for one in lines:
        print(f"| {one.database} | {one.tried} | {one.found} | {'yes' if one.kept else '**no**'} |")
    raise SystemExit(not all(one.kept for one in lines))


if __name__ == "__main__":
    main(wanted(sys.argv[1:]))
