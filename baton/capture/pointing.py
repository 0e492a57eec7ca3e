"""What a reader from outside points at in a message becomes suggestions, and nothing else can come of it.

Whoever points says only: these words, and what they are about. The words must stand in the message, literally; every
value is read out of them by Baton's own grammar. So neither the reader nor the message it read can say a value that
isn't written there, confirm anything, or make Baton do something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from baton.capture.grammar import Reading, read_text
from baton.capture.hearing import NAME, Said, value_of
from baton.capture.needing import current, readings_for, wanted_fields
from baton.capture.promising import due_moment
from baton.capture.suggesting import Pending, is_known
from baton.kernel.clock import stamp
from baton.ledger.entries import Author, Entry
from baton.ledger.items import item
from baton.ledger.models import Deal, Fact, Interaction, InteractionText
from baton.ledger.recording import record
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.map.elements import Field

CALLER = "capture"
COMMITTING = ("promise", "asked", "next_step")
UNSURE = 0.4
"""How sure a suggestion is that somebody only pointed at: less than anything the grammar finds."""
SETTLED_FOR = timedelta(seconds=5)
"""Filed at least this long ago: what was filed a moment earlier is committed by now."""
MOST_WORDS = 400
"""Characters of a message that one suggestion may quote."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """Words of a message, and what they are about: `promise`, `asked`, `next_step`, or the key of a field."""

    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A message to be read: its own words, when it was filed, and the fields that are wanted of its deal."""

    interaction: Interaction
    deal: Deal
    text: str
    fields: tuple[Field, ...]


def unread(after: tuple[datetime, str], at: datetime, *, limit: int) -> list[Unread]:
    """Return what people wrote that was filed on an open deal since, oldest filing first.

    Only what the map shows to everybody who sees the deal: a reader outside is shown nothing that a colleague isn't.
    """
    filed_at, last = after
    since = Q(filed_at__gt=filed_at) | Q(filed_at=filed_at, pk__gt=last) if last else Q(filed_at__gt=filed_at)
    rows = Interaction.objects.unscoped(CALLER).filter(
        since, filed_at__lte=at - SETTLED_FOR, deal__status__in=["open", "won"], audience="full", automatic=""
    )
    found = list(rows.exclude(direction="internal").order_by("filed_at", "pk")[:limit])
    texts = dict(
        InteractionText.objects.unscoped(CALLER)
        .filter(interaction__in=[one.pk for one in found])
        .values_list("pk", "own")
    )
    deals = Deal.objects.unscoped(CALLER).in_bulk([one.deal_id for one in found])
    operating_map = current_map()
    return [
        Unread(one, deals[one.deal_id], texts.get(one.pk, ""), tuple(wanted_fields(operating_map, deals[one.deal_id])))
        for one in found
    ]


def suggest_pointed(message: Unread, pointed: Iterable[Pointed], *, reader: str, at: datetime) -> int:
    """Suggest on the message's deal what was pointed at; return how many suggestions that made.

    What isn't in the message, is known, waits already or was answered before falls away without a word.
    """
    facts = Fact.objects.unscoped(CALLER).filter(record_id=message.deal.pk)
    asked = list(facts.filter(interaction=message.interaction.pk))
    pending = Pending()
    for waits in facts.suggested():
        pending.add(message.deal.pk, waits.field, waits.value)
    entries = []
    for said in _said(message, pointed):
        answered = any(each.field == said.field and _overlaps(each, said) for each in asked)
        known = is_known(said.value, current(message.deal, said.field))
        if not answered and not known and not pending.has(message.deal.pk, said.field, said.value):
            pending.add(message.deal.pk, said.field, said.value)
            entries.append(_entry(message, said, reader))
    if entries:
        record(entries, by=Author(None, "model"), at=at)
    return len(entries)


def _overlaps(fact: Fact, said: Said) -> bool:
    return (fact.span_start or 0) < said.end and said.start < (fact.span_end or 0)


def _entry(message: Unread, said: Said, reader: str) -> Entry:
    interaction = message.interaction
    return Entry(
        "deal",
        message.deal.pk,
        said.field,
        said.value,
        status="suggested",
        happened_at=interaction.happened_at,
        interaction_id=interaction.pk,
        words=said.words,
        span=(said.start, said.end),
        reader=reader,
        confidence=UNSURE,
        key=f"{reader}:{interaction.pk}:{said.start}-{said.end}:{said.field}",
    )


def _said(message: Unread, pointed: Iterable[Pointed]) -> Iterable[Said]:
    wanted = {field.key: field for field in message.fields}
    for each in pointed:
        place = _place(message.text, each.words)
        if place is None:
            continue
        start, end = place
        words = " ".join(message.text[start:end].split())
        value = _commitment(message, each.about, words) if each.about in COMMITTING else None
        if each.about in wanted:
            value = _field_value(message, wanted[each.about], words)
        if value is not None:
            yield Said(wanted[each.about].id if each.about in wanted else each.about, value, start, end, words, UNSURE)


def _place(text: str, words: str) -> tuple[int, int] | None:
    """Where the words stand in the text, letter for letter; only line breaks and runs of space may differ."""
    pieces = words.split()
    if not pieces or len(words) > MOST_WORDS:
        return None
    found = re.search(r"\s+".join(map(re.escape, pieces)), text)
    return found.span() if found else None


def _commitment(message: Unread, about: str, words: str) -> dict[str, Any] | None:
    """A promise, an ask or a next step in these words, with the day that the grammar reads in them."""
    days = [reading for reading in _read(message, words) if reading.kind == "date"]
    day = (days[-1].value.get("at") or days[-1].value.get("until") or days[-1].value["date"]) if days else None
    moment = stamp(due_moment(day, current_map().hours)) if day else None
    if about == "next_step":
        return {"what": words, "at": moment} if moment and not message.deal.next_step else None
    who = "asked" if about == "asked" else "us" if message.interaction.direction == "out" else "them"
    if about == "asked" and message.interaction.direction != "in":
        return None
    return {"what": words, "due_at": moment, "who": who}


def _field_value(message: Unread, field: Field, words: str) -> Any:
    """The value of a field in these words: as the grammar reads it, or the words themselves where it takes text."""
    if field.type in {"text", "long text"}:
        return words
    if field.type == "items":
        return [item(words)]
    if field.type == "choice":
        return next((one for one in field.choices if re.search(rf"\b{re.escape(folded(one))}\b", folded(words))), None)
    if field.type == "contact":
        name = NAME.search(words)
        return {"name": name[0]} if name else None
    kinds = readings_for(field)
    return next((value_of(field, reading) for reading in _read(message, words) if reading.kind in kinds), None)


def _read(message: Unread, words: str) -> list[Reading]:
    operating_map = current_map()
    return read_text(
        words,
        written_at=message.interaction.happened_at,
        zone=operating_map.hours.zone,
        language=message.interaction.parts.get("language"),
        from_us=message.interaction.direction == "out",
        currency=operating_map.currency,
    )
