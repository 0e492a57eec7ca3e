"""What Twilio tells of texts."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

from baton.capture.channels import Answer, Call
from baton.capture.models import Connection
from baton.channels.calls.receiving import prove
from baton.channels.lines import Told, greeting, keep
from baton.channels.sms.reading import is_status, message_of

NOTHING_TO_SAY = "<Response/>"


def called(connection: Connection, call: Call, at: datetime) -> Answer:
    """Take a text or a status. A member who proves a phone with it is told so at once."""
    told = prove(connection, call)
    sid = message_of(told)
    if not sid:
        keep(connection, [], at)
    elif is_status(told):
        keep(connection, [Told(f"{sid}:{told.get('MessageStatus') or told.get('SmsStatus')}", call.body)], at)
    elif hello := greeting(told.get("From", ""), told.get("Body", ""), at):
        keep(connection, [], at)
        return Answer(200, f"<Response><Message>{escape(hello)}</Message></Response>", "text/xml")
    else:
        keep(connection, [Told(sid, call.body)], at)
    return Answer(200, NOTHING_TO_SAY, "text/xml")
