"""The forecast: what will close, by when, how we know, and what changed since last time. Read from spans alone.

    from baton.decide import forecast

    found = forecast.at(member, moment, by="quarter", count=4, group="owner")   # moment None: now
    found.of(0).won, .open, .weighted, .expected, .called                       # minor units of found.currency
    found.of(0).sums["commit"], .deals["commit"], .unpriced, .unrated
    forecast.rows(member, moment, found.periods[0], category="commit")          # the deals behind a number
    forecast.answer_rows(member, forecast.named("2026-Q4"), owner=member_id)    # (figures, rows) of one question

    fall = forecast.waterfall(member, then, now, period=forecast.named("2026-Q4"))
    fall.start + sum(minor for _bar, minor, _deals in fall.bars) == fall.end    # always
    fall.moved["slipped"]                                                       # the deals of a bar
    forecast.facts_between(member, deal_id, then, now)                          # the facts that moved one

Everything is over what the member sees, as it was recorded by the moment. `moment` is aware; None is now. Sums are in
minor units of the map's currency: each deal converted at its dated rate, rounded half-even, then added up. `narrow`
names one owner (id), desk (id), source or service: {"owner": member_id}. Two queries for `at`, whatever there is.
A deal counts in the period in which it was won or lost, while it is open in that of its close date.
"""

from baton.decide.forecast.deciding import decides, deciding, is_on, refuse_unless_on
from baton.decide.forecast.periods import Period, containing, from_here, named
from baton.decide.forecast.reading import Figures, Forecast, Row, answer_rows, at, rows
from baton.decide.forecast.reckoning import BARS, GROUPS, State
from baton.decide.forecast.waterfall import Moved, Waterfall, facts_between, waterfall

__all__ = [
    "BARS", "GROUPS", "Figures", "Forecast", "Moved", "Period", "Row", "State", "Waterfall", "answer_rows", "at",
    "containing", "decides", "deciding", "facts_between", "from_here", "is_on", "named", "refuse_unless_on", "rows",
    "waterfall",
]  # fmt: skip
