"""How a push service knows that it is this Baton who pushes (VAPID, RFC 8292): a signed token for each origin."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings

from baton.channels.push.encrypting import CURVE, packed, public_bytes, unpacked
from baton.channels.push.models import PushKey
from baton.kernel.sealed import Sealed
from baton.kernel.writer import writing

GOOD_FOR = timedelta(hours=12)
"""At most 24 hours (RFC 8292, section 2)."""


def public_key() -> str:
    """Return the public key that browsers subscribe with, base64url; the first time makes the pair."""
    return _kept().public


def authorization(where: str, at: datetime) -> str:
    """Return the `Authorization` header for a push to this address."""
    kept = _kept()
    parts = urlsplit(where)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((at + GOOD_FOR).timestamp()), "sub": _contact()}
    token = _signed(claims, _private(kept.private.opened()["key"]))
    return f"vapid t={token}, k={kept.public}"


def _kept() -> PushKey:
    found = PushKey.objects.order_by("pk").first()
    if found is not None:
        return found
    key = ec.generate_private_key(CURVE)
    number = key.private_numbers().private_value.to_bytes(32, "big")
    with writing():
        made = PushKey(pk=1, public=packed(public_bytes(key)), private=Sealed.of({"key": packed(number)}))
        return PushKey.objects.filter(pk=1).first() or _saved(made)


def _saved(key: PushKey) -> PushKey:
    key.save(force_insert=True)
    return key


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unpacked(text), "big"), CURVE)


def _contact() -> str:
    """Return whom a push service can ask about us."""
    return settings.BATON_URL if settings.BATON_URL.startswith("https://") else f"mailto:{settings.DEFAULT_FROM_EMAIL}"


def _signed(claims: dict[str, object], key: ec.EllipticCurvePrivateKey) -> str:
    """Return a JSON Web Token signed with ES256 (RFC 7515, 7518)."""
    head, body = (packed(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256())))
    return f"{head}.{body}.{packed(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
