"""The text of a PDF, read in the limited child: the first pages and the last, within a time of its own.

What takes too long or can't be read has no text. It never costs the mail that it came with.
"""

from __future__ import annotations

import io
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

MOST_BYTES = 8 * 1024 * 1024
FIRST_PAGES = 3
MOST_PAGES = 400
MOST_CHARACTERS = 40_000
SECONDS = 1.5
"""Of processor time, for one PDF."""


class _TooLong(BaseException):
    """Out of the way of a library that catches `Exception`."""


def text_of_pdf(content: bytes) -> str:
    """Return the words of a PDF, line by line as they stand on the page; nothing where it has or gives none."""
    if not content.startswith(b"%PDF") or len(content) > MOST_BYTES:
        return ""
    try:
        with _within(SECONDS):
            return _read(content)[:MOST_CHARACTERS]
    except (Exception, _TooLong, RecursionError):  # noqa: BLE001 - whatever is wrong with it, it is no text
        return ""


def _read(content: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return ""
    count = len(reader.pages)
    if count > MOST_PAGES:
        return ""
    wanted = dict.fromkeys([*range(min(FIRST_PAGES, count)), count - 1])
    return "\n".join(_page(reader.pages[index]) for index in wanted)


def _page(page: object) -> str:
    """Rows of a table stay rows in the layout; where that fails the plain order of the words will do."""
    try:
        laid_out = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001
        laid_out = ""
    return laid_out if laid_out.strip() else page.extract_text()  # type: ignore[attr-defined]


@contextmanager
def _within(seconds: float) -> Generator[None]:
    """End the block after so much processor time. Only a main thread can be told; the child has no other."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
