"""A sheet that lies at an address is read again by itself: what changed in it comes in, all else is known already."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from typing import Any

import httpx2
from django.utils.translation import gettext as _

from baton.capture.models import Connection
from baton.capture.tables.bounds import MOST_BYTES
from baton.channels.sheets import importing, knowing
from baton.channels.sheets.columns import KINDS, guessed_kind, matched, missing
from baton.channels.sheets.lexicon import own_fields
from baton.kernel.connecting import http
from baton.kernel.verdict import Refusal
from baton.members.models import Member

EVERY = 3600
_GOOGLE = re.compile(r"(https://docs\.google\.com/spreadsheets/d/[\w-]+)/edit.*?(?:[#&?]gid=(\d+))?$")


def address_of(typed: str) -> str:
    """Return the address to read: a link to look at a Google sheet becomes the one that gives it as CSV."""
    found = _GOOGLE.match(typed.strip())
    if found:
        return f"{found[1]}/export?format=csv&gid={found[2] or 0}"
    return typed.strip()


def test(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Read the sheet once, before it is kept. Raises `Refusal` with what is wrong."""
    raw, _mark = fetch(secret.get("address", ""), {})
    table = knowing.read(raw or b"")
    kind = next((one for one in KINDS if one == settings.get("kind")), None) or guessed_kind(table.heads)
    if missing(matched(table.heads, kind, own_fields(kind)), kind):
        raise Refusal(_("No column of it says what a row is called. Drop the file once, to say which column is which."))


def hear(connection: Connection, at: datetime) -> int:
    """Read the sheet, and let in what changed; return how many rows that was. What is unchanged isn't read at all."""
    secret = connection.secret.opened() if connection.secret else {}
    raw, mark = fetch(secret.get("address", ""), connection.position)
    if raw is None:
        return 0
    by = connection.member or connection.made_by
    if by is None or not by.is_active:
        raise Refusal(_("Whoever connected it has left. Connect it anew."))
    job = _import(connection, raw, by, at)
    connection.position = mark | {"job": str(job.pk)}
    passed = {str(_("to be mended")): job.parked} if job.parked else {}
    connection.passed_over = passed
    return job.recorded


def _import(connection: Connection, raw: bytes, by: Member, at: datetime) -> Any:
    kind = connection.settings.get("kind", "")
    job = importing.start(connection.name, raw, by=by, at=at, kind=kind, connection=connection)
    job.settings = {**job.settings, "begun": True}
    importing.bring_in(job, lambda: at, lambda _job: None, threading.Event())
    return job


def fetch(address: str, known: dict[str, str]) -> tuple[bytes | None, dict[str, str]]:
    """Return the bytes at an address and how to ask for them next time; None where they are as they were.

    Raises `Refusal` where nothing is there, or too much.
    """
    asked = {"If-None-Match": known["etag"]} if known.get("etag") else {}
    asked |= {"If-Modified-Since": known["modified"]} if known.get("modified") else {}
    try:
        with http() as client, client.stream("GET", address_of(address), headers=asked) as answer:
            if answer.status_code == 304:
                return None, known
            if answer.status_code != 200:
                raise Refusal(
                    _("The address answers %(code)d instead of giving a sheet.") % {"code": answer.status_code}
                )
            if "text/html" in answer.headers.get("content-type", ""):
                raise Refusal(
                    _("There is a page at that address, not a sheet. Is it shared with whoever has the link?")
                )
            marks = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
            return _limited(answer), {name: value for name, value in marks.items() if value}
    except httpx2.HTTPError as why:
        raise Refusal(_("The address can’t be read: %(why)s.") % {"why": why}) from why


def _limited(answer: httpx2.Response) -> bytes:
    raw = bytearray()
    for piece in answer.iter_bytes():
        raw += piece
        if len(raw) > MOST_BYTES:
            raise Refusal(_("The sheet is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
    return bytes(raw)
