"""The mirror: what behavior says, as findings; each opens its cases down to the message."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import one_version
from baton.members.models import Member
from baton.mirror.cases import Case, cases
from baton.mirror.deciding import SETTLED_FOR, decided
from baton.mirror.early import early
from baton.mirror.failures import failures
from baton.mirror.findings import QUESTIONS, Finding, Question
from baton.mirror.history import history
from baton.mirror.models import Decided
from baton.mirror.own import may_see, own, seen_by, shown_to
from baton.mirror.owned import managers, taxes
from baton.mirror.proposing import proposes
from baton.mirror.reading import WINDOWS, Mirror, mirror
from baton.mirror.sight import owns, sees_the_business
from baton.web.mirror.drawing import lag_of, months_of, taxes_of
from baton.web.pages import whole_number

NAMES: dict[Question, Any] = {
    "clear": gettext_lazy("Clear or confused?"),
    "consistent": gettext_lazy("Consistent or chaotic?"),
    "owned": gettext_lazy("Owned or drifting?"),
}
ICONS = {"good": "check", "look": "circle-alert", "note": "info", "few": "info"}
MOST_SHOWN = 7


@require_safe
@one_version()
def mirror_page(request: HttpRequest) -> HttpResponse:
    """Show the three questions with their findings, lag by channel, who decides from Baton, and what fields cost."""
    found = _mirror(request)
    context = {
        "mirror": found,
        "answer": _answer(found),
        "questions": [_question(found, one) for one in QUESTIONS],
        "lag": lag_of(found.glass),
        "managers": managers(found.glass) if sees_the_business(found.glass.member) else [],
        "taxes": taxes_of(taxes(found.glass)),
        "windows": _windows(found),
        "owns": owns(found.glass.member),
        "whole": found.glass.days.whole,
        "own": own(found.glass, found.at),
        "seen_by": ", ".join(seen_by(found.glass.member, found.glass.map)),
        "people": shown_to(found.glass.member, found.glass.map),
        "early": _early(found),
    }
    return render(request, "baton/mirror/page.html", context)


@require_safe
@one_version()
def own_figures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a colleague's own figures to those whom the map lets see them; to everybody else there is no such page."""
    found = _mirror(request)
    member = get_object_or_404(Member, pk=pk, is_active=True)
    if not may_see(found.glass.member, member, found.glass.map):
        raise Http404
    context = {
        "member": member,
        "own": own(found.glass, found.at, of=member),
        "seen_by": ", ".join(seen_by(member, found.glass.map)),
        "window": found.window,
        "back": _back(found),
    }
    return render(request, "baton/mirror/own.html", context)


def _early(found: Mirror) -> dict[str, Any]:
    told = early(found.glass.member, found.at)
    signs = [{"sign": one, "href": finding_href(one.key)} for one in told.warned]
    return {"signs": signs, "unsaid": ", ".join(told.unsaid)}


@require_safe
@one_version()
def failures_page(request: HttpRequest) -> HttpResponse:
    """Show what went wrong downstream, each with the cause that it leads back to."""
    found = _mirror(request)
    told = [
        {"failures": one, "cases": [{"case": case, "href": href_of(case)} for case in one.cases]}
        for one in failures(found.glass)
    ]
    return render(request, "baton/mirror/failures.html", {"kinds": told, "back": _back(found), "window": found.window})


@require_safe
@one_version()
def finding(request: HttpRequest, key: str) -> HttpResponse:
    """Show one finding: its cases, its months, and what would change it."""
    found = _mirror(request, history=True)
    try:
        rows = cases(found.glass, key)
    except (Refusal, IndexError, ValueError) as none:
        raise Http404 from none
    shown = next((one for one in found.all if one.key == key), None)
    if key.startswith("sign/") and not owns(found.glass.member):
        raise Http404
    told = history(found.glass, key)
    context = {
        "finding": shown,
        "name": NAMES[shown.question] if shown else _("Mirror"),
        "cases": [{"case": one, "href": href_of(one)} for one in rows],
        "months": months_of(told.months),
        "caption": told.caption,
        "window": found.window,
        "back": _back(found),
        "owns": owns(found.glass.member),
        "key": key,
        "decided": decided(found.glass.member).get(key),
        "answers": Decided.Answer.choices,
        "until": (found.at + SETTLED_FOR).date().isoformat(),
        "drafts": proposes(key),
    }
    return render(request, "baton/mirror/finding.html", context)


def _back(found: Mirror) -> str:
    return f"{reverse('mirror')}?{urlencode({'days': found.window})}"


def _mirror(request: HttpRequest, *, history: bool = False) -> Mirror:
    assert isinstance(request.user, Member)
    days = whole_number(request.GET.get("days", ""), WINDOWS[0])
    return mirror(request.user, at=now(), window=days if days in WINDOWS else WINDOWS[0], history=history)


def _answer(found: Mirror) -> str:
    told = [f"{_short(one)}: {found.answer(one).lower()}" for one in QUESTIONS]
    since = _("From what people did in the last %(days)d days, not from what they said.") % {"days": found.window}
    return f"{'; '.join(told)}. {since}"


def _short(question: Question) -> str:
    return {"clear": _("Clear"), "consistent": _("Consistent"), "owned": _("Owned")}[question]


def _question(found: Mirror, question: Question) -> dict[str, Any]:
    order = {"look": 0, "few": 1, "note": 2, "good": 3}
    rows = sorted(found.findings[question], key=lambda one: order[one.tone])
    told = [_row(one, found.window) for one in rows]
    return {
        "name": NAMES[question],
        "id": question,
        "answer": found.answer(question),
        "rows": told[:MOST_SHOWN],
        "more": told[MOST_SHOWN:],
    }


def _row(one: Finding, window: int) -> dict[str, Any]:
    return {"finding": one, "icon": ICONS[one.tone], "href": finding_href(one.key, window)}


def finding_href(key: str, window: int = WINDOWS[0]) -> str:
    """Return the address of a finding's cases."""
    query = "" if window == WINDOWS[0] else "?" + urlencode({"days": window})
    return reverse("finding", args=[key]) + query


def href_of(case: Case) -> str:
    """Return what a case opens."""
    name = "duplicate" if case.opens == "twins" else case.opens
    return reverse(name, args=[case.id]) if case.id else ""


def _windows(found: Mirror) -> list[dict[str, Any]]:
    names = {30: _("30 days"), 90: _("90 days")}
    return [
        {"label": names[days], "href": reverse("mirror") + f"?days={days}", "current": days == found.window}
        for days in WINDOWS
    ]
