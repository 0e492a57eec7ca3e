"""`baton web`: the pages alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from baton.management import serving


class Command(BaseCommand):
    """Serve the pages; run as many as wanted."""

    help = "Serve the pages alone; background work and mail are for `baton worker` and `baton receive`."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (this machine alone unless told)")
        parser.add_argument(
            "--port", type=serving.port_number, default=8000, help="port to listen on; 0 takes a free one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        serving.prepare()
        with serving.stopping_cleanly():
            serving.serve(options["host"], options["port"], answering=self._answering)

    def _answering(self, address: str) -> None:
        self.stdout.write(f"Baton answers at {address}")
        self.stdout.flush()
