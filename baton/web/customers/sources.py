"""Where what is known of a contact or company comes from, also what was said of those that were merged into it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from baton.kernel import words
from baton.kernel.clock import now
from baton.ledger.joining import APART
from baton.ledger.linking import merged_below
from baton.ledger.models import Company, Contact, Fact
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.deal.sources import channel_name, lag_of
from baton.work.wording import value_text

MOST = 300
MODELS: dict[str, Any] = {"contact": Contact, "company": Company}
NAMES = {
    "name": gettext_lazy("Name"),
    "emails": gettext_lazy("Email addresses"),
    "phones": gettext_lazy("Phone numbers"),
    "domains": gettext_lazy("Mail domains"),
    "job": gettext_lazy("What they do"),
    "company": gettext_lazy("Company"),
    "owner": gettext_lazy("Whose they are"),
}


@require_safe
def contact_sources(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show who said what of a contact."""
    return _page(request, "contact", pk)


@require_safe
def company_sources(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show who said what of a company."""
    return _page(request, "company", pk)


def _page(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    member = request.user
    assert isinstance(member, Member)
    row = MODELS[kind].objects.visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    told = _Told(member, kind, row)
    return render(request, "baton/customers/sources.html", {"kind": kind, "row": row, "rows": told.rows()})


class _Told:
    """Every fact of a record and of those that were merged into it, in words."""

    def __init__(self, member: Member, kind: str, row: Any) -> None:
        self.member, self.kind, self.row, self.at = member, kind, row, now()
        below = merged_below(kind, [row.pk])
        rows = Fact.objects.of_seen(member, {kind: [row.pk, *below]}).exclude(field__in=APART)
        self.facts = list(rows.order_by("-recorded_at", "-pk")[:MOST])
        self.merged = dict(
            MODELS[kind].objects.unscoped("ledger.merging").filter(pk__in=below).values_list("pk", "name")
        )
        self.people = dict(Member.objects.values_list("pk", "name"))
        self.companies = self._companies()
        self.shown = {kept.get("f") for kept in row.values.values()}
        self.shown |= {one["f"] for kept in row.values.values() for one in kept.get("also", [])}

    def _companies(self) -> dict[str, str]:
        wanted = {fact.value for fact in self.facts if fact.field == "company" and fact.value}
        found = Company.objects.visible_to(self.member).filter(pk__in=wanted)
        return {str(pk): name for pk, name in found.values_list("pk", "name")}

    def rows(self) -> list[dict[str, Any]]:
        """Return the facts as the page shows them, the newest first."""
        return [self._row(fact) for fact in self.facts]

    def _row(self, fact: Fact) -> dict[str, Any]:
        current = str(fact.pk) in self.shown
        return {
            "field": self._name(fact.field),
            "text": self._text(fact) or _("nothing"),
            "trust": "confirmed" if fact.status == "confirmed" else "suggested",
            "state": _("Now") if current else _("Before") if fact.status == "confirmed" else _("Suggested"),
            "who": self._who(fact),
            "channel": channel_name(fact.channel, fact.reader),
            "at": words.when(fact.happened_at, self.at),
            "lag": lag_of(fact),
            "because": fact.because,
            "of": self.merged.get(fact.record_id, ""),
        }

    def _name(self, field: str) -> str:
        known = current_map().fields.get(field)
        return str(NAMES.get(field) or (known.name if known else field.replace("_", " ").capitalize()))

    def _who(self, fact: Fact) -> str:
        return _("you") if fact.said_by_id == self.member.pk else self.people.get(fact.said_by_id, "Baton")

    def _text(self, fact: Fact) -> str:
        if fact.field == "company":
            return self.companies.get(str(fact.value), "")
        if fact.field == "owner":
            return self.people.get(UUID(fact.value), "") if fact.value else ""
        known = current_map().fields.get(fact.field)
        return value_text(fact.value, known.type if known else "text")
