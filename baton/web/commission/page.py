"""Who earned what: everybody their own statements, who leads the business all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.decide.answering import in_words
from baton.decide.commission.statements import (
    Line,
    Shown,
    close,
    may_see,
    paid_members,
    periods_of,
    rules_of,
    statement_of,
)
from baton.kernel import words
from baton.kernel.clock import now
from baton.kernel.money import digits
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal, Interaction
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.map.people import Names


@require_safe
def commission(request: HttpRequest) -> HttpResponse:
    """Show the periods of each person whom the map pays, as far as the member may see them."""
    member, at = request.user, now()
    assert isinstance(member, Member)
    if not current_map().commission:
        return render(request, "baton/commission/off.html", {"owner": Names().of(current_map().owner)})
    people = [one for one in paid_members() if may_see(member, one)]
    context = {"people": [_person(one, at) for one in people], "own": not member.sees_everything, "now": at}
    return render(request, "baton/commission/page.html", context)


def _person(member: Member, at: datetime) -> dict[str, Any]:
    shown = [statement_of(member, period.key) for period in periods_of(member, at, most=4)]
    return {"member": member, "rules": rules_of(member), "periods": [_period(one) for one in shown]}


def _period(one: Shown) -> dict[str, Any]:
    uncounted = sum(not line.amount.minor and bool(line.because) for line in one.lines)
    return {
        "key": one.period.key,
        "name": one.period.label,
        "totals": in_words(one.totals),
        "base": in_words(one.base),
        "target": _target(one),
        "lines": len(one.lines),
        "uncounted": uncounted,
        "closed": one.closed,
    }


def _target(one: Shown) -> str:
    """Say how far a target is reached, by what counts: “£84,600 of £120,000”."""
    currency = current_map().currency
    email = one.member.email.lower()
    rules = [rule for rule in rules_of(one.member) if rule.every == one.period.every and email in rule.who]
    target = sum(rule.target or 0 for rule in rules) * 10 ** digits(currency)
    if not target:
        return ""
    reached = sum(money.minor for money in one.base if money.currency == currency)
    told = {"reached": words.money(reached, currency), "target": words.money(target, currency)}
    return _("%(reached)s of %(target)s") % told


def _shown(request: HttpRequest, pk: UUID, period: str) -> Shown:
    of = Member.objects.filter(pk=pk).first()
    assert isinstance(request.user, Member)
    if of is None or not current_map().commission or not may_see(request.user, of):
        raise Http404
    try:
        return statement_of(of, period)
    except Refusal as none:
        raise Http404 from none


@require_safe
def statement(request: HttpRequest, pk: UUID, period: str) -> HttpResponse:
    """Show a statement, line by line, each with its deal and what shows it."""
    shown, at = _shown(request, pk, period), now()
    assert isinstance(request.user, Member)
    context = {
        "shown": shown,
        "lines": _lines(shown.lines, request.user),
        "totals": in_words(shown.totals),
        "target": _target(shown),
        "may_close": request.user.sees_everything
        and request.user.may_write
        and not shown.closed
        and shown.period.has_ended(at, current_map().hours.tz),
        "now": at,
    }
    return render(request, "baton/commission/statement.html", context)


def _lines(lines: list[Line], member: Member) -> list[dict[str, Any]]:
    titles = dict(Deal.objects.visible_to(member).filter(pk__in={one.deal for one in lines}).values_list("pk", "title"))
    sources = {one.source for one in lines if one.source}
    readable = Interaction.objects.visible_to(member).filter(pk__in=sources, readable=True)
    known = set(readable.values_list("pk", flat=True)) if sources else set()
    return [
        {"line": one, "title": titles.get(one.deal, ""), "source": one.source if one.source in known else None}
        for one in lines
    ]


@require_POST
def statement_closing(request: HttpRequest, pk: UUID, period: str) -> HttpResponse:
    """Close the period, for good."""
    shown = _shown(request, pk, period)
    assert isinstance(request.user, Member)
    close(shown.member, period, by=request.user, at=now())
    sentence = _("%(period)s is closed. What changes from now on is a line of the next period.") % {"period": period}
    messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
    return redirect("statement", pk, period)
