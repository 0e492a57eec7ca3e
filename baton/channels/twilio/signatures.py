"""Who called: X-Twilio-Signature, HMAC-SHA1 over the public address and the sorted fields (base64).

https://www.twilio.com/docs/usage/security#validating-requests. The port may or may not have been signed, repeated
fields count once and sorted, and a JSON body is signed through `bodySHA256` in the address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlsplit

DEFAULT_PORTS = {"https": 443, "http": 80}
Fields = list[tuple[str, str]]


def fields_of(body: bytes) -> Fields:
    """Return the fields of a form post, empty ones included. Raises `ValueError` for what is no form."""
    return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=300)


def is_signed(url: str, body: bytes, signature: str, token: str) -> bool:
    """Whether Twilio sent this to this address; `token` is the account's own."""
    if not signature or not token:
        return False
    try:
        told = "" if _digest_in(url) else _joined(fields_of(body))
    except ValueError:
        return False
    if _digest_in(url) and not hmac.compare_digest(hashlib.sha256(body).hexdigest(), _digest_in(url)):
        return False
    made = (_signature(address + told, token) for address in _addresses(url))
    return any(hmac.compare_digest(one, signature.encode()) for one in made)


def _signature(text: str, token: str) -> bytes:
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest())


def _joined(fields: Fields) -> str:
    return "".join(name + value for name, value in sorted(set(fields)))


def _digest_in(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]


def _addresses(url: str) -> Iterator[str]:
    """The address as called, without its port, and with the port that goes without saying."""
    parts = urlsplit(url)
    host = (parts.hostname or "") if ":" not in (parts.hostname or "") else f"[{parts.hostname}]"
    yield url
    yield parts._replace(netloc=host).geturl()
    yield parts._replace(netloc=f"{host}:{DEFAULT_PORTS.get(parts.scheme, 443)}").geturl()
