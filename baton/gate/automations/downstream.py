"""What stands on a value, before somebody changes it by hand: automations that act on it, decisions that read it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.gate.automations.ahead import CALLER
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.needing import standing_on
from baton.gate.automations.switching import is_on, newest
from baton.map.automations import Automation
from baton.map.schema import OperatingMap

NAMED = 2
"""So many automations are named; more are counted."""


def standing(field: str, deal: UUID, drawn: OperatingMap) -> str:
    """Say what stands on a field of a deal: “3 automations and Forecast stand on this.” Nothing where nothing does."""
    acting = acting_on(field, drawn)
    read = [drawn.decisions[one.key].name for one in drawn.consumers_of(field) if one.kind == "decision"]
    named = [*_automations(acting), *read]
    told = [_sentence(named)] if acting else []
    waiting = AutomationRun.objects.unscoped(CALLER).refused().filter(about=deal, field=field).count() if acting else 0
    if waiting:
        told.append(
            ngettext("%(count)d run waits for it.", "%(count)d runs wait for it.", waiting) % {"count": waiting}
        )
    return " ".join(told)


def acting_on(field: str, drawn: OperatingMap) -> list[Automation]:
    """Return the automations that are switched on and stand on a field."""
    found = standing_on(field, drawn)
    if not found:
        return []
    rows = newest()
    return [each for each in found if is_on(each, drawn, rows)]


def _automations(acting: list[Automation]) -> list[str]:
    if len(acting) <= NAMED:
        return [f"“{each.name}”" for each in acting]
    return [ngettext("%(count)d automation", "%(count)d automations", len(acting)) % {"count": len(acting)}]


def _sentence(named: list[str]) -> str:
    if len(named) == 1:
        return _("%(what)s stands on this.") % {"what": named[0]}
    told = {"what": ", ".join(named[:-1]), "last": named[-1]}
    return _("%(what)s and %(last)s stand on this.") % told
