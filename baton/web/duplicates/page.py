"""The list of pairs, one pair side by side, merging it, saying that they are two, and taking a merge back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.capture.duplicates import pairs
from baton.capture.duplicates.pairs import Pair, Value
from baton.kernel.clock import now
from baton.ledger import merging
from baton.ledger.linking import MERGEABLE
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.duplicates.sentences import reasons

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a pair in words: of the one that is kept, of the other, and what will be shown."""

    name: str
    kept: list[str]
    gone: list[str]
    shown: list[str]
    beside: list[str]


def duplicates(request: HttpRequest) -> HttpResponse:
    """Show who may be there twice."""
    member, kind = _member(request), _kind(request.GET.get("kind", "contact"))
    found = [(pair, reasons(pair.twins.reasons)) for pair in pairs.open_pairs(member, kind, SHOWN)]
    context = {"kind": kind, "pairs": found, "tabs": _tabs(member, kind), "more": len(found) == SHOWN}
    return render(request, "baton/duplicates/list.html", context)


def _tabs(member: Member, kind: str) -> list[dict[str, Any]]:
    told = (("contact", _("Contacts")), ("company", _("Companies")))
    return [
        {
            "label": label,
            "href": f"{reverse('duplicates')}?kind={name}",
            "count": pairs.count_open(member, name),
            "current": name == kind,
        }
        for name, label in told
    ]


def duplicate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one pair side by side, with what would become of each value."""
    member = _member(request)
    pair = _pair(member, pk, request.GET.get("kept", ""))
    context = {
        "pair": pair,
        "kind": pair.twins.kind,
        "because": reasons(pair.twins.reasons),
        "lines": [_line(value) for value in pairs.values_of(pair, member)],
    }
    return render(request, "baton/duplicates/pair.html", context)


@require_POST
def duplicate_merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the one that was chosen stand for both."""
    member = _member(request)
    pair = _pair(member, pk, request.POST.get("kept", ""))
    pairs.merge(pair, by=member, at=now())
    said = _("%(gone)s is now part of %(kept)s. It can be taken back here.") % {"gone": pair.gone, "kept": pair.kept}
    messages.add_message(request, messages.SUCCESS, said, extra_tags="hand")
    return redirect(pair.twins.kind, pk=pair.kept.pk)


@require_POST
def duplicate_difference(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remember that they are two."""
    member = _member(request)
    pair = _pair(member, pk)
    pairs.keep_apart(pair, by=member, at=now())
    return redirect(f"{reverse('duplicates')}?kind={pair.twins.kind}")


@require_POST
def separation(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Take a merge back: the record stands for itself again, with everything that was its own."""
    merging.undo(_kind(kind), pk, by=_member(request), at=now())
    messages.add_message(request, messages.SUCCESS, _("They are two again, each as it was."), extra_tags="hand")
    return redirect(kind, pk=pk)


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _kind(name: str) -> str:
    if name not in MERGEABLE:
        raise Http404
    return name


def _pair(member: Member, pk: UUID, kept: str = "") -> Pair:
    try:
        pair = pairs.pair_seen(member, pk, UUID(kept) if kept else None)
    except ValueError:
        pair = None
    if pair is None:
        raise Http404
    return pair


def _line(value: Value) -> Line:
    return Line(_name_of(value.field), *(_words(one) for one in (value.kept, value.gone, value.shown, value.beside)))


def _name_of(field: str) -> str:
    known = {
        "name": _("Name"),
        "emails": _("Email addresses"),
        "phones": _("Phone numbers"),
        "domains": _("Mail domains"),
        "job": _("What they do"),
        "company": _("Company"),
        "owner": _("Owner"),
    }
    of_the_map = current_map().fields.get(field)
    return known.get(field) or (of_the_map.name if of_the_map else field)


def _words(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [word for one in value for word in _words(one)]
    if isinstance(value, dict):
        return [str(value.get("name") or value.get("text") or "")]
    return [] if value in (None, "") else [str(value)]
