"""Reading along: each message once, in the order of its filing, outside every transaction."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.utils.translation import gettext_noop

from baton.capture import connections
from baton.capture.models import Connection
from baton.capture.pointing import Unread, suggest_pointed, unread
from baton.channels.model.answers import NotUnderstood
from baton.channels.model.asking import ask
from baton.kernel.clock import stamp, unstamp

AT_ONCE = 5
NOT_UNDERSTOOD = gettext_noop("messages to which the model gave no answer of the form asked for")


def read_along(connection: Connection, at: datetime) -> int:
    """Ask about the next few messages; return how many suggestions came of it. What was asked stays asked."""
    filed_at = unstamp(connection.position["filed_at"]) if connection.position else connection.made_at
    after = (filed_at, connection.position.get("last", ""))
    kept, passed_over = 0, Counter[str]()
    for message in unread(after, at, limit=AT_ONCE):
        try:
            kept += _read(connection, message, at)
        except NotUnderstood:
            passed_over[NOT_UNDERSTOOD] += 1
        connection.position = {"filed_at": stamp(message.interaction.filed_at), "last": str(message.interaction.pk)}
        connection.save(update_fields=["position"])
    if passed_over:
        connections.heard(connection, at, passed_over=passed_over)
    return kept


def _read(connection: Connection, message: Unread, at: datetime) -> int:
    if not message.text.strip():
        return 0
    secret = connection.secret.opened() if connection.secret else {}
    fields = {field.key: str(field.name) for field in message.fields}
    pointed = ask(connection.settings, secret, message.text, fields)
    return suggest_pointed(message, pointed, reader=f"model:{connection.settings['model']}"[:60], at=at)
