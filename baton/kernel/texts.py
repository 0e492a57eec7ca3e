"""Text that every database holds: without NUL, and without halves of letters (surrogates), which JSON can spell."""

from __future__ import annotations

from typing import Any


def writable(text: str) -> str:
    """Return the text without what no database holds."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def writable_in(told: Any) -> Any:
    """Return what was read from JSON, with every text in it writable."""
    if isinstance(told, str):
        return writable(told)
    if isinstance(told, list):
        return [writable_in(each) for each in told]
    return {writable(name): writable_in(each) for name, each in told.items()} if isinstance(told, dict) else told
