"""What is done with several deals at once: move them, give them an owner, set a next step, ask for evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from baton.decide.registry import listed
from baton.decide.typed import parse
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, said
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.members.models import Member
from baton.web.notices import way_back
from baton.work import moves

MOST = 500
Deed = Callable[[Deal, Member, datetime, HttpRequest], object]


@require_POST
def choice(request: HttpRequest) -> HttpResponse:
    """Do one thing to each chosen deal; what is refused is said, the rest is done."""
    assert isinstance(request.user, Member)
    deed = DEEDS.get(request.POST.get("do", ""))
    deals = _chosen(request, request.user)
    if deed is None or not deals:
        raise Refusal(_("Choose deals first, then what to do with them."))
    refused = []
    for deal in deals:
        try:
            deed(deal, request.user, now(), request)
        except Refusal as why:
            refused.append(f"{deal}: {why.sentence}")
    _tell(request, len(deals) - len(refused), refused)
    return redirect(way_back(request) or reverse("deals-list"))


def _chosen(request: HttpRequest, member: Member) -> list[Deal]:
    ids = []
    for text in request.POST.getlist("deal")[:MOST]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(Deal.objects.visible_to(member).filter(pk__in=ids).order_by("title_folded", "pk"))


def _move(deal: Deal, member: Member, at: datetime, request: HttpRequest) -> None:
    moves.move(deal, request.POST.get("stage", ""), by=member, at=at)


def _own(deal: Deal, member: Member, at: datetime, request: HttpRequest) -> None:
    owner = parse(listed("owner"), request.POST.get("owner", ""), at)
    if owner is None or not Member.objects.filter(pk=owner, is_active=True).exists():
        raise Refusal(_("Say whose deals they become."))
    record(said("deal", deal.pk, owner=owner), by=Author(member), at=at)


def _step(deal: Deal, member: Member, at: datetime, request: HttpRequest) -> None:
    what = request.POST.get("what", "").strip()
    if not what:
        raise Refusal(_("Say what the next step is."))
    due = parse(listed("next_step_at"), request.POST.get("when", ""), at)
    record(said("deal", deal.pk, next_step={"what": what[:400], "at": due, "by": None}), by=Author(member), at=at)


def _ask(deal: Deal, member: Member, at: datetime, request: HttpRequest) -> None:
    moves.ask_for_evidence(deal, by=member, at=at)


DEEDS: dict[str, Deed] = {"move": _move, "owner": _own, "next_step": _step, "evidence": _ask}


def _tell(request: HttpRequest, done: int, refused: list[str]) -> None:
    if done:
        sentence = ngettext("%(count)s deal changed.", "%(count)s deals changed.", done) % {"count": done}
        messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
    for sentence in refused[:5]:
        messages.add_message(request, messages.WARNING, sentence, extra_tags="faded")
