"""What the story tells of management: a review with its decisions, a report that is filled, a paid month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from baton.decide.commission import statements
from baton.decide.commission.periods import before, period_at
from baton.decide.requests import keeping
from baton.decide.review import deciding, reviews
from baton.decide.review.models import Review
from baton.kernel.tables import as_xlsx
from baton.management.demonstration.happening import Happening
from baton.management.demonstration.scene import Scene


def begins_a_review(scene: Scene, one: Happening) -> None:
    """Begin the review of the map with those whom it names."""
    reviews.begin(reviews.decision_of(), by=scene.member(one.by), at=one.at)


def decides(scene: Scene, one: Happening) -> None:
    """Decide in the running review what is done next on a deal; without words there was nothing to decide."""
    review, deal, by = Review.objects.running().get(), scene.deal(one.on), scene.member(one.by)
    if not one.text("what"):
        deciding.nothing_to_decide(review, deal, by=by, at=one.at)
        return
    due = scene.calendar.moment(one.text("due"))
    deed = deciding.next_step(deal, one.text("what"), owed_by=scene.member(one.told["who"]), at=one.at, by_when=due)
    deciding.decide(review, deal, deed, by=by, at=one.at)


def ends_the_review(scene: Scene, one: Happening) -> None:
    """End the running review."""
    reviews.end(Review.objects.running().get(), by=scene.member(one.by), at=one.at)


def closes_commission(scene: Scene, one: Happening) -> None:
    """Close what somebody earned in the month before."""
    period = before(period_at(one.at.date(), "month"))
    statements.close(scene.member(one.told["whose"]), period.key, by=scene.member(one.by), at=one.at)


def asks_for_figures(scene: Scene, one: Happening) -> None:
    """Drop a spreadsheet on Requests (`heads`, and a row for each of `rows`), have it filled, and look at it."""
    heads, by = one.told["heads"], scene.member(one.by)
    raw = as_xlsx(one.text("file"), heads, [[row] for row in one.told["rows"]])
    asked = keeping.ask(
        raw=raw, file_name=f"{one.text('file')}.xlsx", said=one.text("says"), by=by, at=one.at, now=True
    )
    keeping.answer(asked, one.at)
    keeping.opened(asked, by=by, at=one.at + LOOKS_AFTER)


LOOKS_AFTER = timedelta(minutes=4)
REVIEWING: dict[str, Callable[[Scene, Happening], Any]] = {
    "begins a review": begins_a_review,
    "asks for figures": asks_for_figures,
    "decides": decides,
    "ends the review": ends_the_review,
    "closes commission": closes_commission,
}
