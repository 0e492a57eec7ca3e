"""The practice business: a place to try things in that can't touch anything real.

Practice deals beside real ones would have to be left out of every sum, search, export and figure, and the first place
that forgets it tells a lie. So practice is another business: a data folder of its own, a database of its own, a
process of its own that is given nothing of this one's surroundings: neither database nor keys nor mail server, and a
connector that refuses every address. What was done there is gone with its folder, and no fact was ever false.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal

FOLDER = "practice"
IN_USE = "in-use"
"""On which whoever runs on a data folder has a lock (see `in_use`)."""
MARK = "practice"
"""Lies in the folder, so that nothing else is ever removed in its place."""
KEPT = frozenset({"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "BATON_HOSTS"})
"""What the practice business needs of the machine; `BATON_HOSTS` are the names under which it may be opened."""


def surroundings(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the environment that the practice business is started in. Pure."""
    kept = {name: value for name, value in environ.items() if name in KEPT or name.startswith("LC_")}
    return kept | {"BATON_DATA": str(folder), "BATON_PRACTICE": "1"}


def prepare(data: Path) -> Path:
    """Return the folder of the practice business, made where there is none."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / MARK).exists():
        raise Refusal(_("%(folder)s is there and is no practice business.") % {"folder": folder})
    (folder / MARK).touch()
    return folder


def hold(folder: Path) -> TextIO:
    """Say that it is in use, from now until the process that this one becomes ends."""
    used = (folder / IN_USE).open("a")
    fcntl.flock(used, fcntl.LOCK_SH)
    os.set_inheritable(used.fileno(), True)
    return used


def remove(data: Path) -> bool:
    """Remove the practice business with everything in it; return whether there was one.

    Raises `Refusal` while it runs, and where the folder is something else.
    """
    folder = data / FOLDER
    if not folder.exists():
        return False
    if not (folder / MARK).exists():
        raise Refusal(_("%(folder)s is there and is no practice business.") % {"folder": folder})
    with (folder / IN_USE).open("a") as used:
        try:
            fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(_("The practice business is running. Stop it first.")) from None
        shutil.rmtree(folder)
    return True
