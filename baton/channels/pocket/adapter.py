"""The pocket as a channel: who reads what a phone handed over, and that it is recorded as its member's own line."""

from __future__ import annotations

from baton.capture.channels import Channel, register
from baton.capture.untrusted import allow

POCKET = "pocket"
READ_POCKET = allow(
    "baton.channels.pocket.reading.read_pocket",
    answers=["baton.capture.arrival.Arrival", "baton.capture.arrival.ArrivedFile"],
)


def register_pocket() -> None:
    """Let what phones hand over be read, and recorded as the quick line is; called once at start."""
    from baton.capture.reading import Aside, take_aside
    from baton.channels.pocket.taking import concerns, take

    register(Channel(POCKET, READ_POCKET, share="note", seconds=10.0))
    take_aside(Aside(concerns, take))
