"""The list of requests, with a place to drop a spreadsheet or ask in one line; and one request with its answer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.capture import store
from baton.channels.requests.arriving import request_address
from baton.decide.requests import counting, keeping, proposing
from baton.decide.requests.models import Request
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.models import Interaction
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.map.people import Names
from baton.web.pages import page
from baton.web.requests.drawing import context_of
from baton.web.requests.seen import member_of, request_of

SHOWN = 50
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "csv": "text/csv",
}


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """Show the requests that this member may see; a POST with a file or a line asks for one."""
    if request.method != "POST" and not keeping.is_on():
        return render(request, "baton/requests/off.html", {"owner": Names().of(current_map().owner)})
    keeping.refuse_unless_on()
    member = member_of(request)
    if request.method == "POST":
        return redirect("request", pk=_asked(request, member).pk)
    rows = Request.objects.visible_to(member).select_related("asked_by").defer("outcome").order_by("-asked_at")
    context = {
        "rows": rows[:SHOWN],
        "counts": counting.since_quarter(member, now()),
        "proposals": proposing.proposals(member),
        "address": request_address(member),
        "now": now(),
    }
    return render(request, "baton/requests/list.html", context)


def _asked(request: HttpRequest, member: Member) -> Request:
    """Ask and wait for the answer: it takes a second or two."""
    raw, name = _sheet_of(request, member)
    at = now()
    made = keeping.ask(by=member, at=at, raw=raw, file_name=name, words=request.POST.get("words", ""), now=True)
    return keeping.answer(made, at) if made.state == Request.State.WAITING else made


def _sheet_of(request: HttpRequest, member: Member) -> tuple[bytes, str]:
    """The file that was dropped, or the spreadsheet that a colleague sent around by mail."""
    file = request.FILES.get("file")
    if file is not None:
        if (file.size or 0) > keeping.MOST_BYTES:
            raise Refusal(_("The file is larger than 25 MB: more than a template to fill."))
        return file.read(), str(file.name)
    message = request.POST.get("message", "")
    if not message:
        return b"", ""
    row = Interaction.objects.visible_to(member).filter(pk=_id(message), parts__has_key="side_channel").first()
    if row is None:
        raise Http404
    sheet = row.parts["side_channel"][0]
    try:
        return store.get(sheet["sha256"]), sheet["file"]
    except FileNotFoundError as why:
        raise Refusal(_("The spreadsheet of that mail isn’t kept any more.")) from why


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Http404 from wrong


@require_safe
def request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one request: the sheet as it was filled, and the deals and facts behind one cell."""
    found = request_of(request, pk)
    keeping.opened(found, by=member_of(request), at=now())
    context = context_of(found, member_of(request), request.GET)
    return render(request, page("requests/one", request, part="answer"), context)


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out the filled file."""
    found = request_of(request, pk)
    if not found.filled:
        raise Http404
    kind = found.filled_name.rpartition(".")[2]
    answer = HttpResponse(store.get(found.filled), content_type=TYPES.get(kind, "application/octet-stream"))
    answer.headers["Content-Disposition"] = content_disposition_header(True, found.filled_name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Fill it anew with what is so now: what was asked has been answered meanwhile."""
    found = request_of(request, pk)
    keeping.answer(found, now())
    return redirect("request", pk=pk)
