"""Finding duplicates as they arrive: a new or changed record is compared with its blocks, in the background.

`record()` only notes that a record is to be compared (one row, claimed later). Work grows with what is new, not with
what is there: blocks that many share are passed over, and a record meets nobody twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from baton.capture.duplicates.blocks import MOST_IN_BLOCK, is_compared
from baton.capture.duplicates.profile import Profile, keys_of
from baton.capture.duplicates.scoring import SUGGESTED, Likeness, Scale, likeness
from baton.capture.models import Comparison, LikenessKey, Twins
from baton.kernel.claims import claim, ring
from baton.kernel.rows import insert_rows, made, upsert_rows
from baton.kernel.writer import writing
from baton.ledger.kinds import kind_named
from baton.ledger.linking import MERGEABLE
from baton.ledger.models import Company
from baton.ledger.recording import Batch, register_reducer
from baton.map.current import current_map, current_version

CALLER = "capture"
BELL = "duplicates"
REDUCER = 130
AT_ONCE = 100
TELLING = frozenset({"name", "emails", "phones", "domains", "company", "merged_into", "distinct"})
"""Fields by which records are told apart, or told to be one; beside them the map's own."""


def register_duplicates() -> None:
    """Have new and changed contacts and companies compared; called once at start."""
    register_reducer(REDUCER, follow)


def follow(batch: Batch) -> None:
    """Note which records of this batch must be compared. A reducer of `record()`."""
    changed = {key for key, facts in batch.changes() if key[0] in MERGEABLE and any(map(_tells, facts))}
    changed |= set(batch.joined)
    if not changed:
        return
    rows = [_comparison(kind, record_id, batch.at) for kind, record_id in sorted(changed)]
    upsert_rows(rows, key=["record_id"], names=["due_at", "tries"])
    ring(BELL)


def _comparison(kind: str, record_id: UUID, at: datetime) -> Comparison:
    told = {"kind": kind, "record_id": record_id, "due_at": at, "tries": 0, "last_error": ""}
    return made(Comparison, told)


def _tells(fact: Any) -> bool:
    return fact.field in TELLING or fact.field not in kind_named(fact.record_kind).landings


def compare_due(at: datetime, limit: int = AT_ONCE) -> int:
    """Compare the records that are due; return how many there were. One step of the loop named `duplicates`."""
    if not current_version():
        return 0
    claimed = claim(Comparison.objects.all(), limit=limit, at=at)
    for kind in MERGEABLE:
        ids = {one.record_id for one in claimed if one.kind == kind}
        if ids:
            _compare(kind, ids, at)
    leased = {one.due_at for one in claimed}
    with writing():  # what changed meanwhile has another time, and stays
        Comparison.objects.filter(pk__in=[one.pk for one in claimed], due_at__in=leased).delete()
    return len(claimed)


def _compare(kind: str, ids: set[UUID], at: datetime) -> None:
    rows = {row.pk: row for row in MERGEABLE[kind].objects.unscoped(CALLER).filter(pk__among=ids)}
    standing = {pk: row for pk, row in rows.items() if row.merged_into_id is None}
    keys = {pk: keys_of(profile) for pk, profile in profiles(kind, standing.values()).items()}
    with writing():
        LikenessKey.objects.filter(record_id__among=ids).delete()
        insert_rows([LikenessKey(key=key, record_id=pk) for pk, theirs in keys.items() for key in sorted(theirs)])
    met = _met(keys)
    others = {pk for pair in met for pk in pair} - standing.keys()
    standing |= {row.pk: row for row in _standing(kind, others)}
    found = _scored(kind, standing, met)
    with writing():
        _keep(kind, ids, rows, found, at)


def _standing(kind: str, ids: Iterable[UUID]) -> Any:
    return MERGEABLE[kind].objects.unscoped(CALLER).filter(pk__in=ids, merged_into__isnull=True)


def _met(keys: dict[UUID, set[str]]) -> set[tuple[UUID, UUID]]:
    """Return the pairs that share a block with one of these, the smaller id first."""
    wanted = {key for theirs in keys.values() for key in theirs if is_compared(key)}
    blocks: dict[str, list[UUID]] = defaultdict(list)
    small = [key for key, count in _counted(wanted).items() if 1 < count <= MOST_IN_BLOCK]
    for part in _parts(small):
        for key, pk in LikenessKey.objects.filter(key__among=part).values_list("key", "record_id"):
            blocks[key].append(pk)
    return {
        (min(one, other), max(one, other))
        for one, theirs in keys.items()
        for key in theirs & blocks.keys()
        for other in blocks[key]
        if other != one
    }


def _counted(keys: Iterable[str]) -> dict[str, int]:
    """Return how many records have each key."""
    found: dict[str, int] = {}
    for part in _parts(list(keys)):
        rows = LikenessKey.objects.filter(key__among=part).order_by().values_list("key").annotate(count=Count("pk"))
        found |= dict(rows)
    return found


def _parts(keys: list[str], size: int = 500) -> Iterable[list[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _scored(kind: str, rows: dict[UUID, Any], met: set[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Likeness]:
    known = profiles(kind, rows.values())
    counts = _counted({key for profile in known.values() for key in keys_of(profile)})
    total = MERGEABLE[kind].objects.unscoped(CALLER).count()
    scale = Scale(total, lambda key: counts.get(key, 1))
    apart = {(pk, other) for pk, row in rows.items() for other in row.values.get("distinct", {}).get("v") or []}
    found: dict[tuple[UUID, UUID], Likeness] = {}
    for one, other in met:
        if one in known and other in known and not {(one, str(other)), (other, str(one))} & apart:
            like = likeness(known[one], known[other], scale)
            if like.likely >= SUGGESTED:
                found[one, other] = like
    return found


def _keep(kind: str, ids: set[UUID], rows: dict[UUID, Any], found: dict[Any, Likeness], at: datetime) -> None:
    """Make the open pairs of these records those that were found; say of the others what became of them."""
    about = Q(one__in=ids) | Q(other__in=ids)
    kept = {(pair.one, pair.other): pair for pair in Twins.objects.filter(about)}
    for pair in kept.values():
        like = found.pop((pair.one, pair.other), None)
        if like is not None:
            pair.likely, pair.reasons, pair.state = like.likely, [list(r) for r in like.reasons], Twins.State.OPEN
            pair.save(update_fields=["likely", "reasons", "state"])
        elif (state := _settled(pair, kind)) is None:
            pair.delete()
        elif state != pair.state:
            Twins.objects.filter(pk=pair.pk).update(state=state)
    fresh = [
        Twins(kind=kind, one=one, other=other, likely=like.likely, reasons=[list(r) for r in like.reasons], found_at=at)
        for (one, other), like in found.items()
    ]
    Twins.objects.bulk_create(fresh, ignore_conflicts=True)


def _settled(pair: Twins, kind: str) -> str | None:
    """Return what members said of a pair that isn't suggested (any more); None where they said nothing."""
    rows = list(MERGEABLE[kind].objects.unscoped(CALLER).filter(pk__in=(pair.one, pair.other)))
    if any(row.merged_into_id for row in rows):
        return Twins.State.MERGED
    said = {(str(row.pk), other) for row in rows for other in row.values.get("distinct", {}).get("v") or []}
    told = {(str(pair.one), str(pair.other)), (str(pair.other), str(pair.one))} & said
    return Twins.State.APART if told else None


def profiles(kind: str, rows: Iterable[Any]) -> dict[UUID, Profile]:
    """Return what these records are compared by."""
    rows = list(rows)
    wanted = {row.company_id for row in rows if row.company_id} if kind == "contact" else set()
    firms = dict(Company.objects.unscoped(CALLER).filter(pk__among=wanted).values_list("pk", "name")) if wanted else {}
    own = [key for key, field in current_map().fields.items() if field.on == kind]
    return {row.pk: _profile(kind, row, firms, own) for row in rows}


def _profile(kind: str, row: Any, firms: dict[UUID, str], own: list[str]) -> Profile:
    def shown(field: str) -> Any:
        return row.values.get(field, {}).get("v")

    also = [one["v"] for one in row.values.get("name", {}).get("also", [])]
    details = tuple((field, value) for field in own if isinstance(value := shown(field), str) and value)
    return Profile(
        kind,
        (row.name, *also),
        tuple(shown("emails") or ()),
        tuple(shown("phones") or ()),
        tuple(shown("domains") or ()),
        firms.get(getattr(row, "company_id", None), ""),  # type: ignore[arg-type]
        details,
    )
