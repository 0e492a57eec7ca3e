"""Exceptions: what was done differently from the map, who decided so, and why. Repeated ones propose a change."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Deal
from baton.ledger.recording import record_on
from baton.members.models import Member
from baton.work.looking import deal_seen_by
from baton.work.models import ExceptionCase
from baton.work.once import id_for, record_once

WITHOUT_EVIDENCE = "stage without evidence"


def record_exception(
    deal: Deal,
    what: str,
    *,
    category: str,
    by: Member,
    at: datetime,
    reason: str = "",
    about: str = "",
    channel: str = "screen",
    key: str = "",
) -> ExceptionCase:
    """Record a departure from the map on a deal. `about` names the element: "stage:quoted", "handoff:<id>".

    `key` is the form's own: sent again, the form records nothing more.
    """
    deal_seen_by(by, deal.pk)
    pk = id_for(key, "exception", by.pk, deal.pk)
    entries = said_exception(deal.pk, what, category=category, by=by, reason=reason, about=about, pk=pk)
    return record_once(entries, key, by=by, at=at, channel=channel)


def said_exception(
    deal_id: UUID,
    what: str,
    *,
    category: str,
    by: Member,
    reason: str = "",
    about: str = "",
    pk: UUID | None = None,
) -> list[Entry]:
    """Return the entries of a new exception, for verbs that record it with what it excuses."""
    if not what.strip():
        raise Refusal(_("Say what is done differently."))
    return said(
        "exception",
        pk or uuid7(),
        deal=str(deal_id),
        category=(category.strip() or _("other"))[:120],
        what=what.strip()[:400],
        reason=reason.strip()[:1000],
        decided_by=str(by.pk),
        about=about[:80],
    )


def review(case: ExceptionCase, *, by: Member, at: datetime, channel: str = "screen") -> ExceptionCase:
    """Note that somebody looked at an exception. Looking twice changes nothing."""
    if case.reviewed_at:
        return case
    batch = record_on(case, "exception", by=Author(by, channel), at=at, reviewed=stamp(at))
    return batch.row("exception", case.pk)
