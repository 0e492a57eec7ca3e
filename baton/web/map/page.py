"""The map in force: its drawing, behaviors, fields, decisions and goals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from baton.kernel.clock import now
from baton.map.commission import CommissionRule
from baton.map.current import current_map, current_version
from baton.map.drawing import draw
from baton.map.elements import Decision, Desk
from baton.map.goals import Metric, amount_written, measuring_until, nearest_metrics
from baton.map.models import MapDraft, MapVersion
from baton.map.phrases import write_percent
from baton.map.publishing import may_publish
from baton.map.schema import OperatingMap
from baton.mirror.goals import Measuring, Progress, progress
from baton.web.map.agreement import agreed_to
from baton.web.map.drawing import drawing_told, link
from baton.web.map.lapses import lapses_told
from baton.web.map.people import Names
from baton.web.map.selection import Chosen, field_shown, told
from baton.web.map.telling import behavior_told, field_told, item_name
from baton.web.map.wording import rhythm
from baton.web.pages import page
from baton.work.behaviors import OWN
from baton.work.first_time import FirstTime, first_times


@require_safe
def flow(request: HttpRequest) -> HttpResponse:
    """Draw the map, with what is chosen on it in the aside."""
    drawn, names = current_map(), Names()
    chosen = Chosen.read(request.GET.get("on", ""), request.GET.get("field", ""), drawn)
    rates = first_times(request.user, now())  # type: ignore[arg-type]
    field = field_shown(chosen, drawn, rates)
    chosen = replace(chosen, field=field.id if field else "")
    context = {
        "drawing": drawing_told(draw(drawn), names, chosen, rates),
        "lanes": [_lane(desk, drawn, chosen, names, rates) for desk in drawn.desks.values()],
        "chosen": chosen,
        "told": told(chosen, drawn, names, rates),
        "field": field_told(field, drawn) if field else None,
    }
    return render(request, page("map/flow", request, part="flow"), _frame(request, drawn, "map", names) | context)


def _lane(desk: Desk, drawn: OperatingMap, chosen: Chosen, names: Names, rates: dict[str, FirstTime]) -> dict[str, Any]:
    """A desk of the list: for phones, for print and for who can't see the drawing."""
    return link("desk", desk.id, chosen) | {
        "name": desk.name,
        "people": names.listed(desk.members),
        "stages": [{"at": each, **link("stage", each.id, chosen)} for each in drawn.stages_of(desk.id)],
        "handoffs": [
            {"at": each, "rate": rates.get(each.id, FirstTime()).sentence, **link("handoff", each.id, chosen)}
            for each in drawn.handoffs_from(desk.id)
        ],
    }


@require_safe
def behaviors(request: HttpRequest) -> HttpResponse:
    """Say what people do here: when, who, by when, what if somebody forgets, and what for."""
    drawn, names = current_map(), Names()
    lapses = lapses_told(request.user, drawn)  # type: ignore[arg-type]
    context = {
        "behaviors": [
            behavior_told(each, drawn, names) | {"lapse": lapses.get(each.id)} for each in drawn.behaviors.values()
        ],
        "own": [each.name for each in OWN],
    }
    return render(request, "baton/map/behaviors.html", _frame(request, drawn, "map-behaviors", names) | context)


@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """Say of every field who needs it, and what breaks when it is wrong."""
    drawn = current_map()
    context = {"fields": [field_told(each, drawn) for each in drawn.fields.values()]}
    return render(request, "baton/map/fields.html", _frame(request, drawn, "map-fields", Names()) | context)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Say what management decides from Baton, how often, and from which facts."""
    drawn, names = current_map(), Names()
    context: dict[str, Any] = {"decisions": [_decision(each, drawn, names) for each in drawn.decisions.values()]}
    context["rules"] = [_rule(each, names) for each in drawn.commission.values()]
    return render(request, "baton/map/decisions.html", _frame(request, drawn, "map-decisions", names) | context)


def _decision(decision: Decision, drawn: OperatingMap, names: Names) -> dict[str, Any]:
    return {
        "name": decision.name,
        "who": [names.of(each) for each in decision.who],
        "every": rhythm(decision.every),
        "reads": [item_name(key, drawn) for key in decision.reads],
    }


PAID_ON = {
    "won": gettext_lazy("a deal that was won"),
    "invoiced": gettext_lazy("an invoice that went out"),
    "paid": gettext_lazy("a payment that came in"),
}
EVERY = {"month": gettext_lazy("each month"), "quarter": gettext_lazy("each quarter")}


def _rule(rule: CommissionRule, names: Names) -> dict[str, Any]:
    """Return a commission rule in words: its share, and from which sums on it is another."""
    tiers = [_("%(rate)s from %(sum)s") % {"rate": write_percent(t.rate), "sum": f"{t.begins:,}"} for t in rule.tiers]
    return {
        "rule": rule,
        "who": [names.of(each) for each in rule.who],
        "paid_on": PAID_ON[rule.paid_on],
        "every": EVERY[rule.every],
        "share": ", ".join([write_percent(rule.rate), *tiers]),
        "split": ", ".join(f"{names.of(who)} {write_percent(share)}" for who, share in rule.split),
    }


@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """Say what should become better, from where to where, by when, and how far it is; and what a wish comes to."""
    member, wish = request.user, " ".join(request.GET.get("wish", "").split())[:200]
    context = {"goals": [_goal(each) for each in progress(member, now())], "wish": wish}  # type: ignore[arg-type]
    if wish:
        measuring = Measuring(member, now())  # type: ignore[arg-type]
        context["near"] = [(each, _stands(measuring, each)) for each in nearest_metrics(wish)]
    return render(request, "baton/map/goals.html", _frame(request, current_map(), "map-goals", Names()) | context)


def _goal(one: Progress) -> dict[str, Any]:
    return {
        "goal": one.goal,
        "name": one.name,
        "how": one.how,
        "stands": one.stands,
        "is_reached": one.is_reached,
        "until": measuring_until(one.goal.baseline),
        "way": None if one.share is None else round(100 * one.share),
    }


def _stands(measuring: Measuring, metric: Metric) -> str:
    found = measuring.metric(metric.key).amount
    return "" if found is None else amount_written(found, metric.unit)


BEGINNING = timedelta(days=14)
"""For how long the charter of a first map says what comes next."""


def _has_just_begun() -> bool:
    """Whether the first map is in force, and for no longer than it takes to begin."""
    return current_version() == 1 and MapVersion.objects.filter(published_at__gt=now() - BEGINNING).exists()


@require_safe
def charter(request: HttpRequest) -> HttpResponse:
    """Say what was answered before the map was drawn: what it is for, who owns it, what people do, how work flowed."""
    drawn, names = current_map(), Names()
    told = [(FLOW_NOW[word], getattr(drawn.charter, word)) for word in FLOW_NOW]
    context = {
        "decisions": list(drawn.decisions.values()),
        "behaviors": [behavior_told(each, drawn, names) for each in drawn.behaviors.values()],
        "deputy": names.of(drawn.deputy) if drawn.deputy else "",
        "flow": [(asked, answer) for asked, answer in told if answer],
        "agreed": agreed_to(current_version()),
        "begins": may_publish(request.user, drawn).answer == "allow" and _has_just_begun(),
    }
    return render(request, "baton/map/charter.html", _frame(request, drawn, "map-charter", names) | context)


FLOW_NOW = {
    "facts_begin": gettext_lazy("Customer facts are created"),
    "needed_next": gettext_lazy("Needed next by"),
    "decided_from": gettext_lazy("Decided from them"),
    "breaks_at": gettext_lazy("Handoffs break"),
}


PARTS = {
    "map": gettext_lazy("Flow"),
    "map-charter": gettext_lazy("Charter"),
    "map-behaviors": gettext_lazy("Behaviors"),
    "map-fields": gettext_lazy("Fields"),
    "map-decisions": gettext_lazy("Decisions"),
    "automations": gettext_lazy("Automations"),
    "map-goals": gettext_lazy("Goals"),
}


def _frame(request: HttpRequest, drawn: OperatingMap, here: str, names: Names) -> dict[str, Any]:
    """What stands around each part of the map: whose it is, which version, its drafts, its tabs."""
    counts = {
        "map-behaviors": len(drawn.behaviors),
        "map-fields": len(drawn.fields),
        "map-decisions": len(drawn.decisions),
        "automations": len(drawn.automations),
        "map-goals": len(drawn.goals),
    }
    drafts = list(MapDraft.objects.select_related("changed_by").defer("text"))
    return {
        "map": drawn,
        "owner": names.of(drawn.owner),
        "version": MapVersion.objects.defer("text").get(number=current_version()),
        "own_draft": next((each for each in drafts if each.changed_by_id == request.user.pk), None),
        "proposals": [each for each in drafts if each.changed_by_id != request.user.pk],
        "now": now(),
        "tabs": [
            {"label": label, "href": reverse(name), "count": counts.get(name), "current": name == here}
            for name, label in PARTS.items()
        ],
    }
