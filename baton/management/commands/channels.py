"""`baton channels`: what is connected, and how it is."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from baton.capture.models import Connection
from baton.kernel.clock import stamp


class Command(BaseCommand):
    help = "What is connected: each channel with its health, when it was last heard, what was kept or left, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Connection.objects.unscoped("management").select_related("member").order_by("channel", "made_at")
        found = [_told(row) for row in rows]
        if options["json"]:
            self.stdout.write(json.dumps({"connections": found}, ensure_ascii=False))
            return
        if not found:
            self.stdout.write("Nothing is connected.")
        for one in found:
            heard = f"last heard {one['heard_at']}" if one["heard_at"] else "nothing heard yet"
            self.stdout.write(f"{one['channel']}  {one['name']}: {one['state']}, {heard}, {one['kept']} kept")
            if one["because"]:
                self.stdout.write(f"  {one['because']}")
            for why, count in one["passed_over"].items():
                self.stdout.write(f"  {count} left where they are: {why}")


def _told(row: Connection) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "channel": row.channel,
        "name": row.name,
        "member": row.member.email if row.member else None,
        "state": row.state,
        "heard_at": stamp(row.heard_at) if row.heard_at else None,
        "kept": row.kept,
        "passed_over": row.passed_over,
        "because": row.because,
    }
