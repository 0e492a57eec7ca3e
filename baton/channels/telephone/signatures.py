"""Who called: HMAC-SHA256 (hex) over the time and the body, `X-Baton-Signature: t=1700000000,v1=5257a8…`.

The scheme is Stripe's (https://docs.stripe.com/webhooks#verify-manually): the signed text is the time, a dot, and the
raw body. Several `v1` may stand there while a secret is changed; other versions count for nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(seconds=300)


def is_signed(header: str, body: bytes, secret: str, at: datetime) -> bool:
    """Whether this body was signed with this secret, not more than 300 seconds ago or ahead."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t" and value.isdigit() and len(value) < 12]
    signatures = [value for name, _, value in parts if name == "v1"]
    if not secret or len(stamps) != 1 or not signatures:
        return False
    if abs(at - datetime.fromtimestamp(int(stamps[0]), UTC)) > TOLERANCE:
        return False
    made = signature(stamps[0], body, secret).encode()
    return any(hmac.compare_digest(made, one.encode()) for one in signatures)


def signature(stamp: str, body: bytes, secret: str) -> str:
    """Return the signature of a body at a Unix time (seconds, as text)."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
