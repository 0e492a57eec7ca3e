"""Why a duty is owed: the behavior of the map behind it, its time, and what happens when it is forgotten."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel import words
from baton.kernel.clock import now
from baton.map.current import current_map, current_version
from baton.web.pages import page
from baton.web.today.answers import duty_at
from baton.work.behaviors import through
from baton.work.models import Duty


def duty_reason(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the behavior that a duty is one instance of."""
    duty, owed = duty_at(request, pk)
    behavior = through(duty.behavior, current_version()).latest
    at = now()
    context = {
        "owed": owed,
        "behavior": behavior,
        "opens": behavior.opens.sentence,
        "closes": behavior.closes.sentence,
        "started": words.when(duty.started_at, at),
        "due": words.due(duty.due_at, at),
        "left": _left(duty, at),
        "forgotten": _forgotten(duty, at),
    }
    return render(request, page("today/reason", request, part="source"), context)


def _left(duty: Duty, at: datetime) -> str:
    minutes = current_map().hours.between(at, duty.due_at)
    return in_hours(minutes)


def in_hours(minutes: int) -> str:
    """Write working minutes: "2 working hours left", "40 working minutes left", "3 working hours over"."""
    hours, rest = divmod(abs(minutes), 60)
    if hours:
        counted = ngettext("%(count)d working hour", "%(count)d working hours", hours) % {"count": hours}
    else:
        counted = ngettext("%(count)d working minute", "%(count)d working minutes", rest) % {"count": rest}
    return (_("%(time)s left") if minutes >= 0 else _("%(time)s over")) % {"time": counted}


def _forgotten(duty: Duty, at: datetime) -> str:
    if duty.escalated_at:
        return _("It went up %(when)s.") % {"when": words.when(duty.escalated_at, at)}
    if duty.chase_at:
        return _("Baton looks again %(when)s.") % {"when": words.when(duty.chase_at, at)}
    return ""
