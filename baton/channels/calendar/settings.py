"""The form of a calendar that is read where it lies. Its address may hold a secret, so it is kept as one."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.channels.calendar.remote import address_of

HOW = [("address", _("An address that gives the calendar (.ics)")), ("caldav", _("A CalDAV server"))]


class CalendarForm(forms.Form):
    """Where the calendar lies, and how to get in."""

    name = forms.CharField(max_length=120, label=_("What you call it"))
    how = forms.ChoiceField(choices=HOW, label=_("It is"))
    address = forms.CharField(
        max_length=2000,
        label=_("Its address"),
        help_text=_("Beginning with https:// or webcal://. Google calls it the secret address in iCal format."),
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )
    user = forms.CharField(
        max_length=320,
        required=False,
        label=_("Name to sign in with"),
        help_text=_("For CalDAV, mostly your mail address."),
    )
    password = forms.CharField(
        max_length=500,
        required=False,
        label=_("Password"),
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
        help_text=_("An app password, where there is one: iCloud and Fastmail take no other."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean_address(self) -> str:
        """A calendar is read over HTTP, and from nowhere else."""
        address = self.cleaned_data["address"].strip()
        if address and urlsplit(address_of(address)).scheme not in {"http", "https"}:
            raise forms.ValidationError(_("Write an address that begins with https:// or webcal://."))
        return address

    def connection_name(self) -> str:
        """Return what the connection is called."""
        return self.cleaned_data["name"]
