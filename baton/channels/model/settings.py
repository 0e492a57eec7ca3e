"""The form of a connected model: where it is, what it is called there, and the key to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ModelForm(forms.Form):
    """An address ending before `/chat/completions`, a model there, and a key where it wants one."""

    address = forms.URLField(
        label=gettext_lazy("Its address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Up to “/v1”: what follows, “/chat/completions”, is added."),
    )
    model = forms.CharField(label=gettext_lazy("Name of the model"), max_length=200)
    key = forms.CharField(label=gettext_lazy("Key"), required=False, max_length=1000, widget=forms.PasswordInput)

    def clean_address(self) -> str:
        """Refuse what carries a name and password: they would be kept where they can be read."""
        address = self.cleaned_data["address"].rstrip("/").removesuffix("/chat/completions")
        if urlsplit(address).username or urlsplit(address).scheme not in {"http", "https"}:
            raise forms.ValidationError(_("Give an address that begins with http:// or https://, without a password."))
        return address

    def connection_name(self) -> str:
        return self.cleaned_data["model"]
