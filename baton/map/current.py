"""The map in force. Read from the published versions, parsed once per process and version.

In the running system every element is known by its permanent id: the maps handed out here are keyed by it.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Max

from baton.kernel.verdict import Refusal
from baton.map.models import MapVersion
from baton.map.reading import read_map
from baton.map.schema import OperatingMap
from baton.map.settled import by_id

if TYPE_CHECKING:
    from baton.members.models import Member


PUBLISHING = 0x6261746F6E
"""Key of the lock that publishing holds alone and writers hold together (PostgreSQL)."""


_page: ContextVar[list[int] | None] = ContextVar("version_of_this_page", default=None)


@contextmanager
def version_to_write_under() -> Generator[int]:
    """Yield the version in force and keep it in force until the running transaction ends; it is asked for once.

    On SQLite the transaction that writes is the only one anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [PUBLISHING])
    version = _newest()
    before = _page.set([version])
    try:
        yield version
    finally:
        _page.reset(before)


@contextmanager
def one_version() -> Generator[None]:
    """Keep to one version while a page is put together, and ask for it once. Only for what doesn't write."""
    around = _page.get()
    before = _page.set([] if around is None else around)
    try:
        yield
    finally:
        _page.reset(before)


def current_version() -> int:
    """Return the number of the version in force, 0 while none is published."""
    asked = _page.get()
    if asked is None:
        return _newest()
    if not asked:
        asked.append(_newest())
    return asked[0]


def is_published() -> bool:
    """Whether a map is in force. Until then nothing acts by itself: there is nothing that it could rest on."""
    return current_version() > 0


def _newest() -> int:
    return MapVersion.objects.aggregate(newest=Max("number"))["newest"] or 0


class NoMapYet(Refusal):
    """Nothing is published yet: the set-up comes first."""


def current_map() -> OperatingMap:
    """Return the map in force; raises `NoMapYet` while nothing is published."""
    return map_version_numbered(current_version())


def map_version_numbered(number: int) -> OperatingMap:
    """Return a published version by its number, keyed by permanent ids."""
    if number == 0:
        raise NoMapYet("No map is published yet. Set one up first.")
    return _parsed(number, _database_name())


def publications(newest: int) -> tuple[tuple[datetime, int], ...]:
    """Return (since when, number) of the versions up to this one, in order."""
    return _published(newest, _database_name())


@lru_cache(maxsize=64)
def _published(newest: int, _database: str) -> tuple[tuple[datetime, int], ...]:
    rows = MapVersion.objects.filter(number__lte=newest).order_by("number")
    return tuple(rows.values_list("published_at", "number"))


@lru_cache(maxsize=64)
def _parsed(number: int, _database: str) -> OperatingMap:
    text = MapVersion.objects.values_list("text", flat=True).get(number=number)
    operating_map, problems = read_map(text, trusted=True)
    if operating_map is None:
        raise RuntimeError(f"published map {number} can't be read: {problems[0]}")
    return by_id(operating_map)


def _database_name() -> str:
    return str(connection.settings_dict["NAME"])


def forget_parsed() -> None:
    """Drop the parsed maps of this process (tests replace versions; the running system only adds them)."""
    _parsed.cache_clear()
    _published.cache_clear()


def desks_led_by(member: Member) -> list[str]:
    """Return the ids of the desks whose lead is this member."""
    return [desk.id for desk in current_map().desks.values() if desk.lead.lower() == member.email.lower()]
