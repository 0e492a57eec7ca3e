"""WhatsApp as a channel; an exported chat is a channel of its own, since it is a member's until it is filed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
from baton.capture.outbox import after_sending
from baton.capture.untrusted import allow
from baton.channels.spoken import ANSWERS

WHATSAPP, CHAT = "whatsapp", "chat"
READ_PIECE = allow("baton.channels.whatsapp.reading.read_piece", answers=ANSWERS)
READ_LINE = allow("baton.channels.whatsapp.chats.read_line", answers=ANSWERS)
READ_EXPORT = allow("baton.channels.whatsapp.exports.read_export", answers=["baton.channels.whatsapp.exports.Export"])
EVERY = 3600


def register_whatsapp() -> None:
    """Let WhatsApp be told, sent, read and brought in; called once at start."""
    from baton.channels.whatsapp.importing import bring_in
    from baton.channels.whatsapp.media import fetch
    from baton.channels.whatsapp.members import answer_member
    from baton.channels.whatsapp.receiving import called
    from baton.channels.whatsapp.sending import record_sent, send
    from baton.channels.whatsapp.settings import try_out
    from baton.channels.whatsapp.templates import hear

    line = Line(
        _("WhatsApp"),
        _("The business’s own WhatsApp number: each message stands on its deal by itself, and is answered from there."),
        "baton.channels.whatsapp.settings.WhatsAppForm",
        try_out,
        hear=hear,
        every=EVERY,
        called=called,
        guide="baton/channels/guides/whatsapp.html",
        icon="message-circle",
    )
    one = Channel(WHATSAPP, READ_PIECE, share="chat", line=line, send=send, fetch=fetch, then=answer_member)
    register(one)
    register(Channel(CHAT, READ_LINE, share="chat", bring_in=bring_in))
    after_sending(WHATSAPP, record_sent)
