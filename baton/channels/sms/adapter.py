"""Texts as a channel."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
from baton.capture.outbox import after_sending
from baton.capture.untrusted import allow
from baton.channels.spoken import ANSWERS

SMS = "sms"
READ_TEXT = allow("baton.channels.sms.reading.read_text_message", answers=ANSWERS)


def register_sms() -> None:
    """Let texts be told, sent and read; called once at start."""
    from baton.channels.calls.recordings import fetch
    from baton.channels.sms.receiving import called
    from baton.channels.sms.sending import record_sent, send
    from baton.channels.twilio.settings import try_out

    line = Line(
        _("Texts"),
        _("Texts through Twilio: each stands on its deal by itself, and is answered from there."),
        "baton.channels.twilio.settings.TwilioForm",
        try_out,
        called=called,
        guide="baton/channels/guides/sms.html",
        icon="message-square",
    )
    register(Channel(SMS, READ_TEXT, share="text", line=line, send=send, fetch=fetch))
    after_sending(SMS, record_sent)
