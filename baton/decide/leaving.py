"""Saved views leave as sheets: at an address that holds a secret, with what its maker may see at that moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from baton.decide.deals import Cell, deals_list
from baton.decide.models import SavedView, ViewAddress
from baton.decide.registry import Listed, registry
from baton.decide.views import View
from baton.kernel.clock import unstamp
from baton.kernel.money import Money
from baton.kernel.tables import Value, as_csv, as_xlsx
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import Member

AT_ONCE = 500
MOST_ROWS = 50_000
MOST_ADDRESSES = 20


def make_address(view: UUID, *, by: Member, at: datetime) -> ViewAddress:
    """Make an address for a view that the member has. Raises `Refusal`."""
    kept = SavedView.objects.of(by).filter(pk=view).first()
    if kept is None:
        raise Refusal(_("There is no such view among yours and the shared ones."))
    with writing():
        if ViewAddress.objects.filter(member=by).count() >= MOST_ADDRESSES:
            raise Refusal(_("You have %(most)s addresses. End one that nobody reads.") % {"most": MOST_ADDRESSES})
        return ViewAddress.objects.create(view=kept, member=by, made_at=at)


def addresses_of(view: UUID, member: Member) -> list[ViewAddress]:
    """Return the member's own addresses of a view."""
    return list(ViewAddress.objects.filter(view=view, member=member).order_by("made_at"))


def end_address(pk: UUID, *, by: Member) -> UUID:
    """End an address, for good: its own maker's, or anybody's for who leads. Return the view that it was of."""
    asked = ViewAddress.objects.filter(pk=pk)
    found = (asked if by.sees_everything else asked.filter(member=by)).first()
    if found is None:
        raise Refusal(_("There is no such address among yours."))
    with writing():
        found.delete()
    return found.view_id


def sheet_at(token: str, ending: str, *, at: datetime) -> tuple[bytes, str] | None:
    """Return what an address shows now, as CSV or XLSX, with the view's name; None for an address that leads nowhere.

    An address of a member who left, or of a view that they no longer have, leads nowhere.
    """
    found = ViewAddress.objects.select_related("member", "view").filter(token=token, member__is_active=True).first()
    if found is None or not SavedView.objects.of(found.member).filter(pk=found.view_id).exists():
        return None
    content = sheet_of(View.from_data(found.view.definition), found.member, found.view.name, ending, at=at)
    ViewAddress.objects.filter(pk=found.pk).update(read_at=at, times=F("times") + 1)
    return content, found.view.name


def sheet_of(view: View, member: Member, name: str, ending: str, *, at: datetime) -> bytes:
    """Return a view as the member sees it, as CSV or XLSX."""
    known = registry()
    columns = [known[one] for one in view.columns if one in known]
    heads = [one.label for one in columns]
    rows = _rows(view, member, columns, at)
    return as_xlsx(name, heads, rows) if ending == "xlsx" else as_csv(heads, rows)


def _rows(view: View, member: Member, columns: Sequence[Listed], at: datetime) -> Iterator[list[Value]]:
    for number in range(1, MOST_ROWS // AT_ONCE + 1):
        page = deals_list(member, view, at=at, number=number, size=AT_ONCE)
        for line in page.lines:
            yield [_value(one, cell, line.currency) for one, cell in zip(columns, line.cells, strict=True)]
        if number >= page.pages:
            return


def _value(one: Listed, cell: Cell, currency: str) -> Value:
    """Amounts leave as numbers and days as days, so that a sheet can go on computing with them."""
    value: Any = cell.value
    if value is None:
        return None
    if one.type == "money":
        kept = Money(value["minor"], value["currency"]) if isinstance(value, dict) else Money(value, currency)
        return kept.major
    if one.type == "date":
        return date.fromisoformat(value) if isinstance(value, str) else value
    if one.type == "moment":
        return unstamp(value) if isinstance(value, str) else value
    return value if one.type in {"number", "yes/no"} else cell.text
