"""Building an automation with pickers. It becomes a piece of the map's draft; the owner may publish it at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.republishing import settle_deals
from baton.map import editing
from baton.map.automations import Automation, written_automation
from baton.map.current import current_version
from baton.map.drafts import draft_of, judge, keep_draft, publish_draft
from baton.map.models import MapDraft, MapVersion
from baton.map.publishing import may_publish
from baton.map.reading import read_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.web.gate.automations.forms import BuildForm, pickers
from baton.web.gate.automations.overview import member_of
from baton.web.pages import sent


@dataclass(frozen=True, slots=True)
class Base:
    """The text that an automation is written into, with the map that it says: one's draft, else what is in force."""

    text: str
    drawn: OperatingMap
    own: MapDraft | None


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Build one that isn't there yet."""
    return _form(request, _base(member_of(request)), None)


@require_http_methods(["GET", "HEAD", "POST"])
def definition(request: HttpRequest, key: str) -> HttpResponse:
    """Change one."""
    base = _base(member_of(request))
    each = base.drawn.automation_by_id(key)
    if each is None:
        raise Http404
    return _form(request, base, each)


def _base(member: Member) -> Base:
    own = draft_of(member)
    text = own.text if own else MapVersion.objects.get(number=current_version()).text
    drawn, problems = read_map(text, trusted=True)
    if drawn is None:
        raise Refusal(_("Your draft of the map can’t be read: %(why)s") % {"why": problems[0]})
    return Base(text, drawn, own)


def _form(request: HttpRequest, base: Base, each: Automation | None) -> HttpResponse:
    member, why = member_of(request), ""
    form = BuildForm(sent(request), initial=_initial(each, base.drawn), drawn=base.drawn)
    if request.method == "POST" and form.is_valid():
        try:
            return _kept(request, form, base, each)
        except Refusal as refused:
            why = refused.sentence
    context = {
        "form": form,
        "each": each,
        "why": why,
        "may_publish": may_publish(member, base.drawn).answer == "allow" and base.own is None,
        "pickers": pickers(form),
    }
    return render(
        request, "baton/gate/automations/build.html", context, status=422 if request.method == "POST" else 200
    )


def _kept(request: HttpRequest, form: BuildForm, base: Base, each: Automation | None) -> HttpResponse:
    """Put it into the member's draft; publish that where asked, and there was none before."""
    member = member_of(request)
    if not member.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    key = each.key if each else _key(form.cleaned_data["name"])
    change = editing.put if each else editing.add
    text = change(base.text, "automations", key, form.entries(key))
    problems = judge(text).problems
    if problems:
        raise Refusal("\n".join(str(problem) for problem in problems))
    note = _("Automation: %(name)s") % {"name": form.cleaned_data["name"]}
    if base.own is None and request.POST.get("publish") and may_publish(member, base.drawn).answer == "allow":
        publish_draft(text, by=member, at=now(), based_on=current_version(), note=note)
        settle_deals(now())
        messages.success(request, _("It is in the map, and off. Rehearse it, then switch it on."), extra_tags="hand")
        return redirect("automation", key=each.id if each else key)
    _keep(text, note, base.own, member)
    messages.info(request, _("Kept in your draft of the map; the owner publishes it."))
    return redirect("map-draft")


def _keep(text: str, note: str, own: MapDraft | None, member: Member) -> None:
    based_on, note = (own.based_on, own.note or note) if own else (current_version(), note)
    keep_draft(text, by=member, at=now(), based_on=based_on, note=note, seen=own.changed_at if own else None)


def _key(name: str) -> str:
    found = slugify(name)[:60].strip("-_")
    return found if found and found[0].isalpha() else f"a-{found}"[:60].rstrip("-")


def _initial(each: Automation | None, drawn: OperatingMap) -> dict[str, Any]:
    if each is None:
        return {"limit": 50}
    return BuildForm.initial_of(each, written_automation(each, drawn.owner), drawn)
