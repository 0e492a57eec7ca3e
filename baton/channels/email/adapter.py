"""Email as a channel: which function reads a mail in the limited child, and what may come back from it."""

from __future__ import annotations

from baton.capture.channels import Channel, register
from baton.capture.untrusted import allow

EMAIL = "email"
READ_ARRIVAL = allow(
    "baton.channels.email.arriving.read_arrival",
    answers=[
        "baton.capture.arrival.Arrival",
        "baton.capture.arrival.ArrivedFile",
        "baton.capture.arrival.Party",
        "baton.capture.grammar.reading.Reading",
        "baton.capture.grammar.signatures.Part",
        "baton.capture.grammar.signatures.Signature",
    ],
)


def register_email() -> None:
    """Let capture read what comes in by email; called once at start."""
    from baton.channels.email.importing import bring_in

    register(Channel(EMAIL, READ_ARRIVAL, share=EMAIL, seconds=4.0, bring_in=bring_in))
