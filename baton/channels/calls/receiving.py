"""What Twilio tells of calls, and what Twilio is told to do with one that comes in."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from baton.capture.channels import Answer, Call
from baton.capture.models import Connection
from baton.channels.calls.reading import MISSED_MARK, ending
from baton.channels.lines import Told, keep, whose
from baton.channels.twilio.signatures import fields_of, is_signed
from baton.kernel.verdict import Refusal
from baton.members.models import Member

SECONDS_RINGING = 25
MAYBE_TAKEN = timedelta(minutes=2)
"""How long the plain end of a call waits for the piece that says whether one of our phones took it."""
PIECE = ("CallSid", "ParentCallSid", "CallStatus", "DialCallStatus", "RecordingSid", "RecordingStatus", MISSED_MARK)


def prove(connection: Connection, call: Call) -> dict[str, str]:
    """Return what Twilio tells. Raises `Refusal` where the signature doesn't hold."""
    token = connection.secret.opened()["auth_token"] if connection.secret else ""
    if call.method != "POST" or not is_signed(call.url, call.body, call.headers.get("x-twilio-signature", ""), token):
        raise Refusal(_("The signature doesn’t hold."))
    return dict(fields_of(call.body))


def called(connection: Connection, call: Call, at: datetime) -> Answer:
    """Take one piece of what Twilio tells of a call, and answer how it goes on where Twilio asks."""
    told = prove(connection, call)
    if told.get("CallSid"):
        _take(connection, call, told, at)
    return Answer(200, _what_to_do(connection, call, told), "text/xml")


def _take(connection: Connection, call: Call, told: dict[str, str], at: datetime) -> None:
    by, deal = _asked_by(call)
    if not (_says_how_it_ended(told) if by is None else _says_how_ours_ended(told)):
        keep(connection, [], at)
    elif by is None and _only_says_it_is_over(connection, told):
        marked = call.body + f"&{MISSED_MARK}=1".encode()
        keep(connection, [Told(_key(told | {MISSED_MARK: "1"}), marked)], at, wait=MAYBE_TAKEN)
    else:
        member = by or whose(told.get("To", "")) if told.get("ParentCallSid") else None
        keep(connection, [Told(_key(told), call.body, member, deal)], at)


def _asked_by(call: Call) -> tuple[Member | None, str]:
    """Who had Baton make this call, on which deal: the address that Baton gave says so, and is signed as well."""
    told = parse_qs(urlsplit(call.url).query)
    try:
        by = Member.objects.filter(pk=UUID(told.get("by", [""])[0])).first()
        return by, str(UUID(told["deal"][0])) if "deal" in told else ""
    except ValueError:
        return None, ""


def _says_how_it_ended(told: dict[str, str]) -> bool:
    """One of several phones that nobody picked up says nothing: another may have been."""
    if told.get("RecordingSid"):
        return told.get("RecordingStatus", "completed") == "completed"
    if told.get("ParentCallSid"):
        return told.get("CallStatus") == "completed"
    return ending(told) is not None


def _says_how_ours_ended(told: dict[str, str]) -> bool:
    """Of a call that we make, the leg to the customer counts; that ours was picked up first says nothing."""
    return bool(told.get("RecordingSid")) or bool(told.get("ParentCallSid") and ending(told))


def _only_says_it_is_over(connection: Connection, told: dict[str, str]) -> bool:
    """Whether this is the plain end of a call that was sent on to our phones: it doesn't say whether one took it."""
    sent_on = bool(connection.settings.get("forward_to")) and told.get("Direction") == "inbound"
    return sent_on and not any(told.get(name) for name in ("DialCallStatus", "ParentCallSid", "RecordingSid"))


def _key(told: dict[str, str]) -> str:
    return ":".join(told.get(name, "") for name in PIECE)


# What Twilio is to do (TwiML, https://www.twilio.com/docs/voice/twiml)


def _what_to_do(connection: Connection, call: Call, told: dict[str, str]) -> str:
    comes_in = told.get("Direction") == "inbound" and told.get("CallStatus") == "ringing"
    phones = connection.settings.get("forward_to") or []
    if not comes_in:
        return "<Response/>"
    return dial(call.url, phones, record=bool(connection.settings.get("record"))) if phones else _busy()


def _busy() -> str:
    return '<Response><Reject reason="busy"/></Response>'


def dial(address: str, phones: list[str], *, record: bool, caller: str = "") -> str:
    """Return what connects a call with these phones and has each piece of it told at `address`."""
    own = f" callerId={quoteattr(caller)}" if caller else ""
    kept = f' record="record-from-answer-dual" recordingStatusCallback={quoteattr(address)}' if record else ""
    legs = "".join(
        f'<Number statusCallback={quoteattr(address)} statusCallbackEvent="completed">{escape(phone)}</Number>'
        for phone in phones
    )
    told = f'timeout="{SECONDS_RINGING}" action={quoteattr(address)}{own}{kept}'
    return f"<Response><Dial {told}>{legs}</Dial></Response>"
