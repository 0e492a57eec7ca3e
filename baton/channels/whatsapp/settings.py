"""The form of the business's WhatsApp number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.channels.twilio.settings import NumberField
from baton.channels.whatsapp import graph
from baton.kernel.verdict import Refusal


class WhatsAppForm(forms.Form):
    """The number with its ids at Meta, and the three secrets that Meta shows or asks for."""

    number = NumberField(label=_("Number of the business"), max_length=40)
    phone_number_id = forms.RegexField(r"^\d{5,30}$", label=_("Phone number ID"))
    account_id = forms.RegexField(
        r"^\d{5,30}$", label=_("WhatsApp Business Account ID"), help_text=_("For the templates that Meta approved.")
    )
    access_token = forms.CharField(label=_("Access token"), max_length=600, widget=forms.PasswordInput)
    app_secret = forms.CharField(label=_("App secret"), max_length=200, widget=forms.PasswordInput)
    verify_token = forms.CharField(
        label=_("Verify token"),
        min_length=12,
        max_length=200,
        widget=forms.PasswordInput,
        help_text=_("A word of your own, at least 12 characters: Meta asks for it when you give it the address."),
    )

    def connection_name(self) -> str:
        """Return the name under which the connection is shown."""
        return f"WhatsApp {self.cleaned_data['number']}"


def try_out(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Ask Meta for the number. Raises `Refusal` where number and token don't go together, or nobody answers."""
    try:
        graph.ask("GET", settings, secret["access_token"], settings["phone_number_id"])
    except OSError as why:
        raise Refusal(str(why)) from why
