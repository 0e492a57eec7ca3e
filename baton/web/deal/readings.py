"""What was read from messages: suggestions that wait for an answer, and what was confirmed from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.kernel import words
from baton.kernel.clock import unstamp
from baton.ledger.models import Fact
from baton.web.deal.seen import DealSeen
from baton.work.wording import value_text


@dataclass(frozen=True)
class Reading:
    """One thing read from a message: what it says in words, how far it can be relied on, where it stands in the text.

    `kind` and `field` name what it is about; `href` is the source of the value, beside it.
    """

    fact: UUID
    kind: str
    field: str
    text: str
    trust: str
    span: tuple[int, int] | None
    href: str
    icon: str = ""


def readings_in(seen: DealSeen, interactions: list[UUID], contacts: Collection[UUID]) -> dict[UUID, list[Reading]]:
    """Return interaction id → what was read from it about this deal and these contacts, in the order of its text."""
    if not interactions:
        return {}
    facts = Fact.objects.of_seen(seen.member, {"deal": [seen.deal.pk], "contact": contacts}).filter(
        Q(status="suggested", settled_by__isnull=True) | Q(status="confirmed", settles__isnull=False),
        interaction__in=interactions,
    )
    found: dict[UUID, list[Reading]] = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: (fact.span_start or 0, str(fact.pk))):
        found[fact.interaction_id].append(reading_of(seen, fact))
    return found


def reading_of(seen: DealSeen, fact: Fact) -> Reading:
    """Return a fact as a reading."""
    span = (fact.span_start, fact.span_end) if fact.span_start is not None and fact.span_end else None
    return Reading(
        fact=fact.pk,
        kind=fact.record_kind,
        field=fact.field,
        text=in_words(seen, fact),
        trust="suggested" if fact.status == "suggested" else "confirmed",
        span=span,
        href=reverse("fact", args=[fact.pk]),
        icon="clock" if fact.record_kind == "promise" or fact.field in {"promise", "next_step"} else "",
    )


def in_words(seen: DealSeen, fact: Fact) -> str:
    """Say what was read, short: "Start date: 1 December 2026", "Promise: revised quote by Wed 18 Nov"."""
    if fact.record_kind == "promise" or fact.field == "promise":
        return _promise(fact.value)
    if fact.record_kind == "deal":
        known = seen.field(fact.field)
        name = known.name if known else fact.field.replace("_", " ").capitalize()
        return f"{name}: {seen.words(fact.field, fact.value)}"
    known = seen.map.field(fact.field) or seen.map.field(f"{fact.record_kind}.{SINGULAR.get(fact.field, fact.field)}")
    name = known.name if known else fact.field.capitalize()
    return f"{name}: {value_text(fact.value, known.type if known else 'text')}"


SINGULAR = {"emails": "email", "phones": "phone", "job": "role", "domains": "domain"}


def _promise(value: Any) -> str:
    if not isinstance(value, dict):
        return _("Promise: %(what)s") % {"what": value}
    due = value.get("due_at") or value.get("due") or value.get("at")
    by = _(" by %(day)s") % {"day": words.day(unstamp(due))} if due else ""
    return _("Promise: %(what)s") % {"what": value.get("what", "")} + by
