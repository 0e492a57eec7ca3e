"""The templates that Meta approved: what may be sent when more than 24 hours have passed since they wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baton.capture.models import Connection
from baton.channels.whatsapp import graph

MOST = 100
BLANK = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One approved template: its name and language at Meta, its words, and the blanks in them."""

    name: str
    language: str
    body: str

    @property
    def key(self) -> str:
        return f"{self.name}:{self.language}"

    @property
    def blanks(self) -> list[str]:
        return list(dict.fromkeys(BLANK.findall(self.body)))

    def filled(self, values: list[str]) -> str:
        """Return the words with these values in the blanks, in their order."""
        known = dict(zip(self.blanks, values, strict=False))
        return BLANK.sub(lambda blank: known.get(blank[1], blank[0]), self.body)


def hear(connection: Connection, at: datetime) -> int:
    """Ask Meta which templates are approved now; one step of listening to the connection."""
    settings, token = graph.account(connection)
    path = f"{settings['account_id']}/message_templates?status=APPROVED&limit={MOST}"
    told = graph.ask("GET", settings, token, path).get("data") or []
    connection.position = {"templates": [one for one in map(_kept, told) if one]}
    return 0


def _kept(told: dict[str, Any]) -> dict[str, str] | None:
    """Templates with a picture or a file in their head need more than words; they aren't offered."""
    parts = {str(part.get("type")).upper(): part for part in told.get("components") or ()}
    head = parts.get("HEADER")
    if "BODY" not in parts or (head and (head.get("format") != "TEXT" or BLANK.search(str(head.get("text"))))):
        return None
    return {"name": told["name"], "language": told["language"], "body": str(parts["BODY"].get("text") or "")}


def templates_of(connection: Connection) -> list[Template]:
    """Return what may be sent as a template, by name."""
    kept = connection.position.get("templates") or []
    return sorted((Template(**one) for one in kept), key=lambda template: template.key)
