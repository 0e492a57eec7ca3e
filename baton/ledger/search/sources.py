"""What is found, and by which words. Rooms above the ledger may add kinds of their own with `register`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from baton.ledger.kinds import kind_named
from baton.ledger.models import Company, Contact, Record
from baton.ledger.search.tokens import words_in

if TYPE_CHECKING:
    from baton.members.models import Member

CALLER = "ledger.search"
LONGEST_VALUE = 4_000


@dataclass(frozen=True, slots=True)
class Shown:
    """How a record looks among the results. `body` is a text to take an excerpt from, empty where there is none."""

    title: str
    subtitle: str = ""
    when: datetime | None = None
    body: str = ""
    deal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of record that search finds.

    `texts` gives, for rows of the kind, what each is found by; `show` reads the visible ones among the ids for a
    member; `deal` is the deal whose visibility the record follows, and `on_deals` says that the kind has one.
    """

    kind: str
    space: str
    texts: Callable[[list[Any]], Mapping[UUID, Iterable[str]]]
    show: Callable[[Member, list[UUID]], Mapping[UUID, Shown]]
    deal: Callable[[Any], UUID | None] = lambda row: None
    on_deals: bool = False


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a kind; the second registration of a name replaces the first, so that a reload is harmless."""
    _sources[source.kind] = source


def sources() -> Mapping[str, Source]:
    """Return what can be found beside interactions, by kind."""
    return _sources


def words_of(source: Source, rows: list[Any]) -> dict[UUID, set[str]]:
    """Return the words that each of these rows is found by."""
    return {record_id: words_in(*texts) for record_id, texts in source.texts(rows).items()}


def company_texts(rows: list[Any]) -> dict[UUID, list[str]]:
    """A company is found by its name, its domains and what the map keeps about it."""
    return {row.pk: [row.name, row.domain, *kept_texts(row)] for row in rows}


def contact_texts(rows: list[Any]) -> dict[UUID, list[str]]:
    """A contact is found by name, addresses, phones, job, and the company's name."""
    companies = _names(Company, [row.company_id for row in rows])
    return {row.pk: [row.name, row.job, companies.get(row.company_id, ""), *kept_texts(row)] for row in rows}


def deal_texts(rows: list[Any]) -> dict[UUID, list[str]]:
    """A deal is found by its title, whose it is, its next step and what the map keeps about it."""
    companies = _names(Company, [row.company_id for row in rows])
    contacts = _names(Contact, [row.contact_id for row in rows])
    return {
        row.pk: [
            row.title,
            row.service,
            row.source,
            row.next_step,
            companies.get(row.company_id, ""),
            contacts.get(row.contact_id, ""),
            *kept_texts(row),
        ]
        for row in rows
    }


def kept_texts(row: Record) -> list[str]:
    """Return the texts among the confirmed values that have no column of their own, addresses and phones included."""
    columns = kind_named(row._meta.model_name or "").landings
    return [
        text[:LONGEST_VALUE]
        for field, kept in row.values.items()
        for value in _found_by(field, kept, field in columns)
        for text in _texts(value)
    ]


def _found_by(field: str, kept: Mapping[str, Any], has_column: bool) -> list[Any]:
    """What stands in no column, addresses, and what merged records said otherwise (their names)."""
    shown = [] if has_column and field not in {"emails", "phones", "domains"} else [kept.get("v")]
    return shown + [one["v"] for one in kept.get("also", []) if field in {"name", "job"} or not has_column]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    if isinstance(value, dict):
        return [text for name in ("name", "text", "label") for text in _texts(value.get(name))]
    return []


def _names(model: Any, ids: list[UUID | None]) -> dict[UUID, str]:
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    return dict(model.objects.unscoped(CALLER).filter(pk__among=wanted).values_list("pk", "name"))
