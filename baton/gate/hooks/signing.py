"""Secrets and signatures of the Standard Webhooks specification (https://www.standardwebhooks.com, version 1)."""

from __future__ import annotations

import base64
import binascii
import secrets
from datetime import datetime, timedelta

from standardwebhooks import Webhook

from baton.kernel.clock import stamp, unstamp
from baton.kernel.sealed import Sealed

PREFIX = "whsec_"
SECRET_BYTES = 32
LEAST_BYTES, MOST_BYTES = 24, 64
OLD_ONE_HOLDS = timedelta(days=1)
"""How long messages carry a second signature, made with the secret that was replaced."""


def new_secret() -> str:
    """Return a secret that nobody has seen."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether it is a secret as the specification writes one: the prefix, then 24 to 64 bytes in base64."""
    try:
        raw = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return text.startswith(PREFIX) and LEAST_BYTES <= len(raw) <= MOST_BYTES


def sealed(secret: str, before: Sealed | None = None, at: datetime | None = None) -> Sealed:
    """Return the secret at rest; the one before it is kept for a day, so that nothing is lost while it is changed."""
    words = {"secret": secret}
    if before is not None and at is not None:
        words |= {"before": before.opened()["secret"], "until": stamp(at + OLD_ONE_HOLDS)}
    return Sealed.of(words)


def headers(message: str, body: bytes, secret: Sealed, at: datetime) -> dict[str, str]:
    """Return the headers of a message: its id, when it is sent, and its signatures."""
    words = secret.opened()
    keys = [words["secret"]]
    if "before" in words and at < unstamp(words["until"]):
        keys.append(words["before"])
    signatures = " ".join(Webhook(key).sign(message, at, body.decode()) for key in keys)
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures,
    }
