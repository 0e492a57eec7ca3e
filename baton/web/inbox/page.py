"""The page: what waits, why, and where it could belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.capture import inbox as waiting_room
from baton.capture.ingesting import raw_of
from baton.capture.models import Delivery
from baton.kernel.clock import now
from baton.ledger.models import Deal, File, Interaction, InteractionText
from baton.ledger.search import find
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.pages import page

AT_ONCE = 60
SINCE = timedelta(days=3)
PLACES = 12


@dataclass(frozen=True, slots=True)
class Sort:
    """One heading of the list, with what stands under it."""

    key: str
    title: str
    rows: list[Interaction]


def inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits for somebody to say where it belongs, and one message of it to act on."""
    member = _member(request)
    rows = list(waiting_room.waiting(member)[: AT_ONCE + 1])
    parked = list(waiting_room.parked(member)[:AT_ONCE])
    chosen = _chosen(request, rows, member)
    context = {
        "sorts": _sorts(rows[:AT_ONCE]),
        "parked": parked,
        "more": len(rows) > AT_ONCE,
        "answer": _answer(rows, parked, member, now()),
        "new": not rows and not parked and not Interaction.objects.visible_to(member).exists(),
        "chosen": chosen,
        "kept": _kept(request, member),
        "sheets": [(row, _sheet_sentence(row)) for row in waiting_room.side_channel(member, now())],
        "now": now(),
    } | (_reading(chosen, member) if chosen else {})
    return render(request, page("inbox/page", request, part="inbox"), context)


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _chosen(request: HttpRequest, rows: list[Interaction], member: Member) -> Interaction | None:
    """Return the message that was asked for, else the first of the list."""
    asked = request.GET.get("m", "")
    try:
        key = UUID(asked)
    except ValueError:
        return rows[0] if rows else None
    there = next((row for row in rows if row.pk == key), None)
    found = there or Interaction.objects.visible_to(member).unfiled().filter(pk=key).first()
    return found or (rows[0] if rows else None)


def _kept(request: HttpRequest, member: Member) -> UUID | None:
    """Return the message that was just set aside, so that it can be brought back."""
    try:
        key = UUID(request.GET.get("kept", ""))
    except ValueError:
        return None
    row = Interaction.objects.visible_to(member).filter(pk=key, set_aside_at__isnull=False)
    return key if row.exists() else None


def _sheet_sentence(row: Interaction) -> str:
    """Say that a colleague sent the pipeline around: Baton holds the same figures, each with its source."""
    sheet = row.parts["side_channel"][0]
    told = {"name": row.from_name or row.from_address, "file": sheet["file"], "count": sheet["rows"]}
    return (
        ngettext(
            "%(name)s sent the pipeline around as a spreadsheet: %(file)s, %(count)d row.",
            "%(name)s sent the pipeline around as a spreadsheet: %(file)s, %(count)d rows.",
            sheet["rows"],
        )
        % told
    )


def _sorts(rows: list[Interaction]) -> list[Sort]:
    suggested = _suggested(rows)
    threads = {row.thread for row in suggested}
    rest = [row for row in rows if row.thread not in threads]
    unsure = [row for row in rest if row.parts.get("candidates")]
    placeless = [row for row in rest if not row.parts.get("candidates")]
    sorts = [
        Sort("suggested", _("Perhaps a deal of yours"), suggested),
        Sort("unsure", _("Not sure"), unsure),
        Sort("placeless", _("Couldn’t place"), placeless),
    ]
    return [sort for sort in sorts if sort.rows]


def _suggested(rows: list[Interaction]) -> list[Interaction]:
    """Return the newest message of each conversation that may be a deal; the rest of it comes along."""
    newest: dict[UUID, Interaction] = {}
    for row in rows:
        if row.parts.get("begins"):
            newest.setdefault(row.thread, row)
    return list(newest.values())


BEGINS = {
    "answered": gettext_lazy("You answered somebody whom nobody here knows yet: this may be a deal of yours."),
    "document": gettext_lazy("It carries a quote or an order, and nobody here knows the other side yet."),
}


def _answer(rows: list[Interaction], parked: list[Delivery], member: Member, at: datetime) -> str:
    """Say how much waits, and how much found its place by itself."""
    count = len(rows) + len(parked)
    waits = ngettext(
        "%(count)s thing came in that Baton couldn’t place or isn’t sure of.",
        "%(count)s things came in that Baton couldn’t place or isn’t sure of.",
        count,
    ) % {"count": count if len(rows) <= AT_ONCE else f"{count - 1}+"}
    recent = Interaction.objects.visible_to(member).filter(recorded_at__gte=at - SINCE, channel="email")
    found = recent.filter(filed_at__isnull=False).count()
    if not found:
        return waits
    rest = ngettext(
        "%(count)s other message of the last three days found its place.",
        "%(count)s other messages of the last three days found their place.",
        found,
    ) % {"count": found}
    return f"{waits} {rest}"


def _reading(chosen: Interaction, member: Member) -> dict[str, Any]:
    """What is shown of the chosen message, and where it could belong."""
    candidates = waiting_room.candidates(chosen, member)
    return {
        "text": InteractionText.objects.visible_to(member).filter(pk=chosen.pk).first(),
        "files": File.objects.visible_to(member).filter(interaction=chosen.pk, inline=False).order_by("name"),
        "places": [place_of_deal(deal) for deal in candidates],
        "sender": chosen.from_name or chosen.from_address,
        "to": ", ".join(one.get("name") or one.get("address", "") for one in chosen.parts.get("to", [])[:4]),
        "conflict_check": _check_wanted(chosen),
        "first_desk": _intake_name(),
        "why": _why(chosen),
    }


def _why(chosen: Interaction) -> str:
    begins = BEGINS.get(chosen.parts.get("begins", ""))
    return str(begins) if begins else chosen.unfiled_because or _("Nobody has said where it belongs.")


def _check_wanted(chosen: Interaction) -> str:
    """Say how far the conflict check is, where the map wants one: wanted, conflict or cleared."""
    if not current_map().conflict_check:
        return ""
    return chosen.values.get("conflict_check", {}).get("v", "wanted")


def _intake_name() -> str:
    operating_map = current_map()
    desk = next((desk for desk in operating_map.desks.values() if desk.opens_deals), None)
    return str((desk or operating_map.desks[operating_map.first_stage.desk]).name)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a message could be filed: a deal, a contact or a company."""

    value: str
    name: str
    note: str


def place_of_deal(deal: Deal) -> Place:
    """Return a deal as a place, with what tells it from its neighbors."""
    stage = current_map().stage_by_id(deal.stage)
    return Place(f"deal:{deal.pk}", deal.title, str(stage.name) if stage else "")


def inbox_places(request: HttpRequest) -> HttpResponse:
    """Answer with the deals, contacts and companies that match what was typed."""
    member, words = _member(request), request.GET.get("q", "")
    hits = find(member, words, kinds=["deal", "contact", "company"], limit=PLACES) if len(words.strip()) > 1 else []
    places = [Place(f"{hit.kind}:{hit.id}", hit.title, hit.subtitle) for hit in hits]
    context = {"places": places, "words": words, "asked": True}
    return render(request, "baton/inbox/places.html", context)


def delivery_source(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the bytes of something that couldn't be read, to be saved and never shown."""
    delivery = Delivery.objects.visible_to(_member(request)).filter(pk=pk).first()
    if delivery is None:
        raise Http404
    answer = HttpResponse(raw_of(delivery), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{pk}.eml"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def next_after(pk: UUID, member: Member) -> str:
    """Return the address of the Inbox at the message that follows the one just settled."""
    ids = list(waiting_room.waiting(member).values_list("pk", flat=True)[:AT_ONCE])
    following = next((one for one in ids if one != pk), None)
    return reverse("inbox") + (f"?m={following}" if following else "")
