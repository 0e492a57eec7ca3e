"""`baton receive`: listen for mail to capture addresses."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from baton.channels.email.receiving import Receiver
from baton.management.serving import port_number


class Command(BaseCommand):
    help = "Receive mail to the capture addresses of members and desks. `baton worker` reads what came in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=port_number, default=8025, help="port to listen on (8025)")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_args: stop.set())
        receiver = Receiver(options["host"], options["port"])
        receiver.start()
        self.stdout.write(f"Receiving mail at {options['host']}:{options['port']}.")
        stop.wait()
        receiver.stop()
