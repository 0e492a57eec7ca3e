"""The chain of digests: each fact seals the one before it on the same record."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from baton.kernel.clock import stamp

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def digest(previous: bytes, salt: bytes, fact: Any) -> bytes:
    """Return SHA-256 over the previous digest, the fact's salt and everything it says."""
    said = [
        str(fact.id),
        fact.record_kind,
        str(fact.record_id),
        fact.seq,
        fact.field,
        fact.value,
        fact.status,
        _text(fact.said_by_id),
        fact.channel,
        _text(fact.interaction_id),
        fact.words,
        stamp(fact.happened_at),
        stamp(fact.recorded_at),
        _text(fact.settles_id),
        _text(fact.replaces_id),
    ]
    body = _written(said)
    return hashlib.sha256(previous + salt + body.encode()).digest()


def _text(identifier: Any) -> str:
    return str(identifier) if identifier else ""
