"""Building the reference business on the database of this process: `python -m bench.reference SCALE`.

At SCALE=1 250,000 contacts, 10,000 companies, 25,000 deals and 1,000,000 interactions of one year, 12 people at 5
desks. The ledger's rows are generated, everything else follows from them by the functions of `baton check`.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

PARTS_OF_THE_WHOLE = 500
CORES = 2
_making: Any = None


def build(scale: float, *, until: datetime, say: Any = print) -> dict[str, float]:
    """Build the business and return how long each step took, in seconds."""
    from baton.ledger.replaying import Replay
    from baton.map.current import current_map
    from bench import bulk, living
    from bench.people import employ

    timer = Timer(say)
    employ(until - timedelta(days=5 * 365))
    business = _business(until, max(1, round(PARTS_OF_THE_WHOLE * scale)), Replay())
    operating_map = current_map()
    timer.done("people")
    bulk.go_fast()
    with bulk.without_indexes():
        _load(business, timer)
        bulk.go_fast()  # the parent let its connection go while its children wrote
    timer.done("indexes")
    bulk.gather_statistics()
    living.watch(operating_map)
    timer.done("watches")
    _go_slow()
    living.owe(until)
    timer.done("duties")
    return timer.took


class Timer:
    """Says how long each step took."""

    def __init__(self, say: Any) -> None:
        self.say, self.took, self.since = say, {}, time.monotonic()

    def done(self, step: str) -> None:
        """A step ended."""
        self.took[step] = round(time.monotonic() - self.since, 1)
        self.since = time.monotonic()
        self.say(f"  {step}: {self.took[step]} s")


def _business(until: datetime, parts: int, replay: Any) -> Any:
    from baton.capture import store
    from bench.part import Business
    from bench.people import AT_DESK, members

    everybody = members()
    desks = {desk: [everybody[first].pk for first in there] for desk, there in AT_DESK.items()}
    return Business(until, parts, desks, _stages(), store.put(b"%PDF-1.4\n" + b"x" * 991), replay)


def _stages() -> list[Any]:
    from baton.map.current import current_map
    from baton.work.moves import status_at
    from bench.lives import Stage

    operating_map = current_map()
    found = []
    for stage in operating_map.stages.values():
        pattern = stage.entered_by.each[0]
        status = status_at(stage, operating_map)
        found.append(Stage(stage.id, stage.desk, pattern.kind, pattern.detail, status))
    return found


def _load(business: Any, timer: Timer) -> None:
    from django.conf import settings
    from django.db import connection

    from bench import bulk
    from bench.shelf import Shelf

    shelf = Shelf(Path(settings.DATA_DIR))
    for rows, words in _made(business):
        if connection.vendor == "sqlite":
            bulk.put(rows)
            shelf.put(words)
    timer.done("rows")
    for some in shelf.in_order(20_000):
        bulk.put_words(some)
    shelf.close()
    timer.done("search")


def _made(business: Any) -> Iterator[tuple[Any, Any]]:
    """Make the parts side by side in processes of their own, which know the map and the members already."""
    global _making
    from django.db import connection, connections

    _making = business
    on_postgresql = connection.vendor == "postgresql"
    if on_postgresql:
        connections.close_all()
    with multiprocessing.get_context("fork").Pool(CORES, _forget_connection, maxtasksperchild=None) as pool:
        yield from pool.imap_unordered(_put_part if on_postgresql else _make_part, range(business.parts))


def _forget_connection() -> None:
    """A connection of the parent's must not be used, nor closed, by its child."""
    from django.db import connection

    from bench import bulk

    gc.set_threshold(500_000)  # parts hold hundred thousand rows and hardly a cycle
    connection.connection = None
    if connection.vendor == "postgresql":
        bulk.go_fast()


def _make_part(number: int) -> tuple[Any, Any]:
    from bench import bulk, part

    made = part.make(_making, number)
    return bulk.ready(made.rows), bulk.index_words(made.tokens)


def _put_part(number: int) -> tuple[Any, Any]:
    """PostgreSQL takes rows from several processes at once."""
    from bench import bulk

    rows, words = _make_part(number)
    bulk.put(rows)
    bulk.put_words(words)
    return (), ()


def _go_slow() -> None:
    """Give up the connection that was set for loading; the next one is durable as always."""
    from django.db import connection

    connection.close()


def main(scale: float) -> None:
    """Make the tables and fill them."""
    import django

    django.setup()
    from django.core.management import call_command

    from baton.kernel.clock import now

    call_command("migrate", interactive=False, verbosity=0)
    build(scale, until=now())


if __name__ == "__main__":
    main(float(sys.argv[1]))
