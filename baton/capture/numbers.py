"""Phone numbers that are ours: those of the business, and each member's own, proven by a message sent from it."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from baton.capture.models import Connection, OwnNumber
from baton.kernel.phones import e164
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map.current import current_map
from baton.members.models import Member

CALLER = "capture"
GOOD_FOR = timedelta(hours=1)
CODE = re.compile(r"^\s*baton\s+(\d{6})\s*$", re.IGNORECASE)


def numbers_of_business() -> set[str]:
    """Return the numbers at which the business is called and written to, as its connections name them."""
    rows = Connection.objects.unscoped(CALLER).values_list("settings__number", flat=True)
    return {number for number in rows if isinstance(number, str) and number}


def numbers_of_members() -> dict[str, Member]:
    """Return number → the active member whose own phone it is."""
    rows = OwnNumber.objects.filter(proven_at__isnull=False, member__is_active=True).select_related("member")
    return {row.number: row.member for row in rows if row.number}


def member_at(number: str) -> Member | None:
    """Return the member whose own phone this is, None where nobody has proven it."""
    row = OwnNumber.objects.filter(number=number, proven_at__isnull=False, member__is_active=True)
    found = row.select_related("member").first() if number else None
    return found.member if found else None


def ask_to_prove(member: Member, at: datetime) -> OwnNumber:
    """Give the member a code to send from their phone to a number of the business; the one before no longer counts."""
    if not member.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    OwnNumber.objects.filter(member=member, proven_at=None).delete()
    return OwnNumber.objects.create(member=member, code=f"{secrets.randbelow(10**6):06}", asked_at=at)


def prove(number: str, text: str, at: datetime) -> Member | None:
    """Note whose phone a number is, where a message from it is the code that a member was given within the hour.

    Only for messages whose sender the transport vouches for. A number that was somebody else's is now theirs.
    """
    said = CODE.match(text)
    if said is None or not number:
        return None
    row = OwnNumber.objects.filter(code=said[1], proven_at=None, asked_at__gt=at - GOOD_FOR).first()
    if row is None:
        return None
    with writing():
        OwnNumber.objects.filter(number=number).delete()
        row.number, row.proven_at = number, at
        row.save(update_fields=["number", "proven_at"])
    return row.member


def forget(member: Member, number: str) -> None:
    """Have a phone no longer count as the member's."""
    OwnNumber.objects.filter(member=member, number=number).delete()


def as_number(text: str) -> str:
    """Return a number as typed in E.164, read as one of the business's own country where it has no prefix.

    Raises `Refusal` for what is none.
    """
    number = e164(text, current_map().country)
    if not number:
        raise Refusal(_("“%(text)s” is no phone number. Write it with its country: +44 7700 900123.") % {"text": text})
    return number
