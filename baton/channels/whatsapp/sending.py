"""Sending on WhatsApp: in one's own words within 24 hours of theirs, with an approved template after that."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from baton.capture import outbox
from baton.capture.models import Connection, Outgoing
from baton.channels.lines import Told, connection_for, keep
from baton.channels.whatsapp import graph
from baton.channels.whatsapp.adapter import WHATSAPP
from baton.channels.whatsapp.templates import Template, templates_of
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal, Interaction
from baton.members.models import Member

CALLER = "capture"
WINDOW = timedelta(hours=24)
MOST_CHARACTERS = 4096


def may_write_freely(number: str, at: datetime) -> bool:
    """Whether they wrote within the last 24 hours: then WhatsApp takes any words."""
    rows = Interaction.objects.unscoped(CALLER).filter(channel=WHATSAPP, direction="in", from_address=number)
    return rows.filter(happened_at__gt=at - WINDOW, happened_at__lte=at).exists()


def message(number: str, words: str, *, key: str, by: Member, at: datetime, deal: Deal | None = None) -> Outgoing:
    """Put a message in the outbox; asked twice with one key it goes once.

    Raises `Refusal` where nothing is connected, and where only a template may be sent now.
    """
    connection = _line(by)
    if not words.strip():
        raise Refusal(_("Write the message first."))
    if len(words) > MOST_CHARACTERS:
        raise Refusal(_("A message has at most %(most)s characters.") % {"most": MOST_CHARACTERS})
    if not may_write_freely(number, at):
        raise Refusal(_("More than 24 hours have passed since they wrote: WhatsApp only takes a template now."))
    body = {"text": words.strip()}
    return outbox.put(WHATSAPP, f"chat:{key}", to=number, body=body, at=at, connection=connection, member=by, deal=deal)


def template(
    number: str, chosen: str, values: list[str], *, key: str, by: Member, at: datetime, deal: Deal | None = None
) -> Outgoing:
    """Put an approved template, its blanks filled, in the outbox. Raises `Refusal` where one is left empty."""
    connection = _line(by)
    one = next((each for each in templates_of(connection) if each.key == chosen), None)
    if one is None:
        raise Refusal(_("Meta hasn’t approved a template of that name."))
    if len(values) != len(one.blanks) or not all(value.strip() for value in values):
        raise Refusal(_("Fill in every blank of the template."))
    body = {"text": one.filled(values), "template": one.name, "language": one.language, "values": values}
    return outbox.put(WHATSAPP, f"chat:{key}", to=number, body=body, at=at, connection=connection, member=by, deal=deal)


def answer(connection: Connection, number: str, words: str, *, key: str, at: datetime) -> Outgoing:
    """Answer a member who wrote from their own phone; that is no part of any record."""
    body = {"text": words, "answer": True}
    return outbox.put(WHATSAPP, f"answer:{key}", to=number, body=body, at=at, connection=connection)


def _line(by: Member) -> Connection:
    connection = connection_for(WHATSAPP, by)
    if connection is None:
        raise Refusal(_("WhatsApp isn’t connected. The owner or a manager connects it under Channels."))
    return connection


def send(outgoing: Outgoing, at: datetime) -> str:
    """Send one message and return the id that WhatsApp gave it."""
    settings, token = graph.account(outgoing.connection)
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": outgoing.to.removeprefix("+")}
    told = graph.ask("POST", settings, token, f"{settings['phone_number_id']}/messages", body | _said(outgoing.body))
    return str((told.get("messages") or [{}])[0].get("id", ""))


def _said(body: dict[str, Any]) -> dict[str, Any]:
    if "template" not in body:
        return {"type": "text", "text": {"body": body["text"], "preview_url": False}}
    blanks = [{"type": "text", "text": value} for value in body["values"]]
    parts = [{"type": "body", "parameters": blanks}] if blanks else []
    named = {"name": body["template"], "language": {"code": body["language"]}, "components": parts}
    return {"type": "template", "template": named}


def record_sent(outgoing: Outgoing, at: datetime) -> None:
    """Take what was sent through the same door as what comes in; an answer to a member is no part of the record."""
    if outgoing.connection is None or not outgoing.sent_as or outgoing.body.get("answer"):
        return
    number = outgoing.connection.settings["number"]
    said = {"from": number, "to": outgoing.to, "id": outgoing.sent_as, "timestamp": str(at.timestamp()), "type": "text"}
    echo = said | {"text": {"body": outgoing.body["text"]}}
    raw = json.dumps({"metadata": {"display_phone_number": number}, "echo": echo}, ensure_ascii=False).encode()
    deal = str(outgoing.deal_id) if outgoing.deal_id else ""
    keep(outgoing.connection, [Told(f"echo:{outgoing.sent_as}", raw, outgoing.member, deal)], at)


def offered(by: Member) -> list[Template]:
    """Return the templates that may be sent."""
    connection = connection_for(WHATSAPP, by)
    return templates_of(connection) if connection else []
