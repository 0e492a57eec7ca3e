"""`baton mirror`: what the behavior of the business says about its process."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.management.whose import whose
from baton.map.current import current_map
from baton.mirror.cases import cases
from baton.mirror.keeping import count_anew
from baton.mirror.reading import WINDOWS, mirror
from baton.mirror.telling import case_told, told


class Command(BaseCommand):
    help = "The mirror: is the process clear, consistent and owned? From what people did."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = (
            "With --json: since, until, whole_business, questions (clear, consistent, owned: answer, findings), lag, "
            "management, fields; with FINDING its cases: opens, id, what, note, at, short, interaction. "
            "docs/developers/mirror.md says what each is."
        )
        parser.add_argument("finding", nargs="?", default="", help="a finding, to see its cases")
        parser.add_argument("--days", type=int, default=WINDOWS[0], help="how far to look back (30)")
        parser.add_argument("--member", metavar="EMAIL", help="as this member sees it (the owner unless told)")
        parser.add_argument("--count-anew", action="store_true", help="make the tallies again from the ledger first")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with timezone.override(current_map().hours.tz):
                self._answer(options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _answer(self, options: dict[str, Any]) -> None:
        if not 1 <= options["days"] <= 366:
            raise CommandError("Look back from 1 to 366 days.")
        at = now()
        if options["count_anew"]:
            count_anew(at)
        found = mirror(whose(options["member"]), at=at, window=options["days"])
        if options["finding"]:
            self._cases([case_told(one) for one in cases(found.glass, options["finding"])], as_json=options["json"])
        elif options["json"]:
            self.stdout.write(json.dumps(told(found), ensure_ascii=False))
        else:
            for question in found.findings:
                self.stdout.write(f"\n{question}: {found.answer(question)}")
                for one in found.findings[question]:
                    self.stdout.write(f"  [{one.tone}] {one.sentence}" + (f" ({one.note})" if one.note else ""))

    def _cases(self, rows: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"  {row['what']}: {row['note']} ({row['opens']} {row['id']})")
