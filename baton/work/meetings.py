"""Meetings: their times follow what is planned, and that one is over is noticed, so that somebody says its outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from baton.kernel.clock import stamp, unstamp
from baton.kernel.rows import insert_rows
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact, Interaction
from baton.ledger.recording import Batch, record
from baton.work.meeting_plans import Plan, news, times
from baton.work.models import Meeting

CALLER = "work.duties"
ENDED = ("lost", "done", "void")
BATCH = 50
MOMENT = timedelta(microseconds=1)
ABOUT = ("subject", "place", "starts_at", "ends_at", "all_day", "cancelled", "due_at")


def planned(interaction: UUID, before: Plan | None, after: Plan) -> Entry:
    """Return the fact that a meeting is planned so from now on; what changed by that stands in it."""
    return Entry("interaction", interaction, "plan", {"plan": after, "news": list(news(before, after))})


def plan_of(interaction: Interaction) -> Plan | None:
    """Return what is planned of a meeting, None for an interaction that no calendar told of."""
    kept = interaction.values.get("plan")
    return kept["v"]["plan"] if kept and "v" in kept else None


def follow(batch: Batch) -> None:
    """Keep the times of the meetings whose plan, place or end this batch tells. A reducer."""
    told = {fact.record_id for fact in batch.facts if fact.record_kind == "interaction" and fact.field in FOLLOWED}
    rows = [batch.row("interaction", one) for one in told]
    touched = [row for row in rows if row.kind == "meeting" and plan_of(row)]
    if touched:
        Meeting.objects.unscoped(CALLER).filter(interaction__in=[row.pk for row in touched]).delete()
        insert_rows(list(_rows(touched)))


FOLLOWED = {"plan", "filed", "ended"}


def expected(ids: Iterable[UUID]) -> list[Meeting]:
    """Return the times that the plans of these interactions give. Shared with the rebuild."""
    return list(_rows(list(Interaction.objects.unscoped(CALLER).filter(pk__in=list(ids)))))


def as_value(row: Meeting | None) -> Any:
    """Return what a row says, to compare it by."""
    return [str(getattr(row, name)) for name in ABOUT] if row else None


def _rows(interactions: list[Interaction]) -> Iterable[Meeting]:
    over = _noticed(interactions)
    for row in interactions:
        for one in times(plan_of(row) or {"parts": {}}):
            due = _is_waited_for(row, one.ends, one.cancelled) and (one.of, one.ends.isoformat()) not in over[row.pk]
            yield Meeting(
                interaction=row,
                of=one.of[:40],
                subject=(one.subject or row.subject)[:500],
                place=one.place[:300],
                starts_at=one.starts.astimezone(UTC),
                ends_at=one.ends.astimezone(UTC),
                all_day=one.all_day,
                cancelled=one.cancelled,
                due_at=one.ends.astimezone(UTC) if due else None,
            )


def _is_waited_for(row: Interaction, ends: datetime, cancelled: bool) -> bool:
    """Nobody is asked what came of what was over when Baton heard of it, or of what lies on no deal."""
    return not cancelled and ends > row.recorded_at and row.deal_id is not None


def _noticed(interactions: list[Interaction]) -> dict[UUID, set[tuple[str, str]]]:
    found: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    rows = Fact.objects.unscoped(CALLER).filter(record_kind="interaction", field="ended")
    for fact in rows.filter(record_id__in=[row.pk for row in interactions]):
        found[fact.record_id].add((fact.value["of"], fact.value["ends"]))
    return found


def notice_over(at: datetime, limit: int = 500) -> int:
    """Record that meetings are over; return how many. A sweep, run every minute or so."""
    rows = list(Meeting.objects.unscoped(CALLER).filter(due_at__lte=at).order_by("due_at")[:limit])
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        record(list(_entries(part)), by=Author.baton(), at=at)
    return len(rows)


def _entries(rows: list[Meeting]) -> Iterable[Entry]:
    about = Interaction.objects.unscoped(CALLER).in_bulk([row.interaction_id for row in rows])
    deals = Deal.objects.unscoped(CALLER).filter(pk__in=[one.deal_id for one in about.values() if one.deal_id])
    ended = set(deals.filter(status__in=ENDED).values_list("pk", flat=True))
    for row in rows:
        interaction = about[row.interaction_id]
        told = {"of": row.of, "starts": row.starts_at.isoformat(), "ends": row.ends_at.isoformat()}
        yield Entry(
            "interaction",
            row.interaction_id,
            "ended",
            told | {"live": interaction.deal_id not in ended},
            happened_at=_since(row, interaction),
            key=f"over:{row.interaction_id}:{row.of}:{stamp(row.ends_at)}"[:200],
        )


def _since(row: Meeting, interaction: Interaction) -> datetime:
    """Its outcome can be said from its beginning on; what was planned of it before that is no outcome."""
    planned_at = unstamp(interaction.values["plan"]["h"])
    return max(row.starts_at, min(planned_at + MOMENT, row.ends_at))
