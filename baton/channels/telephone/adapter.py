"""Any other telephone system as a channel."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
from baton.capture.untrusted import allow
from baton.channels.spoken import ANSWERS

TELEPHONE = "telephone"
READ_EVENT = allow("baton.channels.telephone.reading.read_event", answers=ANSWERS)


def register_telephone() -> None:
    """Let any telephone system tell of its calls and texts; called once at start."""
    from baton.channels.telephone.receiving import called, fetch
    from baton.channels.telephone.settings import try_out

    line = Line(
        _("Any other telephone system"),
        _("A telephone system that can call an address on the web tells Baton of its calls and texts."),
        "baton.channels.telephone.settings.TelephoneForm",
        try_out,
        called=called,
        guide="baton/channels/guides/telephone.html",
        icon="link-2",
    )
    register(Channel(TELEPHONE, READ_EVENT, share="call", line=line, fetch=fetch))
