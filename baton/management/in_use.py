"""Whether somebody uses the data folder: running processes share a lock on it, a restore wants it alone."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal

_held: list[TextIO] = []


def share() -> None:
    """Say that this process uses the data folder, for as long as it lives."""
    _lock(fcntl.LOCK_SH)


def alone() -> None:
    """Take the data folder for this process alone; raises `Refusal` while another one uses it."""
    try:
        _lock(fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refusal(_("Baton is running on this data. Stop it first, then restore.")) from None


def _lock(how: int) -> None:
    file = (Path(settings.DATA_DIR) / "in-use").open("a")
    fcntl.flock(file, how)
    _held.append(file)
