"""Push hangs on what is recorded: called once at start."""

from __future__ import annotations

from baton.channels.push.notices import follow
from baton.ledger.recording import register_reducer

PUSH_REDUCER = 135


def register_push() -> None:
    """Note what devices are told whenever something is recorded."""
    register_reducer(PUSH_REDUCER, follow)
