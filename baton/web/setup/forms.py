"""The questions of the set-up that are plain fields."""

from __future__ import annotations

from email.utils import getaddresses
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from baton.map.phrases import EMAIL
from baton.members.models import Member
from baton.web.setup import choices

SECURITY = [("tls", _("TLS")), ("starttls", _("STARTTLS")), ("none", _("None, inside one’s own network"))]
MOST_PEOPLE = 50


def plain_address(text: str) -> str:
    """Return an address in lower case; raises `ValidationError` for letters that a map can't hold."""
    email = text.strip().lower()
    if not EMAIL.fullmatch(email):
        raise ValidationError(_("Write the address in plain letters, like ana@firm.example."))
    return email


class BeginForm(forms.Form):
    """Who sets Baton up, so that what they bring is theirs and they can come back to it."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("A password"),
        help_text=_("At least 10 characters, and not a common one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": "10"}),
        strip=False,
    )
    zone = forms.CharField(required=False, widget=forms.HiddenInput, initial="UTC")

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"]
        return zone if zone in dict(choices.zones()) else "UTC"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given:
            who = Member(email=given.get("email", ""), name=given.get("name", ""))
            try:
                validate_password(given["password"], who)
            except ValidationError as why:
                self.add_error("password", why)
        return given


class MailboxForm(forms.Form):
    """A mailbox whose headings are read; signing in elsewhere comes with Channels, once the map is published."""

    address = forms.EmailField(
        label=_("Its address"), max_length=320, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Its password"),
        max_length=500,
        strip=False,
        help_text=_("At Google an app password. It is forgotten as soon as the headings are read."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    host = forms.CharField(label=_("Server"), max_length=253, help_text=_("Like imap.gmail.com"))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    security = forms.ChoiceField(label=_("Encryption"), choices=SECURITY, initial="tls")

    def settings(self) -> dict[str, Any]:
        """Return what signs in, as a connected mailbox keeps it."""
        given = self.cleaned_data
        return {"how": "server", **{name: given[name] for name in ("address", "host", "port", "security")}}


class DecisionsForm(forms.Form):
    """Which decisions it should support, in one sentence what for, and where this business is."""

    business = forms.CharField(label=_("The name of the business"), max_length=120)
    own = forms.CharField(
        label=_("Something else"),
        required=False,
        max_length=200,
        help_text=_("A decision that you take anyway, week after week."),
    )
    purpose = forms.CharField(
        label=_("And in one sentence: what should it be for?"),
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

    def clean_own(self) -> str:
        return " ".join(self.cleaned_data["own"].split())


class OwnerForm(forms.Form):
    """Who answers for the map, exactly one person, and who works here besides."""

    whose = forms.ChoiceField(choices=[("me", _("I do")), ("other", _("Somebody else"))], initial="me")
    name = forms.CharField(label=_("Their name"), max_length=200, required=False)
    email = forms.EmailField(label=_("Their address"), required=False, help_text=_("They are invited, and publish it."))
    more = forms.CharField(
        label=_("Who else works here"),
        required=False,
        max_length=8000,
        help_text=_("One a line: Ben Raman, ben@firm.example. Nobody is written to before the last page."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("whose") == "other":
            for name in ("name", "email"):
                if not given.get(name):
                    self.add_error(name, _("The owner needs a name and an address."))
            if given.get("email"):
                try:
                    given["email"] = plain_address(given["email"])
                except ValidationError as why:
                    self.add_error("email", why)
        return given

    def clean_more(self) -> list[dict[str, str]]:
        """Read “Ben Raman, ben@firm.example” and “Ben Raman <ben@firm.example>”, one a line."""
        lines = self.cleaned_data["more"].splitlines()[:MOST_PEOPLE]
        return [person_in(line) for line in lines if line.strip()]


def person_in(line: str) -> dict[str, str]:
    """Read a name and an address from a line; raises `ValidationError` with what can't be read."""
    words = line.replace(",", " ").replace(";", " ").split()
    plain = " ".join(words)
    if "<" not in plain:
        email = next((word for word in words if "@" in word), "")
        plain = f"{' '.join(word for word in words if word != email)} <{email}>"
    name, email = getaddresses([plain])[0]
    try:
        return {"name": " ".join(name.split())[:200], "email": plain_address(email)}
    except ValidationError as why:
        said = _now("There is no address in “%(line)s”: write Ben Raman, ben@firm.example.")
        raise ValidationError(said % {"line": line.strip()[:80]}) from why
