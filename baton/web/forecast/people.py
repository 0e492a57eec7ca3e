"""The forecast by whom: sums, what each says, what was set over it, and how far their calls missed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.forecast.calls import Called, Missed, bias
from baton.decide.forecast.leaving import names_of, who_words
from baton.decide.forecast.reading import OPEN, Figures, Forecast
from baton.kernel import words
from baton.web.forecast.asking import NOBODY, Asked
from baton.web.forecast.drawing import bias_of


@dataclass(slots=True)
class Line:
    """One person, desk, source or service. `bias` is drawn where there is one that this member may see."""

    name: str
    href: str
    cells: list[dict[str, str]]
    says: str = ""
    over: str = ""
    bias: str = ""
    dots: list[str] = field(default_factory=list)
    far: bool = False


def lines_of(asked: Asked, found: Forecast, told: list[Called]) -> list[Line]:
    """Return a line for each who has figures in the period."""
    names = names_of(found)
    missed = bias(asked.member, asked.by, asked.period.start) if asked.group == "owner" else {}
    there = [who for who in found.groups() if found.of(0, who).count or found.of(0, who).unpriced]
    return [_line(asked, found, who, names, told, missed) for who in there]


def _line(
    asked: Asked,
    found: Forecast,
    who: Any,
    names: dict[Any, str],
    told: list[Called],
    missed: dict[UUID, list[Missed]],
) -> Line:
    of = str(who) if who else NOBODY
    line = Line(
        who_words(found.group, who, names), asked.address("forecast", of=of), _cells(asked, found, found.of(0, who), of)
    )
    if who and found.group == "owner":
        _say(line, who, told, found.currency)
        _miss(line, missed.get(who, []))
    return line


def _cells(asked: Asked, found: Forecast, figures: Figures, of: str) -> list[dict[str, str]]:
    currency = found.currency
    sums = [
        {
            "text": words.money(figures.sums[one], currency) if figures.sums[one] else "–",
            "href": asked.address("forecast-rows", category=one, of=of),
        }
        for one in ("won", *OPEN)
    ]
    rows = asked.address("forecast-rows", of=of)
    return [*sums, {"text": words.money(figures.expected, currency), "href": rows, "strong": "strong"}]


def _say(line: Line, who: UUID, told: list[Called], currency: str) -> None:
    for one in told:
        if one.whose == who and one.override:
            line.over = f"{words.money(one.minor, currency)}: {one.because}"
        elif one.whose == who:
            line.says = words.money(one.minor, currency)


def _miss(line: Line, missed: list[Missed]) -> None:
    shares = [one.share for one in missed if one.share is not None]
    if not shares:
        return
    middle = sum(shares) / len(shares)
    line.dots, line.far = bias_of(shares), abs(middle) >= 0.2
    percent = round(abs(middle) * 100)
    if not percent:
        line.bias = _("right on average")
    elif middle > 0:
        line.bias = _("%(percent)d %% high") % {"percent": percent}
    else:
        line.bias = _("%(percent)d %% low") % {"percent": percent}
