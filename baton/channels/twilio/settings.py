"""What is asked when Twilio is connected: account, token, and a number of the business."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.capture.numbers import as_number
from baton.channels.twilio import rest
from baton.kernel.verdict import Refusal


class NumberField(forms.CharField):
    """A phone number, kept in E.164."""

    def clean(self, value: Any) -> str:
        """Return the number, or nothing where nothing was typed and nothing is needed."""
        text = super().clean(value)
        return number_or_error(text) if text else ""


def number_or_error(text: str) -> str:
    """Return a number in E.164; raises the form's own error for what is none."""
    try:
        return as_number(text)
    except Refusal as why:
        raise forms.ValidationError(why.sentence) from why


class TwilioForm(forms.Form):
    """Account and token of Twilio, and the number that customers know."""

    number = NumberField(label=_("Number of the business"), max_length=40, help_text=_("The one bought at Twilio."))
    account_sid = forms.RegexField(r"^AC[0-9a-zA-Z]{8,40}$", label=_("Account SID"), strip=True)
    auth_token = forms.CharField(label=_("Auth token"), max_length=200, widget=forms.PasswordInput)

    def connection_name(self) -> str:
        """Return the name under which the connection is shown."""
        return str(self.cleaned_data["number"])


def try_out(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Ask Twilio for the account. Raises `Refusal` where account and token aren't good, or nobody answers."""
    try:
        rest.look(settings, secret["auth_token"])
    except OSError as why:
        raise Refusal(str(why)) from why
