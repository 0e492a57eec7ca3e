"""The form of a mail server that sends for a member. It asks only what its kind of server needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.channels.mailbox.hosts import HOSTS

SECURITY = (
    ("starttls", gettext_lazy("STARTTLS (port 587)")),
    ("tls", gettext_lazy("TLS from the first byte (port 465)")),
    ("none", gettext_lazy("None, only inside your own network")),
)
SERVER = ("host", "port", "security")
SIGNED_IN = ("client_id", "client_secret")
ELSEWHERE = ("authorize_at", "token_at", "scope")


class SubmissionForm(forms.Form):
    """The mail server that sends for you."""

    how = forms.ChoiceField(
        choices=[(key, host.title) for key, host in HOSTS.items()], widget=forms.HiddenInput, required=False
    )
    host = forms.CharField(
        max_length=253, label=gettext_lazy("Mail server"), help_text=gettext_lazy("As your mail program calls it.")
    )
    port = forms.IntegerField(min_value=1, max_value=65535, initial=587, label=gettext_lazy("Port"))
    security = forms.ChoiceField(choices=SECURITY, label=gettext_lazy("Encryption"))
    user = forms.CharField(max_length=320, required=False, label=gettext_lazy("Sign in as"))
    password = forms.CharField(max_length=500, label=gettext_lazy("Password"), widget=forms.PasswordInput)
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

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, initial=initial, **more)
        told = {**(initial or {}), **(data.dict() if hasattr(data, "dict") else data or {})}
        how = told.get("how") if told.get("how") in HOSTS else "server"
        self.initial["how"] = how
        for name in _not_asked(how):
            del self.fields[name]
        if how != "server":
            self.fields["user"].required = True
            self.fields["user"].label = _("Address of the account")

    def connection_name(self) -> str:
        """Return who sends through what."""
        told = self.cleaned_data
        return _("%(user)s through %(host)s") % told if told["user"] else str(told["host"])

    def clean(self) -> dict[str, Any]:
        """Fill in what is known of the server; never send a password in the clear."""
        told = super().clean() or self.cleaned_data
        told["how"] = self.initial["how"]
        if HOSTS[told["how"]].sends:
            told |= {"host": HOSTS[told["how"]].sends, "port": 587, "security": "starttls"}
        if told.get("security") == "none" and told.get("user"):
            raise forms.ValidationError(_("Without encryption everybody on the way could read the password."))
        return told

    def kinds(self) -> list[dict[str, Any]]:
        """Return the kinds of server that can be chosen instead, as tabs."""
        chosen = self.initial["how"]
        return [
            {"label": host.title, "href": f"?how={key}", "current": key == chosen, "count": ""}
            for key, host in HOSTS.items()
        ]


def _not_asked(how: str) -> list[str]:
    host = HOSTS[how]
    no = list(SERVER) if host.sends else []
    no += ["password"] if host.provider else list(SIGNED_IN)
    return no + ([] if host.provider and not host.provider.token else list(ELSEWHERE))
