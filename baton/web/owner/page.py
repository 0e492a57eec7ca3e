"""The owner's desk: one page with what whoever owns the map owes the system."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.mirror.deciding import SETTLED_FOR, decide
from baton.mirror.missing import ask_for
from baton.mirror.models import Decided
from baton.mirror.owing import WINDOW, Desk, Item, owners_desk
from baton.mirror.proposing import propose
from baton.web.mirror.page import finding_href

SECTIONS = {
    "signs": gettext_lazy("Use is starting to slide"),
    "missing": gettext_lazy("Entries that are missing"),
    "unowned": gettext_lazy("Records that nobody answers for"),
    "duties": gettext_lazy("Duties that keep failing"),
    "fields": gettext_lazy("Fields that nobody reads, or that drifted"),
    "stages": gettext_lazy("Stages that mean different things"),
    "exceptions": gettext_lazy("Exceptions that repeat"),
    "records": gettext_lazy("Duplicates and orphans"),
    "reports": gettext_lazy("Reports that leave by themselves"),
    "map": gettext_lazy("The map"),
}
LEADS: dict[str, tuple[str, Any]] = {
    "map-behaviors": ("map-behaviors", gettext_lazy("Open the behaviors")),
    "map-fields": ("map-fields", gettext_lazy("Open the fields")),
    "map-draft": ("map-draft", gettext_lazy("Open the draft")),
    "duplicates": ("duplicates", gettext_lazy("Look at them")),
    "inbox": ("inbox", gettext_lazy("Open Inbox")),
    "contacts": ("contacts", gettext_lazy("Open Contacts")),
    "deals": ("deals-list", gettext_lazy("Open the views")),
}
WITH_CASES = ("sign", "unowned", "duty", "tax", "drift", "exception", "twins")


class DecisionForm(forms.Form):
    """What is decided about a finding, why, and until when it is settled."""

    finding = forms.CharField(max_length=200, widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=Decided.Answer.choices, label=gettext_lazy("Decided"))
    because = forms.CharField(max_length=1000, required=False, label=gettext_lazy("Because"))
    until = forms.DateField(
        required=False, label=gettext_lazy("Settled until"), widget=forms.DateInput(attrs={"type": "date"})
    )


@require_safe
def owner(request: HttpRequest) -> HttpResponse:
    """Show what the owner owes the system; everybody else is told whose desk this is."""
    desk = owners_desk(_member(request), at=now())
    context = {
        "sections": _sections(desk),
        "settled": [_row(one) for one in desk.settled],
        "answer": _answer(desk),
        "answers": Decided.Answer.choices,
        "until": (now() + SETTLED_FOR).date().isoformat(),
    }
    return render(request, "baton/owner/page.html", context)


@require_POST
def decisions(request: HttpRequest) -> HttpResponse:
    """Record what is decided about a finding."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Say what is decided, and give the day as a date."))
    told = form.cleaned_data
    kept = decide(
        told["finding"],
        told["answer"],
        by=_member(request),
        at=now(),
        because=told["because"],
        until=told["until"],
    )
    messages.success(request, _("Decided: %(what)s.") % {"what": kept.get_answer_display()}, extra_tags="hand")
    return redirect("owner")


@require_POST
def drafts(request: HttpRequest) -> HttpResponse:
    """Make what a finding proposes a change in one's draft of the map, and go there."""
    _draft, change = propose(request.POST.get("finding", ""), by=_member(request), at=now())
    told = _("Drafted: %(what)s Nothing is published yet.") % {"what": change.sentence}
    messages.success(request, told, extra_tags="hand")
    return redirect("map-draft")


@require_POST
def questions(request: HttpRequest) -> HttpResponse:
    """Ask those who have the deals for an entry that is missing."""
    asked = ask_for(request.POST.get("field", ""), by=_member(request), at=now())
    count = sum(asked.values())
    names = ", ".join(f"{name} ({each})" for name, each in sorted(asked.items()))
    sentence = ngettext("%(count)d question asked: %(names)s.", "%(count)d questions asked: %(names)s.", count)
    messages.success(request, sentence % {"count": count, "names": names}, extra_tags="hand")
    return redirect("owner")


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _answer(desk: Desk) -> str:
    count = len(desk.items)
    if not count:
        return _("Nothing is owed: the system looks after itself for now.")
    sentence = ngettext(
        "%(count)d thing that the system needs from you.", "%(count)d things that the system needs from you.", count
    )
    return sentence % {"count": count}


def _sections(desk: Desk) -> list[dict[str, Any]]:
    found = []
    for key, name in SECTIONS.items():
        rows = [_row(one) for one in desk.items if one.section == key]
        if rows:
            found.append({"id": key, "name": name, "rows": rows})
    return found


def _row(item: Item) -> dict[str, Any]:
    asked = item.about if item.action == "ask" else ""
    cases = finding_href(item.key, WINDOW) if item.key.partition("/")[0] in WITH_CASES else ""
    lacking = urlencode({f"{asked}.empty": "", "status.any": "open"})
    listed = f"{reverse('deals-list')}?{lacking}" if asked else ""
    return {"item": item, "opens": cases or listed, "cases": cases, "lead": _lead(item), "ask": asked}


def _lead(item: Item) -> dict[str, Any] | None:
    known = LEADS.get(item.action)
    return {"href": reverse(known[0]), "label": known[1]} if known else None
