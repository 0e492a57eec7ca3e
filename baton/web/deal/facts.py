"""Answering what Baton read: confirmed, changed or not so, one by one or all of one message."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.capture import suggestions
from baton.kernel.clock import now
from baton.kernel.writer import writing
from baton.ledger.models import Fact, Interaction
from baton.members.models import Member
from baton.web.deal.answers import changed
from baton.web.deal.readings import in_words
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.sources import STATES, lag_of, quote_of, shown_fact
from baton.web.pages import page


def _fact(request: HttpRequest, pk: UUID) -> Fact:
    assert isinstance(request.user, Member)
    fact = Fact.objects.one_seen_by(request.user, pk)
    if fact is None:
        raise Http404
    return fact


def _deal_of(request: HttpRequest, fact: Fact) -> UUID:
    """Return the deal on whose page a fact is answered: its own, else that of the message it was read from."""
    if fact.record_kind == "deal":
        return fact.record_id
    assert isinstance(request.user, Member)
    rows = Interaction.objects.visible_to(request.user).filter(pk=fact.interaction_id, deal__isnull=False)
    deal = rows.values_list("deal", flat=True).first()
    if deal is None:
        raise Http404
    return deal


def fact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what one fact says and from which words; a waiting suggestion can be answered here."""
    found = _fact(request, pk)
    seen = see(request, _deal_of(request, found))
    if found.record_kind == "deal" and seen.field(found.field):
        return shown_fact(request, seen, found)
    return render(request, page("deal/source", request, part="source"), _shown(seen, found))


def _shown(seen: DealSeen, found: Fact) -> dict[str, object]:
    waiting = found.status == "suggested" and not _answered(seen, found)
    trust = "suggested" if waiting else "confirmed"
    return {
        "seen": seen,
        "deal": seen.deal,
        "value": in_words(seen, found),
        "trust": trust,
        "state": STATES[trust],
        "quote": quote_of(seen, found),
        "lag": lag_of(found),
        "suggestion": found if waiting else None,
        "changeable": seen.may_write,
        "now": seen.now,
    }


def _answered(seen: DealSeen, found: Fact) -> bool:
    return Fact.objects.visible_to(seen.member).filter(settles=found.pk).exists()


@require_POST
def fact_confirmation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stand behind what was read, as it was read."""
    found = _fact(request, pk)
    deal = _deal_of(request, found)
    suggestions.confirm(found, by=request.user, at=now())
    return changed(request, deal)


@require_POST
def fact_dismissal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that what was read isn't so; reading the message again won't bring it back."""
    found = _fact(request, pk)
    deal = _deal_of(request, found)
    suggestions.dismiss(found, by=request.user, at=now())
    return changed(request, deal)


@require_POST
def deal_confirmations(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm several suggestions together: those of one message, or of the packet."""
    seen = see(request, pk)
    with writing():
        for fact in _waiting(seen, request.POST.getlist("fact")):
            suggestions.confirm(fact, by=seen.member, at=seen.now)
    return changed(request, pk)


def _waiting(seen: DealSeen, asked: list[str]) -> list[Fact]:
    wanted = []
    for text in asked[:100]:
        try:
            wanted.append(UUID(text))
        except ValueError as wrong:
            raise Http404(_("There is no such suggestion.")) from wrong
    return list(Fact.objects.visible_to(seen.member).suggested().filter(pk__in=wanted))
