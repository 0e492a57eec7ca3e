"""The form of a connected mailbox. It asks only what its kind of server needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.channels.mailbox.hosts import HOSTS
from baton.map.current import current_map, current_version

SECURITY = [
    ("tls", gettext_lazy("TLS")),
    ("starttls", gettext_lazy("STARTTLS")),
    ("none", gettext_lazy("None, inside one’s own network")),
]
SINCE = [
    ("0", gettext_lazy("nothing, only what comes from now on")),
    ("30", gettext_lazy("the last 30 days")),
    ("365", gettext_lazy("the last year")),
    ("36500", gettext_lazy("everything")),
]
TYPED = ("host", "port", "security", "user", "sent")
SIGNED_IN = ("client_id", "client_secret")
ELSEWHERE = ("authorize_at", "token_at", "scope")


class MailboxForm(forms.Form):
    """Which mailbox, how to get in, from when it is read, and what of it never."""

    how = forms.ChoiceField(choices=[(key, host.title) for key, host in HOSTS.items()], widget=forms.HiddenInput)
    address = forms.EmailField(label=gettext_lazy("Its address"), max_length=320)
    password = forms.CharField(label=gettext_lazy("Password"), widget=forms.PasswordInput, max_length=500)
    host = forms.CharField(label=gettext_lazy("Server"), max_length=253)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=993)
    security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITY, initial="tls")
    user = forms.CharField(
        label=gettext_lazy("Name to sign in with"),
        required=False,
        max_length=320,
        help_text=gettext_lazy("Only where it isn’t the address."),
    )
    sent = forms.CharField(
        label=gettext_lazy("Folder of sent mail"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only where the server doesn’t say which it is."),
    )
    client_id = forms.CharField(
        label=gettext_lazy("Client ID"),
        max_length=500,
        help_text=gettext_lazy("Of the application that your business registered there; the guide above says how."),
    )
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"), widget=forms.PasswordInput, max_length=1000, required=False
    )
    authorize_at = forms.CharField(label=gettext_lazy("Address at which people sign in"), max_length=500)
    token_at = forms.CharField(label=gettext_lazy("Address at which tokens are given"), max_length=500)
    scope = forms.CharField(label=gettext_lazy("Scope"), max_length=500, required=False)
    desk = forms.ChoiceField(
        label=gettext_lazy("Desk that it belongs to"),
        help_text=gettext_lazy("Whoever sits there sees what comes in before it is filed."),
    )
    since = forms.ChoiceField(label=gettext_lazy("Of what is there already, read"), choices=SINCE, initial="0")
    never = forms.CharField(
        label=gettext_lazy("Never record mail from or to"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("Addresses or whole domains, with commas between: your doctor, your family, your bank."),
    )
    labels = forms.CharField(
        label=gettext_lazy("Never record what has a label"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "Labels of Gmail or keywords of your mail program, with commas between. Only Inbox and Sent are ever read."
        ),
    )

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, initial=initial, **more)
        told = {**(initial or {}), **(data.dict() if hasattr(data, "dict") else data or {})}
        how = told.get("how") if told.get("how") in HOSTS else "server"
        self.initial["how"] = how
        for name in self._not_asked(how, whose=str((initial or {}).get("whose", ""))):
            del self.fields[name]
        if "desk" in self.fields:
            self.fields["desk"].choices = _desks()

    def _not_asked(self, how: str, whose: str) -> list[str]:
        host = HOSTS[how]
        no = list(TYPED) if host.server else []
        no += ["password"] if host.provider else list(SIGNED_IN)
        no += [] if host.provider and not host.provider.token else list(ELSEWHERE)
        return no + (["desk"] if whose == "own" else [])

    def clean(self) -> dict[str, Any]:
        """Fill in what is known of the server."""
        told = super().clean() or self.cleaned_data
        host = HOSTS[told.get("how") or "server"]
        if host.server:
            told |= {"host": host.server, "port": 993, "security": "tls"}
        if told.get("address"):
            told["address"] = told["address"].lower()
        return told

    def connection_name(self) -> str:
        """Return what the connection is called: by its address."""
        return str(self.cleaned_data["address"])

    def kinds(self) -> list[dict[str, Any]]:
        """Return the kinds of server that can be chosen instead, as tabs."""
        chosen = self.initial["how"]
        return [
            {"label": host.title, "href": f"?how={key}", "current": key == chosen, "count": ""}
            for key, host in HOSTS.items()
        ]


def _desks() -> list[tuple[str, Any]]:
    desks = current_map().desks.values() if current_version() else ()
    return [(desk.id, desk.name) for desk in desks] or [("", _("No desk yet"))]
