"""Identifiers: UUID version 7, so that a new row is also the last one in its index."""

import os
import threading
import time
import uuid

_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
_turn = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562, 5.7) that is greater than every earlier one of this process.

    48 bits of milliseconds, 12 bits of their fraction (method 3 of 6.2, kept increasing), 62 random bits.
    """
    return uuid7s(1)[0]


def uuid7s(count: int) -> list[uuid.UUID]:
    """Return that many of them, in order: the clock and the system's random numbers are asked once."""
    first = _next_ticks(count)
    random = os.urandom(8 * count)
    return [
        uuid.UUID(
            int=(tick >> 12) << 80
            | _VERSION
            | (tick & 0xFFF) << 64
            | _VARIANT
            | int.from_bytes(random[8 * number : 8 * number + 8], "big") & 0x3FFFFFFFFFFFFFFF
        )
        for number, tick in enumerate(range(first, first + count))
    ]


def _next_ticks(count: int) -> int:
    """Take that many moments of 1/4096 of a millisecond, later than all taken before; return the first."""
    global _last
    now = time.time_ns()
    tick = (now // 1_000_000) << 12 | (now % 1_000_000) * 4096 // 1_000_000
    with _turn:
        first = max(tick, _last + 1)
        _last = first + count - 1
        return first


NAMESPACE = uuid.UUID("6f8a4a52-0b8e-5d55-9c5e-0b1f6f0c7a10")


def derived(*parts: object) -> uuid.UUID:
    """Return the identifier of something that follows from other things, the same every time it is worked out."""
    return uuid.uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))
