"""What is pushed can be read by one browser alone."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as some

from baton.channels.push.encrypting import MOST_BYTES, encrypted, packed, public_bytes, unpacked
from tests.channels.push.service import P256, decode, decrypted, encode

PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
THEIRS = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
    "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
"""RFC 8291, section 5 and appendix A."""


def test_the_vector_of_the_standard_comes_out_byte_for_byte():
    key = ec.derive_private_key(int.from_bytes(decode(PRIVATE), "big"), P256)

    body = encrypted(b"When I grow up, I want to be a watermelon", THEIRS, SECRET, key=key, salt=decode(SALT))

    assert encode(body) == BODY


@settings(max_examples=20)
@given(some.binary(max_size=MOST_BYTES))
def test_what_is_encrypted_is_what_the_browser_reads(message):
    key, secret = ec.generate_private_key(P256), b"0123456789abcdef"

    body = encrypted(message, packed(public_bytes(key)), packed(secret))

    assert len(body) <= 4096
    assert decrypted(body, key, public_bytes(key), secret) == message


def test_two_messages_share_nothing():
    bodies = {encrypted(b"the same", THEIRS, SECRET)[:86] for _ in range(2)}

    assert len(bodies) == 2


@pytest.mark.parametrize("key", ["", "AAAA", THEIRS[:-4], "é"])
def test_a_key_that_is_none_is_an_error_of_its_own_kind(key):
    with pytest.raises(ValueError):
        encrypted(b"", key, SECRET)


@given(some.binary(max_size=99))
def test_base64url_needs_no_padding(raw):
    assert unpacked(packed(raw)) == raw
