"""The mirror as plain data, for the command line and for whoever reads it by program."""

from __future__ import annotations

from typing import Any

from baton.mirror.cases import Case
from baton.mirror.clear import channel_name, channels
from baton.mirror.findings import QUESTIONS
from baton.mirror.owned import managers, taxes
from baton.mirror.reading import Mirror
from baton.mirror.sight import sees_the_business
from baton.mirror.tally import EDGES, histogram


def told(found: Mirror) -> dict[str, Any]:
    """Return the findings of each question, the lag of each channel, management's use and the tax of fields."""
    glass = found.glass
    whole = sees_the_business(glass.member)
    return {
        "since": glass.since.isoformat(),
        "until": glass.until.isoformat(),
        "whole_business": glass.days.whole,
        "questions": {
            one: {"answer": found.answer(one), "findings": [each.as_json() for each in found.findings[one]]}
            for one in QUESTIONS
        },
        "lag": [_lag(found, kind, channel) for kind, channel in channels(glass.now)],
        "management": [
            {"name": one.name, "decided": one.decided, "looked": one.looked, "sheets": one.outside}
            for one in (managers(glass) if whole else [])
        ],
        "fields": [
            {
                "field": one.field,
                "seconds": one.seconds,
                "uses": one.uses,
                "readers": list(one.readers),
                "dead": one.dead,
            }
            for one in taxes(glass)
        ],
    }


def _lag(found: Mirror, kind: str, channel: str) -> dict[str, Any]:
    drawn = histogram(found.glass.now.of("lag", kind, channel))
    return {
        "channel": channel_name(kind, channel),
        "count": sum(drawn),
        "minutes_up_to": [*EDGES, None],
        "counts": drawn,
    }


def case_told(case: Case) -> dict[str, Any]:
    """Return one case as plain data."""
    return {
        "opens": case.opens,
        "id": str(case.id),
        "what": case.what,
        "note": case.note,
        "at": case.at.isoformat() if case.at else None,
        "short": case.short,
        "interaction": str(case.interaction) if case.interaction else None,
    }
