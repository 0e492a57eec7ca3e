"""One page a role, drawn out of the map: to be read before the first day, and hung on the wall."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baton.kernel.clock import now
from baton.map.current import current_map, current_version
from baton.map.elements import Behavior, Decision, Handoff
from baton.map.schema import OperatingMap
from baton.mirror.rollout.protocol import Protocol, protocol_of, running
from baton.web.map.people import Names
from baton.web.map.telling import behavior_told, consumer, item_name
from baton.web.map.wording import rhythm
from baton.work.behaviors import in_force

OWNER = "map-owner"
"""The page of whoever runs it, unless a desk is called that."""


@require_safe
def protocols(request: HttpRequest) -> HttpResponse:
    """List the roles, each with its page."""
    drawn, names = current_map(), Names()
    rows = [{"id": desk.id, "name": desk.name, "lead": names.of(desk.lead), "people": names.listed(desk.members)}
            for desk in drawn.desks.values()]  # fmt: skip
    context = {"rows": rows, "owner": names.of(drawn.owner), "owner_role": OWNER}
    return render(request, "baton/rollout/protocols.html", context)


@require_safe
def protocol(request: HttpRequest, role: str) -> HttpResponse:
    """Show one role's page, which prints on one sheet."""
    drawn, names = current_map(), Names()
    told = {"now": now(), "version": current_version(), "business": drawn.business, "purpose": drawn.purpose}
    if role == OWNER and role not in drawn.desks:
        return render(request, "baton/rollout/running.html", told | running_told(drawn, names))
    if role not in drawn.desks:
        raise Http404
    page = protocol_of(drawn.desks[role], drawn, in_force(current_version()))
    return render(request, "baton/rollout/protocol.html", told | {"page": protocol_told(page, drawn, names)})


def running_told(drawn: OperatingMap, names: Names) -> dict[str, Any]:
    """The owner's page in words."""
    found = running(drawn, in_force(current_version()))
    return {
        "owner": names.of(drawn.owner),
        "deputy": names.of(drawn.deputy) if drawn.deputy else "",
        "owes": [duty_told(one, drawn, names) for one in found.owes],
        "decisions": [_decision(one, drawn, names) for one in found.decisions],
        "desks": [{"name": desk.name, "lead": names.of(desk.lead)} for desk in drawn.desks.values()],
    }


def protocol_told(page: Protocol, drawn: OperatingMap, names: Names) -> dict[str, Any]:
    """A desk's page in words."""
    order = list(drawn.stages)
    return {
        "id": page.desk.id,
        "name": page.desk.name,
        "lead": names.of(page.desk.lead),
        "people": names.listed(page.desk.members),
        "capture": page.desk.capture,
        "stages": [{"name": one.name, "shown": one.entered_by.label} for one in page.stages],
        "yours": [duty_told(one, drawn, names) for one in page.yours],
        "of_lead": [duty_told(one, drawn, names) for one in page.of_lead],
        "takes": [_passing(one, one.from_desk, drawn, names) for one in page.takes],
        "gives": [_passing(one, one.to_desk, drawn, names) for one in page.gives],
        "fields": [
            {"name": one.name, "breaks": one.breaks, "stage": drawn.stages[one.caught_at].name,
             "needed": ", ".join(consumer(each, drawn)["name"] for each in drawn.consumers_of(one.id))}
            for one in sorted(page.fields, key=lambda one: order.index(one.caught_at))
        ],
        "decisions": [_decision(one, drawn, names) for one in page.decisions],
    }  # fmt: skip


def duty_told(one: Behavior, drawn: OperatingMap, names: Names) -> dict[str, Any]:
    """A duty in words."""
    told = behavior_told(one, drawn, names) | {"taking": one.id.startswith("baton:accept:")}
    return told | {"rule": _("When %(when)s. Done when %(done)s.") % {"when": told["when"], "done": told["done"]}}


def _passing(one: Handoff, other: str, drawn: OperatingMap, names: Names) -> dict[str, Any]:
    desk = drawn.desks[other]
    return {
        "id": one.id,
        "other": desk.name,
        "lead": names.of(desk.lead),
        "carries": [item_name(key, drawn) for key in one.carries],
        "within": one.accept_within.told,
        "at": drawn.stages[one.at].name if one.at in drawn.stages else "",
    }


def _decision(one: Decision, drawn: OperatingMap, names: Names) -> dict[str, Any]:
    return {
        "name": one.name,
        "who": names.listed(one.who),
        "every": rhythm(one.every),
        "reads": ", ".join(item_name(key, drawn) for key in one.reads) or _("nothing yet"),
    }
