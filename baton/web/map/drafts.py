"""The draft of the next version: written as YAML, checked line by line, told in sentences, published by the owner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.kernel.clock import now, stamp, unstamp
from baton.kernel.verdict import Conflict, Refusal
from baton.ledger.republishing import settle_deals
from baton.map.current import current_map, current_version, map_version_numbered
from baton.map.diff import compare
from baton.map.drafts import Judged, draft_of, drop_draft, judge, keep_draft, publish_draft
from baton.map.marked import Problem
from baton.map.models import MapDraft, MapVersion
from baton.map.publishing import may_publish
from baton.map.ready import READY, ready_map
from baton.web.map.agreement import agreement_told
from baton.web.map.people import Names
from baton.web.map.rehearsal import rehearsal_told
from baton.web.map.telling import with_code
from baton.web.pages import page, whole_number
from baton.work import lapsing

STARTS = {
    "facilities": gettext_lazy("Facilities and field service"),
    "law-firm": gettext_lazy("Law firm"),
    "agency": gettext_lazy("Agency"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Show one's draft, or keep it. Keeping always works, whatever is wrong with it."""
    if request.method == "POST" and request.POST.get("then") == "drawing":
        return _drawn(request)
    if request.method == "POST":
        keep_draft(**_written(request), seen=_seen(request), by=request.user, at=now())  # type: ignore[arg-type]
        messages.info(request, _("Kept. It stands on the map as your draft; nothing is published."))
        return redirect("map-draft")
    return _editor(request, *_beginning(request))


def _drawn(request: HttpRequest) -> HttpResponse:
    """Go on with the same text on the drawing; what was written is kept first."""
    written = _written(request)
    own = draft_of(request.user)  # type: ignore[arg-type]
    if written["text"] != (own.text if own else MapVersion.objects.get(number=current_version()).text):
        keep_draft(**written, seen=_seen(request), by=request.user, at=now())  # type: ignore[arg-type]
    return redirect("map-drawing")


def _beginning(request: HttpRequest) -> tuple[str, int, str]:
    """The text to start from, the version it stands on, its note: as asked for, one’s own, else what is in force."""
    version, own = current_version(), draft_of(request.user)  # type: ignore[arg-type]
    start, earlier, proposal = (request.GET.get(name, "") for name in ("start", "version", "proposal"))
    if start in READY:
        return _ready(start), version, ""
    if earlier.isdecimal():
        return get_object_or_404(MapVersion, number=int(earlier)).text, version, ""
    if proposal:
        taken = get_object_or_404(MapDraft, pk=_uuid(proposal))
        return taken.text, taken.based_on, taken.note
    if own:
        return own.text, own.based_on, own.note
    return MapVersion.objects.get(number=version).text, version, ""


def _ready(name: str) -> str:
    drawn = current_map()
    return ready_map(
        name,
        drawn.owner,
        drawn.business,
        drawn.hours.zone,
        holidays=drawn.hours.holidays,
        currency=drawn.currency,
        language=drawn.languages[0],
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
def problems(request: HttpRequest) -> HttpResponse:
    """Say what stands against publishing what is written, and what it would change."""
    written = _written(request)
    return _editor(request, written["text"], written["based_on"], written["note"], part="verdict")


@require_POST
def rehearsal(request: HttpRequest) -> HttpResponse:
    """Say what is written would have asked of whom over the last days; nothing of it is kept."""
    written = _written(request)
    told = rehearsal_told(written["text"], whole_number(request.POST.get("days", "")), request.user, now())  # type: ignore[arg-type]
    more = {"rehearsal": told}
    return _editor(request, written["text"], written["based_on"], written["note"], part="rehearsed", more=more)


@require_POST
def publication(request: HttpRequest) -> HttpResponse:
    """Publish what is written; where that is refused, show it again with the reason."""
    written = _written(request)
    try:
        version = publish_draft(**written, by=request.user, at=now())  # type: ignore[arg-type]
    except Conflict as why:
        return _editor(request, written["text"], current_version(), written["note"], why=why.sentence, status=409)
    except Refusal as why:
        return _editor(request, written["text"], written["based_on"], written["note"], why=why.sentence, status=422)
    settle_deals(now())
    lapsing.mended(now())
    messages.success(request, _("Version %(number)s is in force.") % {"number": version.number})
    return redirect("map")


@require_POST
def removal(request: HttpRequest) -> HttpResponse:
    """Throw one's draft away."""
    drop_draft(request.user)  # type: ignore[arg-type]
    messages.info(request, _("Your draft is gone; what is published stays as it is."))
    return redirect("map")


@require_safe
def proposal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show somebody's draft: what it changes, and its text."""
    shown = get_object_or_404(MapDraft.objects.select_related("changed_by"), pk=pk)
    context = {"draft": shown, "now": now()} | verdict(request, shown.text, shown.based_on)
    return render(request, "baton/map/proposal.html", context)


def _written(request: HttpRequest) -> dict[str, Any]:
    text, based_on = request.POST.get("text", ""), request.POST.get("based_on", "")
    return {
        "text": "\n".join(text.splitlines()).rstrip() + "\n",
        "based_on": whole_number(based_on) or current_version(),
        "note": request.POST.get("note", "").strip(),
    }


def _seen(request: HttpRequest) -> Any:
    try:
        return unstamp(request.POST.get("seen", ""))
    except ValueError:
        return None


def _editor(
    request: HttpRequest,
    text: str,
    based_on: int,
    note: str = "",
    *,
    why: str = "",
    status: int = 200,
    part: str = "",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    own = draft_of(request.user)  # type: ignore[arg-type]
    context = verdict(request, text, based_on) | {
        "text": text,
        "based_on": based_on,
        "note": note,
        "why": why,
        "own": own,
        "seen": stamp(own.changed_at) if own else "",
        "starts": STARTS,
        "now": now(),
    }
    context |= more or {}
    return render(request, page("map/draft", request, part=part or None), context, status=status)


def verdict(request: HttpRequest, text: str, based_on: int) -> dict[str, Any]:
    judged, version = judge(text), current_version()
    lines = text.splitlines()
    return {
        "judged": judged,
        "problems": [_at_its_line(problem, lines) for problem in judged.problems],
        "meanwhile": _meanwhile(based_on, version),
        "version": version,
        "next": version + 1,
        "publishing": may_publish(request.user, current_map()),  # type: ignore[arg-type]
        "owner": Names().of(current_map().owner),
        "publishable": _publishable(judged),
        "agreement": _agreement(request),
    }


def _agreement(request: HttpRequest) -> dict[str, Any] | None:
    """What others say to one's own draft, once it is kept."""
    own = draft_of(request.user)  # type: ignore[arg-type]
    return agreement_told(own, request.user) if own else None  # type: ignore[arg-type]


def _publishable(judged: Judged) -> bool:
    return not judged.problems and bool(judged.changes)


def _at_its_line(problem: Problem, lines: list[str]) -> dict[str, Any]:
    """A problem with the line that it names, so that it can be found without scripts too."""
    has_line = 0 < problem.line <= len(lines)
    return {
        "at": problem,
        "said": with_code(str(problem.sentence)),
        "hint": with_code(str(problem.hint)),
        "text": lines[problem.line - 1].strip() if has_line else "",
    }


def _meanwhile(based_on: int, version: int) -> list[str]:
    """What was published since the draft was begun."""
    if not 0 < based_on < version:
        return []
    return [change.what for change in compare(map_version_numbered(based_on), current_map())]
