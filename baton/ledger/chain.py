"""The chain of digests: each fact seals the one before it on the same record."""

from __future__ import annotations

import hashlib
import json
from json.encoder import encode_basestring as _word
from typing import Any

from baton.kernel.clock import stamp

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def digest(previous: bytes, salt: bytes, fact: Any) -> bytes:
    """Return SHA-256 over the previous digest, the fact's salt and everything it says.

    What it says is a list in JSON, without blanks; put together by hand, because it is done for every fact.
    """
    value = _word(fact.value) if isinstance(fact.value, str) else _written(fact.value)
    body = (
        f'["{fact.id}",{_word(fact.record_kind)},"{fact.record_id}",{fact.seq},{_word(fact.field)},{value},'
        f'{_word(fact.status)},"{fact.said_by_id or ""}",{_word(fact.channel)},"{fact.interaction_id or ""}",'
        f'{_word(fact.words)},"{stamp(fact.happened_at)}","{stamp(fact.recorded_at)}",'
        f'"{fact.settles_id or ""}","{fact.replaces_id or ""}"]'
    )
    return hashlib.sha256(previous + salt + body.encode()).digest()
