"""What a rehearsal found, in sentences: for the Map page, for the command line, and for whoever is about to publish."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel.clock import stamp
from baton.map.elements import Behavior
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.behaviors import behaviors_of, rule_of
from baton.work.rehearsing import Case, Load, Rehearsal, Tally, deals_of, rehearse

NAMED = 3
DAYS = 30
MOST_DAYS = 400


def last_days(
    drawn: OperatingMap,
    days: int,
    *,
    at: datetime,
    seen_by: Member | None = None,
    only: Iterable[str] | None = None,
) -> Rehearsal:
    """Rehearse a map over so many days up to now, at least one and at most `MOST_DAYS`."""
    back = timedelta(days=min(max(days, 1), MOST_DAYS))
    return rehearse(drawn, since=at - back, until=at, seen_by=seen_by, only=only)


def names() -> dict[UUID | None, str]:
    """Return member → name, of those who left too; nobody is nobody."""
    return {None: str(_("nobody"))} | {member.pk: member.name or member.email for member in Member.objects.all()}


def sentence(found: Rehearsal, called: dict[UUID | None, str]) -> str:
    """Return the answer in one sentence: how many duties, how many late, mostly for whom."""
    days = max(round((found.until - found.since).total_seconds() / 86_400), 1)
    over = ngettext("Over the last day", "Over the last {days} days", days).format(days=days)
    if not found.opened:
        return _("{over} this would have opened no duty.").format(over=over)
    said = ngettext(
        "{over} this would have opened {count} duty", "{over} this would have opened {count} duties", found.opened
    )
    late = _("{late} of them late") if found.late else _("none of them late")
    first = f"{said.format(over=over, count=found.opened)}, {late.format(late=found.late)}"
    mostly = ", ".join(f"{called.get(load.member, '')} ({load.opened})" for load in found.loads[:NAMED])
    return _("{first}, mostly for {people}.").format(first=first, people=mostly)


def burden(load: Load, called: dict[UUID | None, str]) -> str:
    """Return why this is too much for one person."""
    said = _("{name} would have got {day} a working day, and had up to {once} open at once. Nobody keeps that.")
    return said.format(name=called.get(load.member, ""), day=_rounded(load.a_day), once=load.at_once)


def _rounded(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"


def standing(behavior: Behavior, before: OperatingMap | None) -> str:
    """Return whether a behavior is "new" or "changed" against the map in force; "" where it is the same."""
    if before is None:
        return "new"
    known = behaviors_of(before).get(behavior.id)
    if known is None:
        return "new"
    return "" if rule_of(known) == rule_of(behavior) else "changed"


def as_json(
    found: Rehearsal, before: OperatingMap | None, called: dict[UUID | None, str], cases: int
) -> dict[str, Any]:
    """Return the answer for programs, each behavior with its newest cases. Times are UTC."""
    shown = [case for tally in found.tallies for case in newest(tally, cases)]
    titles = {key: deal.title for key, deal in deals_of(shown, None).items()}
    return {
        "since": stamp(found.since),
        "until": stamp(found.until),
        "sentence": sentence(found, called),
        "opened": found.opened,
        "late": found.late,
        "behaviors": [_tally(tally, before, called, titles, cases) for tally in found.tallies],
        "people": [_load(load, called) for load in found.loads],
    }


def _tally(
    tally: Tally, before: OperatingMap | None, called: dict[UUID | None, str], titles: dict[UUID, str], cases: int
) -> dict[str, Any]:
    return {
        "id": tally.behavior.id,
        "name": str(tally.behavior.name),
        "change": standing(tally.behavior, before),
        "opened": len(tally.cases),
        "late": tally.late,
        "open": tally.open,
        "people": [{"name": called.get(key, ""), "opened": count} for key, count in tally.people],
        "cases": [_case(case, called, titles) for case in newest(tally, cases)],
    }


def newest(tally: Tally, count: int) -> list[Case]:
    """Return the newest cases, the latest opened first."""
    return sorted(tally.cases, key=lambda case: case.opened_at, reverse=True)[:count]


def _case(case: Case, called: dict[UUID | None, str], titles: dict[UUID, str]) -> dict[str, Any]:
    return {
        "deal": str(case.deal_id) if case.deal_id else None,
        "title": titles.get(case.deal_id, "") if case.deal_id else "",
        "opened_by": case.opener.kind,
        "opened_at": stamp(case.opened_at),
        "due_at": stamp(case.due_at),
        "closed_at": stamp(case.closed_at) if case.closed_at else None,
        "late": case.late,
        "owed_by": called.get(case.owed_by, ""),
        "desk": case.desk,
    }


def _load(load: Load, called: dict[UUID | None, str]) -> dict[str, Any]:
    return {
        "name": called.get(load.member, ""),
        "opened": load.opened,
        "late": load.late,
        "a_day": round(load.a_day, 1),
        "at_once": load.at_once,
        "too_many": load.too_many,
    }
