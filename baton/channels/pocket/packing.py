"""What came from the pocket as one raw delivery: a line of JSON that says what it is, then its files in order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from baton.capture.untrusted import Unreadable


@dataclass(frozen=True, slots=True)
class Held:
    """One file in the hand: its name without folders, what it claims to be, and its bytes."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


def packed(told: dict[str, Any], files: Sequence[Held] = ()) -> bytes:
    """Return words and files as one sequence of bytes, the same for the same."""
    named = [{"name": one.name, "type": one.content_type, "size": len(one.content)} for one in files]
    head = json.dumps({**told, "files": named}, ensure_ascii=False, sort_keys=True).encode()
    return head + b"\n" + b"".join(one.content for one in files)


def unpacked(raw: bytes) -> tuple[dict[str, Any], list[Held]]:
    """Take apart what `packed` made. Raises `Unreadable` for anything else."""
    head, _newline, content = raw.partition(b"\n")
    try:
        told = json.loads(head)
        named, at, files = told.pop("files"), 0, []
        for one in named:
            files.append(Held(one["name"], one["type"], content[at : at + one["size"]]))
            at += one["size"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
        raise Unreadable("It isn’t what a phone hands over.") from why
    if at != len(content):
        raise Unreadable("Part of it is missing.")
    return told, files
