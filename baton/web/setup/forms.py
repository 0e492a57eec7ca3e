"""The questions of the set-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from baton.map.phrases import EMAIL
from baton.members.models import Member
from baton.web.setup import choices


class PurposeForm(forms.Form):
    """What Baton is for here, and where here is."""

    business = forms.CharField(label=_("The name of the business"), max_length=120)
    purpose = forms.CharField(
        label=_("What should it be for? One sentence"),
        help_text=_("It stands above the map, and decides whether something belongs in it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=choices.zones, help_text=_("Duties fall due in your working hours.")
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=choices.countries,
        required=False,
        help_text=_("Nothing falls due on its public holidays."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=choices.currencies)
    language = forms.ChoiceField(
        label=_("Language of your mail"),
        choices=choices.LANGUAGES,
        help_text=_("Dates and amounts are read in all three."),
    )

    def clean_purpose(self) -> str:
        return " ".join(self.cleaned_data["purpose"].split())

    def clean_business(self) -> str:
        return " ".join(self.cleaned_data["business"].split())


class OwnerForm(forms.Form):
    """Who answers for the map. Exactly one person."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters, and not a common one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": "10"}),
        strip=False,
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if not EMAIL.fullmatch(email):
            raise ValidationError(_("Write the address in plain letters, like ana@firm.example."))
        return email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given:
            who = Member(email=given.get("email", ""), name=given.get("name", ""))
            try:
                validate_password(given["password"], who)
            except ValidationError as why:
                self.add_error("password", why)
        return given
