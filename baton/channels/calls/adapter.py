"""Calls as a channel."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
from baton.capture.untrusted import allow
from baton.channels.spoken import ANSWERS

CALLS = "calls"
READ_CALL = allow("baton.channels.calls.reading.read_call", answers=ANSWERS)


def register_calls() -> None:
    """Let calls be told, made and read; called once at start."""
    from baton.channels.calls.receiving import called
    from baton.channels.calls.recordings import fetch
    from baton.channels.calls.sending import send
    from baton.channels.twilio.settings import try_out

    line = Line(
        _("Calls"),
        _("Calls through Twilio: each stands on its deal by itself, and a missed one is somebody’s to return."),
        "baton.channels.calls.settings.CallsForm",
        try_out,
        called=called,
        guide="baton/channels/guides/calls.html",
        icon="phone",
    )
    register(Channel(CALLS, READ_CALL, share="call", line=line, send=send, fetch=fetch))
