"""What people do with suggestions: confirm, change, or dismiss. One answer each; reading again never asks again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture.promising import promise_values
from baton.kernel.clock import stamp
from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.items import added, are_items
from baton.ledger.models import Contact, Deal, Fact, Interaction
from baton.ledger.recording import Batch, record
from baton.members.models import Member

CALLER = "capture"
COMMITMENTS = {"promise", "asked"}
MODELS: dict[str, Any] = {"deal": Deal, "contact": Contact}


def confirm(fact: Fact, *, by: Member, at: datetime, value: Any = None, channel: str = "screen") -> Batch:
    """Make a suggestion a fact, as it stands or with another value. A promise or an ask becomes a record of its own.

    Raises `Refusal` where somebody has answered it already, or this member can't see it.
    """
    return record(_confirming(_waiting([fact], by)[0], by, at, value), by=Author(by, channel), at=at)


def dismiss(fact: Fact, *, by: Member, at: datetime, because: str = "", channel: str = "screen") -> Batch:
    """Say that a suggestion isn't so."""
    return record([_dismissing(_waiting([fact], by)[0], because)], by=Author(by, channel), at=at)


def confirm_all(interaction: Interaction, *, by: Member, at: datetime, channel: str = "screen") -> Batch:
    """Confirm everything that waits from one message, together."""
    facts = [fact for fact in waiting_from(interaction, by) if not _is_answered(fact)]
    entries = [entry for fact in facts for entry in _confirming(fact, by, at, None)]
    return record(entries, by=Author(by, channel), at=at)


def waiting_from(interaction: Interaction, member: Member) -> list[Fact]:
    """Return what waits from one message, as this member may see it, in the order of its words."""
    rows = Fact.objects.visible_to(member).suggested().filter(interaction=interaction.pk)
    return list(rows.order_by("span_start", "id"))


def waiting_on(record_ids: Iterable[UUID], member: Member) -> list[Fact]:
    """Return what waits on these records, newest first."""
    rows = Fact.objects.visible_to(member).suggested().filter(record_id__in=list(record_ids))
    return list(rows.order_by("-happened_at", "span_start"))


def dismissals(interactions: Iterable[UUID], because: str, *, but: UUID | None = None) -> list[Entry]:
    """Return the entries that dismiss what waits from these messages, say because they were filed elsewhere.

    What waits on the record `but` stays.
    """
    rows = Fact.objects.unscoped(CALLER).suggested().filter(interaction__in=list(interactions))
    return [_dismissing(fact, because) for fact in rows if fact.record_id != but]


def _waiting(facts: list[Fact], by: Member) -> list[Fact]:
    """Read the suggestions again as this member sees them, and refuse what is gone or answered."""
    seen = {fact.pk: Fact.objects.one_seen_by(by, fact.pk) for fact in facts}
    for fact in facts:
        found = seen[fact.pk]
        if found is None or found.status != "suggested":
            raise Refusal(_("There is no such suggestion among those you can see."))
        if _is_answered(fact):
            raise Refusal(_("Somebody has answered this already."))
    return [found for found in seen.values() if found]


def _is_answered(fact: Fact) -> bool:
    return Fact.objects.unscoped(CALLER).filter(settles=fact.pk).exists()


def _dismissing(fact: Fact, because: str) -> Entry:
    return replace(_answer(fact, fact.value, None), status="dismissed", because=because)


def _answer(fact: Fact, value: Any, happened_at: datetime | None) -> Entry:
    """The key makes the second of two answers that were given at the same time fall away."""
    return Entry(
        fact.record_kind,
        fact.record_id,
        fact.field,
        value,
        happened_at=happened_at,
        interaction_id=fact.interaction_id,
        words=fact.words,
        span=(fact.span_start or 0, fact.span_end or 0),
        reader=fact.reader,
        confidence=fact.confidence,
        key=f"answer:{fact.pk}",
        settles=fact.pk,
    )


def _confirming(fact: Fact, by: Member, at: datetime, value: Any) -> list[Entry]:
    row = MODELS[fact.record_kind].objects.visible_to(by).get(pk=fact.record_id)
    said = fact.value if value is None else value
    if fact.field in COMMITMENTS:
        return [_answer(fact, said, fact.happened_at), *_commitment(fact, row, said, by, at)]
    changed = value is not None and value != fact.value
    return [_answer(fact, _as_kept(row, fact, said, by), _since(row, fact, at, changed=changed))]


def _since(row: Any, fact: Fact, at: datetime, *, changed: bool) -> datetime:
    """A value holds since its message; since now where a person changed it, or newer news would overrule it."""
    newer = row.values.get(fact.field, {}).get("h", "") > stamp(fact.happened_at)
    return at if changed or newer else fact.happened_at


def _as_kept(row: Any, fact: Fact, said: Any, by: Member) -> Any:
    if are_items(said) and said:
        return added(row.values.get(fact.field, {}).get("v"), said, fact.interaction_id)
    if fact.field == "phones":
        return list(dict.fromkeys([*row.values.get("phones", {}).get("v", []), *said]))
    if fact.field == "next_step" and said and not said.get("by"):
        return said | {"by": str(row.owner_id or by.pk)}
    return said


def _commitment(fact: Fact, deal: Deal, said: dict[str, Any], by: Member, at: datetime) -> list[Entry]:
    author = _author_of(fact) or by.pk
    values = promise_values(
        said, deal.pk, deal.contact_id, author if said.get("who") == "us" else None, fact.interaction_id
    )
    record_id = derived("promise", fact.pk)
    return [
        Entry(
            "promise",
            record_id,
            name,
            one,
            happened_at=fact.happened_at,
            interaction_id=fact.interaction_id,
            words=fact.words,
            reader=fact.reader,
            key=f"answer:{fact.pk}:{name}",
        )
        for name, one in values.items()
    ]


def _author_of(fact: Fact) -> UUID | None:
    rows = Interaction.objects.unscoped(CALLER).filter(pk=fact.interaction_id)
    return rows.values_list("author", flat=True).first()
