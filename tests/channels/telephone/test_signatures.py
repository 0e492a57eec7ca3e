"""The plain signature is Stripe's scheme: its vectors hold, and nothing older than 300 seconds."""

import json
from datetime import UTC, datetime

from baton.channels.telephone.signatures import is_signed


def test_each_vector_is_judged_as_stripe_does(shared):
    told = json.loads((shared / "webhooks/signature_vectors.json").read_text())["stripe"]

    judged = {
        v["name"]: is_signed(
            v["header"], v.get("payload_raw", told["payload_raw"]).encode(), told["secret"],
            datetime.fromtimestamp(v["now"], UTC),
        )
        for v in told["vectors"]
    }  # fmt: skip

    assert judged == {vector["name"]: vector["valid"] for vector in told["vectors"]}
