"""People: who works here, at which desks, in which role; who is invited; and leaving in good order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.gate.access.programs import end_all
from baton.kernel.clock import now
from baton.ledger.models import Deal
from baton.map.current import current_map, current_version
from baton.members import invitations, people, seats, sessions
from baton.members.models import Invitation, Member, Role
from baton.members.roles import may_change, may_look_after_people, roles_given_by
from baton.web.frame import business_name
from baton.web.members import mail
from baton.web.members.absences import absences_told
from baton.web.members.origin import absolute
from baton.work import absence, leaving
from baton.work.behaviors import in_force
from baton.work.leaving import StillOpen, still_open

ROLES = {
    Role.OWNER: gettext_lazy("Publishes the map, and may do everything a manager may."),
    Role.MANAGER: gettext_lazy("Sees every deal, invites people and changes who sits where."),
    Role.MEMBER: gettext_lazy("Works on deals, hands them over, records what happens."),
    Role.READ_ONLY: gettext_lazy("Reads what everybody on a deal reads, and changes nothing."),
}


@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """List the members, and whom the list is still waiting for."""
    return _page(request)


@require_POST
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Invite somebody: by mail, or with a link to pass on where no mail server is set up."""
    given = request.POST
    invited, secret = invitations.invite(
        given.get("email", ""),
        by=_me(request),
        at=now(),
        role=given.get("role", Role.MEMBER),
        desks=[desk for desk in given.getlist("desks") if desk in current_map().desks],
        name=given.get("name", ""),
    )
    return _deliver(request, invited, secret)


@require_POST
def invitation_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an invitation again, with a new link."""
    invited = get_object_or_404(Invitation, pk=pk)
    return _deliver(request, invited, invitations.renew(invited, by=_me(request), at=now()))


@require_POST
def invitation_withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    invited = get_object_or_404(Invitation, pk=pk)
    invitations.withdraw(invited, by=_me(request), at=now())
    messages.success(request, _("The invitation to %(email)s is withdrawn; its link is dead.") % {"email": invited})
    return redirect("people")


@require_safe
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one member: role, desks, and what can be changed about them by whoever looks."""
    member = get_object_or_404(Member, pk=pk)
    drawn = current_map()
    context = {
        "person": member,
        "seen": sessions.last_seen().get(member.pk),
        "now": now(),
        "may_change": may_change(_me(request), member).answer == "allow",
        "roles": [_role(role, member) for role in roles_given_by(_me(request))],
        "desks": _desk_choices(seats.desks_of(member), seats.named_at(member.email, drawn.seating)),
    }
    context["may_say_away"] = _me(request).may_write and (context["may_change"] or member == request.user)
    context |= absences_told(member, _me(request), now()) if context["may_say_away"] else {}
    return render(request, "baton/members/person.html", context)


@require_POST
def person_role(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a member another role."""
    member = get_object_or_404(Member, pk=pk)
    absence.change_role(member, request.POST.get("role", ""), by=_me(request), at=now())
    messages.success(request, _("%(name)s is now: %(role)s.") % {"name": member, "role": member.get_role_display()})
    return redirect("person", pk)


@require_POST
def person_desks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Seat a member at the desks that were ticked, and nowhere else."""
    member, named = get_object_or_404(Member, pk=pk), current_map().seating
    ticked = [*request.POST.getlist("desks"), *seats.named_at(member.email, named)]
    seats.seat(member, list(dict.fromkeys(ticked)), by=_me(request), named=named)
    messages.success(request, _("The desks of %(name)s are changed.") % {"name": member})
    return redirect("person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def departure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is still open with a member and where it goes; then let them go."""
    member, by = get_object_or_404(Member, pk=pk), _me(request)
    may_change(by, member).or_refuse()
    if request.method == "POST":
        to = Member.objects.filter(pk=_uuid(request.POST.get("to", "")), is_active=True).first()
        found = leaving.leave(member, to=to, by=by, at=now())
        end_all(member)
        messages.success(request, _left(member, to, len(found.deals), len(found.duties)))
        return redirect("people")
    takers = [each for each in _here() if each.may_write and each.pk != member.pk]
    found = still_open(member, seen_by=by)
    context = {"person": member, "open": found, "duties": _duty_rows(found, by), "takers": takers, "now": now()}
    return render(request, "baton/members/departure.html", context)


@require_POST
def comeback(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let somebody who left in again."""
    member = get_object_or_404(Member, pk=pk, is_active=False)
    end_all(member)
    people.bring_back(member, by=_me(request), named=current_map().seating)
    back = leaving.take_back(member, by=_me(request), at=now()) if request.POST.get("with") else 0
    said = _("%(name)s is back, and signs in as before.") if not back else _("%(name)s is back, with %(count)d things.")
    messages.success(request, said % {"name": member, "count": back})
    return redirect("person", pk)


def _duty_rows(found: StillOpen, by: Member) -> list[dict[str, Any]]:
    """Return each duty by the name of its behavior, with the deal that it is on."""
    known = in_force(current_version())
    deals = {duty.deal_id for duty in found.duties if duty.deal_id}
    titles = dict(Deal.objects.visible_to(by).filter(pk__in=deals).values_list("pk", "title"))
    return [
        {
            "name": known[duty.behavior].name if duty.behavior in known else duty.behavior,
            "deal": titles.get(duty.deal_id, ""),
            "due_at": duty.due_at,
        }
        for duty in found.duties
    ]


def _page(request: HttpRequest, **more: Any) -> HttpResponse:
    at, by = now(), _me(request)
    waiting = Invitation.objects.waiting().order_by("-invited_at")
    context = {
        "rows": _rows(),
        "gone": Member.objects.filter(is_active=False).order_by("name"),
        "may_look_after": may_look_after_people(by).answer == "allow",
        "roles": [_role(role, None) for role in reversed(roles_given_by(by))],
        "desks": _desk_choices([], []),
        "waiting": [{"invitation": each, "state": each.state(at)} for each in waiting],
        "can_send": mail.can_send(),
        "now": at,
    }
    return render(request, "baton/members/people.html", context | more)


def _rows() -> list[dict[str, Any]]:
    seen, seated, drawn = sessions.last_seen(), seats.desks_by_member(), current_map()
    return [
        {
            "member": member,
            "seen": seen.get(member.pk),
            "desks": [_seat(drawn, desk, member) for desk in seated.get(member.pk, []) if desk in drawn.desks],
        }
        for member in _here()
    ]


def _seat(drawn: Any, desk: str, member: Member) -> dict[str, Any]:
    return {"name": drawn.desks[desk].name, "leads": drawn.desks[desk].lead == member.email}


def _here() -> list[Member]:
    return list(Member.objects.filter(is_active=True).order_by("name", "pk"))


def _role(role: Role, member: Member | None) -> dict[str, Any]:
    chosen = member.role if member else Role.MEMBER
    return {"value": role.value, "label": role.label, "why": ROLES[role], "chosen": role == chosen}


def _desk_choices(seated: list[str], named: list[str]) -> list[dict[str, Any]]:
    return [
        {"id": desk.id, "name": desk.name, "seated": desk.id in seated, "named": desk.id in named}
        for desk in current_map().desks.values()
    ]


def _deliver(request: HttpRequest, invited: Invitation, secret: str) -> HttpResponse:
    link = absolute(request, reverse("invitation", args=[secret]))
    if not mail.can_send():
        return _page(request, invited=invited, link=link)
    subject = _("%(name)s invites you to Baton") % {"name": _me(request)}
    mail.send(mail.write(invited.email, subject, _invitation_text(request, link)))
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invited})
    return redirect("people")


def _invitation_text(request: HttpRequest, link: str) -> str:
    return _(
        "%(name)s invites you to work in Baton at %(business)s.\n\n%(link)s\n\n"
        "The link works once, for seven days. If you don’t know what this is about, do nothing.\n"
    ) % {"name": _me(request), "business": business_name(), "link": link}


def _left(member: Member, to: Member | None, deals: int, duties: int) -> str:
    if to is None or not deals + duties:
        return _("%(name)s has left and is signed out everywhere.") % {"name": member}
    return _("%(name)s has left. %(deals)d deals and %(duties)d duties are with %(to)s now.") % {
        "name": member,
        "deals": deals,
        "duties": duties,
        "to": to,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _me(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user
