"""Templates: places like `{first_name}` are filled from a deal, by plain substitution and nothing cleverer."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from baton.ledger.models import Company, Contact, Deal
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.wording import value_text

PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,59})\}")
OWN_FIELDS = ("amount", "close_date", "next_step")


def places_of(
    deal: Deal, contact: Contact | None, company: Company | None, member: Member, operating_map: OperatingMap
) -> dict[str, str]:
    """Return place → its words. What nobody has confirmed is empty: a suggestion is not sent to a customer."""
    named = {
        "name": contact.name if contact else "",
        "first_name": contact.name.split()[0] if contact and contact.name.split() else "",
        "company": company.name if company else "",
        "deal": deal.title,
        "me": member.name,
        "my_first_name": member.short_name,
        "business": operating_map.business,
    }
    fields = {one.key: one.type for one in operating_map.fields_on("deal")}
    for key in (*OWN_FIELDS, *fields):
        if key not in named:
            named[key] = value_text(deal.value(key), fields.get(key, "text"), deal.currency)
    return named | {"amount": value_text(deal.value("amount"), "money", deal.currency)}


def merged(text: str, places: dict[str, str]) -> str:
    """Fill what is known; a place that nobody can fill stays as it is, to be seen."""
    return PLACE.sub(lambda found: places.get(found[1]) or found[0], text)


def unfilled(text: str, places: dict[str, str]) -> list[str]:
    """Return the known places that still stand in a text, because nobody has said what belongs there."""
    return list(dict.fromkeys(found for found in PLACE.findall(text) if found in places))


def what_is_missing(names: list[str]) -> str:
    """Return the sentence that keeps a half-filled mail from going out."""
    places = ", ".join("{" + name + "}" for name in names)
    return _("Nobody has said what belongs at %(places)s. Write it in, or take it out.") % {"places": places}
