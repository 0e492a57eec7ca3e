"""A push service on this machine and the browser behind it: it checks who pushes, and decrypts as RFC 8291 says."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.channels.outside import Asked, Outside

P256 = ec.SECP256R1()


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


class Browser:
    """One that asked to be told: it alone can read what comes."""

    def __init__(self, outside: Outside, path: str = "/push/one") -> None:
        self.key, self.secret = ec.generate_private_key(P256), b"sixteen bytes ok"
        self.where = outside.address + path

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> str:
        keys = {"p256dh": encode(self.public), "auth": encode(self.secret)}
        return json.dumps({"endpoint": self.where, "expirationTime": None, "keys": keys})

    def read(self, asked: Asked) -> dict[str, Any]:
        return json.loads(decrypted(asked.body, self.key, self.public, self.secret))


def decrypted(body: bytes, key: ec.EllipticCurvePrivateKey, public: bytes, secret: bytes) -> bytes:
    salt, length = body[:16], body[20]
    theirs, sealed = body[21 : 21 + length], body[21 + length :]
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(P256, theirs))
    first = HKDF(hashes.SHA256(), 32, secret, b"WebPush: info\0" + public + theirs).derive(shared)
    content = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(first)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(first)
    plain = AESGCM(content).decrypt(nonce, sealed, None)
    assert plain.endswith(b"\x02")
    return plain[:-1]


def claims_of(asked: Asked) -> dict[str, Any]:
    """Return what the token of a push says, after its signature was checked with the key beside it."""
    told = dict(part.strip().split("=", 1) for part in asked.headers["authorization"].removeprefix("vapid ").split(","))
    head, body, signature = told["t"].split(".")
    raw = decode(signature)
    both = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(P256, decode(told["k"]))
    key.verify(both, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(decode(body))
