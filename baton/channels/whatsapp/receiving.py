"""What Meta tells: messages, what became of ours, calls, and news of the account."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.capture.channels import Answer, Call
from baton.capture.models import Connection
from baton.channels.lines import Told, greeting, keep, whose
from baton.channels.whatsapp.sending import answer
from baton.channels.whatsapp.signatures import challenge, is_signed
from baton.kernel.texts import writable_in
from baton.kernel.verdict import Refusal

Piece = tuple[str, dict[str, Any]]


def called(connection: Connection, call: Call, at: datetime) -> Answer:
    """Answer Meta's first question, or keep each piece of a post. Raises `Refusal` for what isn't Meta's."""
    secret = connection.secret.opened() if connection.secret else {}
    if call.method == "GET":
        return _introduced(call, secret)
    if not is_signed(call.headers.get("x-hub-signature-256", ""), call.body, secret.get("app_secret", "")):
        raise Refusal(_("The signature doesn’t hold."))
    keep(connection, [told for piece in pieces(call.body) if (told := _told(connection, piece, at))], at)
    return Answer(200, "kept")


def _introduced(call: Call, secret: dict[str, str]) -> Answer:
    said = challenge(call.url, secret.get("verify_token", ""))
    if not said:
        raise Refusal(_("That isn’t the verify token."))
    return Answer(200, said)


def _told(connection: Connection, piece: Piece, at: datetime) -> Told | None:
    """Return what is to be kept. A message that proves a member's phone is answered, and kept nowhere."""
    key, told = piece
    message = told.get("message")
    number = f"+{message.get('from', '')}" if isinstance(message, dict) else ""
    if number and (hello := greeting(number, _text(message), at)):
        answer(connection, number, hello, key=key, at=at)
        return None
    return Told(key, json.dumps(told, ensure_ascii=False).encode(), whose(number) if number else None)


def _text(message: dict[str, Any]) -> str:
    text = message.get("text")
    return str(text.get("body", "")) if isinstance(text, dict) else ""


def pieces(body: bytes) -> list[Piece]:
    """Return each thing that a post tells under its own id; what can't be taken apart stays whole, under its digest.

    One post may hold several messages, statuses only, or news of the account.
    """
    try:
        told = writable_in(json.loads(body))
        return [piece for entry in told["entry"] for change in entry["changes"] for piece in _of_change(change)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [(_digest(body), {"unknown": body.decode("utf-8", "replace")[:100_000]})]


LISTS = {"messages": "message", "message_echoes": "echo", "statuses": "status", "calls": "call"}


def _of_change(change: dict[str, Any]) -> Iterator[Piece]:
    value, found = change["value"], False
    about = {"field": change.get("field"), "metadata": value.get("metadata"), "contacts": value.get("contacts")}
    for name, single in LISTS.items():
        for one in value.get(name) or ():
            found = True
            yield _key(single, one), about | {single: one}
    if not found:
        yield _digest(json.dumps(change, sort_keys=True).encode()), {"field": change.get("field"), "news": value}


def _key(single: str, one: dict[str, Any]) -> str:
    told = [one["id"], one.get("status") or one.get("event") or "", one.get("recipient_participant_id") or ""]
    return ":".join([single, *(str(part) for part in told if part)])


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
