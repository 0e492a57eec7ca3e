"""Who called: X-Hub-Signature-256, HMAC-SHA256 (hex) of the raw body with the app's secret; and Meta's first question.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit


def is_signed(header: str, body: bytes, app_secret: str) -> bool:
    """Whether Meta sent this body. It is checked as it came: written anew it would be another one."""
    if not app_secret or not header.startswith("sha256="):
        return False
    made = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(made.encode(), header.removeprefix("sha256=").encode())


def challenge(url: str, verify_token: str) -> str:
    """Return what Meta wants to hear when an address is given to it; nothing where it doesn't know the token."""
    told = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    token = told.get("hub.verify_token", "")
    known = bool(verify_token) and hmac.compare_digest(token.encode(), verify_token.encode())
    return told.get("hub.challenge", "")[:200] if known and told.get("hub.mode") == "subscribe" else ""
