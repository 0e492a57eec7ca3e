"""The pages of the set-up, in the order in which they are asked. Closed for good once somebody is a member."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.drawing import draw
from baton.map.founding import found
from baton.map.ready import READY
from baton.map.settled import by_id
from baton.members.setup import is_empty
from baton.web.map.drawing import drawing_told
from baton.web.map.telling import behavior_told, field_told
from baton.web.pages import page
from baton.web.setup.forms import OwnerForm, PurposeForm
from baton.web.setup.progress import Progress

View = Callable[..., HttpResponse]
ADDRESSES = {"purpose": "setup", "owner": "setup-owner", "behaviors": "setup-behaviors", "map": "setup-map"}
TITLES = {
    "purpose": gettext_lazy("What it is for"),
    "owner": gettext_lazy("Who owns it"),
    "behaviors": gettext_lazy("What people do"),
    "map": gettext_lazy("Stages and fields"),
}
READY_NAMES = {
    "facilities": gettext_lazy("Facilities and field service"),
    "law-firm": gettext_lazy("Law firm"),
    "agency": gettext_lazy("Agency"),
}


def setting_up(step: str) -> Callable[[View], View]:
    """Open a page of the set-up to strangers while nobody is a member, and only after those before it."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            if settings.BATON_DEMO:
                raise Http404
            if not is_empty():
                return redirect(settings.LOGIN_URL)
            progress = Progress(request)
            missing = progress.first_unanswered(step)
            return redirect(ADDRESSES[missing]) if missing else view(request, progress)

        return login_not_required(never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded)))

    return wrap


@setting_up("purpose")
def purpose(request: HttpRequest, progress: Progress) -> HttpResponse:
    """Ask what Baton is for here."""
    asked = {"zone": "UTC", "currency": "EUR", "language": "en"} | progress.answers("purpose")
    form = PurposeForm(request.POST or None, initial=asked)
    if form.is_valid():
        progress.keep("purpose", form.cleaned_data)
        return redirect("setup-owner")
    return _shown(request, progress, "purpose", form=form)


@sensitive_variables()
@sensitive_post_parameters("password")
@setting_up("owner")
def owner(request: HttpRequest, progress: Progress) -> HttpResponse:
    """Ask who owns it."""
    known = {key: value for key, value in progress.answers("owner").items() if key != "password"}
    form = OwnerForm(request.POST or None, initial=known)
    if form.is_valid():
        progress.keep("owner", form.cleaned_data)
        return redirect("setup-behaviors")
    return _shown(request, progress, "owner", form=form)


@setting_up("behaviors")
def behaviors(request: HttpRequest, progress: Progress) -> HttpResponse:
    """Ask what people are to do: a ready map, and which of its behaviors."""
    name = request.POST.get("map") or request.GET.get("map") or progress.map_name
    name = name if name in READY else READY[0]
    drawn, why = progress.ready(name), ""
    ticked = [key for key in request.POST.getlist("behaviors") if key in drawn.behaviors]
    if request.method == "POST":
        if ticked:
            progress.keep("behaviors", {"map": name, "behaviors": ticked})
            return redirect("setup-map")
        why = _("Keep at least one: without a behavior nobody owes anything, and Today stays empty.")
    kept = progress.answers("behaviors")
    chosen = kept["behaviors"] if kept.get("map") == name else list(drawn.behaviors)
    settled, names = by_id(drawn), progress.names
    offered = [
        {"key": each.key, "ticked": each.key in chosen, **behavior_told(settled.behaviors[each.id], settled, names)}
        for each in drawn.behaviors.values()
    ]
    return _shown(request, progress, "behaviors", part="offer", map_name=name, offered=offered, why=why)


@setting_up("map")
def founding(request: HttpRequest, progress: Progress) -> HttpResponse:
    """Show the map, and found the business on it."""
    why = ""
    if request.method == "POST":
        try:
            return _found(request, progress)
        except Refusal as refused:
            why = refused.sentence
    if not is_empty():
        messages.info(request, why)
        return redirect(settings.LOGIN_URL)
    drawn = by_id(progress.chosen())
    names = progress.names
    told = {
        "drawing": drawing_told(draw(drawn), names),
        "stages": list(drawn.stages.values()),
        "desks": drawn.desks,
        "handoffs": [(each, drawn.packet(each)) for each in drawn.handoffs.values()],
        "fields": [field_told(each, drawn) for each in drawn.fields.values()],
    }
    return _shown(request, progress, "map", why=why, **told)


def _found(request: HttpRequest, progress: Progress) -> HttpResponse:
    about, owner = progress.answers("purpose"), progress.answers("owner")
    language = about["language"] if about["language"] in dict(settings.LANGUAGES) else ""
    member = found(
        progress.text(),
        name=owner["name"],
        email=owner["email"],
        password=owner["password"],
        hashed=True,
        language=language,
        at=now(),
    )
    progress.forget()
    return perform_login(request, Login(user=member))


def _shown(request: HttpRequest, progress: Progress, step: str, part: str = "", **context: Any) -> HttpResponse:
    steps = list(ADDRESSES)
    at = steps.index(step)
    shown = {
        "steps": [
            {"title": TITLES[each], "done": number < at, "current": each == step, "href": ADDRESSES[each]}
            for number, each in enumerate(steps)
        ],
        "about": progress.answers("purpose"),
        "owner": progress.answers("owner").get("name", ""),
        "ready": [{"key": name, "label": READY_NAMES[name]} for name in READY],
        "back": ADDRESSES[steps[at - 1]] if at else "",
    }
    status = 422 if context.get("why") or (context.get("form") and context["form"].errors) else 200
    return render(request, page(f"setup/{step}", request, part=part or None), shown | context, status=status)
