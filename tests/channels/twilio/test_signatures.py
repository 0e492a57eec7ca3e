"""Twilio's own vectors: what it signed is taken, with or without the port, and nothing else."""

import json
from urllib.parse import urlencode

import pytest

from baton.channels.twilio.signatures import is_signed


def vectors(shared):
    told = json.loads((shared / "webhooks/signature_vectors.json").read_text())["twilio"]
    return told["auth_token"], told["vectors"]


def body_of(vector) -> bytes:
    if "body" in vector:
        return vector["body"].encode()
    params = vector["params"]
    return urlencode([tuple(pair) for pair in (params if isinstance(params, list) else params.items())]).encode()


def test_each_vector_is_judged_as_twilio_does(shared):
    token, all_of_them = vectors(shared)

    judged = {v["name"]: is_signed(v["url"], body_of(v), v["signature"], token) for v in all_of_them}

    assert judged == {vector["name"]: vector["valid"] for vector in all_of_them}


def test_a_json_body_other_than_the_one_signed_is_refused(shared):
    token, all_of_them = vectors(shared)
    [vector] = [vector for vector in all_of_them if "body" in vector]

    assert not is_signed(vector["url"], body_of(vector) + b" ", vector["signature"], token)


@pytest.mark.parametrize(("signature", "token"), [("", "12345"), ("RSOYDt4T1cUTdK1PDd93/VVr8B8=", "")])
def test_nothing_signed_proves_nothing(signature, token):
    assert not is_signed("https://mycompany.com/", b"", signature, token)
