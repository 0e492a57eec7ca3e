"""A rehearsal on screen: the answer, what each behavior would have asked, its cases, and for whom it is too much."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from baton.ledger.models import Deal
from baton.map.current import current_map, current_version
from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.members.models import Member
from baton.work import rehearsed
from baton.work.rehearsed import DAYS
from baton.work.rehearsing import Case, Rehearsal, Tally, deals_of

CASES = 12
CHOICES = (7, 30, 90, 365)


def rehearsal_told(text: str, days: int | None, reader: Member, at: datetime) -> dict[str, Any] | None:
    """Rehearse a text over the last days, over what the reader sees; None where it can't be read as a map."""
    new, problems = read_map(text)
    if new is None or problems:
        return None
    days = days if days in CHOICES else DAYS
    found = rehearsed.last_days(by_id(new), days, at=at, seen_by=reader)
    return _told(found, reader) | {"days": days, "choices": CHOICES}


def _told(found: Rehearsal, reader: Member) -> dict[str, Any]:
    called, before = rehearsed.names(), current_map() if current_version() else None
    tallies = sorted((tally for tally in found.tallies if tally.cases), key=lambda tally: -len(tally.cases))
    shown = {tally.behavior.id: rehearsed.newest(tally, CASES) for tally in tallies}
    deals = deals_of([case for cases in shown.values() for case in cases], reader)
    return {
        "sentence": rehearsed.sentence(found, called),
        "burdens": [rehearsed.burden(load, called) for load in found.loads if load.too_many],
        "behaviors": [
            _behavior(tally, rehearsed.standing(tally.behavior, before), shown[tally.behavior.id], deals, called)
            for tally in tallies
        ],
        "silent": [tally.behavior.name for tally in found.tallies if not tally.cases and not _is_own(tally)],
    }


def _is_own(tally: Tally) -> bool:
    return tally.behavior.id.startswith("baton:")


def _behavior(
    tally: Tally, change: str, cases: list[Case], deals: dict[UUID, Deal], called: dict[UUID | None, str]
) -> dict[str, Any]:
    return {
        "name": tally.behavior.name,
        "change": change,
        "opened": len(tally.cases),
        "late": tally.late,
        "open": tally.open,
        "people": [(called.get(key, ""), count) for key, count in tally.people[:4]],
        "cases": [_case(case, deals, called) for case in cases],
        "more": len(tally.cases) - len(cases),
    }


def _case(case: Case, deals: dict[UUID, Deal], called: dict[UUID | None, str]) -> dict[str, Any]:
    deal = deals.get(case.deal_id) if case.deal_id else None
    return {
        "title": deal.title if deal else "",
        "href": reverse("deal", args=[deal.pk]) if deal else "",
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "closed_at": case.closed_at,
        "late": case.late,
        "who": called.get(case.owed_by, ""),
    }
