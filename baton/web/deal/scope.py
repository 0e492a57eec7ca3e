"""The panel of a deal's items: what is part of it, and one key each to approve or reject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.kernel import words
from baton.kernel.verdict import Refusal
from baton.ledger.items import APPROVED, REJECTED, are_items
from baton.ledger.models import Interaction
from baton.map.elements import Field
from baton.web.deal.answers import changed
from baton.web.deal.seen import DealSeen, see
from baton.work import scope

ICONS = {APPROVED: "check", REJECTED: "x"}


@dataclass(frozen=True)
class Panel:
    """A field of items as the aside shows it. `by` says on whose word an answer stands, `said_in` is its id."""

    field: Field
    rows: list[dict[str, Any]]
    note: str
    href: str
    correct: str
    by: str
    said_in: str


def panels_of(seen: DealSeen) -> list[Panel]:
    """Return one panel for each field of items that the map has for deals."""
    fields = [field for field in seen.map.fields.values() if field.type == "items" and field.on == "deal"]
    if not fields:
        return []
    last = scope.last_word_of_theirs(seen.deal, seen.member)
    return [_panel(seen, field, last) for field in fields]


def _panel(seen: DealSeen, field: Field, last: Interaction | None) -> Panel:
    kept = seen.deal.value(field.key)
    items = kept if are_items(kept) else []
    counts = {state: sum(each["state"] == state for each in items) for state in (APPROVED, REJECTED)}
    told = {"approved": counts[APPROVED], "all": len(items)}
    return Panel(
        field=field,
        rows=[_row(seen, each, index) for index, each in enumerate(items)],
        note=_("%(approved)d of %(all)d approved") % told if items else "",
        href=reverse("deal-items", args=[seen.deal.pk, field.key]),
        correct=reverse("deal-field-value", args=[seen.deal.pk, field.key]),
        by=_by(last, seen) if last else "",
        said_in=str(last.pk) if last else "",
    )


def _by(last: Interaction, seen: DealSeen) -> str:
    told = {"kind": last.get_kind_display(), "when": words.when(last.happened_at, seen.now)}
    return _("by their last word (%(kind)s, %(when)s)") % told


def _row(seen: DealSeen, each: dict[str, Any], index: int) -> dict[str, Any]:
    names = {APPROVED: _("approved"), REJECTED: _("rejected")}
    source = reverse("message", args=[each["said_in"]]) if each.get("said_in") else ""
    icon = ICONS.get(each["state"], "circle-help")
    state = names.get(each["state"], _("proposed"))
    return {
        "id": f"item-{index}",
        "what": each["what"],
        "state": each["state"],
        "icon": icon,
        "note": state,
        "source": source,
    }


@require_POST
def deal_items(request: HttpRequest, pk: UUID, field: str) -> HttpResponse:
    """Approve or reject one item."""
    seen = see(request, pk)
    known = seen.field(field)
    if known is None or known.type != "items":
        raise Http404
    scope.settle_item(
        seen.deal,
        known,
        request.POST.get("what", ""),
        request.POST.get("state", ""),
        by=seen.member,
        at=seen.now,
        said_in=_id(request.POST.get("said_in", "")),
    )
    return changed(request, pk)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as wrong:
        raise Refusal(_("There is no such message on this deal among those you can read.")) from wrong
