"""`baton owner`: what the owner of the map owes the system."""

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
from baton.mirror.owing import owners_desk


class Command(BaseCommand):
    help = "The owner's desk: what whoever owns the map owes the system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = (
            "With --json: owed and settled, each with key, section, sentence, note, next, proposes, drafts, "
            "decided. docs/developers/mirror.md says what each is."
        )
        parser.add_argument("--member", metavar="EMAIL", help="as the deputy sees it (the owner unless told)")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with timezone.override(current_map().hours.tz):
                desk = owners_desk(whose(options["member"]), at=now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["json"]:
            told = {"owed": [one.as_json() for one in desk.items], "settled": [one.as_json() for one in desk.settled]}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for one in desk.items:
            self.stdout.write(f"  {one.sentence}" + (f" ({one.note})" if one.note else ""))
