"""The form of a number that customers ring."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.channels.twilio.settings import TwilioForm, number_or_error

MOST_PHONES = 10


class CallsForm(TwilioForm):
    """Account, token and number; which phones ring when somebody calls it, and whether calls are recorded."""

    forward_to = forms.CharField(
        label=_("Phones that ring"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One number a line. They ring together; whoever picks up first has the call. Empty: none ring."),
    )
    record = forms.BooleanField(
        label=_("Record calls"),
        required=False,
        help_text=_("Tell people that you do: in many countries it is forbidden otherwise."),
    )

    def clean_forward_to(self) -> list[str]:
        """Return the phones in E.164."""
        lines = [line.strip() for line in self.cleaned_data["forward_to"].replace(",", "\n").splitlines()]
        return [number_or_error(line) for line in lines if line][:MOST_PHONES]

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> object:
        """Show the phones one a line."""
        known = super().get_initial_for_field(field, field_name)
        return "\n".join(known) if isinstance(known, list) else known
