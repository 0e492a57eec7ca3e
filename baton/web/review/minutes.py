"""The minutes as a page to print, and on their way by mail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from baton.channels.letters.minutes import name_of, send_minutes
from baton.decide.review import reviews
from baton.decide.review.minutes import minutes_of
from baton.decide.review.models import Review, Snapshot
from baton.decide.review.snapshots import Changed, changes_between
from baton.kernel import words
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.review.meeting import captured_sentence, minute, receipts
from baton.web.review.page import review_of


@require_http_methods(["GET", "HEAD", "POST"])
def review_minutes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the minutes to print, with the pipeline before and after; a POST mails them to who was there."""
    review, member, at = review_of(request, pk), request.user, now()
    assert isinstance(member, Member)
    if request.method == "POST":
        return _send(request, review, member)
    told = minutes_of(review, member)
    context = {
        "review": review,
        "name": name_of(review),
        "present": reviews.present_at(review),
        "lines": [minute(line) for line in told.lines],
        "captured": captured_sentence(told),
        "minutes": told,
        "receipts": receipts(told),
        "changes": [_change(one) for one in changes_between(review.started_at, review.ended_at or at, member)],
        "snapshots": [_taken(one) for one in Snapshot.objects.filter(review=review, scope=member).order_by("taken_at")],
        "may_send": member.may_write and review.ended_at is not None,
        "now": at,
    }
    return render(request, "baton/review/minutes.html", context)


def _send(request: HttpRequest, review: Review, member: Member) -> HttpResponse:
    reviews.refuse_stranger(review, member)
    count = send_minutes(review, at=now())
    told = ngettext("The minutes go to %(count)d person.", "The minutes go to %(count)d people.", count)
    sentence = told % {"count": count} if count else _("Everybody who was there has them already.")
    messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
    return redirect("review-minutes", review.pk)


def _taken(one: Snapshot) -> dict[str, Any]:
    sums = " + ".join(words.money(minor, currency) for currency, minor in one.sums.items())
    deals = ngettext("%(count)d open deal", "%(count)d open deals", one.deals) % {"count": one.deals}
    return {"at": one.taken_at, "text": ", ".join(part for part in (deals, sums) if part), "digest": one.digest[:12]}


def _change(one: Changed) -> dict[str, Any]:
    """Say in words what two moments show differently of a deal."""
    told = [_said(name, one) for name in ("stage", "status", "owner_id", "desk", "amount", "close_date")]
    first = [] if one.was else [_("new")]
    return {"deal": one.deal, "title": one.title, "text": ", ".join(first + [text for text in told if text])}


def _said(name: str, one: Changed) -> str:
    was, is_now = (one.was or {}).get(name), one.now[name]
    if one.was is None or was == is_now:
        return ""
    return f"{_word(name, was, one.now)} → {_word(name, is_now, one.now)}"


def _word(name: str, value: Any, row: dict[str, Any]) -> str:
    if value is None:
        return _("nothing")
    operating_map = current_map()
    if name == "stage":
        stage = operating_map.stage_by_id(value)
        return stage.name if stage else str(value)
    if name == "desk":
        desk = operating_map.desks.get(value)
        return desk.name if desk else str(value)
    if name == "amount":
        return words.money(value, row["currency"])
    if name == "close_date":
        return words.day(value)
    if name == "owner_id":
        return Member.objects.filter(pk=value).values_list("name", flat=True).first() or _("nobody")
    return str(value)
