"""The file store: bytes under their SHA-256, on disk before anybody relies on them.

A file is written beside its place, synced, and renamed into it, so that a crash leaves the whole file or none.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def place_of(sha256: str) -> Path:
    """Return where the bytes of this digest lie, or would."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def put(content: bytes) -> str:
    """Keep the bytes for good and return their digest; what is there already is left alone."""
    [digest] = put_many([content])
    return digest


def put_many(contents: Iterable[bytes]) -> list[str]:
    """Keep several files, syncing each file and every folder that changed, and return their digests."""
    digests, folders = [], set()
    for content in contents:
        digest = hashlib.sha256(content).hexdigest()
        digests.append(digest)
        place = place_of(digest)
        if not place.exists():
            folders |= _make_folder(place.parent)
            _write(place, content)
            folders.add(place.parent)
    for folder in folders:
        _sync_folder(folder)
    return digests


def get(sha256: str) -> bytes:
    """Return the bytes of this digest; raises `FileNotFoundError` where the store hasn't got them."""
    return place_of(sha256).read_bytes()


def _make_folder(folder: Path) -> set[Path]:
    if folder.is_dir():
        return set()
    folder.mkdir(parents=True, exist_ok=True)
    return {folder.parent}


def _write(place: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
