"""The texts of Baton in other languages: `messages.py compile` for programs, `messages.py collect` for translators.

`collect` writes what is new in the sources into baton/locale/*/LC_MESSAGES/django.po with nothing said yet, and
takes out what is gone; it needs gettext. `compile` makes the .mo files that Django reads, which aren't kept in the
repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "baton" / "locale"
LANGUAGES = ("de", "hr")


def catalog(language: str) -> Catalog:
    """Return what is said in a language so far."""
    place = _po(language)
    if not place.exists():
        return Catalog(locale=language, fuzzy=False)
    with place.open("rb") as written:
        return read_po(written, locale=language)


def collected() -> Catalog:
    """Return every text of the sources, with nothing said."""
    with tempfile.TemporaryDirectory(prefix="baton-messages-") as folder:
        copy = Path(folder) / "baton"
        shutil.copytree(ROOT / "baton", copy, ignore=shutil.ignore_patterns("__pycache__", "static", "locale"))
        (copy / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale=en", "--no-location", "-v0"]
        around = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=copy, check=True, env=around, capture_output=True)
        with (copy / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as found:
            return read_po(found)


def collect() -> None:
    """Bring each language up to the sources."""
    found = collected()
    for language in LANGUAGES:
        before = catalog(language)
        after = Catalog(locale=language, project="Baton", fuzzy=False)
        for message in found:
            if message.id:
                known = before.get(message.id, message.context)
                said = known.string if known else ("" if isinstance(message.id, str) else ("",) * after.num_plurals)
                after.add(message.id, said, flags=message.flags, context=message.context)
        write(language, after)


def write(language: str, told: Catalog) -> None:
    """Write a language, sorted, so that a change shows as what it is."""
    _po(language).parent.mkdir(parents=True, exist_ok=True)
    with _po(language).open("wb") as place:
        write_po(place, told, width=0, sort_output=True, omit_header=False, no_location=True)


def compile_all() -> None:
    """Make the .mo files that are older than their .po."""
    for language in LANGUAGES:
        made = _po(language).with_suffix(".mo")
        if not _po(language).exists() or (made.exists() and made.stat().st_mtime > _po(language).stat().st_mtime):
            continue
        with tempfile.NamedTemporaryFile(dir=made.parent, delete=False) as place:
            write_mo(place, catalog(language))
        Path(place.name).chmod(0o644)
        Path(place.name).replace(made)


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    {"collect": collect, "compile": compile_all}[sys.argv[1]]()
