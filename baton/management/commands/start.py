"""`baton start`: everything in one process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.management import serving

SMTP_PORT = 8025


class Command(BaseCommand):
    """Start the pages, the background work and the mail receiver in one process."""

    help = "Start Baton: pages, background work and mail receiver in one process. Ctrl-C stops it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (this machine alone unless told)")
        parser.add_argument(
            "--port", type=serving.port_number, default=8000, help="port of the pages; 0 takes a free one"
        )
        parser.add_argument(
            "--smtp-port",
            type=serving.port_number,
            default=SMTP_PORT,
            help="port of the mail receiver; 0 takes a free one",
        )
        parser.add_argument("--no-browser", action="store_true", help="don't open a browser page")
        parser.add_argument(
            "--demo", action="store_true", help="fill an empty data folder with the demonstration business"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        serving.prepare(say=self._say)
        if options["demo"]:
            self._demonstrate()
        with serving.stopping_cleanly() as stack:
            stack.enter_context(serving.working())
            self._receive(stack, options)
            self._serve(options)

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _demonstrate(self) -> None:
        from baton.management.demonstration import load_if_empty

        load_if_empty(say=self.stdout.write)

    def _receive(self, stack: Any, options: dict[str, Any]) -> None:
        try:
            port = stack.enter_context(serving.receiving(options["host"], options["smtp_port"]))
        except OSError as why:
            self.stderr.write(f"No mail is received: port {options['smtp_port']} can't be opened ({why.strerror}).")
            self.stderr.write("Pages and background work start all the same; choose another with --smtp-port.")
            return
        self.stdout.write(f"Mail is received on {options['host']}, port {port}.")

    def _serve(self, options: dict[str, Any]) -> None:
        def answering(address: str) -> None:
            self.stdout.write(f"Baton answers at {address}")
            self.stdout.flush()
            if not options["no_browser"]:
                serving.open_browser(address)

        try:
            serving.serve(options["host"], options["port"], answering=answering)
        except OSError as why:
            raise CommandError(
                f"Port {options['port']} can't be opened ({why.strerror}). Choose another: PORT=…"
            ) from why
