"""Later, and pass on: what can be done with every duty, and undone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baton.kernel import words
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import DeskSeat, Member, Role
from baton.web.deal.typed import typed_moment
from baton.web.today.acts import Act
from baton.web.today.answers import answered, asked, duty_at
from baton.work import passing_on
from baton.work.models import Duty


@require_http_methods(["GET", "POST"])
def duty_later(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a duty out of sight until a moment, or bring it back. It stays due when it is due."""
    duty, owed = duty_at(request, pk)
    at = now()
    if request.method == "GET":
        return asked(request, owed, "today/later", choices=choices_at(at), due=words.due(owed.due_at, at))
    member = request.user
    assert isinstance(member, Member)
    if request.POST.get("until") == "now":
        passing_on.bring_back(duty, by=member, at=at)
        return answered(request, owed, _("It is back."))
    until = _until(request.POST.get("until", ""), request.POST.get("when", ""), at)
    passing_on.put_off(duty, until=until, by=member, at=at)
    sentence = _("Put off until %(when)s. It stays due when it is due.") % {"when": words.when(until, at)}
    return answered(request, owed, sentence, undo=_undo("duty-later", pk, "until", "now"), gone=True)


def choices_at(at: datetime) -> list[tuple[str, str]]:
    """Return the moments that are offered at this time, by name: (name, words)."""
    return [(name, words.when(moment, at)) for name, moment in _moments(at).items() if moment > at]


def _moments(at: datetime) -> dict[str, datetime]:
    local, hours = timezone.localtime(at), current_map().hours
    midnight = datetime.combine(local.date(), time(), local.tzinfo)
    tomorrow = hours.next_open(midnight + timedelta(days=1))
    monday = hours.next_open(midnight + timedelta(days=7 - local.weekday()))
    found = {"hour": at + timedelta(hours=1), "afternoon": midnight + timedelta(hours=14), "tomorrow": tomorrow}
    return found if monday == tomorrow else found | {"monday": monday}


def _until(name: str, typed: str, at: datetime) -> datetime:
    if typed.strip():
        return typed_moment(typed)
    moment = _moments(at).get(name)
    if moment is None:
        raise Refusal(_("Choose until when."))
    return moment


@require_http_methods(["GET", "POST"])
def duty_colleague(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pass a duty on to a colleague, or take it back."""
    duty, owed = duty_at(request, pk)
    member = request.user
    assert isinstance(member, Member)
    if request.method == "GET":
        return asked(request, owed, "today/colleague", colleagues=colleagues_for(duty, member))
    if request.POST.get("to") == "back":
        passing_on.take_back(duty, by=member, at=now())
        return answered(request, owed, _("It is yours again."))
    to = _named(request.POST.get("to", ""))
    passing_on.pass_on(duty, to=to, by=member, at=now(), because=request.POST.get("because", ""))
    sentence = _("Passed on to %(name)s.") % {"name": to.name}
    return answered(request, owed, sentence, undo=_undo("duty-colleague", pk, "to", "back"), gone=True)


def _undo(name: str, pk: UUID, field: str, value: str) -> Act:
    return Act(_("Undo"), reverse(name, args=[pk]), icon="undo-2", kind="plain", name=field, value=value)


def colleagues_for(duty: Duty, member: Member) -> list[Member]:
    """Return to whom a duty can go, those at its desk first."""
    there = set(DeskSeat.objects.filter(desk=duty.desk).values_list("member", flat=True))
    others = Member.objects.filter(is_active=True).exclude(role=Role.READ_ONLY).exclude(pk=duty.owed_by_id)
    return sorted(others, key=lambda one: (one.pk not in there, one == member, one.name))


def _named(text: str) -> Member:
    try:
        found = Member.objects.filter(pk=UUID(text)).first()
    except ValueError as wrong:
        raise Refusal(_("Choose who takes it.")) from wrong
    if found is None:
        raise Http404
    return found
