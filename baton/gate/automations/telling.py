"""What automations say of themselves, in sentences: why one didn't act, what one does, what one relies on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.map.automations import SENDER, Automation, Condition, Deed, Reliance
from baton.map.schema import OperatingMap

SOURCES = {
    "person": gettext_lazy("a colleague"),
    "message": gettext_lazy("a message"),
    "table": gettext_lazy("a table"),
    "program": gettext_lazy("a program"),
    "rule": gettext_lazy("a rule of the map"),
}
DOUBTS = {
    "unknown": gettext_lazy("nobody knows what was written"),
    "address": gettext_lazy("it came from an address that isn’t known to be theirs"),
    "failed": gettext_lazy("the mail server says that its sender is forged"),
    "name": gettext_lazy("the name it came under shows another address than it was sent from"),
}
TESTS = {
    "is": gettext_lazy("%(field)s is %(value)s"),
    "is not": gettext_lazy("%(field)s isn’t %(value)s"),
    "over": gettext_lazy("%(field)s is over %(value)s"),
    "under": gettext_lazy("%(field)s is under %(value)s"),
    "known": gettext_lazy("%(field)s is known"),
    "missing": gettext_lazy("%(field)s is missing"),
    "unanswered": gettext_lazy("nobody has written back since"),
}


def field_name(key: str, drawn: OperatingMap) -> str:
    """Return what people call a fact that something relies on."""
    if key == SENDER:
        return _("Sender")
    if key == "status":
        return _("Status")
    field = drawn.field(key)
    return str(field.name) if field else key


def gap_told(told: Mapping[str, Any], drawn: OperatingMap) -> str:
    """Say what a fact falls short of, as a run keeps it (`Stood.kept`); nothing where it doesn't."""
    gap = told.get("gap")
    if not gap:
        return ""
    parts = {"field": field_name(told["field"], drawn), "value": told.get("value", ""), "who": "", "other": ""}
    wanted = told.get("wanted", [])
    match gap:
        case "stale":
            return _old(told, parts)
        case "source":
            parts["wanted"] = _(" or ").join(str(SOURCES[one]) for one in wanted)
            parts["source"] = str(SOURCES.get(told.get("source", ""), ""))
            return _("%(field)s, %(value)s, comes from %(source)s; it has to come from %(wanted)s.") % parts
        case "whom":
            parts["wanted"] = " ".join(part for part in wanted if part)
            return _("%(field)s, %(value)s, wasn’t said by %(wanted)s.") % parts
        case "twins":
            return _("%(value)s may be in Baton twice: %(other)s may be the same.") % (parts | {"other": wanted[0]})
        case "sender":
            return _("Nobody knows that %(value)s wrote it: %(why)s.") % (parts | {"why": DOUBTS.get(wanted[0], "")})
        case _:
            return str(PLAIN[gap]) % parts


PLAIN = {
    "missing": gettext_lazy("%(field)s: nobody has said."),
    "suggested": gettext_lazy("%(field)s is only suggested, and nobody has confirmed it."),
    "disputed": gettext_lazy("%(field)s, %(value)s: something else was said since, and nobody has answered that."),
    "unshown": gettext_lazy("%(field)s: nothing shows that it is so, it is only said."),
}


def _old(told: Mapping[str, Any], parts: dict[str, Any]) -> str:
    days, fresh = told.get("age"), told.get("fresh_for")
    if days is None or fresh is None or days < fresh:
        return _("%(field)s, %(value)s, is gone by.") % parts
    parts |= {"age": days, "fresh": fresh}
    said = ngettext(
        "%(field)s, %(value)s, is %(age)d day old and stays fresh for %(fresh)d.",
        "%(field)s, %(value)s, is %(age)d days old and stays fresh for %(fresh)d.",
        days,
    )
    return said % parts


def condition_told(one: Condition, drawn: OperatingMap) -> str:
    """Say what must be so."""
    named = {"stage": drawn.stages, "desk": drawn.desks}.get(one.field, {})
    value = named[one.value].name if one.value in named else one.value
    return str(TESTS[one.test]) % {"field": field_name(one.field, drawn) if one.field else "", "value": value}


def moment_told(each: Automation, drawn: OperatingMap) -> str:
    """Say when it acts; nothing where that is at once."""
    if each.acts is None:
        return ""
    told = {"span": str(each.acts.span), "field": field_name(each.acts.field, drawn)}
    said = {
        "later": _("%(span)s later"),
        "before its time": _("%(span)s before its time"),
        "before": _("%(span)s before %(field)s"),
    }
    return said[each.acts.way] % told


def deed_told(deed: Deed, drawn: OperatingMap, who: str) -> str:
    """Say what it does. `who` is whom the deed names, in words."""
    told = {"who": who, "text": deed.text, "subject": deed.subject, "within": str(deed.within or ""), "name": deed.name}
    match deed.kind:
        case "assign":
            return _("the deal goes to %(who)s") % told
        case "next_step":
            return _("the next step is set: %(text)s") % told
        case "duty":
            return _("%(who)s is asked: %(text)s") % told
        case "send" if not deed.subject:
            return _("the contact is answered in the same conversation")
        case "send":
            return _("a message goes to the contact: %(subject)s") % told
        case "handoff":
            handoff = drawn.handoffs.get(deed.name)
            return _("the handoff is offered: %(name)s") % {"name": handoff.name if handoff else deed.name}
        case "confirm":
            return _("it is asked whether this is right: %(name)s") % {"name": field_name(deed.name, drawn)}
        case "call":
            return _("the webhook is called: %(name)s") % told
        case _:
            return _("%(who)s is told: %(text)s") % told


def reliance_told(one: Reliance, drawn: OperatingMap) -> dict[str, str]:
    """Say how fresh, how sure and from whom one fact has to be."""
    field = drawn.field(one.field)
    days = one.fresh_for if one.fresh_for is not None else field.fresh_for if field else None
    fresh = ngettext("%(count)d day", "%(count)d days", days or 0) % {"count": days or 0}
    sure = _(" or ").join(str(SOURCES[each]) for each in one.sure)
    who = " ".join(part for part in (one.said_by.role, one.said_by.name) if part) if one.said_by else ""
    return {
        "name": field_name(one.field, drawn),
        "fresh": _("at most %(days)s old") % {"days": fresh} if days else _("at any age"),
        "sure": _("said by %(source)s") % {"source": sure} if sure else _("confirmed"),
        "who": who,
    }
