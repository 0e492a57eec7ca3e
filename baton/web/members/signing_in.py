"""Signing in: the page, the people of the demonstration, and the door that an invitation opens."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map, current_version, is_published
from baton.members import invitations
from baton.members.models import Invitation, Member, Role
from baton.members.setup import is_empty

PARTS = ("owner", "manager", "sales", "operations", "reader")
ROLES = {"manager": Role.MANAGER, "reader": Role.READ_ONLY}
"""Parts that are a role; they are played by somebody who leads no desk."""


class SignInForm(LoginForm):
    """allauth's form without what our page says itself; a passkey may be offered where the address is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        for name, told in (("login", "username webauthn"), ("password", "current-password")):
            self.fields[name].widget.attrs |= {"autocomplete": told}
            self.fields[name].widget.attrs.pop("placeholder", None)


class SignIn(LoginView):
    """Password or passkey; the first visit to an empty Baton leads to the set-up."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_empty() and (setup := setup_address()):
            return redirect(setup)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = {"owner": _owner(), "empty": is_empty(), "demonstration": demonstration_people()}
        return super().get_context_data(**kwargs) | asked


def setup_address() -> str:
    """Return where the first set-up begins, empty where there is no such page."""
    try:
        return reverse("setup")
    except NoReverseMatch:
        return ""


def demonstration_people() -> list[dict[str, Any]]:
    """Return whom the demonstration signs in with one click, with their part; nobody in a real business."""
    found = [(part, _playing(part)) for part in PARTS] if settings.BATON_DEMO and current_version() else []
    return [{"part": part, "member": member, "desk": _desk_name(part)} for part, member in found if member]


def _playing(part: str) -> Member | None:
    drawn = current_map()
    if part in ROLES:
        leads = {desk.lead for desk in drawn.desks.values()}
        return Member.objects.filter(role=ROLES[part], is_active=True).exclude(email__in=leads).order_by("name").first()
    desk = drawn.desks.get(part)
    email = drawn.owner if part == "owner" else desk.lead if desk else ""
    return Member.objects.filter(email__iexact=email, is_active=True).first()


def _desk_name(part: str) -> str:
    desk = current_map().desks.get(part)
    return desk.name if desk else ""


def _owner() -> Member | None:
    return _playing("owner") if current_version() else None


@login_not_required
@require_POST
def demonstration_session(request: HttpRequest, part: str) -> HttpResponse:
    """Sign in as one of the demonstration's people; outside the demonstration there is no such address."""
    member = next((each["member"] for each in demonstration_people() if each["part"] == part), None)
    if member is None:
        raise Http404
    return perform_login(request, Login(user=member))


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what one is invited to, and become a member with a name and a password."""
    opened = invitations.opened_by(secret, at=now())
    if request.method == "GET":
        return _invited(request, opened)
    name, password = request.POST.get("name", ""), request.POST.get("password", "")
    try:
        member = invitations.accept(
            secret, name=name, password=password, at=now(), named=current_map().seating if is_published() else {}
        )
    except Refusal as why:
        return _invited(request, opened, name=name, why=why.sentence)
    return perform_login(request, Login(user=member, redirect_url=reverse("what-we-use")))


def _invited(request: HttpRequest, opened: Invitation, name: str = "", why: str = "") -> HttpResponse:
    known = current_map().desks if is_published() else {}
    desks = [desk.name for desk in known.values() if desk.id in opened.desks]
    context = {"invitation": opened, "desks": desks, "name": name or opened.name, "why": why}
    return render(request, "baton/members/invitation.html", context, status=422 if why else 200)
