"""What people say that a period will bring. A call is a decision: the facts it rests on leave receipts.

A manager's number stands over somebody's own with a reason, and both are shown: nothing is ever hidden under it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.forecast import reading, spans
from baton.decide.forecast.models import Call
from baton.decide.forecast.periods import By, Period
from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import record
from baton.map.current import current_map, one_version
from baton.members.models import Member

RESTS_ON = ("amount", "close_date", "stage")
MOST_FACTS = 600
"""A call over very many deals names the facts of the largest ones."""
LOOKED_BACK = 4
"""So many periods are looked back at for how far calls missed."""


@dataclass(frozen=True, slots=True)
class Called:
    """One number. `minor` is in the main currency; `whose` is None for the whole business; `because` an override's."""

    period: str
    whose: UUID | None
    override: bool
    minor: int
    because: str
    by: UUID | None
    at: datetime


def call(period: Period, minor: int, *, by: Member, at: datetime, channel: str = "screen") -> Call:
    """Say what one's own deals bring in a period, in minor units of the main currency. Raises `Refusal`."""
    return _record(period, minor, by, False, "", by, at, channel)


def override(
    period: Period, minor: int, *, whose: Member | None, because: str, by: Member, at: datetime, channel: str = "screen"
) -> Call:
    """Set another number over somebody's, or over the whole business's, with the reason. Raises `Refusal`."""
    if not because.strip():
        raise Refusal(_("Say why. The number that stands under this one stays where everybody sees it."))
    return _record(period, minor, whose, True, because.strip(), by, at, channel)


def _record(
    period: Period, minor: int, whose: Member | None, over: bool, because: str, by: Member, at: datetime, channel: str
) -> Call:
    if not 0 <= minor < 10**14:
        raise Refusal(_("That is no sum that a forecast can hold."))
    key = derived("forecast call", period.key, str(whose.pk) if whose else "all", "over" if over else "own")
    value = {"minor": minor, "currency": current_map().currency}
    entries = said("call", key, whose=str(whose.pk) if whose else None, period=period.key, override=over)
    entries.append(Entry("call", key, "amount", value, because=because))
    entries.append(Entry("call", key, "rests_on", _facts(period, whose, by)))
    return record(entries, by=Author(by, channel), at=at).row("call", key)


def _facts(period: Period, whose: Member | None, by: Member) -> list[str]:
    """Return the facts that the caller saw under the number: of the deals that the period is made of, largest first."""
    narrow = {"owner": whose.pk} if whose else {}
    asked = spans.spans_at(by, None, narrow).filter(spans.in_periods([period])).exclude(status="lost")  # type: ignore[arg-type]
    largest = asked.order_by("-amount").values_list("deal", flat=True)[: MOST_FACTS // len(RESTS_ON)]
    values = Deal.objects.visible_to(by).filter(pk__in=list(largest)).values_list("values", flat=True)
    return sorted(kept[name]["f"] for kept in values for name in RESTS_ON if kept.get(name, {}).get("f"))


@one_version()
def calls(member: Member, periods: Sequence[Period], at: datetime | None = None) -> list[Called]:
    """Return the newest number of each kind for these periods as of a moment, of those that the member may see."""
    return _latest(_told(member, [one.key for one in periods], at))


def _latest(found: Iterable[Called]) -> list[Called]:
    return list({(one.period, one.whose, one.override): one for one in found}.values())


def _told(member: Member, keys: Sequence[str], at: datetime | None) -> list[Called]:
    """Return every number that was said, in the order in which it was recorded."""
    rows = Call.objects.visible_to(member).filter(period__in=keys)
    known = {pk: rest for pk, *rest in rows.values_list("pk", "period", "whose", "override")}
    facts = Fact.objects.of_seen(member, {"call": list(known)}).filter(field="amount")
    facts = facts.filter(recorded_at__lte=at) if at else facts
    told = facts.order_by("recorded_at", "seq").values_list("record_id", "value", "because", "said_by", "recorded_at")
    main = current_map().currency
    return [
        Called(*known[pk], value["minor"], because, by, when)
        for pk, value, because, by, when in told
        if value and value["currency"] == main
    ]


# How far calls missed


@dataclass(frozen=True, slots=True)
class Missed:
    """One period of one person: what they called when it was half over, and what was won. Minor units."""

    period: Period
    called: int
    won: int

    @property
    def share(self) -> float | None:
        """How much too high the call was, as a share of what was won; too low below 0; None where nothing was won."""
        return (self.called - self.won) / self.won if self.won else None


@one_version()
def bias(member: Member, by: By, on: date) -> dict[UUID, list[Missed]]:
    """Return whose → the periods before this one that they called, newest first, as far as the member may see them.

    One sees one's own; others' only whom the map has decide by the forecast. A call is taken as it stood when the
    period was half over, or the first one after.
    """
    periods = _before(on, by)
    told = [one for one in _told(member, [period.key for period in periods], None) if not one.override and one.whose]
    if not told:
        return {}
    first = min(periods)
    won = reading.at(member, None, by=by, count=len(periods), first=first.start, group="owner")
    found: dict[UUID, list[Missed]] = defaultdict(list)
    for period in periods:
        for whose, minor in _at_half(told, period).items():
            found[whose].append(Missed(period, minor, won.of(won.periods.index(period), whose).won))
    return dict(found)


def _before(on: date, by: By) -> list[Period]:
    from baton.decide.forecast.periods import containing

    found, period = [], containing(on, by)
    for _number in range(LOOKED_BACK):
        period = period.previous()
        found.append(period)
    return found


def _at_half(told: Sequence[Called], period: Period) -> dict[UUID, int]:
    half = spans.moment(period.start) + timedelta(days=(period.end - period.start).days / 2)
    found: dict[UUID, int] = {}
    for one in told:
        if one.period == period.key and one.whose and (one.at <= half or one.whose not in found):
            found[one.whose] = one.minor
    return found
