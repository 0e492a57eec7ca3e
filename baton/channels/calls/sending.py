"""Click to call: Twilio rings the member's own phone first, then the customer, with the business's number shown."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from baton.capture import outbox
from baton.capture.models import Outgoing, OwnNumber
from baton.channels.calls.adapter import CALLS
from baton.channels.calls.receiving import dial
from baton.channels.lines import connection_for, hook_address
from baton.channels.twilio import rest
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.members.models import Member

MOST_SECONDS_LATE = 120


def own_number(member: Member) -> str:
    """Return the member's own phone, empty where none is proven."""
    row = OwnNumber.objects.filter(member=member, proven_at__isnull=False).order_by("-proven_at").first()
    return row.number or "" if row else ""


def call(number: str, *, key: str, by: Member, at: datetime, deal: Deal | None = None) -> Outgoing:
    """Have a customer rung for a member; asked twice with one key it rings once. Raises `Refusal` where it can't."""
    connection = connection_for(CALLS)
    if connection is None:
        raise Refusal(_("No telephone line is connected to call through. Tap the number on your phone instead."))
    if not own_number(by):
        raise Refusal(_("Baton doesn’t know your phone yet: prove it in your settings, then it can ring you."))
    if not hook_address(connection):
        raise Refusal(_("Baton doesn’t know its own address. Whoever runs it sets BATON_URL."))
    body = {"from": own_number(by), "by": str(by.pk)} | ({"deal": str(deal.pk)} if deal else {})
    return outbox.put(CALLS, f"call:{key}", to=number, body=body, at=at, connection=connection, member=by, deal=deal)


def send(outgoing: Outgoing, at: datetime) -> str:
    """Ask Twilio to connect the two. Begun within two minutes or never: the moment is gone."""
    settings, token = rest.account(outgoing.connection)
    if (at - outgoing.asked_at).total_seconds() > MOST_SECONDS_LATE:
        raise Refusal(_("The line was down when it was asked for."))
    assert outgoing.connection is not None
    asked = {name: outgoing.body[name] for name in ("by", "deal") if name in outgoing.body}
    address = f"{hook_address(outgoing.connection)}?{urlencode(asked)}"
    number = settings["number"]
    twiml = dial(address, [outgoing.to], record=bool(settings.get("record")), caller=number)
    fields = [("To", outgoing.body["from"]), ("From", number), ("Twiml", twiml), ("StatusCallback", address)]
    return str(rest.post(settings, token, "Calls", fields).get("sid", ""))
