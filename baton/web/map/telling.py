"""Elements of the map in words, for its pages and for the set-up."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.map.elements import ITEMS, Behavior, Consumer, Field, IfForgotten
from baton.map.phrases import write_percent
from baton.map.schema import OperatingMap
from baton.web.map.people import Names
from baton.web.map.wording import HOLDS


def with_code(text: str) -> SafeString:
    """What a sentence sets between backticks, in the letters of code."""
    pieces = ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in enumerate(text.split("`")))
    return format_html_join("", "{}", pieces)


def address(kind: str, key: str, field: str = "") -> str:
    """Where an element is looked at."""
    asked = {"on": f"{kind}:{key}"} | ({"field": field} if field else {})
    return f"{reverse('map')}?{urlencode(asked)}"


def field_told(field: Field, drawn: OperatingMap) -> dict[str, Any]:
    """A field with everybody who needs it."""
    stage = drawn.stages.get(field.caught_at)
    fresh = ngettext("{count} day", "{count} days", field.fresh_for or 0).format(count=field.fresh_for)
    return {
        "field": field,
        "type": ", ".join(field.choices) if field.choices else HOLDS[field.type],
        "caught": _("At {stage}, by {desk}").format(stage=stage.name, desk=drawn.desks[stage.desk].name)
        if stage
        else "",
        "needed_by": [consumer(each, drawn) for each in drawn.consumers_of(field.id)],
        "fresh": fresh if field.fresh_for else _("doesn’t age"),
    }


def caught(field: Field | None, drawn: OperatingMap) -> str:
    """Where a field is caught, in a word or two."""
    if field is None:
        return _("kept by Baton")
    stage = drawn.stages.get(field.caught_at)
    return _("at {stage}").format(stage=stage.name) if stage else _("every deal has it")


def consumer(needing: Consumer, drawn: OperatingMap) -> dict[str, str]:
    """Who needs a field, with the way there."""
    if needing.kind == "handoff":
        return {
            "name": _("Handoff {name}").format(name=drawn.handoffs[needing.key].name),
            "href": address("handoff", needing.key),
        }
    if needing.kind == "stage":
        return {
            "name": _("Stage {name}").format(name=drawn.stages[needing.key].name),
            "href": address("stage", needing.key),
        }
    return {
        "name": _("Decision {name}").format(name=drawn.decisions[needing.key].name),
        "href": reverse("map-decisions"),
    }


def behavior_told(behavior: Behavior, drawn: OperatingMap, names: Names) -> dict[str, Any]:
    """A behavior in words: when, who, by when, done when, what if forgotten, and what for."""
    return {
        "name": behavior.name,
        "id": behavior.id,
        "when": behavior.opens.sentence,
        "done": behavior.closes.sentence,
        "who": _(", else ").join(names.who(who, drawn) for who in behavior.owed_by.chain),
        "within": behavior.within.told,
        "forgotten": [_step(step, drawn, names) for step in behavior.if_forgotten],
        "so_that": behavior.so_that,
    }


def _step(step: IfForgotten, drawn: OperatingMap, names: Names) -> str:
    if step.verb == "remind":
        return _("a reminder when {share} of the time has passed").format(share=write_percent(step.at_share))
    who = names.who(step.to, drawn)
    said = _("it goes to {who}") if step.verb == "reassign" else _("{who} is told")
    after = _(", {time} after it was due").format(time=step.after.told) if step.after else ""
    return said.format(who=who) + after


def item_name(key: str, drawn: OperatingMap) -> str:
    """The name of a field or of another thing that a packet carries."""
    field = drawn.field(key)
    return str(field.name if field else ITEMS[key])
