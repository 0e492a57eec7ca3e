"""The review before it begins, while it is held, and how it ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.decide.review import reviews
from baton.decide.review.agenda import Agenda, agenda
from baton.decide.review.models import Review
from baton.kernel import words
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.map.people import Names
from baton.web.map.wording import rhythm
from baton.web.review.meeting import meeting_context

HELD = 8


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Show what the next review would talk about, and those that were held; a POST begins it."""
    member, at = request.user, now()
    assert isinstance(member, Member)
    found = reviews.review_decisions()
    if not found:
        return render(request, "baton/review/off.html", {"owner": Names().of(current_map().owner)})
    decision = reviews.decision_of(_asked_for(request, [one.id for one in found]))
    if request.method == "POST":
        begun = reviews.begin(decision, by=member, at=at, present=_present(request))
        return redirect("review-meeting", begun.pk)
    seen = agenda(member, decision, at=at, since=reviews.looks_back_to(decision, at))
    held = Review.objects.of_decision(decision.id).attended_by(member).select_related("run_by")
    context = {
        "decision": decision,
        "every": rhythm(decision.every),
        "answer": answer_of(seen),
        "agenda": seen,
        "others": [_other(one.id, one.name, decision.id) for one in found] if len(found) > 1 else [],
        "may_run": reviews.may_run(member, decision),
        "running": held.running().first(),
        "held": list(held.exclude(ended_at=None).order_by("-started_at")[:HELD]),
        "invited": _invited(member, [one.pk for one in reviews.invited_to(decision)]),
        "now": at,
    }
    return render(request, "baton/review/page.html", context)


def _asked_for(request: HttpRequest, known: list[str]) -> str:
    asked = request.POST.get("decision") or request.GET.get("decision", "")
    return asked if asked in known else ""


def _present(request: HttpRequest) -> list[UUID] | None:
    """Read who is there from the form; who isn't named in one is as the map says."""
    if "present" not in request.POST:
        return None
    known = {str(pk): pk for pk in Member.objects.filter(is_active=True).values_list("pk", flat=True)}
    return [known[one] for one in request.POST.getlist("present") if one in known]


def _invited(member: Member, invited: list[UUID]) -> list[dict[str, Any]]:
    rows = Member.objects.filter(is_active=True).order_by("name")
    there = [{"id": row.pk, "name": row.name, "there": row.pk in {*invited, member.pk}} for row in rows]
    return sorted(there, key=lambda one: not one["there"])


def _other(key: str, name: str, current: str) -> dict[str, Any]:
    return {"label": name, "href": f"{reverse('review')}?decision={key}", "current": key == current}


def answer_of(seen: Agenda) -> str:
    """Say how much there is to talk about, and since when."""
    since = words.day(seen.since, seen.at)
    if not seen.items:
        return _("Nothing has slipped, gone quiet or changed since %(day)s.") % {"day": since}
    count = len(seen.items)
    deals = ngettext("%(count)d deal to talk about", "%(count)d deals to talk about", count) % {"count": count}
    return _("%(deals)s, from what happened since %(day)s.") % {"deals": deals, "day": since}


def review_of(request: HttpRequest, pk: UUID) -> Review:
    """Return a review that the member ran, was at, or leads the business of; others aren't there."""
    assert isinstance(request.user, Member)
    found = Review.objects.attended_by(request.user).select_related("run_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the meeting: the agenda, the deal that is talked about, and the minutes as they write themselves."""
    held = review_of(request, pk)
    assert isinstance(request.user, Member)
    context = meeting_context(held, request.user, request.GET.get("deal", ""), now())
    return render(request, "baton/review/meeting.html", context)


@require_POST
def review_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the review, with a second snapshot."""
    assert isinstance(request.user, Member)
    reviews.end(review_of(request, pk), by=request.user, at=now())
    return redirect("review-minutes", pk)
