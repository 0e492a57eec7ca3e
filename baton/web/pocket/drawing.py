"""The icon of the installed app, drawn as PNG from the shapes of the logo, so that none has to be kept as a picture.

Phones cut icons to a shape of their own: all of the sign lies within the middle 80 % ("safe zone", W3C Manifest).
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache

SIZES = (180, 192, 512)
GROUND, SIGN = (0x0B, 0x6A, 0x59), (0xFF, 0xFF, 0xFF)
"""The green of what is in hand, and what stands on it."""
TURN = math.radians(-38)
SHARE = 0.62
"""How much of the icon's width the sign's own square takes."""
STEPS = 4
"""Lines drawn within each row of pixels: what makes edges smooth."""
Point = tuple[float, float]


def _rounded(x: float, y: float, width: float, height: float, left: float, right: float) -> list[Point]:
    """Return a rectangle as corners, its left and right ones rounded by these radii."""
    corners = [
        (x + left, y + left, left, 180),
        (x + width - right, y + right, right, 270),
        (x + width - right, y + height - right, right, 0),
        (x + left, y + height - left, left, 90),
    ]
    return [
        (cx + radius * math.cos(angle), cy + radius * math.sin(angle))
        for cx, cy, radius, begin in corners
        for angle in (math.radians(begin + step) for step in range(0, 91, 10 if radius else 90))
    ]


FULL = (_rounded(0, 8, 9.2, 8, 3, 0), _rounded(10.7, 8, 5, 8, 0, 0), _rounded(17.2, 8, 6.8, 8, 0, 3))
HOLLOW = (_rounded(18.6, 9.4, 4, 5.2, 0, 1.6),)
"""The baton of the logo on its grid of 24: two segments that are there, and one that is still to come."""


@lru_cache(maxsize=len(SIZES))
def icon(size: int) -> bytes:
    """Return the icon as a PNG of `size` by `size` pixels."""
    filled, cut = ([_placed(shape, size) for shape in shapes] for shapes in (FULL, HOLLOW))
    rows = (_row(y, size, filled, cut) for y in range(size))
    return _png(size, b"".join(b"\0" + row for row in rows))


def _placed(shape: Sequence[Point], size: int) -> list[Point]:
    """Turn a shape of the grid as the logo is turned, and put it in the middle of the icon."""
    scale, middle = size * SHARE / 24, size / 2
    turned = []
    for x, y in shape:
        x, y = x - 12, y - 12
        turned.append((middle + scale * (x * math.cos(TURN) - y * math.sin(TURN)),
                       middle + scale * (x * math.sin(TURN) + y * math.cos(TURN))))  # fmt: skip
    return turned


def _row(y: int, size: int, filled: Sequence[list[Point]], cut: Sequence[list[Point]]) -> bytes:
    cover = [0.0] * (size + 1)
    for step in range(STEPS):
        at = y + (step + 0.5) / STEPS
        for shapes, sign in ((filled, 1 / STEPS), (cut, -1 / STEPS)):
            for shape in shapes:
                _cover(cover, shape, at, sign)
    return bytes(
        round(below + (above - below) * share)
        for share in cover[:size]
        for below, above in zip(GROUND, SIGN, strict=True)
    )


def _cover(cover: list[float], shape: Sequence[Point], at: float, sign: float) -> None:
    """Add how far a line through a convex shape covers each pixel of a row."""
    crossed = [
        x1 + (at - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip(shape, [*shape[1:], shape[0]], strict=True)
        if (y1 <= at) != (y2 <= at)
    ]
    if not crossed:
        return
    begin, end = min(crossed), max(crossed)
    for x in range(int(begin), int(end) + 1):
        cover[x] += sign * (min(end, x + 1) - max(begin, x))


def _png(size: int, pixels: bytes) -> bytes:
    """Pack rows of RGB pixels, each after its filter byte (RFC 2083)."""
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
