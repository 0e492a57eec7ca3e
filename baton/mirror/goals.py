"""How far a goal of the map is: its metric, measured from what happened, over what the reader may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.map.elements import Goal
from baton.map.goals import METRICS, amount_written, reached, share_of_way
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.clear import at_source, first_pass, shown_at
from baton.mirror.consistent import kept, won_already
from baton.mirror.findings import Counted, Glass
from baton.mirror.owned import taken_here
from baton.mirror.reading import glass_of
from baton.mirror.tally import Tally
from baton.work.models import Duty, Promise

LOOKED_AT = timedelta(days=90)
MOST_TIMES = 20_000
FOUR_OF_FIVE = 0.8


@dataclass(frozen=True, slots=True)
class Measured:
    """What a metric comes to, out of so many cases; `amount` is None where there are none."""

    amount: float | None
    of: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A goal with what is measured of it now. `share` is the part of the way that is gone, None without a baseline."""

    goal: Goal
    measured: Measured
    share: float | None
    is_reached: bool

    @property
    def name(self) -> str:
        return str(METRICS[self.goal.metric].name) if self.goal.metric in METRICS else _as_words(self.goal.metric)

    @property
    def how(self) -> str:
        return str(METRICS[self.goal.metric].how) if self.goal.metric in METRICS else ""

    @property
    def stands(self) -> str:
        """What is measured now, as a goal is written; empty where nothing happened yet."""
        if self.measured.amount is None:
            return ""
        return amount_written(self.measured.amount, METRICS[self.goal.metric].unit)


def _as_words(metric: str) -> str:
    return metric.replace("_", " ").capitalize()


def progress(member: Member, at: datetime) -> list[Progress]:
    """Return the goals of the map in force, each with what is measured of it over the last 90 days."""
    goals = current_map().goals
    measure = Measuring(member, at) if goals else None
    return [_progress(goal, measure.metric(goal.metric) if measure else Measured(None, 0)) for goal in goals]


def _progress(goal: Goal, found: Measured) -> Progress:
    if found.amount is None or goal.metric not in METRICS:
        return Progress(goal, found, None, is_reached=False)
    return Progress(goal, found, share_of_way(goal, found.amount), reached(goal, found.amount))


class Measuring:
    """Measures metrics for one reader at one moment; the mirror's days are read once, and only where asked for."""

    def __init__(self, member: Member, at: datetime) -> None:
        self._member, self._at, self._glass_kept = member, at, None

    def metric(self, key: str) -> Measured:
        """Return what a metric comes to; nothing for one that an older map named freely."""
        if key in SHARES:
            return self._share(SHARES[key])
        asked: dict[str, Callable[[], Measured]] = {
            "first_response_p80": self._first_response,
            "customers_waiting": self._waiting,
            "handoffs_first_time": self._first_time,
            "promises_kept": self._promises,
            "next_step_set": self._next_steps,
        }
        return asked[key]() if key in asked else Measured(None, 0)

    @property
    def _glass(self) -> Glass:
        if self._glass_kept is None:
            self._glass_kept = glass_of(self._member, at=self._at, window=LOOKED_AT.days)
        return self._glass_kept

    def _share(self, counted: Counted) -> Measured:
        return _percent(*counted(self._glass.now))

    def _first_time(self) -> Measured:
        found = [first_pass(key)(self._glass.now) for key in self._glass.map.handoffs]
        return _percent(sum(hits for hits, _of in found), sum(of for _hits, of in found))

    def _first_response(self) -> Measured:
        drawn = current_map()
        closed = self._answers(drawn).filter(state=Duty.State.CLOSED, closed_at__gte=self._at - LOOKED_AT)
        times = list(closed.order_by("-closed_at").values_list("started_at", "closed_at")[:MOST_TIMES])
        hours = sorted(drawn.hours.between(since, max(since, until)) / 60 for since, until in times)
        return Measured(round(_reached(hours, FOUR_OF_FIVE), 1) if hours else None, len(hours))

    def _waiting(self) -> Measured:
        late = self._answers(current_map()).open().late(self._at).count()
        return Measured(float(late), late)

    def _answers(self, drawn: OperatingMap):
        behaviors = [each.id for each in drawn.behaviors.values() if each.opens.matches("interaction.in", "")]
        return Duty.objects.visible_to(self._member).filter(behavior__in=behaviors)

    def _promises(self) -> Measured:
        ours = Promise.objects.visible_to(self._member).ours().filter(settled_at__gte=self._at - LOOKED_AT)
        kept_ones, broken = ours.filter(state=Promise.State.KEPT), ours.filter(state=Promise.State.BROKEN)
        hits = kept_ones.count()
        return _percent(hits, hits + broken.count())

    def _next_steps(self) -> Measured:
        deals = Deal.objects.visible_to(self._member).open()
        return _percent(deals.exclude(next_step="").count(), deals.count())


SHARES: dict[str, Callable[[Tally], tuple[int, int]]] = {
    "duties_on_time": kept(),
    "stage_evidence": shown_at(),
    "captured_at_source": at_source,
    "side_channel_deals": won_already,
    "decisions_here": taken_here,
}


def _percent(hits: int, of: int) -> Measured:
    return Measured(round(100 * hits / of, 1) if of else None, of)


def _reached(values: list[float], share: float) -> float:
    """Return the value that this share of the sorted values doesn't pass."""
    place = -(-len(values) * share // 1)
    return values[max(int(place) - 1, 0)]
