"""The next step: the one next thing to do on a deal. An open deal always has one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, NewInteraction
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.members.models import Member
from baton.work import notes
from baton.work.looking import deal_seen_by

ENDED = {"lost", "done"}


def set_next(
    deal: Deal,
    what: str,
    *,
    by: Member,
    at: datetime,
    due: datetime | None = None,
    owed_by: Member | None = None,
    expected: int | None = None,
    channel: str = "screen",
) -> Deal:
    """Set what is to be done next on a deal, in the place of what stood there. Without `due` it is due today."""
    deal_seen_by(by, deal.pk)
    entry = Entry("deal", deal.pk, "next_step", step(what, due, owed_by or by))
    return _write(deal, [entry], [], by=by, at=at, expected=expected, channel=channel)


def done_and_next(
    deal: Deal,
    *,
    by: Member,
    at: datetime,
    outcome: str = "",
    kind: str = "note",
    minutes: int | None = None,
    next_what: str = "",
    next_due: datetime | None = None,
    next_by: Member | None = None,
    expected: int | None = None,
    channel: str = "screen",
) -> Deal:
    """Say that the step is done, what came of it, and what comes next: all in one.

    A deal that goes on needs a next step, so one without is refused unless the deal has ended.
    """
    seen = deal_seen_by(by, deal.pk)
    if not next_what.strip() and seen.status not in ENDED:
        raise Refusal(_("Say what comes next. An open deal always has a next step; if there is none, close the deal."))
    following = step(next_what, next_due, next_by or by) | {"after": "done"} if next_what.strip() else None
    entry = Entry("deal", deal.pk, "next_step", following)
    happened = [notes.written(seen, kind, outcome, by=by, at=at, minutes=minutes, channel=channel)] if outcome else []
    return _write(deal, [entry], happened, by=by, at=at, expected=expected, channel=channel)


def step(what: str, due: datetime | None, owed_by: Member) -> dict[str, Any]:
    """Return a next step as the ledger keeps it."""
    if not what.strip():
        raise Refusal(_("Say what is to be done next."))
    return {"what": what.strip()[:400], "at": stamp(due) if due else None, "by": str(owed_by.pk)}


def _write(
    deal: Deal,
    entries: list[Entry],
    interactions: list[NewInteraction],
    *,
    by: Member,
    at: datetime,
    expected: int | None,
    channel: str,
) -> Deal:
    versions = {} if expected is None else {deal.pk: expected}
    batch = record(entries, interactions=interactions, by=Author(by, channel), at=at, expected=versions)
    return batch.row("deal", deal.pk)
