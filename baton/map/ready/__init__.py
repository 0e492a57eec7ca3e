"""Maps to start from, one file each, and the map of the demonstration business."""

import json
import re
from pathlib import Path
from string import Template

from django.utils.translation import gettext_lazy as _

from baton.kernel.verdict import Refusal
from baton.map.phrases import EMAIL, write_person

FOLDER = Path(__file__).parent
PLAIN = re.compile(r"\w(?:[\w ._/@&+'’-]*[\w.])?")
READY = ("facilities", "law-firm", "agency")


def ready_map(
    name: str,
    owner_email: str,
    business: str,
    zone: str = "UTC",
    *,
    holidays: str = "",
    currency: str = "EUR",
    language: str = "en",
) -> str:
    """The YAML of a map to start from, filled in for a firm whose owner still sits at every desk.

    `name` is one of `READY`; `zone` a time zone ("Europe/Zagreb"), `holidays` a country ("HR", "GB-SCT") or "".
    Refuses a name that isn't one of them and an address that isn't one.
    """
    if name not in READY:
        raise Refusal(
            _("There is no ready map called “{name}”. There are {known}.").format(name=name, known=", ".join(READY))
        )
    owner = owner_email.strip().lower()
    if not EMAIL.fullmatch(owner):
        raise Refusal(_("“{text}” isn’t an email address.").format(text=owner_email))
    return Template((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")).substitute(
        business=_quoted(business),
        owner=_quoted(owner),
        lead=_quoted(write_person(owner, owner)),
        zone=_quoted(zone),
        holidays=holidays,
        currency=_quoted(currency),
        language=_quoted(language),
    )


def demonstration_map() -> str:
    """The map of Harbour & Lime Site Services, as YAML."""
    return (FOLDER / "harbour-lime.yaml").read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    """The text as YAML reads it back, in quotes only where it needs them (JSON's are YAML's)."""
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
