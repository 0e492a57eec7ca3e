"""Keeps the index in line with what a batch recorded: set by set, in the batch's own transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from baton.kernel.rows import insert_rows, made, update_rows
from baton.ledger.kinds import kind_named
from baton.ledger.models import Contact, Deal, File, Holder, Interaction, InteractionText, SearchEntry
from baton.ledger.models.interactions import Audience
from baton.ledger.search.engines import engine
from baton.ledger.search.places import places_for
from baton.ledger.search.sources import CALLER, sources, words_of
from baton.ledger.search.tokens import (
    BODY,
    ON_NO_DEAL,
    READ_BY_ALL,
    SEEN_BY_ALL,
    SUBJECT,
    held_by,
    on_deal,
    spaced,
    words_in,
)

if TYPE_CHECKING:
    from baton.ledger.recording import Batch


@dataclass(slots=True)
class Described:
    """What the index should hold of one record. `lasting` is None where it holds the lasting tokens already."""

    kind: str
    record_id: UUID
    when: datetime
    deal_id: UUID | None
    changing: set[str]
    lasting: set[str] | None = field(default_factory=set)


def keep(batch: Batch) -> None:
    """Index the records and interactions that this batch made or changed."""
    changed = {key for key, _facts in batch.changes()}
    told = [_new_interaction(one, batch) for one in batch.interactions]
    told += _known_interactions(batch, changed)
    for kind in sources():
        rows = [batch.rows[key] for key in changed if key[0] == kind] + _named_after(kind, batch)
        rows += _joined(kind, batch, {row.pk for row in rows})
        told += described(kind, rows)
    write(told, new={record_id for _kind, record_id in batch.new})


def described(kind: str, rows: list[Any]) -> list[Described]:
    """Return what the index should hold of these rows of one kind."""
    source = sources()[kind]
    found = words_of(source, rows) if rows else {}
    return [
        Described(kind, row.pk, row.recorded_at, deal, spaced(source.space, found[row.pk]) | _scope_of_record(deal))
        for row, deal in ((row, source.deal(row)) for row in rows)
    ]


def _scope_of_record(deal: UUID | None) -> set[str]:
    return {on_deal(deal)} if deal else set()


def _new_interaction(row: Interaction, batch: Batch) -> Described:
    new = batch.texts[row.pk]
    texts = [new.text, new.signature, *(name for name, *_rest in new.files)]
    return described_interaction(row, texts + [new.quoted] * (row.thread == row.pk), new.holders)


def described_interaction(row: Interaction, texts: Iterable[str], holders: Iterable[UUID]) -> Described:
    """Return what the index should hold of an interaction; `texts` are what only its readers may find it by."""
    told = Described("interaction", row.pk, row.happened_at, row.deal_id, _changing(row, holders))
    told.lasting = spaced(BODY, words_in(row.subject, row.from_name, row.from_address, *texts))
    return told


def _changing(row: Interaction, holders: Iterable[UUID]) -> set[str]:
    """Return who may find it; and by which words those do who only see that it happened."""
    scope = {held_by(member) for member in holders} | {on_deal(row.deal_id) if row.deal_id else ON_NO_DEAL}
    if row.audience == Audience.FULL:
        return scope | {READ_BY_ALL}
    if row.audience == Audience.SUBJECT:
        return scope | {SEEN_BY_ALL} | spaced(SUBJECT, words_in(row.subject, row.from_name))
    return scope


def _known_interactions(batch: Batch, changed: set[tuple[str, UUID]]) -> list[Described]:
    """What was filed elsewhere, or shown to others than before."""
    filings = {"filed", "audience"}
    ids = {f.record_id for f in batch.current if f.record_kind == "interaction" and f.field in filings}
    rows = [batch.rows["interaction", one] for one in ids if ("interaction", one) not in batch.new]
    return rescoped(rows) if rows else []


def rescoped(rows: list[Interaction]) -> list[Described]:
    """Return what the index should say of who may find these known interactions."""
    holders: dict[UUID, list[UUID]] = defaultdict(list)
    held = Holder.objects.filter(interaction__in=[row.pk for row in rows])
    for interaction_id, member_id in held.values_list("interaction_id", "member_id"):
        holders[interaction_id].append(member_id)
    return [
        Described("interaction", row.pk, row.happened_at, row.deal_id, _changing(row, holders[row.pk]), None)
        for row in rows
    ]


def _named_after(kind: str, batch: Batch) -> list[Any]:
    """Known rows that are found by the name of something that was renamed."""
    renamed = {
        (fact.record_kind, fact.record_id)
        for fact in batch.current
        if fact.field == "name" and (fact.record_kind, fact.record_id) not in batch.new
    }
    companies = [one for renamed_kind, one in renamed if renamed_kind == "company"]
    contacts = [one for renamed_kind, one in renamed if renamed_kind == "contact"]
    rows: list[Any] = []
    if kind == "contact" and companies:
        rows += Contact.objects.unscoped(CALLER).filter(company__in=companies)
    if kind == "deal" and companies:
        rows += Deal.objects.unscoped(CALLER).filter(company__in=companies)
    if kind == "deal" and contacts:
        rows += Deal.objects.unscoped(CALLER).filter(contact__in=contacts)
    inside = {record_id for _kind, record_id in batch.rows}
    return list({row.pk: row for row in rows if row.pk not in inside}.values())


def _joined(kind: str, batch: Batch, told: set[UUID]) -> list[Any]:
    """Rows that show more or less than before, or point at somebody of another name, because of a merge."""
    ids = batch.moved.get(kind, set()) | {one for name, one in batch.joined if name == kind}
    if not ids - told:
        return []
    return list(kind_named(kind).model.objects.unscoped(CALLER).filter(pk__in=ids - told))  # type: ignore[attr-defined]


def write(told: list[Described], *, new: set[UUID]) -> None:
    """Bring entries and index in line; `new` are ids that can't be there yet."""
    old_ids = [one.record_id for one in told if one.record_id not in new]
    known = {e.record_id: e for e in SearchEntry.objects.filter(record_id__among=old_ids)} if old_ids else {}
    _add([one for one in told if one.record_id not in known and one.lasting is not None])
    _change([(known[one.record_id], one) for one in told if one.record_id in known])


def _add(told: list[Described]) -> None:
    if not told:
        return
    places = places_for([one.when for one in told])
    insert_rows([_entry(place, one) for place, one in zip(places, told, strict=True)])
    rows = [(place, one.changing | (one.lasting or set())) for place, one in zip(places, told, strict=True)]
    with connection.cursor() as cursor:
        engine().add(cursor, rows)


def _entry(place: int, one: Described) -> SearchEntry:
    told = {"place": place, "kind": one.kind, "record_id": one.record_id, "deal_id": one.deal_id}
    return made(SearchEntry, told | {"tokens": " ".join(sorted(one.changing))})


def _change(pairs: list[tuple[SearchEntry, Described]]) -> None:
    differing = [(entry, one) for entry, one in pairs if set(entry.tokens.split()) != one.changing]
    if not differing:
        return
    with connection.cursor() as cursor:
        engine().swap(cursor, [(entry.place, entry.tokens.split(), one.changing) for entry, one in differing])
    for entry, one in differing:
        entry.tokens, entry.deal_id = " ".join(sorted(one.changing)), one.deal_id
    update_rows([entry for entry, _one in differing], ["tokens", "deal_id"])


def interactions_described(rows: list[Interaction]) -> list[Described]:
    """Return what the index should hold of recorded interactions, read from the ledger."""
    ids = [row.pk for row in rows]
    texts = {text.pk: text for text in InteractionText.objects.unscoped(CALLER).filter(pk__in=ids)}
    names: dict[UUID, list[str]] = defaultdict(list)
    for one, name in File.objects.unscoped(CALLER).filter(interaction__in=ids).values_list("interaction_id", "name"):
        names[one].append(name)
    told = []
    for row, scope in zip(rows, rescoped(rows), strict=True):
        said = texts[row.pk]
        parts = [said.own, said.signature, *names[row.pk], *[said.quoted] * (row.thread == row.pk)]
        full = described_interaction(row, parts, ())
        full.changing = scope.changing
        told.append(full)
    return told
