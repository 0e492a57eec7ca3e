"""The pairs as members see them: what is open, what each value would become, and what they say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from baton.capture.models import Twins
from baton.ledger import merging
from baton.ledger.joining import APART, joined
from baton.ledger.linking import MERGEABLE
from baton.ledger.models import Company
from baton.members.models import Member

COUNTED = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one, both seen by the member who asks. `kept` would stand for both."""

    twins: Twins
    kept: Any
    gone: Any


@dataclass(frozen=True, slots=True)
class Value:
    """One field of both, and what would become of it: `shown`, with `beside` what is kept but not shown."""

    field: str
    kept: Any
    gone: Any
    shown: Any
    beside: tuple[Any, ...] = ()


def open_pairs(member: Member, kind: str, most: int) -> list[Pair]:
    """Return the open pairs of which the member sees both, the likeliest first."""
    found = list(_open(member, kind).order_by("-likely", "pk")[:most])
    rows = _rows(member, kind, {pk for twins in found for pk in (twins.one, twins.other)})
    return [_pair(twins, rows) for twins in found if twins.one in rows and twins.other in rows]


def count_open(member: Member, kind: str) -> int:
    """Return how many open pairs the member sees both of, up to 100."""
    return _open(member, kind)[:COUNTED].count()


def of_record(member: Member, kind: str, record_id: UUID) -> Pair | None:
    """Return the likeliest open pair that a record is one of."""
    about = Q(one=record_id) | Q(other=record_id)
    one = _open(member, kind).filter(about).order_by("-likely").first()
    return pair_seen(member, one.pk) if one else None


def _open(member: Member, kind: str) -> QuerySet[Twins]:
    """Asked of each pair: for `one IN (all that they see)` SQLite would list every contact first."""
    seen = MERGEABLE[kind].objects.visible_to(member)
    both = [Exists(seen.filter(pk=OuterRef(name))) for name in ("one", "other")]
    return Twins.objects.filter(*both, kind=kind, state=Twins.State.OPEN)


def _rows(member: Member, kind: str, ids: set[UUID]) -> dict[UUID, Any]:
    return {row.pk: row for row in MERGEABLE[kind].objects.visible_to(member).filter(pk__in=ids)}


def pair_seen(member: Member, pk: UUID, kept: UUID | None = None) -> Pair | None:
    """Return a pair, open or not, while both are there and seen. `kept` says which would stand for both."""
    twins = Twins.objects.filter(pk=pk).first()
    if twins is None:
        return None
    rows = _rows(member, twins.kind, {twins.one, twins.other})
    return _pair(twins, rows, kept) if len(rows) == 2 else None


def _pair(twins: Twins, rows: dict[UUID, Any], kept: UUID | None = None) -> Pair:
    """Unless told, the one that more is known of is kept; of equal ones the older."""
    first, second = sorted((rows[twins.one], rows[twins.other]), key=lambda row: (-len(row.values), row.pk))
    if kept == second.pk:
        first, second = second, first
    return Pair(twins, first, second)


def values_of(pair: Pair, member: Member) -> list[Value]:
    """Return every field that either has, with what the kept one would show once they are merged."""
    later = "9999"
    mine, theirs = pair.kept.values, pair.gone.values
    shown = joined({f: k for f, k in mine.items() if f not in APART}, [(str(pair.gone.pk), later, theirs)])
    fields = [field for field in [*mine, *theirs] if field not in APART]
    names = _named(member, [mine, theirs, shown])
    return [_value(field, mine, theirs, shown, names) for field in dict.fromkeys(fields) if "v" in shown.get(field, {})]


def _value(field: str, mine: Any, theirs: Any, shown: Any, names: dict[str, str]) -> Value:
    def told(values: Any) -> Any:
        value = values.get(field, {}).get("v")
        return names.get(value, value) if isinstance(value, str) else value

    beside = tuple(names.get(one["v"], one["v"]) for one in shown[field].get("also", []))
    return Value(field, told(mine), told(theirs), told(shown), beside)


def _named(member: Member, several: list[Any]) -> dict[str, str]:
    """Return id → name for the companies and owners among these values."""
    companies = {v.get("company", {}).get("v") for v in several} - {None}
    owners = {v.get("owner", {}).get("v") for v in several} - {None}
    found = Company.objects.visible_to(member).filter(pk__in=companies).values_list("pk", "name")
    known = {str(pk): name for pk, name in found}
    return known | {str(one.pk): one.name for one in Member.objects.filter(pk__in=owners)}


def merge(pair: Pair, *, by: Member, at: datetime) -> None:
    """Let the kept one stand for both."""
    merging.merge(pair.twins.kind, pair.gone.pk, into=pair.kept.pk, by=by, at=at, because=_("found as a duplicate"))
    Twins.objects.filter(pk=pair.twins.pk).update(state=Twins.State.MERGED)


def keep_apart(pair: Pair, *, by: Member, at: datetime) -> None:
    """Say that they are two; the pair isn't shown again."""
    merging.keep_apart(pair.twins.kind, pair.kept.pk, pair.gone.pk, by=by, at=at)
    Twins.objects.filter(pk=pair.twins.pk).update(state=Twins.State.APART)
