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
    tick = _next_tick()
    random = int.from_bytes(os.urandom(8), "big") & 0x3FFFFFFFFFFFFFFF
    return uuid.UUID(int=(tick >> 12) << 80 | _VERSION | (tick & 0xFFF) << 64 | _VARIANT | random)


def _next_tick() -> int:
    """Return the time in 1/4096 of a millisecond, always later than the last one returned."""
    global _last
    now = time.time_ns()
    tick = (now // 1_000_000) << 12 | (now % 1_000_000) * 4096 // 1_000_000
    with _turn:
        _last = max(tick, _last + 1)
        return _last


NAMESPACE = uuid.UUID("6f8a4a52-0b8e-5d55-9c5e-0b1f6f0c7a10")


def derived(*parts: object) -> uuid.UUID:
    """Return the identifier of something that follows from other things, the same every time it is worked out."""
    return uuid.uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))
