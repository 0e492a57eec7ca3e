"""The mirror's drawings, as numbers for the templates: dots of lag by channel, months, tax against use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.mirror.chance import reached
from baton.mirror.clear import channel_name, channels
from baton.mirror.findings import Glass, lasting
from baton.mirror.history import Month
from baton.mirror.owned import FieldTax
from baton.mirror.tally import EDGES, histogram
from baton.web import words

COLUMNS = (
    (112, 1, "b-hand", gettext_lazy("same minute")),
    (236, 60, "b-hand", gettext_lazy("within 1 h")),
    (330, 1440, "b-ink", gettext_lazy("within a day")),
    (424, 2880, "b-faded", gettext_lazy("next day")),
    (506, None, "b-faded", gettext_lazy("later")),
)
"""Where each column of the drawing begins, up to how many minutes it holds, its color, its name."""
ROW, DEEP, GAP = 38, 4, 7.6
MOST_CHANNELS = 6


def lag_of(glass: Glass) -> dict[str, Any] | None:
    """Return the dots: each channel by itself, each dot the same share of everything."""
    known = channels(glass.now)[:MOST_CHANNELS]
    whole = glass.now.total("lag")
    if not whole:
        return None
    each = max(1, round(whole / 100))
    rows = [_row(glass, place, kind, channel, each) for place, (kind, channel) in enumerate(known)]
    note = _("from the event to when the next desk could use it; each dot is %(each)d of %(whole)d")
    return {
        "rows": rows,
        "height": 24 + ROW * len(rows),
        "heads": [{"x": x, "name": name} for x, _most, _color, name in COLUMNS],
        "note": note % {"each": each, "whole": whole},
    }


def _row(glass: Glass, place: int, kind: str, channel: str, each: int) -> dict[str, Any]:
    drawn = histogram(glass.now.of("lag", kind, channel))
    top = 24 + ROW * place
    return {
        "name": channel_name(kind, channel),
        "note": lasting(reached(drawn, EDGES, 0.5)),
        "y": top + 16,
        "y_note": top + 31,
        "line": top + ROW - 0.5,
        "dots": list(_dots(drawn, top, each)),
    }


def _dots(drawn: Sequence[int], top: int, each: int) -> Any:
    below = 0
    for x, most, color, _name in COLUMNS:
        places = [place for place, edge in enumerate((*EDGES, None)) if _is_in(edge, below, most)]
        below = most or below
        count = sum(drawn[place] for place in places)
        for dot in range(-(-count // each) if count else 0):
            yield {"x": x + 3 + 9 * (dot // DEEP), "y": round(top + 8 + GAP * (dot % DEEP), 1), "color": color}


def _is_in(edge: int | None, above: int, most: int | None) -> bool:
    if edge is None:
        return most is None
    return edge > above and (most is None or edge <= most)


WIDE, HIGH = 1100, 100


def months_of(months: Sequence[Month]) -> dict[str, Any] | None:
    """Return the bars of a finding's months: a share where there is one, else how often."""
    if len(months) < 2:
        return None
    shares = any(one.of for one in months)
    top = 1.0 if shares else max(one.hits for one in months) or 1
    step = WIDE / len(months)
    return {
        "bars": [_bar(one, place, step, top, shares=shares) for place, one in enumerate(months)],
        "high": HIGH,
        "label": _("By month: %(months)s")
        % {"months": ", ".join(f"{words.month(one.first)} {_told(one, shares=shares)}" for one in months)},
    }


def _bar(one: Month, place: int, step: float, top: float, *, shares: bool) -> dict[str, Any]:
    value = (one.hits / one.of if one.of else 0) if shares else one.hits
    height = round(value / top * (HIGH - 34), 1)
    return {
        "x": round(place * step + 2, 1), "width": round(min(step - 8, 84), 1),
        "y": round(HIGH - 18 - height, 1), "height": height,
        "name": words.month(one.first), "text": _told(one, shares=shares), "few": shares and one.of < 30,
    }  # fmt: skip


def _told(one: Month, *, shares: bool) -> str:
    if not shares:
        return str(one.hits)
    if not one.of:
        return "–"
    return f"{round(100 * one.hits / one.of)} %" if one.of >= 30 else f"{one.hits}/{one.of}"


AXIS, LONGEST = 72, 68


def taxes_of(taxes: Sequence[FieldTax]) -> list[dict[str, Any]]:
    """Return the rows of tax against use, each bar a share of the longest of its side."""
    most_seconds = max((one.seconds for one in taxes), default=1) or 1
    most_uses = max((one.uses for one in taxes), default=1) or 1
    return [_tax(one, most_seconds, most_uses) for one in taxes]


def _tax(one: FieldTax, most_seconds: int, most_uses: int) -> dict[str, Any]:
    left, right = round(LONGEST * one.seconds / most_seconds), round(LONGEST * one.uses / most_uses)
    told = {"minutes": round(one.seconds / 60), "uses": one.uses}
    return {
        "tax": one,
        "minutes": _minutes(one.seconds),
        "left": AXIS - left,
        "left_width": left,
        "right": AXIS + 1,
        "right_width": right,
        "label": _("%(minutes)d minutes of entering, used %(uses)d times") % told,
    }


def _minutes(seconds: int) -> str:
    if seconds < 60:
        return _("%(count)d s") % {"count": seconds}
    return _("%(count)d min") % {"count": round(seconds / 60)}
