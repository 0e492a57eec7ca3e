"""What is found, newest first, each with the words that were looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baton.kernel.clock import now
from baton.ledger.search import Hit, find
from baton.ledger.search.tokens import found_in, sought
from baton.members.models import Member
from baton.web.pages import wants_part

IN_PALETTE, ON_PAGE, NAMED = 12, 50, 4
RECORDS = ("deal", "contact", "company")
KINDS = {
    "deal": _("Deals"),
    "contact": _("Contacts"),
    "company": _("Companies"),
    "interaction": _("Messages"),
}
ICONS = {"deal": "columns-3", "contact": "users", "company": "building-2", "interaction": "mail"}


@dataclass(frozen=True, slots=True)
class Found:
    """One result: what it is, where it leads."""

    hit: Hit
    icon: str
    href: str


def search(request: HttpRequest) -> HttpResponse:
    """Answer with what begins with the words typed: a list for the palette, a page for a visit."""
    assert isinstance(request.user, Member)
    words, kind = request.GET.get("q", "")[:200], request.GET.get("kind", "")
    if wants_part(request) and kind not in KINDS:
        hits = _for_the_palette(request.user, words)
    else:
        hits = find(request.user, words, kinds=[kind] if kind in KINDS else None, limit=ON_PAGE)
    context = {
        "found": [Found(hit, ICONS.get(hit.kind, "file-text"), _address(hit)) for hit in hits],
        "words": words,
        "tabs": _tabs(words, kind),
        "short": len(words.strip()) < 2,
        "now": now(),
    }
    return render(request, f"baton/finding/{'found' if wants_part(request) else 'page'}.html", context)


def _for_the_palette(member: Member, words: str) -> list[Hit]:
    """Return who and what is called so, then the rest, newest first: a name is typed there to get to whose it is."""
    records = find(member, words, kinds=RECORDS, limit=NAMED * 3)
    named = [hit for hit in records if found_in(hit.title, sought(words))][:NAMED]
    first = {hit.id for hit in named}
    return [*named, *(hit for hit in find(member, words, limit=IN_PALETTE) if hit.id not in first)][:IN_PALETTE]


def _address(hit: Hit) -> str:
    """Return where a result is looked at: a message on its deal where it lies on one."""
    if hit.kind in {"deal", "contact", "company"}:
        return reverse(hit.kind, args=[hit.id])
    if hit.kind == "interaction":
        return reverse("message", args=[hit.id])
    return reverse("deal", args=[hit.deal_id]) if hit.deal_id else reverse("today")


def _tabs(words: str, kind: str) -> list[dict[str, Any]]:
    everything = [("", _("Everything")), *KINDS.items()]
    return [
        {"label": label, "href": f"{reverse('search')}?{urlencode({'q': words, 'kind': key})}", "current": key == kind}
        for key, label in everything
    ]
