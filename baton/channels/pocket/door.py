"""What is shared before signing in: held, seen by nobody, for the browser that left it, and gone within a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.capture import undecided
from baton.capture.ingesting import Incoming, ingest_many, raw_of
from baton.capture.models import Delivery
from baton.channels.pocket.adapter import POCKET
from baton.channels.pocket.packing import Held, packed, unpacked
from baton.kernel.verdict import Refusal

CALLER = "capture"
AT_THE_DOOR = "door:"
MOST = 100
"""How many may lie there at once; more is somebody filling the disk."""


def leave(digest: str, words: Sequence[str], files: Sequence[Held], *, at: datetime) -> None:
    """Hold what was shared under the digest of a secret that only one browser knows."""
    if _lying().count() >= MOST:
        raise Refusal(_("Sign in first, then share it again."))
    one = Incoming(POCKET, AT_THE_DOOR + digest, packed({"words": list(words)}, files), live=False, held=True)
    ingest_many([one], at=at)


def left(digest: str) -> tuple[list[str], list[Held], datetime] | None:
    """Return the words, the files, and when they were left; None where nothing lies there (any more)."""
    row = _lying().filter(key=AT_THE_DOOR + digest).first()
    if row is None:
        return None
    told, files = unpacked(raw_of(row))
    return told["words"], files, row.received_at


def clear(digest: str) -> None:
    """Let go of what was taken."""
    undecided.leave(list(_lying().filter(key=AT_THE_DOOR + digest)), "")


def _lying() -> Any:
    return Delivery.objects.unscoped(CALLER).held().filter(channel=POCKET, key__startswith=AT_THE_DOOR)
