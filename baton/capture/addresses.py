"""Capture addresses: a copy, forward or BCC to one of them comes into Baton.

A member's address holds a secret (`nell.k3v9…@`), so that a mail to it speaks for them; a desk's address is public.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from baton.capture.grammar import is_free_mail
from baton.map.current import current_map, current_version
from baton.map.elements import Desk
from baton.members.models import Member

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
TOKEN_LENGTH = 16


Recognizer = Callable[[str], bool]
_recognizers: list[Recognizer] = []


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose capture address it is: a member's, a desk's, or neither where a higher room knows whose."""

    address: str
    member: Member | None = None
    desk: Desk | None = None


def capture_domain() -> str:
    """Return the domain of capture addresses: `BATON_CAPTURE_DOMAIN`, else the host that people use, else localhost."""
    host = urlsplit(settings.BATON_URL).hostname if settings.BATON_URL else ""
    return os.environ.get("BATON_CAPTURE_DOMAIN", "") or host or "localhost"


def address_of(member: Member) -> str:
    """Return the member's secret capture address; the first time makes its token."""
    if not member.capture_token:
        give_token(member)
    return f"{_plain(member)}.{member.capture_token}@{capture_domain()}"


def give_token(member: Member) -> None:
    """Give the member a new secret; mail to the old address is refused from then on."""
    member.capture_token = "".join(secrets.choice(LETTERS) for _ in range(TOKEN_LENGTH))
    member.save(update_fields=["capture_token"])


def _plain(member: Member) -> str:
    letters = "".join(letter for letter in member.short_name.lower() if letter.isascii() and letter.isalnum())
    return letters or "member"


def address_of_desk(desk: Desk) -> str:
    """Return the desk's public capture address, empty where the map gives it none."""
    return f"{local_part(desk)}@{capture_domain()}" if desk.capture else ""


def local_part(desk: Desk) -> str:
    """Return what stands before the @ of a desk's address."""
    return desk.capture.partition("@")[0].lower()


def also_take(recognizer: Recognizer) -> None:
    """Have mail taken at further addresses: those that `recognizer(address)` knows, the address in lower case."""
    if recognizer not in _recognizers:
        _recognizers.append(recognizer)


def recipient_of(address: str) -> Recipient | None:
    """Return whose capture address this is, or None. What follows a plus sign may be a token."""
    local, _, domain = address.strip().lower().rpartition("@")
    if not local or domain not in accepted_domains():
        return None
    if any(recognizes(address.strip().lower()) for recognizes in _recognizers):
        return Recipient(address)
    return _member_at(address, local) or _desk_at(address, local)


def accepted_domains() -> set[str]:
    """Return the domains whose mail may be delivered here: the capture domain, this machine, and the members' own."""
    return {capture_domain(), "localhost", *our_domains(Member.objects.values_list("email", flat=True))}


def our_domains(emails: Iterable[str]) -> set[str]:
    """Return the domains that only we have: those of members' addresses, free mail left out."""
    domains = {email.lower().rpartition("@")[2] for email in emails}
    return {domain for domain in domains if domain and not is_free_mail(domain)}


def _member_at(address: str, local: str) -> Recipient | None:
    pieces = {piece for chunk in local.split("+") for piece in (chunk, chunk.rpartition(".")[2])}
    tokens = [piece for piece in pieces if len(piece) == TOKEN_LENGTH]
    member = Member.objects.filter(capture_token__in=tokens, is_active=True).first() if tokens else None
    return Recipient(address, member=member) if member else None


def _desk_at(address: str, local: str) -> Recipient | None:
    plain = local.partition("+")[0]
    desks = current_map().desks.values() if current_version() else ()
    desk = next((desk for desk in desks if desk.capture and local_part(desk) == plain), None)
    return Recipient(address, desk=desk) if desk else None
