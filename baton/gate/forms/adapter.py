"""Website forms as a channel."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
from baton.capture.untrusted import allow
from baton.channels.spoken import ANSWERS

FORM = "form"
READ_ENQUIRY = allow("baton.gate.forms.reading.read_enquiry", answers=ANSWERS)


def register_forms() -> None:
    """Let a website's enquiries come in; called once at start."""
    from baton.gate.forms.drafting import draft
    from baton.gate.forms.settings import try_out

    line = Line(
        _("Website form"),
        _("Enquiries from your website: each opens a deal at the desk you choose, with where the visitor came from."),
        "baton.gate.forms.settings.WebsiteForm",
        try_out,
        guide="baton/channels/guides/form.html",
        icon="file-text",
    )
    register(Channel(FORM, READ_ENQUIRY, share="form", line=line, draft=draft))
