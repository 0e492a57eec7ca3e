"""Connected mailboxes as a channel: how they are connected, listened to and read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
from baton.capture.ourselves import MAILBOX
from baton.kernel.verdict import Refusal


def register_mailbox() -> None:
    """Let mailboxes be connected; called once at start."""
    line = Line(
        _("Mailboxes"),
        _("Inbox and Sent, read by IMAP. A member’s own is read privately: what concerns no customer stays there."),
        "baton.channels.mailbox.settings.MailboxForm",
        try_out,
        own=True,
        hear=_later("reading.hear"),
        guide="baton/channels/guides/mailbox.html",
        icon="inbox",
        errand=_later("oauth.errand"),
        returned=_later("oauth.returned"),
        stay=_later("staying.stay"),
    )
    register(Channel(MAILBOX, line=line, bring_in=_later("history.bring_in")))


def _later(name: str) -> Callable[..., Any]:
    """Return a function of this folder that is imported when it is called: an IMAP client costs a start-up."""

    def call(*args: Any) -> Any:
        return import_string(f"baton.channels.mailbox.{name}")(*args)

    return call


def try_out(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Sign in and open Inbox and Sent. Raises `Refusal` with what is wrong."""
    from baton.channels.mailbox.client import signed_in

    password, token = secret.get("password", ""), secret.get("access_token", "")
    try:
        with signed_in(settings, password=password, token=token) as mailbox:
            for folder in mailbox.folders(str(settings.get("sent", ""))).values():
                mailbox.open(folder)
    except OSError as why:
        raise Refusal(str(why)) from why
