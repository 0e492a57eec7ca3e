"""Contacts and companies: their lists, and what their pages show. Every row through the eyes of the member who asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from baton.kernel.clock import stamp, unstamp
from baton.kernel.verdict import Refusal
from baton.ledger import search
from baton.ledger.models import Company, Contact, Deal, Interaction
from baton.members.models import Member

PAGE = 50
MOST_FOUND = 500
MOST_ON_A_PAGE = 50
SORTS = {"name": "name_folded", "heard": "last_heard_at", "recorded": "recorded_at"}
"""What these lists may be sorted by, and nothing else; a minus in front turns it round."""


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One contact or company of a list. `company` is a contact's; `deals` counts a company's open deals."""

    row: Any
    company: str = ""
    deals: int = 0


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page of a list, and the bookmark of the next, empty on the last."""

    lines: list[CustomerLine]
    after: str = ""


def contacts_list(
    member: Member,
    *,
    sort: str = "name",
    words: str = "",
    company: UUID | None = None,
    owner: UUID | None = None,
    after: str = "",
    size: int = PAGE,
    whole: bool = False,
) -> CustomerPage:
    """Return contacts by name, or by when they were last heard. `words` are beginnings of words, as in search.

    The rows come without their kept values unless `whole` is asked for.

    Raises `Refusal` for a sort or a bookmark that isn't one.
    """
    asked = _narrowed(member, "contact", Contact.objects.visible_to(member), words)
    asked = asked.filter(**_given(company=company, owner=owner)).defer(*(() if whole else ("values", "head")))
    rows, bookmark = _page(asked, sort, after, size)
    companies = _names_of_companies(member, [row.company_id for row in rows])
    return CustomerPage([CustomerLine(row, companies.get(row.company_id, "")) for row in rows], bookmark)


def companies_list(
    member: Member,
    *,
    sort: str = "name",
    words: str = "",
    owner: UUID | None = None,
    after: str = "",
    size: int = PAGE,
    whole: bool = False,
) -> CustomerPage:
    """Return companies by name, or by when they were last heard, each with its open deals. Raises alike.

    With `whole` the rows come with their kept values, and their deals aren't counted.
    """
    asked = _narrowed(member, "company", Company.objects.visible_to(member), words)
    asked = asked.filter(**_given(owner=owner)).defer(*(() if whole else ("values", "head")))
    rows, bookmark = _page(asked, sort, after, size)
    deals = {} if whole else _open_deals(member, [row.pk for row in rows])
    return CustomerPage([CustomerLine(row, deals=deals.get(row.pk, 0)) for row in rows], bookmark)


def _given(**wanted: UUID | None) -> dict[str, UUID]:
    return {name: value for name, value in wanted.items() if value}


def _narrowed(member: Member, kind: str, asked: QuerySet[Any], words: str) -> QuerySet[Any]:
    if not words.strip():
        return asked
    return asked.filter(pk__in=search.found_ids(member, words, kind, most=MOST_FOUND))


def _page(asked: QuerySet[Any], sort: str, after: str, size: int) -> tuple[list[Any], str]:
    column, descending = _sorted(sort)
    if column == "last_heard_at":
        asked = asked.filter(last_heard_at__isnull=False)
    if after:
        asked = asked.filter(_beyond(column, after, descending=descending))
    way = "-" if descending else ""
    rows = list(asked.order_by(f"{way}{column}", f"{way}pk")[: size + 1])
    return rows[:size], _bookmark(rows[size - 1], column) if len(rows) > size else ""


def _sorted(sort: str) -> tuple[str, bool]:
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        raise Refusal(_("There is nothing called “%(name)s” to sort by.") % {"name": sort[:60]})
    return column, sort.startswith("-")


def _beyond(column: str, after: str, *, descending: bool) -> Q:
    further = "lt" if descending else "gt"
    try:
        key, pk = json.loads(after)
        value = str(key).replace("\x00", "") if column == "name_folded" else unstamp(key)
        return Q(**{f"{column}__{further}": value}) | Q(**{column: value, f"pk__{further}": UUID(pk)})
    except (ValueError, TypeError, AttributeError) as wrong:
        raise Refusal(_("That page can’t be found any more. Start the list again.")) from wrong


def _bookmark(row: Any, column: str) -> str:
    key = getattr(row, column)
    return json.dumps([stamp(key) if isinstance(key, datetime) else key, str(row.pk)], separators=(",", ":"))


def _names_of_companies(member: Member, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    rows = Company.objects.visible_to(member).filter(pk__in={one for one in ids if one})
    return dict(rows.values_list("pk", "name"))


def _open_deals(member: Member, ids: list[UUID]) -> dict[UUID, int]:
    deals = Deal.objects.visible_to(member).open().filter(company__in=ids).order_by()
    return dict(deals.values_list("company").annotate(count=Count("pk")))


@dataclass(frozen=True, slots=True)
class CustomerData:
    """What the page of a company or of a contact shows; every list is capped, and says whether there is more."""

    row: Any
    company: Company | None
    contacts: list[Contact]
    deals: list[Deal]
    interactions: list[Interaction]
    more_contacts: bool
    more_deals: bool
    more_interactions: bool


def company_page(member: Member, pk: UUID, *, most: int = MOST_ON_A_PAGE) -> CustomerData | None:
    """Return a company with its people, deals and latest interactions; None where the member sees no such company."""
    row = Company.objects.visible_to(member).filter(pk=pk).first()
    if row is None:
        return None
    contacts = list(Contact.objects.visible_to(member).filter(company=pk).order_by("name_folded", "pk")[: most + 1])
    return _data(member, row, None, contacts, "company", most)


def contact_page(member: Member, pk: UUID, *, most: int = MOST_ON_A_PAGE) -> CustomerData | None:
    """Return a contact with its company, deals and latest interactions; None where the member sees no such contact."""
    row = Contact.objects.visible_to(member).filter(pk=pk).first()
    if row is None:
        return None
    company = Company.objects.visible_to(member).filter(pk=row.company_id).first() if row.company_id else None
    return _data(member, row, company, [], "contact", most)


def _data(
    member: Member, row: Any, company: Company | None, contacts: list[Contact], column: str, most: int
) -> CustomerData:
    deals = Deal.objects.visible_to(member).filter(**{column: row.pk}).defer("evidence", "head")
    found = list(deals.order_by("-touched_at", "pk")[: most + 1])
    said = Interaction.objects.visible_to(member).filter(**{column: row.pk}).defer("values", "parts", "head")
    heard = list(said.order_by("-happened_at", "-pk")[: most + 1])
    return CustomerData(
        row, company, contacts[:most], found[:most], heard[:most], *(len(x) > most for x in (contacts, found, heard))
    )
