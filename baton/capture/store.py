"""The file store: bytes under their SHA-256, on disk before anybody relies on them.

A file is written beside its place, synced, and renamed into it, so that a crash leaves the whole file or none.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings

SYNCED_AT_ONCE = 8
"""The file system writes down together what is synced together: forty files in the time of three."""


def place_of(sha256: str) -> Path:
    """Return where the bytes of this digest lie, or would."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def put(content: bytes) -> str:
    """Keep the bytes for good and return their digest; what is there already is left alone."""
    [digest] = put_many([content])
    return digest


def put_many(contents: Iterable[bytes]) -> list[str]:
    """Keep several files, syncing each file and every folder that changed, and return their digests."""
    kept = [(hashlib.sha256(content).hexdigest(), content) for content in contents]
    fresh = {digest: content for digest, content in kept if not place_of(digest).exists()}
    folders = {folder for digest in fresh for folder in _make_folder(place_of(digest).parent)}
    if len(fresh) <= 1:
        _write_all(map, fresh, folders)
    else:
        with ThreadPoolExecutor(min(SYNCED_AT_ONCE, len(fresh)), "baton-files") as pool:
            _write_all(pool.map, fresh, folders)
    return [digest for digest, _content in kept]


def _write_all(each: Callable[..., Iterable[None]], fresh: dict[str, bytes], folders: set[Path]) -> None:
    """Write files, then sync the folders in which they now have their names. `each` is `map`, or a pool's."""
    places = [place_of(digest) for digest in fresh]
    list(each(_write, places, fresh.values()))
    list(each(_sync_folder, folders | {place.parent for place in places}))


def get(sha256: str) -> bytes:
    """Return the bytes of this digest; raises `FileNotFoundError` where the store hasn't got them."""
    return place_of(sha256).read_bytes()


def _make_folder(folder: Path) -> set[Path]:
    if folder.is_dir():
        return set()
    folder.mkdir(parents=True, exist_ok=True)
    return {folder.parent}


def _write(place: Path, content: bytes) -> None:
    name = f"{place.parent}/.new-{secrets.token_hex(8)}"
    try:
        with open(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
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
