"""The pipeline as a board: stages as columns, with sums that are exact over every deal the member may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from baton.decide.names import Names, names_for
from baton.decide.views import View
from baton.kernel.money import Money, round_half_even
from baton.kernel.words import initials
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.map.elements import Stage
from baton.members.models import Member
from baton.work.models import Handoff

CARDS = 20
CARD_FIELDS = (
    "title", "version", "stage", "shown", "evidence", "stage_since", "desk", "offered_to", "owner", "company",
    "contact", "amount", "currency", "next_step", "next_step_at", "last_heard_at", "recorded_at", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One deal on the board. `still` is whole days since anything happened; `proof` the kind of event that shows it."""

    id: UUID
    version: int
    title: str
    company: str
    contact: str
    amount: Money | None
    owner: str
    owner_initials: str
    next_step: str
    next_step_at: datetime | None
    shown: bool
    proof: str
    still: int
    handoff: Handoff | None


@dataclass(slots=True)
class Column:
    """One stage. `sums` and `weighted` are by currency, the main one first; a stage without a weight weighs nothing.

    `said` counts the deals that nothing shows to stand here: where the map wants proof, they weigh nothing.
    """

    stage: Stage
    count: int = 0
    said: int = 0
    sums: list[Money] = field(default_factory=list)
    weighted: list[Money] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    @property
    def more_count(self) -> int:
        """How many deals stand here that have no card yet."""
        return self.count - len(self.cards)


@dataclass(slots=True)
class Board:
    """All columns, in the order of work, and what they come to together."""

    columns: list[Column]
    count: int
    sums: list[Money]
    weighted: list[Money]


def board(member: Member, view: View | None = None, *, at: datetime, cards: int = CARDS) -> Board:
    """Return the pipeline as the member may see it.

    Sums are one query over all of their deals. Each column has up to `cards` cards, those that came to the stage last
    first. Amounts of different currencies stay apart.
    """
    asked = Deal.objects.visible_to(member).filter((view or View()).condition(at))
    columns = {stage.id: Column(stage) for stage in current_map().stages.values()}
    _count(asked, columns)
    ids = {key: _first_ids(asked, key, 0, cards) for key, column in columns.items() if column.count}
    made = _cards(member, [pk for some in ids.values() for pk in some], at)
    for key, some in ids.items():
        columns[key].cards = [made[pk] for pk in some if pk in made]
    return _together(list(columns.values()))


def more_cards(
    member: Member, stage: str, view: View | None = None, *, at: datetime, first: int, most: int = CARDS
) -> list[Card]:
    """Return further cards of one column, from the one numbered `first` (from 0)."""
    asked = Deal.objects.visible_to(member).filter((view or View()).condition(at))
    ids = _first_ids(asked, stage, first, first + most)
    made = _cards(member, ids, at)
    return [made[pk] for pk in ids if pk in made]


def _count(asked: QuerySet[Deal], columns: dict[str, Column]) -> None:
    """Fill counts and sums from one grouped query. A stage that no map knows any more is left to its successor."""
    currency = current_map().currency
    sums: dict[tuple[str, str], int] = defaultdict(int)
    weighted: dict[tuple[str, str], int] = defaultdict(int)
    groups = asked.order_by().values("stage", "shown", "currency").annotate(deals=Count("*"), sum=Sum("amount"))
    for group in groups:
        column = columns.get(group["stage"])
        if column is None:
            continue
        column.count += group["deals"]
        column.said += 0 if group["shown"] else group["deals"]
        key = (group["stage"], group["currency"])
        sums[key] += int(group["sum"] or 0)
        weighted[key] += _weighed(column.stage, group["shown"], int(group["sum"] or 0))
    for stage, column in columns.items():
        column.sums = _monies(sums, stage, currency)
        column.weighted = _monies(weighted, stage, currency)


def _weighed(stage: Stage, shown: bool, total: int) -> int:
    """Return what a sum weighs, rounded half-even once for the whole group."""
    if stage.weight is None or not stage.counts("weight", shown=shown):
        return 0
    return round_half_even(total * Decimal(str(stage.weight)))


def _monies(totals: dict[tuple[str, str], int], stage: str, main: str) -> list[Money]:
    found = [Money(minor, currency) for (key, currency), minor in totals.items() if key == stage and minor]
    return sorted(found, key=lambda money: (money.currency != main, money.currency))


def _together(columns: list[Column]) -> Board:
    main = current_map().currency
    return Board(
        columns,
        sum(column.count for column in columns),
        _sum((money for column in columns for money in column.sums), main),
        _sum((money for column in columns for money in column.weighted), main),
    )


def _sum(monies: Iterable[Money], main: str) -> list[Money]:
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for money in monies:
        totals["", money.currency] += money.minor
    return _monies(totals, "", main)


def _first_ids(asked: QuerySet[Deal], stage: str, first: int, end: int) -> list[UUID]:
    """Return the deals that came to a stage last, by an index alone: the rows are wide."""
    rows = asked.filter(stage=stage).order_by("-stage_since", "pk").values_list("pk", flat=True)
    return list(rows[max(0, first) : end])


def _cards(member: Member, ids: list[UUID], at: datetime) -> dict[UUID, Card]:
    deals = list(Deal.objects.visible_to(member).filter(pk__in=ids).only(*CARD_FIELDS))
    names = names_for(member, deals)
    offered = Handoff.objects.visible_to(member).waiting().filter(deal__in=ids)
    handoffs = {handoff.deal_id: handoff for handoff in offered.defer("values", "head")}
    return {deal.pk: _card(deal, names, handoffs.get(deal.pk), at) for deal in deals}


def _card(deal: Deal, names: Names, handoff: Handoff | None, at: datetime) -> Card:
    owner = names.of(deal.owner_id)
    return Card(
        id=deal.pk,
        version=deal.version,
        title=deal.title,
        company=names.of(deal.company_id),
        contact=names.of(deal.contact_id),
        amount=deal.worth,
        owner=owner,
        owner_initials=initials(owner) if owner else "",
        next_step=deal.next_step,
        next_step_at=deal.next_step_at,
        shown=deal.shown,
        proof=deal.evidence.get(deal.stage, {}).get("kind", ""),
        still=still(deal, at),
        handoff=handoff,
    )


def still(deal: Any, at: datetime) -> int:
    """Return the whole days since anything happened on a deal: heard from the customer, or moved."""
    heard = [moment for moment in (deal.last_heard_at, deal.stage_since, deal.recorded_at) if moment]
    return max(0, (at - max(heard)).days)
