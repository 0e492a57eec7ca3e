"""Short words for tests of the forecast."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from baton.decide.forecast.periods import containing
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.map.publishing import publish
from tests.cast import FIRM, MONDAY, TUESDAY, Cast

Q4 = containing(date(2026, 11, 16), "quarter")
Q1 = Q4.next()
NOVEMBER = containing(date(2026, 11, 16), "month")


def gbp(pounds: int) -> dict[str, Any]:
    return {"minor": pounds * 100, "currency": "GBP"}


def eur(euros: int) -> dict[str, Any]:
    return {"minor": euros * 100, "currency": "EUR"}


def deal(
    cast: Cast, title: str, pounds: int = 1000, close: str = "2026-12-01", at: datetime = MONDAY, **more: Any
) -> Deal:
    """Open a deal that is quoted: 40 % where it is shown."""
    told = {"stage": "quoted", "amount": gbp(pounds), "close_date": close, "status": "open"} | more
    return cast.deal(title, at=at, **told)


def win(cast: Cast, one: Deal, at: datetime = TUESDAY, **more: Any) -> None:
    cast.tell("deal", one.pk, at=at, stage="agreed", status="won", **more)


DECIDED = FIRM + "  friday-forecast: {who: [tomas, ben], every: Friday 15:00, reads: [amount, close_date, stage]}\n"


def decide_by_it(cast: Cast) -> Cast:
    """Let the map have Tomas and Ben decide by the forecast."""
    own = current_map().visibility == "own"
    text = DECIDED + ("\nvisibility: own desk, own deals; leaders see their desk\n" if own else "")
    publish(text, by=None, at=MONDAY - timedelta(days=364))
    return cast
