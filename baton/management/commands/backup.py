"""`baton backup FILE`: everything in one file, while Baton runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.kernel import clock
from baton.kernel.verdict import Refusal
from baton.management.backups import backup


class Command(BaseCommand):
    """Write a backup."""

    help = "Write the database, the files and the keys to one file. Works while Baton runs."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it; replaced when it is there")
        parser.add_argument("--json", action="store_true", help="answer with the manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backup(options["file"].resolve(), at=clock.now())
        except Refusal as why:
            raise CommandError(why.sentence) from why
        except OSError as why:
            raise CommandError(f"The backup couldn’t be written: {why}") from why
        size = options["file"].stat().st_size
        if options["json"]:
            self.stdout.write(json.dumps(manifest | {"file": str(options["file"]), "size": size}, indent=2))
        else:
            self.stdout.write(f"{options['file']}: {size / 1e6:.1f} MB. Keep it somewhere else than this machine.")
