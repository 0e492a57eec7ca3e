"""Addresses by name, quickly: a page names hundreds of them, and most differ in an id alone."""

from __future__ import annotations

import re
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

PLACES = tuple(UUID(int=number) for number in range(1, 4))
"""Stand where ids will be, so that an address is worked out once and filled in from then on."""


PLAIN = re.compile(r"[\w-]+", re.ASCII)
"""A part of an address that stands in it as it is."""


def address(name: str, *args: object) -> str:
    """Return the address of this name, as `reverse` does."""
    if len(args) <= len(PLACES) and all(type(arg) is UUID or _is_plain(arg) for arg in args):
        pieces = _pieces(settings.ROOT_URLCONF, name, len(args))
        return pieces[0] + "".join(f"{arg}{piece}" for arg, piece in zip(args, pieces[1:], strict=True))
    return reverse(name, args=args)


def _is_plain(arg: object) -> bool:
    return type(arg) is str and PLAIN.fullmatch(arg) is not None


@lru_cache(maxsize=1000)
def _pieces(_addresses: str, name: str, count: int) -> tuple[str, ...]:
    """Return what stands before, between and after the ids."""
    rest, pieces = reverse(name, args=PLACES[:count]), []
    for place in PLACES[:count]:
        piece, _id, rest = rest.partition(str(place))
        pieces.append(piece)
    return (*pieces, rest)
