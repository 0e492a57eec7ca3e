"""What the owner decides about a finding: a record, so that it stays known who decided what, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from baton.kernel.clock import stamp, unstamp
from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal, Verdict
from baton.ledger.entries import Author, Entry, said
from baton.ledger.happenings import Happening
from baton.ledger.kinds import RecordKind, register
from baton.ledger.models import Fact, Record
from baton.ledger.recording import record
from baton.ledger.standard import day, text
from baton.members.models import Member
from baton.mirror.models import Decided
from baton.mirror.sight import owns

KIND = "finding"
SETTLED_FOR = timedelta(days=90)
"""How long something that stays as it is isn't brought up again."""
LONGEST = timedelta(days=730)


def decide(
    finding: str, answer: str, *, by: Member, at: datetime, because: str = "", until: date | None = None
) -> Decided:
    """Record what the owner decided about a finding, and until when it is settled. Raises `Refusal`."""
    if answer not in Decided.Answer.values:
        raise Refusal(_("Say what is decided."))
    if answer == Decided.Answer.KEEP and not because.strip():
        raise Refusal(_("Say why it stays as it is, for whoever asks later."))
    settled = until or (at.date() + SETTLED_FOR)
    if not at.date() < settled <= at.date() + LONGEST:
        raise Refusal(_("Choose a day from tomorrow on, within two years."))
    told: dict[str, Any] = {
        "finding": finding[:200],
        "answer": answer,
        "because": because.strip()[:1000],
        "until": settled.isoformat(),
    }
    told |= {"decided": {"by": str(by.pk), "at": stamp(at)}}
    key = derived(KIND, finding)
    return record(said(KIND, key, **told), by=Author(by), at=at).row(KIND, key)


def decided(member: Member) -> dict[str, Decided]:
    """Return finding key → what was last decided about it, whether or not it is still settled by that."""
    return {row.finding: row for row in Decided.objects.visible_to(member).order_by("decided_at")}


def is_settled(row: Decided | None, on: date) -> bool:
    """Whether a finding isn't brought up on this day, because of what was decided."""
    return row is not None and row.until is not None and row.until > on


def may_decide(author: Author, row: Record | None, entry: Entry) -> Verdict:
    """The owner of the map and their deputy decide about findings."""
    if author.member is None or (author.member.may_write and owns(author.member)):
        return Verdict.allow()
    return Verdict.refuse(_("What the mirror found is decided by whoever owns the map, or their deputy."))


def _decided(value: Any) -> dict[str, Any]:
    return {"decided_by_id": value["by"], "decided_at": unstamp(value["at"])}


def _nothing_happens(row: Record, fact: Fact) -> Iterator[Happening]:
    return iter(())


LANDINGS = {
    "finding": text("finding", 200),
    "answer": text("answer", 8),
    "because": text("because", 1000),
    "until": day("until"),
    "decided": _decided,
}


def register_mirror() -> None:
    """Tell the ledger of decisions about findings; called once at start."""
    register(RecordKind(KIND, Decided, LANDINGS, may_decide, _nothing_happens))
