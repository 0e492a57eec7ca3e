"""The questions in their order: which decisions, who owns it, which behaviors, how work flows, what gets better."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.channels.first_look.drafting import ENOUGH
from baton.kernel.clock import now
from baton.map.composing import goal_of
from baton.map.goals import METRICS, Metric, amount_written, nearest_metrics, objections
from baton.map.reading import FLOW
from baton.map.ready import READY
from baton.map.schema import OperatingMap
from baton.map.settled import by_id
from baton.web.map.telling import behavior_told
from baton.web.pages import sent
from baton.web.setup import choices
from baton.web.setup.conversation import Conversation
from baton.web.setup.forms import DecisionsForm, OwnerForm
from baton.web.setup.guarding import setting_up, shown

PLACE = ("business", "zone", "country", "currency", "language")
READY_NAMES = {
    "facilities": gettext_lazy("Facilities and field service"),
    "law-firm": gettext_lazy("Law firm"),
    "agency": gettext_lazy("Agency"),
}
MEASURED_FOR = timedelta(days=30)
REACHED_BY = timedelta(days=120)


@setting_up("decisions")
def decisions(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Ask which decisions Baton should support, what for in one sentence, and where this business is."""
    place, before = talk.answers("place"), talk.answers("decisions")
    asked = {"zone": "UTC", "currency": "EUR", "language": "en"} | place | before
    form = DecisionsForm(sent(request), initial=asked)
    offered = [str(each) for each in choices.SUPPORTS]
    ticked = request.POST.getlist("supports") if request.method == "POST" else before.get("supports", [])
    why = ""
    if form.is_valid():
        given = form.cleaned_data
        supports = [each for each in offered if each in ticked] + ([given["own"]] if given["own"] else [])
        if supports:
            talk.keep("place", {name: given[name] for name in PLACE})
            told = {"supports": supports, "purpose": given["purpose"], "own": given["own"]}
            talk.keep("decisions", told | {"forecast": str(choices.WHAT_CLOSES) in ticked})
            return redirect("setup-owner")
        why = _("Name at least one: what nobody decides from is never kept up to date.")
    rows = [(each, each in ticked) for each in offered]
    return shown(request, talk, "decisions", form=form, supports=rows, why=why)


@setting_up("owner")
def owner(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Ask who owns it, and who works here besides."""
    before, me = talk.answers("owner"), talk.member.email.lower()
    lines = "\n".join(f"{one['name']}, {one['email']}".strip(", ") for one in before.get("others", []))
    is_other = bool(before) and before["email"] != talk.row.begun_by.email.lower()
    initial = {"whose": "other" if is_other else "me", "more": lines}
    initial |= {"name": before["name"], "email": before["email"]} if is_other else {}
    form = OwnerForm(sent(request), initial=initial)
    known = {one["email"] for one in before.get("others", [])}
    seen = [one for one in talk.found.people if one["email"] not in known | {me, talk.row.begun_by.email.lower()}][:12]
    ticked = request.POST.getlist("seen")
    if form.is_valid():
        talk.keep("owner", _owner(form.cleaned_data, ticked, seen, talk))
        return redirect("setup-behaviors")
    return shown(request, talk, "owner", form=form, seen=seen, ticked=ticked)


def _owner(given: dict[str, Any], ticked: list[str], seen: list[dict[str, Any]], talk: Conversation) -> dict[str, Any]:
    begun = talk.row.begun_by
    mine = {"name": begun.name, "email": begun.email.lower()}
    owned = {"name": given["name"], "email": given["email"]} if given["whose"] == "other" else mine
    found = [{"name": one["name"], "email": one["email"]} for one in seen if one["email"] in ticked]
    others = {one["email"]: one for one in [*given["more"], *found] if one["email"] != mine["email"]}
    return owned | {"others": list(others.values())}


@setting_up("behaviors")
def behaviors(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Ask what people are to do day to day: a ready map, which of its behaviors, and by when."""
    before, proposal = talk.answers("behaviors"), talk.proposal
    name = request.POST.get("map") or request.GET.get("map") or before.get("map") or proposal.trade
    name = name if name in READY else READY[0]
    drawn, why = talk.drawn(behaviors={"map": name}), ""
    given = before if before.get("map") == name else _proposed(drawn, proposal.within)
    if request.method == "POST":
        given = _behaviors(request, drawn)
        if given["behaviors"]:
            talk.keep("behaviors", {"map": name} | given)
            return redirect("setup-flow")
        why = _("Keep at least one: without a behavior nobody owes anything, and Today stays empty.")
    offered = [_offered(key, drawn, given, talk) for key in drawn.behaviors]
    answering = next((each["key"] for each in offered if _answers(drawn, each["key"])), "")
    return shown(
        request, talk, "behaviors", part="offer", map_name=name, offered=offered, why=why, proposal=proposal,
        ready=[{"key": each, "label": READY_NAMES[each]} for each in READY], answering=answering,
    )  # fmt: skip


def _answers(drawn: OperatingMap, key: str) -> bool:
    return drawn.behaviors[key].opens.matches("interaction.in", "")


def _proposed(drawn: OperatingMap, within: str) -> dict[str, Any]:
    times = {key: within for key in drawn.behaviors if within and _answers(drawn, key)}
    return {"behaviors": list(drawn.behaviors), "within": times}


def _behaviors(request: HttpRequest, drawn: OperatingMap) -> dict[str, Any]:
    known = dict(choices.WITHIN)
    times = {key: request.POST.get(f"within-{key}", "") for key in drawn.behaviors}
    kept = [key for key in request.POST.getlist("behaviors") if key in drawn.behaviors]
    return {"behaviors": kept, "within": {key: text for key, text in times.items() if text in known}}


def _offered(key: str, drawn: OperatingMap, given: dict[str, Any], talk: Conversation) -> dict[str, Any]:
    settled = by_id(drawn)
    behavior, written = drawn.behaviors[key], str(drawn.behaviors[key].within)
    chosen = given["within"].get(key) or written
    times = list(choices.WITHIN) if written in dict(choices.WITHIN) else [(written, written), *choices.WITHIN]
    return {
        "key": key,
        "ticked": key in given["behaviors"],
        "times": [(text, said, text == chosen) for text, said in times],
        **behavior_told(settled.behaviors[behavior.id], settled, talk.names),
    }


@setting_up("flow")
def flow(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Ask how work flows now, and who works at which desk."""
    before, proposal, drawn = talk.answers("flow"), talk.proposal, talk.drawn()
    people = [one["email"] for one in talk.everybody]
    if request.method == "POST":
        desks = {key: request.POST.get(f"desk-{key}", "") for key in drawn.desks}
        said = {word: " ".join(request.POST.get(word, "").split())[:600] for word in FLOW}
        captures = {key: local for key, local in proposal.captures.items() if key in drawn.desks}
        kept = {key: email for key, email in desks.items() if email in people}
        talk.keep("flow", said | {"desks": kept, "captures": captures})
        return redirect("setup-goals")
    questions = [(word, *FLOW_ASKED[word], before.get(word, proposal.flow.get(word, ""))) for word in FLOW]
    rows = [_desk(key, drawn, before, talk) for key in drawn.desks]
    return shown(request, talk, "flow", questions=questions, desks=rows, guessed=not before and bool(proposal.flow))


FLOW_ASKED = {
    "facts_begin": (
        gettext_lazy("Where are customer facts created?"),
        gettext_lazy("In which conversations, mails and visits does somebody first hear what a customer needs?"),
    ),
    "needed_next": (
        gettext_lazy("Who needs them next?"),
        gettext_lazy("Who can’t go on without knowing them?"),
    ),
    "decided_from": (
        gettext_lazy("What is decided from them?"),
        gettext_lazy("Prices, dates, crews, invoices: what rests on what was heard?"),
    ),
    "breaks_at": (
        gettext_lazy("Where do handoffs break?"),
        gettext_lazy("Where does somebody ring back and ask for what was said already?"),
    ),
}


def _desk(key: str, drawn: OperatingMap, before: dict[str, Any], talk: Conversation) -> dict[str, Any]:
    proposal, people = talk.proposal, talk.everybody
    email, because = proposal.leads.get(key, ("", ""))
    known = {one["email"] for one in people}
    proposed = email if email in known else talk.owner_email
    lead = before.get("desks", {}).get(key) or proposed
    address = next((one for one in talk.found.shared if one["desk"] == key), None)
    return {
        "key": key,
        "name": drawn.desks[key].name,
        "stages": ", ".join(stage.name for stage in drawn.stages_of(key)),
        "people": [(one["email"], one["name"] or one["email"], one["email"] == lead) for one in people],
        "because": _("%(who)s %(what)s") % {"who": talk.names.of(email), "what": because} if email in known else "",
        "address": address,
    }


@setting_up("goals")
def goals(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Ask what should become better, in anybody's words; only what can be measured, and missed, is a goal."""
    before = talk.row.answers.get("goals", [])
    wish = " ".join((request.POST.get("wish") or request.GET.get("wish") or "").split())[:200]
    problems: dict[str, list[str]] = {}
    loose: list[dict[str, str]] = []
    why = ""
    if request.method == "POST" and "without" in request.POST:
        talk.keep("goals", [])
        return redirect("setup-map")
    if request.method == "POST":
        chosen = [_goal(request, key) for key in request.POST.getlist("metric") if key in METRICS]
        loose = _written_without_a_tick(request, [*chosen, *before])
        problems = {each["metric"]: _problems(each) for each in chosen}
        problems |= {each["metric"]: [_("Tick it, or empty its target.")] for each in loose}
        if wish and not chosen and not loose:
            why = _("“%(wish)s” can’t be measured as it is. Take one of those below, or go on without a goal.")
            why %= {"wish": wish}
        elif not any(problems.values()):
            talk.keep("goals", chosen)
            return redirect("setup-map")
        else:
            before = chosen
    given = {each["metric"]: each for each in [*before, *loose]}
    ticked = {each["metric"] for each in before}
    near = [METRICS[key] for key in given] or nearest_metrics(wish)
    near += [each for each in nearest_metrics(wish) if each not in near] if wish or loose else []
    rows = [_goal_row(each, given.get(each.key), problems.get(each.key, []), talk, each.key in ticked) for each in near]
    found = any(problems.values())
    return shown(request, talk, "goals", wish=wish, rows=rows, why=why or (_("Look at it once more.") if found else ""))


def _written_without_a_tick(request: HttpRequest, besides: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the goals that got a target now and no tick: what was typed is neither taken for meant nor lost."""
    known = {each["metric"] for each in besides}
    return [given for key in METRICS if key not in known and (given := _goal(request, key))["target"]]


def _goal(request: HttpRequest, metric: str) -> dict[str, str]:
    given = {name: " ".join(request.POST.get(f"{name}-{metric}", "").split()) for name in ("baseline", "target", "by")}
    return {"metric": metric} | given


def _problems(given: dict[str, str]) -> list[str]:
    """Return what keeps this from being a goal, in sentences."""
    try:
        goal = goal_of(given)
    except ValueError:
        return [_("Say until when, as a date.")]
    if not goal.target or not goal.baseline:
        return [_("A goal needs a target and where it stands today.")]
    if goal.by <= now().date():
        return [_("The date is over already.")]
    return [sentence for _entry, sentence in objections(goal)]


def _goal_row(
    metric: Metric, given: dict[str, str] | None, problems: list[str], talk: Conversation, ticked: bool
) -> dict[str, Any]:
    baseline, because = _baseline(metric, talk)
    return {
        "metric": metric,
        "ids": {name: f"{name}-{metric.key}" for name in ("baseline", "target", "by")},
        "ticked": ticked,
        "baseline": given["baseline"] if given else baseline,
        "because": because,
        "target": given["target"] if given else "",
        "by": given["by"] if given else (now() + REACHED_BY).date().isoformat(),
        "problems": problems,
        "example": EXAMPLE[metric.unit],
    }


EXAMPLE = {"hours": "4 h", "percent": "90%", "count": "5"}


def _baseline(metric: Metric, talk: Conversation) -> tuple[str, str]:
    """Return where a metric stands by the mail that was read, else until when it is measured."""
    found = talk.found
    if metric.key == "first_response_p80" and found.p80_hours is not None and found.answers_count >= ENOUGH:
        return amount_written(found.p80_hours, "hours"), _("measured in your mail, %(count)d answers") % {
            "count": found.answers_count
        }
    if metric.key == "customers_waiting" and found.read:
        return str(found.waiting_count), _("counted in your mail")
    return f"measuring until {(now() + MEASURED_FOR).date().isoformat()}", _("measured from the first day on")
