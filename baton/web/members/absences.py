"""Being away, on the page of a person: from which day until which, who stands in, and back again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import Member
from baton.work import absence
from baton.work.models import Absence


def absences_told(person: Member, reader: Member, at: datetime) -> dict[str, Any]:
    """What stands on the page: absences that go on or lie ahead, who could stand in, what would pass on."""
    others = Member.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name")
    return {
        "absences": absence.absences(person, seen_by=reader),
        "passes_on": absence.passes_on(person, seen_by=reader),
        "deputies": [each for each in others if each.may_write],
        "today": at.astimezone(current_map().hours.tz).date(),
    }


@require_POST
def person_absence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that somebody is away, from one day until another, both included."""
    member = get_object_or_404(Member, pk=pk, is_active=True)
    deputy = Member.objects.filter(pk=_uuid(request.POST.get("deputy", ""))).first()
    since, until = _day(request, "from"), _day(request, "until") + timedelta(days=1)
    by = _me(request)
    row = absence.be_away(member, since=_begin(since), until=_begin(until), deputy=deputy, by=by, at=now())
    said = _("%(name)s is away; what is owed goes to whoever stands in.") if row.began_at else _("Noted.")
    messages.success(request, said % {"name": member.short_name})
    return redirect("person", pk)


@require_POST
def absence_end(request: HttpRequest, pk: UUID, absence_id: UUID) -> HttpResponse:
    """End an absence, or call it off."""
    by = _me(request)
    row = get_object_or_404(Absence.objects.visible_to(by), pk=absence_id, member=pk)
    absence.come_back(row, by=by, at=now())
    messages.success(request, _("Back again: what is still open of theirs is theirs."))
    return redirect("person", pk)


def _me(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise Refusal(_("Choose a first and a last day.")) from None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), current_map().hours.tz)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
