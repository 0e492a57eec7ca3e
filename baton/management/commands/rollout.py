"""`baton rollout`: who starts when, what each has been seen doing, and what of the old spreadsheet isn't in Baton."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from baton.channels.sheets.retiring import newest
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.management.whose import whose
from baton.map.current import current_map
from baton.mirror.rollout.reading import plan


class Command(BaseCommand):
    help = "The rollout: who starts when, what each must be able to do, when the old spreadsheet goes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--member", metavar="EMAIL", help="as the deputy sees it (the owner unless told)")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with timezone.override(current_map().hours.tz):
                found = plan(whose(options["member"]), at=now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json() | {"left": _left()}, ensure_ascii=False))
            return
        for one in found.people:
            seen = f"{len(one.seen)} of {len(one.abilities)} seen"
            self.stdout.write(f"  {one.start.on}  {one.name or one.start.email}: {seen}")


def _left() -> dict[str, int] | None:
    """Return what the last comparison of the old spreadsheet came to, None where no copy was given."""
    old = newest()
    counts = ("total", "there", "differs", "left", "open", "bad")
    return {name: old.found.get(name, 0) for name in counts} if old else None
