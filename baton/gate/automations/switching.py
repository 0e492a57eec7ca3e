"""What is switched on, by whom, and whether it may be: only a step that has held by hand, and only once rehearsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from baton.gate.automations import ahead
from baton.gate.automations.models import Switching
from baton.gate.automations.needing import rule_of
from baton.kernel.verdict import Refusal, Verdict
from baton.kernel.writer import writing
from baton.map.automations import Automation
from baton.map.current import current_map, current_version
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.behaviors import behaviors_of
from baton.work.lapsing import may_decide
from baton.work.models import Duty

CALLER = "gate.automations"
ALL = ""
FOUR_WEEKS = timedelta(weeks=4)
HELD = 80
"""Percent of its duties that a step has to keep on time by hand before a machine may do it."""
ENOUGH = 5
"""Fewer cases in four weeks say nothing of whether a step holds."""


@dataclass(frozen=True, slots=True)
class Held:
    """How a step held by hand over four weeks: of so many duties, so many were kept on time."""

    behaviors: tuple[str, ...]
    counted: int = 0
    kept: int = 0

    @property
    def percent(self) -> int:
        return self.kept * 100 // self.counted if self.counted else 0

    @property
    def verdict(self) -> Verdict:
        """Whether that is enough, and why not."""
        if not self.behaviors:
            return Verdict.refuse(_("No behavior of the map asks people for this step, so it never held by hand."))
        if self.counted < ENOUGH:
            told = {"count": self.counted, "least": ENOUGH}
            return Verdict.refuse(
                _("In four weeks it fell due %(count)d times by hand; fewer than %(least)d say nothing.") % told
            )
        told = {"kept": self.kept, "count": self.counted, "percent": self.percent, "held": HELD}
        if self.percent < HELD:
            said = _("By hand %(kept)d of %(count)d were on time, %(percent)d %%. It has to be %(held)d %% first.")
            return Verdict.refuse(said % told)
        return Verdict.allow(_("By hand %(kept)d of %(count)d were on time, %(percent)d %%.") % told)


def held_by_hand(each: Automation, drawn: OperatingMap, at: datetime) -> Held:
    """Return how people kept the step over four weeks: the behavior it names, else those that its event opens."""
    known = behaviors_of(drawn)
    if each.held_by:
        names = [each.held_by] if each.held_by in known else []
    else:
        names = [key for key, one in known.items() if one.opens.kinds & each.when.kinds]
    due = Duty.objects.unscoped(CALLER).filter(behavior__in=names, due_at__gte=at - FOUR_WEEKS, due_at__lt=at)
    found = due.exclude(state="withdrawn").aggregate(
        counted=Count("pk"), kept=Count("pk", filter=Q(closed_at__lte=F("due_at")))
    )
    return Held(tuple(names), found["counted"], found["kept"])


def newest() -> dict[str, Switching]:
    """Return automation → how it was switched last; under "" whether everything is stopped."""
    return {row.automation: row for row in Switching.objects.select_related("by")}


def is_stopped(rows: Mapping[str, Switching]) -> bool:
    """Whether the one switch for all of them is off."""
    return ALL in rows and not rows[ALL].on


def is_on(each: Automation, drawn: OperatingMap, rows: Mapping[str, Switching]) -> bool:
    """Whether it may act: switched on as it stands in this map, by somebody who may still do so."""
    row = rows.get(each.id)
    if row is None or not row.on or is_stopped(rows):
        return False
    return row.rule == rule_of(each, drawn) and row.by.may_write


def is_changed(each: Automation, drawn: OperatingMap, rows: Mapping[str, Switching]) -> bool:
    """Whether the map says it differently than when it was switched on: it waits to be rehearsed again."""
    row = rows.get(each.id)
    return row is not None and row.on and row.rule != rule_of(each, drawn)


def switch_on(key: str, *, by: Member, at: datetime, rule: str, because: str = "") -> Switching:
    """Switch an automation on, as it was rehearsed (`rule`). Raises `Refusal` where it hasn't held by hand.

    `because` is the reason for an exception from that.
    """
    drawn = _drawn(by)
    each = _known(key, drawn)
    if rule != rule_of(each, drawn):
        raise Refusal(_("Rehearse it first, as it stands in the map now; then switch it on."))
    verdict = held_by_hand(each, drawn, at).verdict
    if verdict.answer != "allow" and not because.strip():
        raise Refusal(_("%(why)s Give a reason to switch it on all the same.") % {"why": verdict.because})
    with writing():
        row = _keep(each.id, by, at, on=True, because=because, rule=rule)
        ahead.look_ahead(each, drawn, at)
    return row


def switch_off(key: str, *, by: Member, at: datetime, because: str = "") -> Switching:
    """Switch one off; whoever may write may do so."""
    _refuse_reader(by)
    return _keep(_known(key, current_map()).id, by, at, on=False, because=because)


def stop_all(*, by: Member, at: datetime, because: str = "") -> Switching:
    """Stop everything at once; whoever may write may do so."""
    _refuse_reader(by)
    return _keep(ALL, by, at, on=False, because=because)


def go_on(*, by: Member, at: datetime) -> Switching:
    """Let those that are switched on act again; only whoever answers for the map."""
    _drawn(by)
    return _keep(ALL, by, at, on=True)


def may_switch(by: Member, drawn: OperatingMap) -> Verdict:
    """Whether somebody may switch an automation on: whoever answers for the map."""
    if may_decide(by, drawn).answer == "allow":
        return Verdict.allow()
    return Verdict.refuse(_("Only the owner of the map, or their deputy, switches an automation on."))


def _drawn(by: Member) -> OperatingMap:
    if not current_version():
        raise Refusal(_("No map is published yet, so nothing acts by itself."))
    drawn = current_map()
    may_switch(by, drawn).or_refuse()
    return drawn


def _known(key: str, drawn: OperatingMap) -> Automation:
    each = drawn.automation_by_id(key)
    if each is None:
        raise Refusal(_("The map has no such automation any more."))
    return each


def _refuse_reader(by: Member) -> None:
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))


def _keep(key: str, by: Member, at: datetime, *, on: bool, because: str = "", rule: str = "") -> Switching:
    with writing():
        return Switching.objects.create(automation=key, on=on, by=by, at=at, because=because.strip()[:400], rule=rule)
