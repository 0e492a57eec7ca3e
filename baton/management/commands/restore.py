"""`baton restore FILE`: put a backup back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.kernel.verdict import Refusal
from baton.management.backups import restore


class Command(BaseCommand):
    """Restore a backup."""

    help = "Put a backup in the place of this data. Refuses to overwrite a business without --force."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument("--force", action="store_true", help="overwrite the business that is there")
        parser.add_argument("--json", action="store_true", help="answer with the backup's manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        try:
            manifest = restore(options["file"], force=options["force"])
        except Refusal as why:
            raise CommandError(why.sentence) from why
        if options["json"]:
            self.stdout.write(json.dumps(manifest, indent=2))
        else:
            self.stdout.write(f"Restored what was there on {manifest['taken_at']}.")
