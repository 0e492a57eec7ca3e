"""Merging two contacts or two companies who turned out to be one, and undoing it exactly.

Facts stay with the record they were recorded on. The fact `merged_into` says which record stands for it from then on:
what it knew is joined to what that one shows (`joining.py`), and everything that points at it (deals, interactions,
promises, people of a company, events and the duties that follow) points there. All of that is derived: it follows from
facts and `merged_into` alone, is taken back by a fact that empties it, and `baton check` works it out anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.linking import MERGEABLE
from baton.ledger.recording import Batch, record
from baton.members.models import Member

CALLER = "ledger.merging"


def merge(kind: str, gone: UUID, *, into: UUID, by: Member, at: datetime, because: str = "") -> Batch:
    """Let the record `into` stand for `gone` as well. Raises `Refusal` where the member doesn't see both."""
    _refuse_unseen(kind, {gone, into}, by)
    return record([Entry(kind, gone, "merged_into", str(into), because=because)], by=Author(by), at=at)


def undo(kind: str, gone: UUID, *, by: Member, at: datetime, because: str = "") -> Batch:
    """Let a merged record stand for itself again, with everything that was its own."""
    row = MERGEABLE[kind].objects.unscoped(CALLER).filter(pk=gone).first()
    if row is None or row.merged_into_id is None or standing_for(kind, gone, by) is None:
        raise Refusal(_("There is no merge to undo here."))
    return record([Entry(kind, gone, "merged_into", None, because=because)], by=Author(by), at=at)


def keep_apart(kind: str, one: UUID, other: UUID, *, by: Member, at: datetime) -> Batch:
    """Say that two records are two; they aren't suggested as one again."""
    _refuse_unseen(kind, {one, other}, by)
    row = MERGEABLE[kind].objects.visible_to(by).get(pk=one)
    known = row.values.get("distinct", {}).get("v") or []
    if str(other) in known:
        return Batch(Author(by), at, 0)
    return record([Entry(kind, one, "distinct", [*known, str(other)])], by=Author(by), at=at)


def _refuse_unseen(kind: str, ids: set[UUID], by: Member) -> None:
    if MERGEABLE[kind].objects.visible_to(by).filter(pk__in=ids).count() < 2:
        raise Refusal(_("Both must be there and be seen by you; perhaps somebody merged them meanwhile."))


def standing_for(kind: str, record_id: UUID, member: Member) -> UUID | None:
    """Return the record that stands for this one, itself where it was never merged; None where the member sees none."""
    end = stands_for(kind, [record_id]).get(record_id, record_id)
    return MERGEABLE[kind].objects.visible_to(member).filter(pk=end).values_list("pk", flat=True).first()


def stands_for(kind: str, ids: Any) -> dict[UUID, UUID]:
    """Return merged record → the record that stands for it; those that stand for themselves are left out."""
    links: dict[UUID, UUID] = {}
    asked = set(ids)
    while asked:
        rows = MERGEABLE[kind].objects.unscoped(CALLER).filter(pk__among=asked, merged_into__isnull=False)
        found = dict(rows.values_list("pk", "merged_into"))
        links |= found
        asked = set(found.values()) - links.keys()
    return {one: end_of(links, one) for one in links}


def end_of(links: dict[UUID, UUID], one: UUID) -> UUID:
    """Follow a chain of merges to its end. A circle, which only damage can make, ends where it closes."""
    passed = {one}
    while one in links and links[one] not in passed:
        one = links[one]
        passed.add(one)
    return one


def merged_from(member: Member, kind: str, record_id: UUID) -> list[Any]:
    """Return the records that were merged into this one directly, the latest first, for a member who sees it."""
    if not MERGEABLE[kind].objects.visible_to(member).filter(pk=record_id).exists():
        return []
    rows = MERGEABLE[kind].objects.unscoped(CALLER).filter(merged_into=record_id)
    return sorted(rows, key=lambda row: row.values["merged_into"]["r"], reverse=True)
