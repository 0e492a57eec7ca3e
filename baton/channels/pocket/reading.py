"""From raw bytes to an arrival: the line and the files with it. Read in the limited child, without Django."""

from __future__ import annotations

import hashlib
from typing import Any

from baton.capture.arrival import Arrival, ArrivedFile
from baton.channels.pocket.packing import Held, unpacked

LINE = "line"


def read_pocket(raw: bytes, **_who_we_are: Any) -> Arrival:
    """Read what a phone handed over; what is to be imported is imported from the raw bytes themselves."""
    told, files = unpacked(raw)
    kept = tuple(_arrived(one) for one in files) if told.get("what") == LINE else ()
    return Arrival("note", hashlib.sha256(raw).hexdigest(), text=str(told.get("line", "")), files=kept, parts=told)


def _arrived(one: Held) -> ArrivedFile:
    digest = hashlib.sha256(one.content).hexdigest()
    return ArrivedFile(one.name, one.content_type, len(one.content), digest, one.content, False, "")
