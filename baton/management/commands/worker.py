"""`baton worker`: the background work alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from baton.management import serving


class Command(BaseCommand):
    """Read what came in, import, chase what is forgotten; run as many as wanted."""

    help = "Do the background work alone: read what came in, run imports, remind and escalate."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        serving.prepare()
        with serving.stopping_cleanly(), serving.working():
            self.stdout.write("Working. Ctrl-C stops after the step at hand.")
            self.stdout.flush()
            serving.wait_until_stopped()
