"""The mirror against planted businesses: `python -m bench.planted [tune|test] [BUSINESSES]` prints what it found.

In each something known goes wrong at a known week, or nothing does. The seeds that the tests use are other ones than
those that were looked at while thresholds were chosen.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time


def main(arguments: list[str]) -> None:
    """Plant, ask week by week, and print the table."""
    which, several = (*arguments, "test", "12")[:2] if arguments else ("test", "12")
    os.environ["BATON_DATA"] = tempfile.mkdtemp(prefix="planted-")
    os.environ["DATABASE_URL"] = ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from tests.mirror.finding_out import table

    began = time.monotonic()
    found = list(_outcomes(which, int(several)))
    sys.stdout.write(table(found) + f"\n\n{len(found)} businesses in {time.monotonic() - began:.0f} s\n")


def _outcomes(which: str, several: int):
    from django.db import transaction

    from tests.mirror.finding_out import find_out
    from tests.mirror.planting import EIGHT, HEALTHY, PLANTED, SEEDS_TO_TEST, SEEDS_TO_TUNE, THREE

    seeds = list(SEEDS_TO_TUNE if which == "tune" else SEEDS_TO_TEST)[:several]
    for plan in (HEALTHY, EIGHT, THREE, *PLANTED):
        for seed in seeds:
            with transaction.atomic():
                yield find_out(plan, seed)
                transaction.set_rollback(True)


if __name__ == "__main__":
    main(sys.argv[1:])
