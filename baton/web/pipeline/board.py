"""The board: stages as lanes. A card is dragged, or moved by its menu; sums are over all deals that one may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from baton.decide.pipeline import CARDS, Board, Column, board, more_cards
from baton.kernel import words
from baton.kernel.clock import now
from baton.kernel.money import Money
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.web.pages import page, wants_part, whole_number
from baton.web.pipeline.asking import Asked, read, tabs
from baton.web.pipeline.cards import cards_html
from baton.web.redirects import onward
from baton.work import moves


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage as it is drawn: its cards, and the address of those that have no card yet."""

    column: Column
    desk: str
    sums: str
    weighs: str
    cards: SafeString
    more: str


def deals_page(request: HttpRequest) -> HttpResponse:
    """Show the pipeline the way this member looked at it last: as a board, or as a list."""
    from baton.web.pipeline.deals import list_page

    as_list = request.COOKIES.get("pipeline") == "list"
    return list_page(request) if as_list else board_page(request)


def board_page(request: HttpRequest) -> HttpResponse:
    """Show the board."""
    asked = read(request)
    answer = render(request, page("pipeline/board", request, part="moved"), _context(asked, now()))
    answer.set_cookie("pipeline", "board", max_age=31_536_000, samesite="Lax", httponly=True)
    return answer


def _context(asked: Asked, at: datetime) -> dict[str, Any]:
    found = board(asked.member, asked.view, at=at)
    return {
        "asked": asked,
        "tabs": tabs(asked, "board"),
        "answer": _answer(found),
        "lanes": [_lane(column, asked, at) for column in found.columns],
        "stages": list(current_map().stages.values()),
        "list_href": asked.address("deals-list"),
        "here": asked.address("board"),
        "now": at,
    }


def _answer(found: Board) -> str:
    """Say what is open, what it weighs by evidence, and what isn't shown."""
    operating_map = current_map()
    undecided = [one for one in found.columns if moves.status_at(one.stage, operating_map) == "open"]
    total, weighs = _together(one.sums for one in undecided), _together(one.weighted for one in undecided)
    said = sum(one.said for one in found.columns)
    first = _("%(sum)s open, weighing %(weight)s by evidence.") % {"sum": total, "weight": weighs}
    if not found.count:
        return _("No deal is under way among those you can see.")
    if not said:
        return first
    rest = ngettext(
        "%(count)s deal stands where nothing shows it.", "%(count)s deals stand where nothing shows it.", said
    )
    return f"{first} {rest % {'count': said}}"


def _together(groups: Any) -> str:
    totals: dict[str, int] = {}
    for money in (money for group in groups for money in group):
        totals[money.currency] = totals.get(money.currency, 0) + money.minor
    return _sum([Money(minor, currency) for currency, minor in totals.items()])


def _sum(monies: list[Money]) -> str:
    """Write sums of different currencies beside each other; they are never added up without a rate."""
    if not monies:
        return words.money(0, current_map().currency)
    return " + ".join(words.money(money.minor, money.currency) for money in monies)


def _lane(column: Column, asked: Asked, at: datetime) -> Lane:
    more = asked.address("board") if column.more_count else ""
    desk = current_map().desks[column.stage.desk].name
    weighs = _sum(column.weighted) if column.stage.weight is not None else ""
    more = more and _more(column.stage.id, asked, len(column.cards))
    return Lane(column, str(desk), _sum(column.sums), weighs, cards_html(column.cards, at), more)


def _more(stage: str, asked: Asked, first: int) -> str:
    from django.urls import reverse

    query = asked.address("board").partition("?")[2]
    return f"{reverse('lane', args=[stage])}?{query}&first={first}"


def lane(request: HttpRequest, stage: str) -> HttpResponse:
    """Answer with further cards of one lane."""
    asked, at = read(request), now()
    if stage not in current_map().stages:
        raise Http404
    first = whole_number(request.GET.get("first", ""))
    cards = more_cards(asked.member, stage, asked.view, at=at, first=first)
    context = {
        "cards": cards_html(cards, at),
        "more": _more(stage, asked, first + len(cards)) if len(cards) == CARDS else "",
    }
    if wants_part(request):
        return render(request, "baton/pipeline/cards.html", context)
    return redirect(asked.address("deals-list") + f"&stage.any={stage}")


@require_POST
def board_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move a card to another stage. It always saves; where nothing shows the stage, it is said."""
    asked = read(request)
    deal = Deal.objects.visible_to(asked.member).filter(pk=pk).first()
    if deal is None:
        raise Http404
    version = request.POST.get("version", "")
    expected = int(version) if version.isdecimal() else None
    moved = moves.move(deal, request.POST.get("stage", ""), by=asked.member, at=now(), expected=expected)
    _tell(request, moved)
    if wants_part(request):
        return render(request, "baton/pipeline/board.html#moved", _context(asked, now()))
    return redirect(onward(request) or asked.address("board"))


def _tell(request: HttpRequest, moved: moves.Moved) -> None:
    stage = current_map().stages[moved.deal.stage].name
    if moved.shown:
        sentence, tone = _("%(deal)s stands at %(stage)s, and it is shown."), "hand"
    else:
        sentence, tone = _("%(deal)s stands at %(stage)s: said, until something shows it."), "faded"
    messages.add_message(request, messages.INFO, sentence % {"deal": moved.deal, "stage": stage}, extra_tags=tone)
