"""A shelf for the words of the search index while SQLite is loaded: put in any order, taken in the order of places."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path


class Shelf:
    """Texts by number, kept in a file that nobody sees."""

    def __init__(self, folder: Path) -> None:
        self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the shelf
        self.places: list[tuple[int, int, int]] = []

    def put(self, texts: Iterable[tuple[int, str]]) -> None:
        """Add texts."""
        for number, text in texts:
            written = text.encode()
            self.places.append((number, self.file.tell(), len(written)))
            self.file.write(written)

    def in_order(self, step: int) -> Iterator[list[tuple[int, str]]]:
        """Yield all texts by number, so many at a time."""
        self.places.sort()
        for start in range(0, len(self.places), step):
            yield [(number, self._read(offset, length)) for number, offset, length in self.places[start : start + step]]

    def _read(self, offset: int, length: int) -> str:
        self.file.seek(offset)
        return self.file.read(length).decode()

    def close(self) -> None:
        self.file.close()
