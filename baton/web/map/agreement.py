"""What everybody says to a draft before it is published: one's own part, objections beside the draft, and answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from baton.channels.letters import parts
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map import agreeing, founding
from baton.map.current import is_published
from baton.map.models import Agreement, MapDraft
from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.members.models import Member
from baton.work.stakes import counted_for_each, part_of

SAID = {
    Agreement.Says.NOTHING: gettext_lazy("said nothing yet"),
    Agreement.Says.AGREED: gettext_lazy("agrees"),
    Agreement.Says.OBJECTED: gettext_lazy("objects"),
}
TONES = {Agreement.Says.NOTHING: "", Agreement.Says.AGREED: "hand", Agreement.Says.OBJECTED: "faded"}


def agreement_told(draft: MapDraft, reader: Member) -> dict[str, Any]:
    """Return who was asked about a draft and what they say; only its author answers objections."""
    rows = list(draft.agreements.select_related("member"))
    return {
        "draft": draft,
        "rows": [_row(each) for each in rows],
        "waiting": sum(each.is_open for each in rows),
        "may_answer": draft.changed_by_id == reader.pk,
        "may_ask": draft.changed_by_id == reader.pk and bool(agreeing.others(reader)),
    }


def _row(asked: Agreement) -> dict[str, Any]:
    says = Agreement.Says(asked.says)
    return {"at": asked, "name": asked.member.name, "says": SAID[says], "tone": TONES[says], "open": asked.is_open}


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what one would owe under a draft and what one would get for it; agree, or object with a sentence."""
    member = _member(request)
    asked = get_object_or_404(Agreement.objects.select_related("draft__changed_by"), draft=pk, member=member)
    why = ""
    if request.method == "POST":
        try:
            return _say(request, asked)
        except Refusal as refused:
            why = refused.sentence
    drawn, problems = read_map(asked.draft.text)
    if drawn is None or problems:
        raise Http404
    told = {"asked": asked, "author": asked.draft.changed_by, "map": drawn, "why": why, "published": is_published()}
    told |= {"part": part_of(member, by_id(drawn), asked.counts), "words": request.POST.get("words", asked.words)}
    return render(request, "baton/map/part.html", told, status=422 if why else 200)


def _say(request: HttpRequest, asked: Agreement) -> HttpResponse:
    if request.POST.get("says") == Agreement.Says.AGREED:
        agreeing.agree(asked, at=now())
    else:
        agreeing.object_to(asked, request.POST.get("words", ""), at=now())
        parts.tell(parts.OBJECTED, [asked], now())
    return redirect("map-part", pk=asked.draft_id)


@require_POST
def asking(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask everybody else what they say to one's draft."""
    member, draft = _member(request), get_object_or_404(MapDraft, pk=pk)
    drawn, _problems = read_map(draft.text)
    counts = counted_for_each(by_id(drawn), now()) if drawn and is_published() else {}
    news = agreeing.ask(draft, agreeing.others(member), by=member, at=now(), counts=counts)
    parts.tell(parts.ASKED, news, now())
    messages.info(request, _("They are asked, each for their own part. What they say stands beside the draft."))
    return redirect("map-draft")


@require_POST
def objection_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer an objection, so that the draft can be published."""
    objection = get_object_or_404(Agreement.objects.select_related("draft", "member"), pk=pk, version=None)
    agreeing.reply(objection, request.POST.get("words", ""), by=_member(request), at=now())
    parts.tell(parts.ANSWERED, [objection], now())
    return redirect("map-draft" if is_published() or founding.set_up() is None else "setup-people")


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def asked_of(member: Member) -> Agreement | None:
    """Return what this member is asked and said nothing to, for a line on Today."""
    silent = Agreement.objects.silent().filter(member=member, draft__isnull=False)
    return silent.select_related("draft__changed_by").first()


def agreed_to(version: int) -> list[dict[str, Any]]:
    """Return what people said to the draft of a version before it was published."""
    return [
        {"member": each.member, "told": _told(each)}
        for each in Agreement.objects.filter(version=version).select_related("member")
    ]


def _told(asked: Agreement) -> str:
    if asked.says == Agreement.Says.OBJECTED:
        return _("objected: “%(words)s” Answer: “%(reply)s”") % {"words": asked.words, "reply": asked.reply}
    return str(SAID[Agreement.Says(asked.says)])
