"""“What does Baton say?”: a question about the pipeline, answered by numbers with their rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from baton.decide.answering import Answer, answer, in_words
from baton.decide.asking import examples
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.web.pages import page

MOST_TEXT = 400


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Answer what is asked. In a review, the rows open in it."""
    assert isinstance(request.user, Member)
    asked = request.GET.get("q", "")[:MOST_TEXT]
    review = _review(request.GET.get("review", ""))
    context: dict[str, Any] = {"asked": asked, "review": review, "examples": examples()}
    if asked.strip():
        try:
            context |= _told(answer(asked, request.user, at=now()), review)
        except Refusal as why:
            context["refused"] = why.sentence
    return render(request, page("review/answers", request, part="answer"), context)


def _review(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        return ""


def _told(found: Answer, review: str) -> dict[str, Any]:
    rows = [{"row": row, "href": _href(row.id, review)} for row in found.rows]
    groups = [{"name": one.name, "count": one.count, "sums": in_words(one.sums)} for one in found.groups]
    listed = f"{reverse('deals-list')}?{found.query}" if found.query else ""
    return {"answer": found, "rows": rows, "groups": groups, "listed": listed}


def _href(deal: UUID, review: str) -> str:
    if review:
        return f"{reverse('review-meeting', args=[review])}?{urlencode({'deal': deal})}"
    return reverse("deal", args=[deal])
