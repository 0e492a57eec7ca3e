"""The quick line on every page by one key, as a dialog; and as a page of its own on a phone or without scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from baton.channels.pocket.taking import take_line
from baton.channels.quick.chips import Chip
from baton.channels.quick.drafts import Line
from baton.channels.quick.saving import Saved, kept_as_note, save
from baton.kernel.clock import now
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.deal.answers import changed, stands_on
from baton.web.notices import linked, way_back
from baton.web.pages import page, wants_part
from baton.web.pocket.arriving import held_in, typed_at
from baton.web.quick.reading import chips_of
from baton.web.quick.rows import chips_from, rows_of
from baton.work.today import duties_of

MOST_TEXT = 4000
MOST_BYTES = 50 * 1024 * 1024
FIRST = 5
"""How many duties stand below the line."""
PLACES = {"say-read", "call-read"}
"""Where else than in the quick line's own place its reading may stand."""
KINDS = {"note", "call", "meeting", "text", "chat"}


@require_http_methods(["GET", "POST"])
def quick(request: HttpRequest) -> HttpResponse:
    """Show the line to be typed; or record one."""
    if request.method == "POST":
        return _recorded(request)
    text = request.GET.get("line", "")
    deal = _deal(request, request.GET.get("deal", ""))
    context = _context(request, text, deal)
    owed = duties_of(context["member"], context["now"], limit=FIRST) if deal is None else []
    return render(request, "baton/quick/page.html", context | {"owed": owed})


@require_POST
def quick_reading(request: HttpRequest) -> HttpResponse:
    """Show how Baton reads the line so far, before anything is recorded."""
    deal = _deal(request, request.POST.get("deal", ""))
    context = _context(request, request.POST.get("line", ""), deal)
    return render(request, page("quick/page", request, part="read"), context)


def _context(request: HttpRequest, text: str, deal: Deal | None) -> dict[str, Any]:
    member, at = request.user, now()
    assert isinstance(member, Member)
    text = text[:MOST_TEXT]
    chips = chips_of(text, member=member, deal=deal, at=at) if text.strip() else ()
    on_deal = deal is not None or any(chip.kind == "deal" for chip in chips)
    left = [chip.label for chip in kept_as_note(chips, text, on_deal, current_map()) if chip.kind != "approval"]
    return {
        "line": text,
        "deal": deal,
        "rows": rows_of(chips, text),
        "left": left,
        "key": request.POST.get("key") or str(uuid7()),
        "into": request.POST["into"] if request.POST.get("into") in PLACES else "quick-read",
        "now": at,
        "member": member,
        "back": way_back(request) or "/",
    }


def _deal(request: HttpRequest, text: str) -> Deal | None:
    assert isinstance(request.user, Member)
    try:
        return Deal.objects.visible_to(request.user).filter(pk=UUID(text)).first() if text else None
    except ValueError:
        return None


def _recorded(request: HttpRequest) -> HttpResponse:
    """Record the line, once however often it is sent; with files it is kept raw first."""
    member, at = request.user, now()
    assert isinstance(member, Member)
    text = request.POST.get("line", "")[:20_000]
    files = held_in(request.FILES.getlist("file"), MOST_BYTES)
    if not text.strip() and not files:
        raise Refusal(_("Write what happened, in a few words."))
    typed = typed_at(request.POST.get("typed_at", ""), at)
    deal = _deal(request, request.POST.get("deal", ""))
    line = Line(
        text=text or ", ".join(file.name for file in files),
        chips=_chips(request, text, member, deal, typed),
        key=request.POST.get("key", "")[:100] or str(uuid7()),
        typed_at=typed,
        deal=deal.pk if deal else None,
        kind=request.POST["kind"] if request.POST.get("kind") in KINDS else "",
    )
    saved = take_line(line, files, by=member, at=at) if files else save(line, by=member, at=at)
    return _answer(request, saved)


def _chips(request: HttpRequest, text: str, member: Member, deal: Deal | None, typed: datetime) -> tuple[Chip, ...]:
    """Return what was shown and left ticked; a line that changed since, or was never shown, is read now."""
    if "only" in request.POST:
        shown = chips_of(text, member=member, deal=deal, at=typed) if deal is None else ()
        return tuple(chip for chip in shown if chip.kind in {"contact", "company", "deal"} and "id" in chip.value)
    if request.POST.get("read_of") == text:
        return chips_from(request.POST, current_map())
    return chips_of(text, member=member, deal=deal, at=typed)


def _answer(request: HttpRequest, saved: Saved) -> HttpResponse:
    """Say what was recorded, where the person is."""
    here, sentence = stands_on(request), _sentence(saved)
    if saved.deal and wants_part(request) and here != reverse("deal", args=[saved.deal]):
        sentence = linked(f"{sentence} %s", reverse("deal", args=[saved.deal]), _("Open the deal"))
    messages.add_message(request, messages.INFO, sentence, extra_tags="faded" if saved.left_out else "hand")
    if saved.deal and here == reverse("deal", args=[saved.deal]):
        return changed(request, saved.deal, said=True)
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(reverse("deal", args=[saved.deal]) if saved.deal else way_back(request) or "/")


def _sentence(saved: Saved) -> str:
    if saved.already:
        return _("That line was recorded already.")
    if saved.left_out:
        return _("Kept as a note. %(why)s") % {"why": saved.left_out}
    if saved.recorded:
        return _("Recorded: %(what)s.") % {"what": "; ".join(saved.recorded)}
    return _("Recorded.") if saved.deal else _("Recorded. It waits in Inbox if nobody is named.")
