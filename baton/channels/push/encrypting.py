"""A message that only one browser can read: RFC 8291 on the content coding `aes128gcm` of RFC 8188. Pure.

Written on `cryptography`, which Baton has: the libraries for it bring an HTTP client of their own, and nothing leaves
but through `kernel.connecting`. Tested with the vector of RFC 8291, appendix A.
"""

from __future__ import annotations

import base64
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096
MOST_BYTES = 3993
"""What fits into the one record that push services take (RFC 8291, section 4)."""


def encrypted(
    message: bytes,
    theirs: str,
    secret: str,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """Return the body of a push for a browser with this public key (`p256dh`) and secret (`auth`), both base64url.

    `key` and `salt` are made anew for each message; only tests give them. Raises `ValueError` for keys that are none.
    """
    assert len(message) <= MOST_BYTES
    key, salt = key or ec.generate_private_key(CURVE), salt or os.urandom(16)
    ours, raw = public_bytes(key), unpacked(theirs)
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw))
    secret_key = _derived(shared, unpacked(secret), b"WebPush: info\0" + raw + ours, 32)
    content_key = _derived(secret_key, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret_key, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(content_key).encrypt(nonce, message + b"\x02", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours + sealed


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public half as an uncompressed point of 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def packed(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Return the bytes of base64url, padded or not. Raises `ValueError`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
