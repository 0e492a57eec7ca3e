"""`baton practice`: a business to try things in, apart from the real one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.kernel.verdict import Refusal
from baton.management import practising, serving

STARTED = "from baton.management.cli import main; main()"


class Command(BaseCommand):
    """Start the practice business in a process that knows nothing of this one."""

    help = "Start a practice business in a place of its own. Nothing in it is real, and nothing leaves it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (this machine alone unless told)")
        parser.add_argument("--port", type=serving.port_number, default=8001, help="port of its pages")
        parser.add_argument("--no-browser", action="store_true", help="don't open a browser page")
        parser.add_argument("--fresh", action="store_true", help="remove what was practised, and begin again")
        parser.add_argument("--remove", action="store_true", help="remove it with everything in it, and start nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BATON_PRACTICE:
            raise CommandError("This is the practice business already.")
        data = Path(settings.DATA_DIR)
        try:
            removed = practising.remove(data) if options["fresh"] or options["remove"] else False
            if options["remove"]:
                self.stdout.write("It is gone, and nothing of it is left." if removed else "There was none.")
                return
            folder = practising.prepare(data)
            held = practising.hold(folder)
        except Refusal as why:
            raise CommandError(why.sentence) from why
        self.stdout.write("The practice business: invented, in a place of its own; nothing leaves it.")
        self.stdout.flush()
        assert not held.closed
        os.execve(sys.executable, _line(options), practising.surroundings(os.environ, folder))  # noqa: S606


def _line(options: dict[str, Any]) -> list[str]:
    line = [sys.executable, "-c", STARTED, "start", "--demo", "--smtp-port", "0"]
    line += ["--host", options["host"], "--port", str(options["port"])]
    return [*line, "--no-browser"] if options["no_browser"] else line
