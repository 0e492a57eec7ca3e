"""The form of another telephone system: its number, and the secret that both sides know."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.channels.twilio.settings import NumberField
from baton.kernel.verdict import Refusal

LEAST_CHARACTERS = 24


class TelephoneForm(forms.Form):
    """The number that customers know, and a secret that signs every message."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("As you call the system: “Office phones”."))
    number = NumberField(label=_("Number of the business"), max_length=40)
    secret = forms.CharField(
        label=_("Secret"),
        max_length=200,
        widget=forms.PasswordInput,
        help_text=_("At least 24 characters, the same on both sides. `openssl rand -hex 32` makes a good one."),
    )

    def connection_name(self) -> str:
        """Return the name under which the connection is shown."""
        return f"{self.cleaned_data['name']} {self.cleaned_data['number']}"


def try_out(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Nobody can be asked; only a secret that could be guessed is refused."""
    if len(secret.get("secret", "")) < LEAST_CHARACTERS:
        raise Refusal(_("The secret is too short: at least 24 characters."))
