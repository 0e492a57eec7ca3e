"""The Maven pipeline through the real import: its published sums, and forecasts at each quarter's start, scored."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from baton.decide import forecast
from baton.decide.forecast import spans
from baton.decide.forecast.past import guess, past_on
from baton.decide.forecast.periods import Period, named
from baton.decide.forecast.reckoning import weigh
from baton.kernel.money import from_major
from baton.map.publishing import publish
from baton.map.ready import ready_map
from baton.members.models import Member
from bench.figures import Figure

FOLDER = Path("data/pipeline/maven-crm-sales-opportunities")
ENDED = datetime(2018, 1, 2, 9, tzinfo=UTC)
"""When the file was exported, as its last close date of 2017-12-31 has it."""
QUARTERS = [named(f"2017-Q{number}") for number in (1, 2, 3, 4)]
WON = (1_134_672, 3_086_111, 2_982_255, 2_802_496)
"""The published sums of what was won in each quarter of 2017, in whole units."""
ENGAGING = 3_000
"""What a stage of talks weighs in the maps that come with Baton: 30 %."""


@dataclass(frozen=True, slots=True)
class Score:
    """One quarter in minor units: what was won, what its start promised by the past, between what, and by weights."""

    period: Period
    won: int
    likely: int | None
    low: int
    high: int
    weighted: int
    cases: int

    @property
    def misses(self) -> tuple[float | None, float]:
        """How far off each was, as a share of what was won: by the past, by weights."""
        missed = None if self.likely is None else abs(self.likely - self.won) / self.won
        return missed, abs(self.weighted - self.won) / self.won


def bring_in(shared: Path, by: Member, *, rows: int | None = None, at: datetime = ENDED) -> int:
    """Import the pipeline, or its first rows; return how many rows were recorded."""
    from baton.channels.sheets import importing

    lines = (shared / FOLDER / "sales_pipeline.csv").read_text().splitlines()
    text = "\n".join(lines if rows is None else lines[: rows + 1])
    job = importing.start("sales_pipeline.csv", text.encode(), by=by, at=at)
    importing.bring_in(job, _standing_still(at), lambda _job: None, threading.Event())
    return job.recorded


def _standing_still(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def won_by_quarter(member: Member) -> list[int]:
    """Return what the forecast says was won in each quarter, in minor units."""
    found = forecast.at(member, by="quarter", count=4, first=date(2017, 1, 1))
    return [found.of(place).won for place in range(4)]


def scores(shared: Path, member: Member) -> list[Score]:
    """Return each quarter's forecast as its start would have made it, beside what was won."""
    prices = list_prices(shared)
    return [_score(period, won, prices, member) for period, won in zip(QUARTERS, won_by_quarter(member), strict=True)]


def _score(period: Period, won: int, prices: dict[str, int], member: Member) -> Score:
    at = spans.moment(period.start)
    reckoning = spans.reckoning_at(member, None)
    found = past_on(member, None, at - timedelta(microseconds=1), reckoning)
    said = guess(member, found, period, reckoning)
    weighted = sum(weigh(prices[one.service], ENGAGING) for one in found.standing)
    assert said is not None
    return Score(period, won, said.likely, said.low, said.high, weighted, said.cases)


def list_prices(shared: Path) -> dict[str, int]:
    """Return product → list price in minor units. The pipeline writes `GTXPro` for what the list calls `GTX Pro`."""
    with (shared / FOLDER / "products.csv").open() as file:
        found = {row["product"]: from_major(row["sales_price"], "USD").minor for row in csv.DictReader(file)}
    return found | {"GTXPro": found["GTX Pro"]}


def figures(shared: Path) -> list[Figure]:
    """Import the whole set into an empty business and return its rows: exact sums, and how far off each way was."""
    owner = _founded()
    began = time.perf_counter()
    count = bring_in(shared, owner)
    took = time.perf_counter() - began
    won = [one // 100 for one in won_by_quarter(owner)]
    exact = Figure("maven", "Maven set: quarters whose sum is exact", 4, "of 4", more_is_better=True)
    exact.p95 = float(sum(one == published for one, published in zip(won, WON, strict=True)))
    exact.note = f"{count:,} rows imported in {took:.0f} s: " + ", ".join(f"{one:,}" for one in won)
    return [exact, *(_told(one) for one in scores(shared, owner) if one.likely is not None)]


def _told(score: Score) -> Figure:
    """What was promised at a quarter's start is to be nearer to what closed than the stage weights alone."""
    missed, by_weights = score.misses
    assert missed is not None
    assert score.likely is not None
    row = Figure(
        f"maven-{score.period.key}", f"Maven {score.period.key}, off at its start by history", by_weights * 100, "%"
    )
    row.p95 = missed * 100
    sums = [
        f"{name} {minor // 100:,}" for name, minor in (("said", score.likely), ("low", score.low), ("high", score.high))
    ]
    row.note = f"won {score.won // 100:,}; {', '.join(sums)}; weights alone {score.weighted // 100:,}"
    row.note += f" ({by_weights:.0%} off); {score.cases} cases"
    return row


def _founded() -> Member:
    """Make an empty business with the map of an agency, in dollars."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    owner = Member.objects.create_user("olga@small.example", name="Olga", role="owner")
    publish(ready_map("agency", owner.email, "Maven", currency="USD"), by=owner, at=ENDED)
    return owner
