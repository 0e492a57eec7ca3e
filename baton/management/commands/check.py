"""`baton check`: is everything derived still what the ledger says?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from baton.decide.checking import check_uses
from baton.ledger.checking import Report
from baton.mirror.checking import check_days
from baton.work.checking import check


class Command(BaseCommand):
    """Rebuild every current value, state span and duty from the ledger and compare."""

    help = "Rebuild every current value, span and duty from the ledger, and compare. Exit 1 on any difference."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help='answer as {"records", "facts", "differences"}')

    def handle(self, *args: Any, **options: Any) -> None:
        report = _checked_with_a_bar() if sys.stderr.isatty() else _checked(Report())
        if options["json"]:
            shown = [asdict(difference) for difference in report.differences[:1000]]
            answer = {"records": report.records, "facts": report.facts, "differences": len(report.differences)}
            self.stdout.write(json.dumps(answer | ({"shown": shown} if shown else {}), indent=2))
        else:
            self._say(report)
        if report.differences:
            raise SystemExit(1)

    def _say(self, report: Any) -> None:
        for found in report.differences[:50]:
            where = f"{found.kind} {found.record_id}, {found.what}"
            self.stdout.write(f"{where}: the ledger gives {found.expected}, the row says {found.found}")
        self.stdout.write(f"{report.records} records, {report.facts} facts, {len(report.differences)} differences")


def _checked(report: Report) -> Report:
    check(report)
    check_uses(report)
    check_days(report)
    return report


def _checked_with_a_bar() -> Report:
    """Show on a terminal what is being looked at and how far it is; Ctrl-C ends it, as nothing is written."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("")
        return _checked(
            Report(tell=lambda what, done, of: bar.update(task, description=what, completed=done, total=of))
        )
