"""The rail: every stage with the event that shows it, or what would; between desks the baton of the handoff."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from baton.kernel import words
from baton.kernel.clock import unstamp
from baton.ledger.models import Interaction
from baton.map.elements import Stage
from baton.map.events import EventPattern
from baton.web.deal.seen import DealSeen
from baton.work import handoffs
from baton.work.models import Handoff
from baton.work.packets import Packet


def rail_of(seen: DealSeen, packet: Packet | None, passed: list[Handoff], on_page: set[str]) -> list[dict[str, Any]]:
    """Return the desks for `{% rail %}`. `on_page` are ids of timeline entries that stand on this page."""
    runs = [(desk, list(stages)) for desk, stages in groupby(seen.map.stages.values(), key=lambda stage: stage.desk)]
    here = _where(runs, seen.deal.stage)
    marks = _Marks(seen, on_page)
    return [_desk(seen, runs, index, here, marks, packet, passed) for index in range(len(runs))]


def _where(runs: list[tuple[str, list[Stage]]], stage: str) -> int:
    return next((index for index, (_desk, stages) in enumerate(runs) if any(s.id == stage for s in stages)), 0)


def _desk(
    seen: DealSeen,
    runs: list[tuple[str, list[Stage]]],
    index: int,
    here: int,
    marks: _Marks,
    packet: Packet | None,
    passed: list[Handoff],
) -> dict[str, Any]:
    desk, stages = runs[index]
    following = runs[index + 1][0] if index + 1 < len(runs) else None
    return {
        "name": seen.map.desks[desk].name,
        "stages": [marks.stage(stage) for stage in stages],
        "now": index == here,
        "later": index > here + 1,
        "exchange": _exchange(seen, desk, following, packet, passed, later=index > here) if following else None,
    }


def _exchange(
    seen: DealSeen, desk: str, following: str, packet: Packet | None, passed: list[Handoff], *, later: bool
) -> dict[str, Any] | None:
    wanted = handoffs.between(desk, following, seen.map)
    if wanted is None:
        return None
    done = next((one for one in passed if one.handoff == wanted.id and one.state == Handoff.State.ACCEPTED), None)
    if done and done.decided_at:
        lines = [_("accepted"), words.day(done.decided_at, seen.now)]
        return {"segments": _segments(done), "lines": lines, "accepted": True, "later": later}
    if packet and packet.handoff.id == wanted.id:
        return {"segments": packet.items, "lines": [packet.sentence], "accepted": False, "later": later}
    lines = [_("packet of %(count)d") % {"count": len(wanted.carries)}]
    return {"segments": ["later"] * len(wanted.carries), "lines": lines, "accepted": False, "later": later}


def _segments(handoff: Handoff) -> list[dict[str, Any]]:
    return [{"has": item["has"], "name": item["name"]} for item in handoff.packet]


class _Marks:
    """What each stage shows. The messages that are evidence are looked up once, as far as the member sees them."""

    def __init__(self, seen: DealSeen, on_page: set[str]) -> None:
        self.seen, self.on_page = seen, on_page
        here = seen.deal.stage
        self.following = (seen.map.stage_after(here) or seen.map.stages[here]) if here in seen.map.stages else None
        ids = {UUID(one["interaction"]) for one in seen.deal.evidence.values() if one.get("interaction")}
        rows = Interaction.objects.visible_to(seen.member).filter(pk__in=ids, readable=True)
        self.readable = set(rows.values_list("pk", flat=True)) if ids else set()
        self.entered = {value for field, value, _at in seen.changes if field == "stage"}

    def stage(self, stage: Stage) -> dict[str, Any]:
        """Return one stage for the rail: shown, said or needed."""
        deal = self.seen.deal
        mark = {"name": stage.name, "now": stage.id == deal.stage, "move": self._move(stage)}
        mark["key"] = "M" if stage is self.following else ""
        if stage.id in deal.evidence:
            return mark | self._shown(stage, deal.evidence[stage.id])
        if stage.id in self.entered or mark["now"]:
            return mark | {"evidence": "said", "text": _("said, no evidence")}
        needs = _("Needs: %(event)s") % {"event": needed(stage)}
        return mark | {"evidence": "needed", "text": needs}

    def _move(self, stage: Stage) -> str:
        return f"{reverse('deal-stage', args=[self.seen.deal.pk])}?stage={stage.id}" if self.seen.may_write else ""

    def _shown(self, stage: Stage, shown: dict[str, Any]) -> dict[str, Any]:
        label = event_label(stage, shown["kind"], shown["detail"])
        day = words.day(unstamp(shown["at"]), self.seen.now)
        interaction = UUID(shown["interaction"]) if shown.get("interaction") else None
        if interaction not in self.readable:
            return {"evidence": "shown", "text": f"{label}, {day}"}
        place = f"i-{interaction}"
        href = f"#{place}" if place in self.on_page else reverse("message", args=[interaction])
        return {"evidence": "shown", "href": href, "link": label, "text": day}


def event_label(stage: Stage, kind: str, detail: str) -> str:
    """Return an event in two or three words: "quote sent"."""
    pattern = next((one for one in stage.entered_by.each if one.matches(kind, detail)), stage.entered_by)
    return _first_up(EventPattern(kind, pattern.detail or detail).label)


def needed(stage: Stage) -> str:
    """Return what would show a stage, as it follows "Needs:": "yes in writing", "quote sent"."""
    return " ".join(_alternatives(stage))


def _alternatives(stage: Stage) -> Iterator[str]:
    for index, one in enumerate(stage.entered_by.each):
        yield (_("or %(event)s") % {"event": one.label}) if index else str(one.label)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
