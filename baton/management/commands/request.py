"""`baton request fill TEMPLATE --out FILE`: somebody’s spreadsheet, filled from Baton, with a source for every cell."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from baton.capture.untrusted import Unreadable
from baton.decide.requests.answering import answer_template
from baton.decide.requests.telling import told
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member


class Command(BaseCommand):
    help = "Fill somebody’s spreadsheet from Baton, with a source for every cell."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
        fill = kinds.add_parser("fill", help="fill a template: XLSX, XLSM, ODS, XLS or CSV")
        fill.add_argument("template", metavar="TEMPLATE", type=Path)
        fill.add_argument("--out", metavar="FILE", type=Path, required=True, help="where the filled file is written")
        fill.add_argument(
            "--as", dest="member", metavar="MEMBER", help="as this member sees it (the owner unless told)"
        )
        fill.add_argument("--over", action="store_true", help="also where a figure stands already")
        fill.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        member = _member(options["member"])
        try:
            raw = options["template"].read_bytes()
            answer = answer_template(raw, member=member, at=now(), keep=not options["over"])
        except OSError as why:
            raise CommandError(f"{options['template']} can’t be read: {why.strerror}.") from why
        except Unreadable as why:
            raise CommandError(str(why)) from why
        if answer.file is not None:
            options["out"].write_bytes(answer.file.content)
        found = told(answer) | {"out": str(options["out"]) if answer.file else None}
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"{len(found['filled'])} cells filled, {len(found['left'])} left, {found['kept']} kept.")
        for one in found["filled"]:
            self.stdout.write(f"  {one['sheet']}!{one['cell']}  {one['value']}  {one['what']} ({one['trust']})")
        for one in found["reasons"]:
            self.stdout.write(f"  {one['cells']:>5}  {one['sheet']}!{one['first']}  {one['why']}")
        for note in found["notes"]:
            self.stdout.write(note)
        if found["kept"]:
            self.stdout.write("Kept is what holds a figure already; --over replaces it.")
        if found["out"] is None:
            self.stdout.write("Nothing could be filled, so no file was written.")


def _member(email: str | None) -> Member:
    wanted = email or current_map().owner
    member = Member.objects.filter(email__iexact=wanted, is_active=True).first()
    if member is None:
        raise CommandError(f"No member has the address {wanted}.")
    return member
