"""What a website form asks for, where it may stand, and at which desk its enquiries begin."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from baton.kernel.verdict import Refusal
from baton.map.current import current_map, current_version

MOST_QUESTIONS, MOST_ORIGINS, LONGEST_QUESTION = 10, 20, 120
ASKED = {"phone": _("Telephone"), "company": _("Company"), "message": _("Message")}


class WebsiteForm(forms.Form):
    """One form of a website."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What visitors read above it: “Ask us”."))
    desk = forms.ChoiceField(label=_("Desk"), choices=lambda: [(one.id, one.name) for one in _desks()])
    asks = forms.MultipleChoiceField(
        label=_("It asks for a name, an email address and"),
        choices=list(ASKED.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=list(ASKED),
    )
    questions = forms.CharField(
        label=_("Your own questions"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line; a star at its end says that it must be answered."),
    )
    consent = forms.CharField(
        label=_("What visitors agree to"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They tick it, and the words and the time are kept with the enquiry. Empty: nothing to tick."),
    )
    thanks = forms.CharField(label=_("What they read afterwards"), required=False, max_length=500)
    origins = forms.CharField(
        label=_("Websites on which it stands"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, like https://www.example.com. Baton’s own page takes enquiries in any case."),
    )

    def connection_name(self) -> str:
        """Return the name under which the connection is shown."""
        return str(self.cleaned_data["name"])

    def clean_questions(self) -> str:
        """Refuse more than ten, or longer than a line."""
        lines = _lines(self.cleaned_data["questions"])
        if len(lines) > MOST_QUESTIONS or any(len(line) > LONGEST_QUESTION for line in lines):
            raise forms.ValidationError(said("Up to ten questions of up to 120 characters: visitors skip long forms."))
        return "\n".join(lines)

    def clean_origins(self) -> str:
        """Keep each website as browsers name it: scheme, host and port."""
        lines = _lines(self.cleaned_data["origins"])[:MOST_ORIGINS]
        for line in lines:
            if origin_of(line) is None:
                raise forms.ValidationError(said("“%s” is no website: write it like https://www.example.com.") % line)
        return "\n".join(dict.fromkeys(str(origin_of(line)) for line in lines))


def _desks() -> list[Any]:
    """The desks, those where enquiries open deals first."""
    desks = list(current_map().desks.values()) if current_version() else []
    return sorted(desks, key=lambda desk: not desk.opens_deals)


def try_out(settings: dict[str, Any], _secret: dict[str, str]) -> None:
    """Nobody is asked; a form that could reach nobody is refused."""
    if not current_version():
        raise Refusal(said("Publish the map first: it says at which desk enquiries begin."))
    if not settings.get("name"):
        raise Refusal(said("Give it a name: visitors read it above the form."))


def questions_of(settings: dict[str, Any]) -> list[tuple[str, bool]]:
    """Return the form's own questions, each with whether it must be answered."""
    lines = _lines(str(settings.get("questions", "")))
    return [(line.removesuffix("*").strip(), line.endswith("*")) for line in lines]


def origins_of(settings: dict[str, Any]) -> list[str]:
    """Return the websites on which it may stand."""
    return _lines(str(settings.get("origins", "")))


def origin_of(text: str) -> str | None:
    """Return an address's origin as browsers write it (RFC 6454), None for what is none."""
    parts = urlsplit(text.strip())
    try:
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def _lines(text: str) -> list[str]:
    return [line for each in text.splitlines() if (line := " ".join(each.split()))]
