"""The form of a sheet that is read again from its address. Whoever has the address has the sheet, so it is a secret."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.channels.sheets.columns import KINDS
from baton.channels.sheets.models import Sheet


class SheetForm(forms.Form):
    """Where the sheet lies, and what its rows are."""

    name = forms.CharField(max_length=120, label=_("What you call it"))
    address = forms.CharField(
        max_length=2000,
        label=_("Its address"),
        help_text=_(
            "A link that gives the file: CSV or XLSX, or a Google sheet that is shared with whoever has the link."
        ),
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("What its rows are"), choices=[(one, Sheet.Kind(one).label) for one in KINDS])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean_address(self) -> str:
        """A sheet is read over HTTP, and from nowhere else."""
        address = self.cleaned_data["address"].strip()
        if address and urlsplit(address).scheme not in {"http", "https"}:
            raise forms.ValidationError(_("Write an address that begins with https://."))
        return address

    def connection_name(self) -> str:
        """Return what the connection is called."""
        return self.cleaned_data["name"]
