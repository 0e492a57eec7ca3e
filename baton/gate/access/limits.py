"""How many requests a program gets in a minute, counted over all processes.

A process takes a few dozen of them at a time from the program's row and gives them out from memory, so that a request
that only reads needn't write. Together the processes never give out more than the row holds.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F

from baton.gate.access.models import Spending
from baton.kernel.writer import writing

MINUTE = 60
SHARE = 20
"""The part of the allowance that a process takes at once."""
REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a program has left: `limit` requests a minute, `left` of them, all of them again in `reset` seconds."""

    limit: int
    left: int
    reset: int
    granted: bool = True

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers-10 writes it, and `Retry-After` (RFC 9110) where nothing is left."""
        told = {
            "RateLimit-Policy": f'"minute";q={self.limit};w={MINUTE}',
            "RateLimit": f'"minute";r={self.left};t={self.reset}',
        }
        return told if self.granted else told | {"Retry-After": str(self.reset)}


@dataclass(slots=True)
class _Held:
    """What this process took and hasn't given out; `beyond` is what the row held besides when it was last looked at."""

    minute: int
    here: int
    beyond: int


_held: dict[str, _Held] = {}
_turn = threading.Lock()


def spend(key: str, at: datetime) -> Allowance:
    """Take one request of the program's allowance; `granted` says whether there was one."""
    limit = int(settings.BATON_PROGRAM_REQUESTS_A_MINUTE)
    minute, second = divmod(int(at.timestamp()), MINUTE)
    with _turn:
        held = _held.get(key)
        if held and held.minute == minute and held.here:
            held.here -= 1
            return Allowance(limit, held.here + held.beyond, MINUTE - second)
        if held and held.minute == minute and not held.beyond:
            return Allowance(limit, 0, MINUTE - second, granted=False)
    return _spend_from_row(key, minute, MINUTE - second, limit, at)


def _spend_from_row(key: str, minute: int, reset: int, limit: int, at: datetime) -> Allowance:
    got, beyond = _take(key, minute, max(1, limit // SHARE), limit, at)
    with _turn:
        held = _held.get(key)
        if held is None or held.minute != minute:
            if len(_held) >= REMEMBERED:
                _held.clear()
            held = _held[key] = _Held(minute, 0, beyond)
        held.here += max(0, got - 1)
        held.beyond = beyond
        return Allowance(limit, held.here + beyond, reset, granted=got > 0)


def _take(key: str, minute: int, share: int, limit: int, at: datetime) -> tuple[int, int]:
    """Take up to a share from the row; return how many, and how many it still holds."""
    with writing():
        Spending.objects.get_or_create(key=key, defaults={"minute": minute, "used_at": at})
        rows = Spending.objects.filter(key=key)
        rows.filter(minute__lt=minute).update(minute=minute, taken=0)
        row = rows.select_for_update().get()
        got = max(0, min(share, limit - row.taken))
        rows.update(taken=F("taken") + got, used_at=at)
        return got, max(0, limit - row.taken - got)


def last_used(keys: list[str]) -> dict[str, datetime]:
    """Return when each of these programs was last let in, to the minute."""
    return dict(Spending.objects.filter(key__in=keys).values_list("key", "used_at"))


def forget_all() -> None:
    """Forget what this process holds, as a restart does."""
    with _turn:
        _held.clear()
