"""Reading what strace wrote (`-f -ttt -T -y`): which answers were given, and what was on the disk by then. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CALL = re.compile(r"^(?P<pid>\d+)\s+(?P<at>\d+\.\d+) (?P<rest>.*)$")
WHOLE = re.compile(r"^(?P<name>\w+)\((?P<told>.*)\)\s+= (?P<gave>-?\d+|\?).*?(?:<(?P<took>\d+\.\d+)>)?$")
BEGUN = re.compile(r"^(?P<name>\w+)\((?P<told>.*) <unfinished \.\.\.>$")
RESUMED = re.compile(
    r"^<\.\.\. (?P<name>\w+) resumed>(?P<told>.*)\)\s+= (?P<gave>-?\d+|\?).*?(?:<(?P<took>\d+\.\d+)>)?$"
)
PLACE = re.compile(r"^(\d+<[^>]*>)")
SYNCS = {"fsync", "fdatasync"}


@dataclass(frozen=True, slots=True)
class Done:
    """One system call that ended well: when it began and ended (seconds since 1970), on what, and what it said."""

    name: str
    place: str
    told: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Answered:
    """One 250 to a whole message: when its last bytes had come, and the sync that began and ended in between."""

    heard: float
    at: float
    sync: Done | None


def calls(lines: Iterable[str]) -> Iterator[Done]:
    """Yield the calls of a trace that ended without an error, in the order of their ends."""
    waiting: dict[tuple[str, str], tuple[float, str]] = {}
    for line in lines:
        found = CALL.match(line.rstrip("\n"))
        if found is None:
            continue
        pid, at, rest = found["pid"], float(found["at"]), found["rest"]
        if begun := BEGUN.match(rest):
            waiting[pid, begun["name"]] = at, begun["told"]
        elif (resumed := RESUMED.match(rest)) and (pid, resumed["name"]) in waiting:
            began, told = waiting.pop((pid, resumed["name"]))
            yield from _done(resumed, told + resumed["told"], began)
        elif whole := WHOLE.match(rest):
            yield from _done(whole, whole["told"], at)


def _done(found: re.Match[str], told: str, began: float) -> Iterator[Done]:
    place = PLACE.match(told)
    if place and not found["gave"].startswith(("-", "?")):
        took = float(found["took"] or 0)
        yield Done(found["name"], place[1], told[place.end() :].lstrip(", "), began, began + took)


def answers(receiver: Iterable[Done], syncs: Iterable[Done]) -> list[Answered]:
    """Return every 250 that the receiver gave to a whole message, with a sync that kept it, if there was one."""
    kept = sorted((one for one in syncs if one.name in SYNCS), key=lambda one: one.ended)
    awaiting: set[str] = set()
    heard: dict[str, float] = {}
    given: list[Answered] = []
    for one in sorted(receiver, key=lambda done: done.began):
        if one.name in {"recvfrom", "read", "recvmsg"}:
            heard[one.place] = one.ended
        elif one.told.startswith('"354'):
            awaiting.add(one.place)
        elif one.told.startswith('"250') and one.place in awaiting:
            awaiting.discard(one.place)
            since = heard.get(one.place, one.began)
            given.append(Answered(since, one.began, _between(kept, since, one.began)))
    return given


def _between(kept: list[Done], since: float, until: float) -> Done | None:
    return next((one for one in kept if one.began >= since and one.ended <= until), None)
