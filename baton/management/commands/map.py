"""`baton map`: check a file, show the map in force, rehearse a file over the past, publish a file."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel.clock import now, stamp
from baton.kernel.verdict import Refusal
from baton.ledger.republishing import settle_deals
from baton.map.current import current_map, current_version
from baton.map.diff import Change, compare
from baton.map.marked import SIZE, Problem
from baton.map.models import MapVersion
from baton.map.publishing import objections_to, publish
from baton.map.reading import read_map
from baton.map.schema import OperatingMap
from baton.map.settled import by_id
from baton.work import lapsing, rehearsed
from baton.work.rehearsed import DAYS

CASES = 20
WRONG = 2
"""Exit status where the file has problems or can't be published."""


class Command(BaseCommand):
    """Check, show, rehearse and publish the operating map."""

    help = "Check or rehearse a map file, show the map in force, or publish a file. Exit 2 where the file has problems."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True, metavar="check|show|rehearse|publish")
        check = jobs.add_parser("check", help="say what is wrong with a file, line by line")
        check.add_argument("file", metavar="FILE", help="a map as YAML; - reads what is piped in")
        show = jobs.add_parser("show", help="print the map in force as YAML")
        show.add_argument("--version", dest="number", type=int, metavar="N", help="an earlier version")
        publishing = jobs.add_parser("publish", help="put a file in force")
        publishing.add_argument("file", metavar="FILE", help="a map as YAML; - reads what is piped in")
        publishing.add_argument("--note", default="", help="what changed and why, for the list of versions")
        rehearsing = jobs.add_parser("rehearse", help="say which duties a file would have opened, and whose")
        rehearsing.epilog = (
            "With --json: since, until, sentence, opened, late, behaviors (id, name, change, opened, late, open, "
            "people, cases) and people (name, opened, late, a_day, at_once, too_many); problems, and exit 2, for a "
            "file that has some. docs/developers/mirror.md says what each is."
        )
        rehearsing.add_argument("file", metavar="FILE", help="a map as YAML; - reads what is piped in")
        rehearsing.add_argument("--days", type=int, default=DAYS, metavar="N", help="so many days back")
        rehearsing.add_argument("--behavior", dest="only", action="append", metavar="KEY", help="only this one")
        rehearsing.add_argument("--cases", type=int, default=CASES, metavar="N", help="cases a behavior in the JSON")
        for job in (check, show, publishing, rehearsing):
            job.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        jobs = {"check": self._check, "show": self._show, "publish": self._publish, "rehearse": self._rehearse}
        jobs[options["job"]](options)

    def _check(self, options: dict[str, Any]) -> None:
        text, problems = self._read(options["file"])
        problems = problems or _problems(text)
        changes = [] if problems else _changes(text)
        if options["json"]:
            self._say_json(problems=[asdict(each) for each in problems], changes=[asdict(each) for each in changes])
        elif not problems:
            self.stdout.write(_("This map can be published."))
            self._say_changes(changes)
        self._stop_at(problems, options)

    def _show(self, options: dict[str, Any]) -> None:
        number = options["number"] or current_version()
        version = MapVersion.objects.filter(number=number).first()
        if version is None:
            self._stop_at([Problem(0, 0, _("There is no such version of the map."))], options)
            return
        if options["json"]:
            self._say_json(version=version.number, published_at=stamp(version.published_at), text=version.text)
        else:
            self.stdout.write(version.text, ending="")

    def _rehearse(self, options: dict[str, Any]) -> None:
        """Say what a file would have asked of people; a file with problems says those instead."""
        text, problems = self._read(options["file"])
        new, unfit = read_map(text) if not problems else (None, problems)
        if new is None or unfit:
            self._stop_at(unfit, options)
            return
        called, before = rehearsed.names(), current_map() if current_version() else None
        only = _ids(new, options["only"]) if options["only"] else None
        found = rehearsed.last_days(by_id(new), options["days"], at=now(), only=only)
        if options["json"]:
            self._say_json(**rehearsed.as_json(found, before, called, options["cases"]))
            return
        self.stdout.write(rehearsed.sentence(found, called))
        for tally in found.tallies:
            if tally.cases:
                said = _("  {name}: {opened}, {late} late, {open} still open at the end")
                counts = {"opened": len(tally.cases), "late": tally.late, "open": tally.open}
                self.stdout.write(said.format(name=tally.behavior.name, **counts))
        for load in (load for load in found.loads if load.too_many):
            self.stdout.write(rehearsed.burden(load, called))

    def _publish(self, options: dict[str, Any]) -> None:
        text, problems = self._read(options["file"])
        problems = problems or _problems(text)
        self._stop_at(problems, options)
        if _is_in_force(text):
            self._say_unchanged(options)
            return
        changes = _changes(text)
        note = options["note"] or _("Published by the operator, from the command line")
        try:
            version = publish(text, by=None, at=now(), note=note)
        except Refusal as why:
            self._stop_at([Problem(0, 0, why.sentence)], options)
            return
        moved = self._settle()
        lapsing.mended(now())
        if options["json"]:
            self._say_json(version=version.number, changes=[asdict(each) for each in changes], moved=moved)
            return
        self.stdout.write(_("Version {number} is in force.").format(number=version.number))
        self._say_changes(changes)
        if moved:
            said = ngettext("{count} deal was moved to where the map has a place for it.",
                            "{count} deals were moved to where the map has a place for them.", moved)  # fmt: skip
            self.stdout.write(said.format(count=moved))

    def _say_unchanged(self, options: dict[str, Any]) -> None:
        if options["json"]:
            self._say_json(version=current_version(), changes=[], moved=0)
        else:
            said = _("Version {number} says the same, word for word: nothing was published.")
            self.stdout.write(said.format(number=current_version()))

    def _settle(self) -> int:
        total = 0
        while moved := settle_deals(now()):
            total += moved
        return total

    def _read(self, name: str) -> tuple[str, list[Problem]]:
        try:
            raw = sys.stdin.buffer.read(SIZE + 1) if name == "-" else Path(name).read_bytes()[: SIZE + 1]
        except OSError as why:
            return "", [Problem(0, 0, _("{file} can’t be read").format(file=name), str(why.strerror))]
        try:
            return raw.decode("utf-8-sig"), []
        except UnicodeDecodeError as why:
            line = raw[: why.start].count(b"\n") + 1
            return "", [Problem(line, 1, _("This line isn’t UTF-8 text"))]

    def _stop_at(self, problems: list[Problem], options: dict[str, Any]) -> None:
        if not problems:
            return
        if not options["json"]:
            for problem in problems:
                self.stderr.write(f"{options['file']}, {problem}" if options.get("file") else str(problem))
        elif options["job"] != "check":
            self._say_json(problems=[asdict(each) for each in problems])
        raise SystemExit(WRONG)

    def _say_changes(self, changes: list[Change]) -> None:
        for change in changes:
            self.stdout.write(f"  {change.what}")

    def _say_json(self, **answer: Any) -> None:
        self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False, default=str))


def _ids(drawn: OperatingMap, keys: list[str]) -> list[str]:
    """Return the permanent ids of behaviors that are named by key; what follows by itself is named by its id."""
    return [drawn.behaviors[key].id if key in drawn.behaviors else key for key in keys]


def _is_in_force(text: str) -> bool:
    return MapVersion.objects.filter(number=current_version(), text=text).exists()


def _problems(text: str) -> list[Problem]:
    """What is wrong with the text itself, then what stands against it here and now."""
    new, problems = read_map(text)
    if problems or new is None or not current_version():
        return problems
    return objections_to(current_map(), by_id(new))


def _changes(text: str) -> list[Change]:
    new, _problems = read_map(text)
    return compare(current_map(), new) if new and current_version() else []
