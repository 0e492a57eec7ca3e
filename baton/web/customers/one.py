"""One contact or company: people, deals, what was said, what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from baton.capture.duplicates import pairs
from baton.kernel import words
from baton.kernel.clock import now
from baton.ledger import merging
from baton.ledger.models import Deal, Interaction
from baton.ledger.queries import CustomerData, company_page, contact_page
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.phone.reached import by_phone, lines_for
from baton.work.customers import open_promises

ICONS = {
    "email": "mail",
    "call": "phone",
    "text": "message-square",
    "chat": "message-circle",
    "form": "file-text",
    "meeting": "calendar",
    "note": "file-text",
    "document": "paperclip",
}


@dataclass(frozen=True, slots=True)
class DealLine:
    """One deal of a customer in words."""

    deal: Deal
    stage: str
    worth: str


def contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a contact."""
    assert isinstance(request.user, Member)
    return _page(request, "contact", pk, contact_page(request.user, pk))


def company(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a company."""
    assert isinstance(request.user, Member)
    return _page(request, "company", pk, company_page(request.user, pk))


def _page(request: HttpRequest, kind: str, pk: UUID, data: CustomerData | None) -> HttpResponse:
    assert isinstance(request.user, Member)
    if data is None:
        return _standing_for(request.user, kind, pk)
    context = {
        "kind": kind,
        "data": data,
        "answer": _answer(data),
        "deals": [_deal(deal) for deal in data.deals],
        "promises": open_promises(request.user, **{kind: data.row.pk}),
        "addresses": _addresses(data.row),
        "merged": merging.merged_from(request.user, kind, pk),
        "twin": pairs.of_record(request.user, kind, pk),
        "reached": by_phone(data.row, lines_for(request.user)) if kind == "contact" and data.row.phone else {},
        "events": [_event(row) for row in data.interactions],
        "now": now(),
    }
    return render(request, "baton/customers/one.html", context)


def _standing_for(member: Member, kind: str, pk: UUID) -> HttpResponse:
    """Lead on to the record that a merged one stands for now."""
    end = merging.standing_for(kind, pk, member)
    if end is None or end == pk:
        raise Http404
    return redirect(kind, pk=end)


def _answer(data: CustomerData) -> str:
    heard = data.row.last_heard_at
    under_way = sum(1 for deal in data.deals if deal.status in {"open", "won"})
    first = _("Last heard %(when)s.") % {"when": words.when(heard, now())} if heard else _("No message recorded yet.")
    return f"{first} " + (_("%(count)s under way.") % {"count": under_way} if under_way else _("No deal under way."))


def _deal(deal: Deal) -> DealLine:
    stage = current_map().stage_by_id(deal.stage)
    worth = words.money(deal.amount, deal.currency) if deal.amount is not None else ""
    return DealLine(deal, str(stage.name) if stage else "", worth)


def _addresses(row: Any) -> list[dict[str, str]]:
    """Return the ways to reach them as they were written, each as a link where a device can follow it."""
    schemes = {"domains": "", "emails": "mailto:", "phones": "tel:"}
    return [
        {"value": value, "href": f"{scheme}{value.replace(' ', '')}" if scheme else ""}
        for field, scheme in schemes.items()
        for value in row.values.get(field, {}).get("v") or []
    ]


def _event(row: Interaction) -> dict[str, Any]:
    return {
        "id": f"i{row.pk}",
        "icon": ICONS.get(row.kind, "file-text"),
        "head": row.subject or row.get_kind_display(),
        "lag": None,
        "at": words.when(row.happened_at, now()),
        "text": row.from_name or row.from_address,
        "href": f"/messages/{row.pk}/" if row.readable else "",
    }
