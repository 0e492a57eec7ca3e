"""The address at which a letter is answered: it holds a secret that only who got the letter knows."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from baton.capture.addresses import LETTERS, capture_domain
from baton.channels.letters.models import MemberLetter

LENGTH = 24
GOOD_FOR = timedelta(days=30)
_TOKEN = re.compile(rf"(?:^|[.+])([{LETTERS}]{{{LENGTH}}})@")


def new_token() -> str:
    """Return a token that nobody can guess: 24 letters and digits, 120 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(f"letter\x1f{token}".encode()).hexdigest()


def address_with(token: str) -> str:
    """Return where a letter with this token is answered.

    `BATON_ANSWERS` names a mailbox of the business that Baton reads (`baton@firm.example`, the token comes after a
    plus sign); else it is an address at the capture domain, whose mail comes to Baton's own receiver.
    """
    local, _, domain = os.environ.get("BATON_ANSWERS", "").rpartition("@")
    return f"{local}+{token}@{domain}" if local else f"answer.{token}@{capture_domain()}"


def tokens_in(addresses: Iterable[str]) -> list[str]:
    """Return what looks like a token in these addresses, each once."""
    found = (_TOKEN.search(address.lower()) for address in addresses)
    return list(dict.fromkeys(match[1] for match in found if match))


def letter_with(tokens: Iterable[str], at: datetime) -> MemberLetter | None:
    """Return the letter that one of these tokens answers, None for tokens that are made up or too old."""
    digests = [digest_of(token) for token in tokens]
    rows = MemberLetter.objects.filter(token__in=digests, made_at__gt=at - GOOD_FOR).select_related("member")
    return rows.first() if digests else None


def is_answered_at(address: str) -> bool:
    """Whether an address is one at which a letter of ours is answered."""
    tokens = tokens_in([address])
    return bool(tokens) and MemberLetter.objects.filter(token=digest_of(tokens[0])).exists()
