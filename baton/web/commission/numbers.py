"""The business's own numbers: given to a deal, listed, and the papers that lie on no deal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.decide.commission.numbers import give, given_lately, without_a_deal
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.deal.seen import see


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """List what was given out, and first what lies on no deal."""
    assert isinstance(request.user, Member)
    context = {
        "series": current_map().numbers,
        "given": given_lately(request.user),
        "papers": without_a_deal(request.user),
        "now": now(),
    }
    return render(request, "baton/commission/numbers.html", context)


@require_POST
def deal_numbers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a quote or a job on this deal its number."""
    seen = see(request, pk)
    number = give(seen.deal, request.POST.get("series", ""), by=seen.member, at=seen.now)
    sentence = _("Its number is %(number)s.") % {"number": number}
    messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
    return redirect("deal", pk)
