"""Automations and their runs in words, for each of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.gate.automations.models import AutomationRun, Switching
from baton.gate.automations.needing import needs_of
from baton.gate.automations.switching import is_changed, is_on, is_stopped
from baton.gate.automations.telling import (
    condition_told,
    deed_told,
    field_name,
    gap_told,
    moment_told,
    reliance_told,
)
from baton.map.automations import Automation
from baton.map.schema import OperatingMap
from baton.web.map.people import Names

STATES = {
    "waiting": gettext_lazy("waits"),
    "acted": gettext_lazy("acted"),
    "refused": gettext_lazy("refused"),
    "left": gettext_lazy("left"),
    "failed": gettext_lazy("not possible"),
    "undone": gettext_lazy("undone"),
}
TONES = {"acted": "hand", "refused": "faded", "failed": "late", "waiting": "pencil"}
MARKS = {"confirmed": "confirmed", "stale": "stale", "suggested": "suggested", "missing": "missing"}


def automation_told(each: Automation, drawn: OperatingMap, names: Names) -> dict[str, Any]:
    """Say when it acts, if what, what it does, and on which facts it stands."""
    return {
        "id": each.id,
        "name": each.name,
        "when": each.when.sentence,
        "moment": moment_told(each, drawn),
        "conditions": [condition_told(one, drawn) for one in each.conditions],
        "deeds": [
            {"what": deed_told(deed, drawn, names.who(deed.who, drawn) if deed.who else _("the deal owner"))}
            | ({"text": deed.text} if deed.kind == "send" else {})
            for deed in each.deeds
        ],
        "stands_on": [reliance_told(one, drawn) for one in needs_of(each, drawn)],
        "at_most": each.at_most,
        "held_by": drawn.behaviors[each.held_by].name if each.held_by in drawn.behaviors else "",
        "so_that": each.so_that,
    }


def in_a_line(each: Automation, drawn: OperatingMap, names: Names) -> str:
    """Say when it acts and what it does, in one line."""
    told = automation_told(each, drawn, names)
    when = ", ".join(part for part in (str(told["when"]), told["moment"]) if part)
    return _("When %(when)s: %(does)s") % {"when": when, "does": "; ".join(one["what"] for one in told["deeds"])}


def state_of(each: Automation, drawn: OperatingMap, rows: Mapping[str, Switching]) -> dict[str, str]:
    """Say whether it is on, and if not, why: a word, its tone, and a sentence."""
    row = rows.get(each.id)
    if is_on(each, drawn, rows):
        assert row is not None
        return {"word": _("on"), "tone": "hand", "note": _("switched on by %(who)s") % {"who": row.by.name}}
    if is_changed(each, drawn, rows):
        return {"word": _("changed"), "tone": "late", "note": _("the map says it differently now: rehearse it again")}
    if row is not None and row.on and is_stopped(rows):
        return {"word": _("stopped"), "tone": "late", "note": _("everything is stopped")}
    if row is not None and row.on:
        return {"word": _("off"), "tone": "late", "note": _("%(who)s, who switched it on, left") % {"who": row.by.name}}
    return {"word": _("off"), "tone": "", "note": ""}


def run_told(run: AutomationRun, drawn: OperatingMap, titles: Mapping[Any, str]) -> dict[str, Any]:
    """Say what became of one run."""
    each = drawn.automation_by_id(run.automation)
    return {
        "pk": run.pk,
        "name": each.name if each else run.automation,
        "automation": run.automation,
        "deal": run.deal_id,
        "title": titles.get(run.deal_id, ""),
        "state": STATES[run.state],
        "tone": TONES.get(run.state, ""),
        "because": run.because,
        "at": run.acted_at or run.settled_at or run.acts_at,
    }


def knew_told(knew: list[dict[str, Any]], drawn: OperatingMap, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Say of each fact what it was, how sure, and whether that was enough."""
    return [
        {
            "name": field_name(one["field"], drawn),
            "value": one.get("value", "") or _("Nobody has said"),
            "trust": MARKS[one.get("state", "missing")],
            "age": _days(one.get("age")),
            "by": names.get(one.get("by", ""), ""),
            "gap": gap_told(one, drawn),
        }
        for one in knew
    ]


def _days(count: int | None) -> str:
    return "" if count is None else ngettext("%(count)d day old", "%(count)d days old", count) % {"count": count}


def counted(counts: Mapping[str, int]) -> str:
    """Say how often it acted and how often it was refused."""
    acted, refused = counts.get("acted", 0) + counts.get("undone", 0), counts.get("refused", 0)
    if not acted and not refused:
        return _("not acted in 30 days")
    said = ngettext("acted %(count)d time in 30 days", "acted %(count)d times in 30 days", acted) % {"count": acted}
    if refused:
        waits = ngettext("%(count)d waits for a fact", "%(count)d wait for a fact", refused) % {"count": refused}
        return f"{said}, {waits}"
    return said
