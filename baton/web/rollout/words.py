"""The rollout in words: steps, abilities, why somebody starts when, and how closely they are looked after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.kernel import words
from baton.map.schema import OperatingMap
from baton.mirror.rollout.first_day import FirstStep
from baton.mirror.rollout.oversight import Oversight, Week
from baton.mirror.rollout.planning import Start
from baton.mirror.rollout.seen import Ability
from baton.web.map.people import Names

STEPS: dict[str, tuple[Any, Any, Any]] = {
    "duty": (
        gettext_lazy("Settle a duty of your own"),
        gettext_lazy("A duty has no checkbox: reply, set the next step or say what happened, and it is gone."),
        gettext_lazy("You owe nothing yet. This ticks itself off with the first duty that you settle."),
    ),
    "suggestion": (
        gettext_lazy("Confirm a suggestion, or say that it isn’t so"),
        gettext_lazy("What Baton read out of a message is only a suggestion until somebody says so."),
        gettext_lazy("Nothing is suggested on your deals right now. It comes with the next message of a customer."),
    ),
    "handoff": (
        gettext_lazy("Pass a deal on, or take one"),
        gettext_lazy("The packet shows what the next desk needs; they accept it, or return it with what was missing."),
        gettext_lazy("No deal of yours comes to a handoff next. This ticks itself off with the first one."),
    ),
    "line": (
        gettext_lazy("Type one line of what happened"),
        gettext_lazy("C opens the line on every page: who, what was said, what is next. You see how it is read first."),
        "",
    ),
    "phone": (
        gettext_lazy("Have Baton on your phone"),
        gettext_lazy("Sign in there and add it to the home screen: a call is a line typed on the stairs."),
        "",
    ),
}
"""Step → what to do, what it is, and what is said while there is nothing to do it on."""
BUTTONS: dict[str, Any] = {
    "deal": gettext_lazy("Open the deal"),
    "handoff": gettext_lazy("Open the handoff"),
    "quick": gettext_lazy("Type the line"),
    "phone": gettext_lazy("How to install it"),
}
PHASES: dict[str, Any] = {
    "ahead": gettext_lazy("starts later"),
    "daily": gettext_lazy("looked at daily"),
    "weekly": gettext_lazy("looked at weekly"),
    "over": gettext_lazy("on their own"),
}


def step_told(one: FirstStep) -> dict[str, Any]:
    """A step of the first day with where it is done."""
    title, how, nothing = STEPS[one.step]
    return {
        "step": one.step, "title": title, "how": how, "done_at": one.done_at, "what": one.what,
        "href": _href(one), "button": BUTTONS.get(one.place, ""), "nothing": "" if one.place else nothing,
    }  # fmt: skip


def _href(one: FirstStep) -> str:
    if one.place == "quick":
        return reverse("quick") + (f"?deal={one.id}" if one.id else "")
    if one.place == "phone":
        return reverse("app-settings")
    return reverse(one.place, args=[one.id]) if one.place and one.id else ""


def ability_told(one: Ability) -> str:
    """What somebody must be able to do, in a few words."""
    patterns = {
        "duty": one.name,
        "take": _("take over: %(name)s") % {"name": one.name},
        "give": _("hand over: %(name)s") % {"name": one.name},
        "suggestion": _("confirm what Baton suggests"),
        "line": _("use the quick line"),
        "phone": _("have Baton on the phone"),
    }
    return patterns[one.kind]


def why_told(start: Start, drawn: OperatingMap) -> str:
    """Say why somebody starts when they do."""
    if start.chosen:
        return _("as you chose")
    desk = drawn.desks[start.desk].name if start.desk in drawn.desks else ""
    return {
        "owner": _("owns the map, so is asked first"),
        "deputy": _("stands in for the owner"),
        "leads": _("leads %(desk)s, so helps the others") % {"desk": desk},
        "desk": _("sits at %(desk)s, after the desks ahead of it") % {"desk": desk},
        "together": _("so few people start together"),
        "no desk": _("sits at no desk, so comes last"),
    }[start.why]


def oversight_told(found: Oversight, at: datetime) -> str:
    """Say how closely somebody is looked after, and what decided it."""
    if found.phase == "ahead":
        return _("from %(day)s on") % {"day": words.day(found.since, at)}
    if found.phase == "over" and found.ends and found.since == found.ends:
        return _("over since %(day)s: a quarter has passed") % {"day": words.day(found.since, at)}
    if found.because is None:
        return _("daily: these are the first days")
    told = week_told(found.because, at)
    if found.phase == "daily":
        back = _("daily again: %(week)s") if found.back else _("daily still: %(week)s")
        return back % {"week": told}
    return (_("weekly: %(week)s") if found.phase == "weekly" else _("over: %(week)s")) % {"week": told}


def week_told(week: Week, at: datetime) -> str:
    """One week in words."""
    told = {"made": week.made, "of": week.of, "day": words.day(week.begins, at)}
    return _("%(made)d of %(of)d made on time in the week from %(day)s") % told


def people_told(emails: list[str], names: Names) -> str:
    """Several people by their names."""
    return ", ".join(names.of(one) for one in emails)
