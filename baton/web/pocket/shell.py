"""What the service worker keeps: the page shown without a line, and what it is drawn with. Nobody’s data."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.templatetags.static import static
from django.urls import reverse

LOOK = ("css/all.css", "icons.svg", "favicon.svg", "fonts/instrument-sans-latin.woff2", "vendor/htmx.min.js")
SCRIPTS = ("js/theme.js", "js/main.js", "js/offline.js")
ALSO = ("js/kept.js",)
"""Asked for only once something has to be kept, and then there may be no line."""
IMPORT = re.compile(r'^import (?:[^"]+ from )?"\./([\w.]+)";$', re.MULTILINE)


def worker() -> str:
    """Return the service worker's script: the names of what it keeps, under a digest of their own, and what it does."""
    files = [static(name) for name in shell_files()]
    told = {"shell": f"baton-shell-{_digest(files)}", "offline": reverse("offline"), "share": reverse("share")}
    return f"const TOLD = {json.dumps(told | {'files': files})};\n{_source('js/worker.js')}"


def shell_files() -> list[str]:
    """Return the names of the files that the page without a line needs, modules that import each other included."""
    found = [*LOOK, *SCRIPTS, *ALSO]
    for name in found:
        if name.startswith("js/"):
            found += [f"js/{inner}" for inner in IMPORT.findall(_source(name)) if f"js/{inner}" not in found]
    return found


def _digest(files: list[str]) -> str:
    """Return what changes with any of the files, and with the page itself."""
    page = Path(settings.BASE_DIR / "baton/web/templates/baton/pocket/offline.html").read_text()
    return hashlib.sha256("\n".join([*files, page]).encode()).hexdigest()[:12]


@lru_cache(maxsize=64)
def _kept_source(name: str) -> str:
    return Path(str(find(name))).read_text()


def _source(name: str) -> str:
    return Path(str(find(name))).read_text() if settings.DEBUG else _kept_source(name)
