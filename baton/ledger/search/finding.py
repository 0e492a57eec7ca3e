"""Finding: what a member looks for, newest first, among what they may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from baton.ledger.models import Deal, Interaction, InteractionText
from baton.ledger.models.interactions import Kind
from baton.ledger.models.records import sees_all_deals
from baton.ledger.search.asking import Alternative, Ask, Found
from baton.ledger.search.engines import engine
from baton.ledger.search.excerpts import Piece, excerpt
from baton.ledger.search.places import END
from baton.ledger.search.sources import Shown, sources
from baton.ledger.search.tokens import (
    BODY,
    ON_NO_DEAL,
    READ_BY_ALL,
    SEEN_BY_ALL,
    SUBJECT,
    found_in,
    held_by,
    on_deal,
    sought,
)

if TYPE_CHECKING:
    from baton.members.models import Member

FEW_DEALS = 200
"""Up to so many deals a member's own are named to the index; with more of them, walking meets enough of them soon."""
SPARE = 20
MOST_ROUNDS = 6
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found. `deal_id` is the deal to open it on, where it lies on one."""

    kind: str
    id: UUID
    title: str
    subtitle: str = ""
    when: datetime | None = None
    excerpt: list[Piece] = field(default_factory=list)
    deal_id: UUID | None = None


def find(member: Member, text: str, *, kinds: Collection[str] | None = None, limit: int = 20) -> list[Hit]:
    """Return what has, for every word of 2 letters or more, a word that begins with it: newest first.

    Interactions stand at the time they happened, other records at the time they were recorded. A text is searched for
    those who may read it alone; those who may only see that it happened find it by its subject and sender.
    """
    beginnings = sought(text)
    ask = _ask(member, beginnings, _wanted(kinds)) if beginnings else None
    if ask is None:
        return []
    hits: list[Hit] = []
    before, most = END, limit + SPARE
    for _round in range(MOST_ROUNDS):
        found = _walk(ask, before, most)
        hits += _shown(member, found, beginnings)
        if len(hits) >= limit or len(found) < most:
            break
        before, most = found[-1].place, most * 2
    return sorted(hits, key=lambda hit: (hit.when or LONG_AGO, hit.id), reverse=True)[:limit]


def found_ids(member: Member, text: str, kind: str, *, most: int) -> list[UUID]:
    """Return the ids that the index has of one kind, newest first, up to `most`; to narrow a visible query by."""
    beginnings = sought(text)
    ask = _ask(member, beginnings, [kind]) if beginnings else None
    return [one.record_id for one in _walk(ask, END, most)] if ask else []


def _wanted(kinds: Collection[str] | None) -> list[str]:
    known = ["interaction", *sources()]
    return known if kinds is None else [kind for kind in known if kind in kinds]


def _walk(ask: Ask, before: int, most: int) -> list[Found]:
    with connection.cursor() as cursor:
        return engine().walk(cursor, ask, before, most)


def _ask(member: Member, beginnings: list[str], kinds: Iterable[str]) -> Ask | None:
    own = None if sees_all_deals(member) else _own_deals(member)
    few = own is not None and len(own) <= FEW_DEALS
    on_own = tuple(on_deal(deal) for deal in own or ()) if few else None
    alternatives = [one for kind in kinds for one in _alternatives(member, kind, beginnings, on_own)]
    if not alternatives:
        return None
    narrowed, values = ("", ()) if own is None or few else _on_visible_deals(member)
    return Ask(tuple(alternatives), narrowed, values)


def _own_deals(member: Member) -> list[UUID]:
    return list(Deal.objects.visible_to(member).values_list("pk", flat=True)[: FEW_DEALS + 1])


def _on_visible_deals(member: Member) -> tuple[str, tuple[Any, ...]]:
    """Return SQL over the entry `e`: on no deal, on one the member sees, or held by the member."""
    deal = Deal.objects.visible_to(member).filter(pk=RawSQL("e.deal_id", [])).values("pk")
    sql, values = deal.query.sql_with_params()
    held = "SELECT 1 FROM baton_holder h WHERE h.interaction_id = e.record_id AND h.member_id = %s"
    as_stored = member.pk.hex if connection.vendor == "sqlite" else member.pk
    return f"e.deal_id IS NULL OR EXISTS ({sql}) OR EXISTS ({held})", (*values, as_stored)


def _alternatives(
    member: Member, kind: str, beginnings: list[str], on_own: tuple[str, ...] | None
) -> list[Alternative]:
    if kind != "interaction":
        return _of_records(kind, beginnings, on_own)
    body, subject = (tuple(space + word for word in beginnings) for space in (BODY, SUBJECT))
    held = (held_by(member.pk),)
    if on_own is None:
        return [Alternative(body, ((READ_BY_ALL, *held),)), Alternative(subject, ((SEEN_BY_ALL,),))]
    there = (ON_NO_DEAL, *on_own)
    return [
        Alternative(body, (held,)),
        Alternative(body, ((READ_BY_ALL,), there)),
        Alternative(subject, ((SEEN_BY_ALL,), there)),
    ]


def _of_records(kind: str, beginnings: list[str], on_own: tuple[str, ...] | None) -> list[Alternative]:
    source = sources()[kind]
    words = tuple(source.space + word for word in beginnings)
    if on_own is None or not source.on_deals:
        return [Alternative(words)]
    return [Alternative(words, (on_own,))] if on_own else []


def _shown(member: Member, found: list[Found], beginnings: list[str]) -> list[Hit]:
    """Read what was found through the member's eyes; what they may not see is left out without a trace."""
    ids: dict[str, list[UUID]] = defaultdict(list)
    for one in found:
        ids[one.kind].append(one.record_id)
    shown: dict[UUID, Shown] = {}
    for kind, wanted in ids.items():
        shown |= _interactions(member, wanted, beginnings) if kind == "interaction" else _records(member, kind, wanted)
    return [_hit(one, shown[one.record_id], beginnings) for one in found if one.record_id in shown]


def _records(member: Member, kind: str, ids: list[UUID]) -> dict[UUID, Shown]:
    return dict(sources()[kind].show(member, ids)) if kind in sources() else {}


def _hit(found: Found, shown: Shown, beginnings: list[str]) -> Hit:
    pieces = excerpt(shown.body, beginnings) if shown.body else []
    return Hit(found.kind, found.record_id, shown.title, shown.subtitle, shown.when, pieces, shown.deal_id)


def _interactions(member: Member, ids: list[UUID], beginnings: list[str]) -> dict[UUID, Shown]:
    rows = list(Interaction.objects.visible_to(member).filter(pk__in=ids).defer("values", "parts"))
    readable = [row.pk for row in rows if row.readable]
    texts = InteractionText.objects.visible_to(member).filter(pk__in=readable)
    said = dict(texts.values_list("pk", "own"))
    return {row.pk: _interaction(row, said) for row in rows if row.readable or _by_subject(row, beginnings)}


def _by_subject(row: Interaction, beginnings: list[str]) -> bool:
    return found_in(f"{row.subject} {row.from_name}", beginnings)


def _interaction(row: Interaction, said: dict[UUID, str]) -> Shown:
    sender = row.from_name or row.from_address
    title = row.subject or str(Kind(row.kind).label)
    return Shown(title, sender, row.happened_at, said.get(row.pk, ""), row.deal_id)
