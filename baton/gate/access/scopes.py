"""What a program may be allowed, in words that the person who allows it reads. Scopes only ever take away."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from baton.members.models import Member

READ, MESSAGES, SUGGEST, WRITE = "read", "messages", "suggest", "write"

SCOPES = {
    READ: gettext_lazy("See what you see: deals, contacts, companies, duties, handoffs, the forecast and the map"),
    MESSAGES: gettext_lazy("Read the words of mails, calls, chats and notes that you may read"),
    SUGGEST: gettext_lazy("Suggest facts, next steps and handoffs, which count once a person has confirmed them"),
    WRITE: gettext_lazy("Record in your name: add and change contacts, companies, deals, their facts and notes"),
}
"""In the order in which they weigh."""

CHANGING = frozenset({SUGGEST, WRITE})
IMPLIED = {WRITE: frozenset({SUGGEST, READ}), SUGGEST: frozenset({READ}), MESSAGES: frozenset({READ})}


def known(scopes: Iterable[str]) -> list[str]:
    """Return those that exist, in the order in which they weigh."""
    asked = set(scopes)
    return [scope for scope in SCOPES if scope in asked]


def within(scopes: Iterable[str], member: Member) -> frozenset[str]:
    """Return what these scopes come to in this member's hands: what they bring along, and nothing the role hasn't."""
    asked = set(known(scopes))
    full = asked.union(*(IMPLIED.get(scope, frozenset()) for scope in asked))
    return frozenset(full if member.may_write else full - CHANGING)
