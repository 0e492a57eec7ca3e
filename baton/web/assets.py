"""Styles, scripts, fonts and icons the way browsers get them: compressed, and under names that carry their digest.

A name with a digest may be kept for ever, so a second page asks for nothing but itself. `collect` writes the files
to `STATIC_ROOT`, in about a second and only when a source changed, before a server opens its door: a user has no
build step, and an update no step to forget. With `BATON_DEBUG=1` the sources are served as they lie.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

UNUSED = ["django_htmx"]  # its beta of htmx; ours is vendored


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Imports between our script modules are rewritten to the hashed names too."""

    support_js_module_import_aggregation = True


def collect() -> None:
    """Bring `STATIC_ROOT` up to date. Processes that start together wait for the first of them.

    Files of earlier versions stay, for servers and open pages that still name them.
    """
    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".sources").open("a+") as stamp:
        fcntl.flock(stamp, fcntl.LOCK_EX)
        stamp.seek(0)
        if stamp.read() == (digest := _sources()):
            return
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
        staticfiles_storage.__init__()  # it read its list of names when it was made
        stamp.truncate(0)
        stamp.write(digest)


def _sources() -> str:
    return hashlib.sha256("\n".join(sorted(_stats())).encode()).hexdigest()


def _stats() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            yield f"{path} {stat.st_size} {stat.st_mtime_ns}"
