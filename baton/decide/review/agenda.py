"""The agenda of a review: the deals to talk about, each under its first reason and with all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import ngettext

from baton.decide.names import names_for
from baton.decide.review.reasons import KINDS, Found, Reason, Window, found, standing
from baton.decide.review.rhythm import following_time, one_period_before, period_end
from baton.kernel.clock import stamp
from baton.kernel.money import Money
from baton.ledger.models import Deal
from baton.map.current import current_map, one_version
from baton.map.elements import Decision
from baton.members.models import Member

SHOWN = 12
"""How many deals stand under one reason: a meeting of 40 minutes talks about 20 at most."""
READ = (
    "title", "version", "stage", "shown", "stage_since", "desk", "owner", "company", "contact", "amount", "currency",
    "close_date", "status", "next_step", "next_step_at", "last_heard_at", "recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One deal to talk about. The first reason is the one it stands under."""

    id: UUID
    title: str
    owner: str
    stage: str
    shown: bool
    amount: Money | None
    close_date: str
    reasons: list[Reason]

    def as_json(self) -> dict[str, Any]:
        amount = {"minor": self.amount.minor, "currency": self.amount.currency} if self.amount else None
        return {
            "deal": str(self.id),
            "title": self.title,
            "owner": self.owner,
            "stage": self.stage,
            "shown": self.shown,
            "amount": amount,
            "close_date": self.close_date or None,
            "reasons": [{"kind": reason.kind, "text": reason.text} for reason in self.reasons],
        }


@dataclass(slots=True)
class Part:
    """The deals that stand under one reason. Others have it too: `above` of them stand under an earlier reason already,
    `left_out` are more than a meeting has time for.
    """

    kind: str
    name: str
    above: int
    left_out: int
    items: list[Item] = field(default_factory=list)

    @property
    def note(self) -> str:
        """Say where the others are that have this reason too; nothing where there are none."""
        told = []
        if self.above:
            said = ngettext("%(count)d more stands further up", "%(count)d more stand further up", self.above)
            told.append(said % {"count": self.above})
        if self.left_out:
            said = ngettext("%(count)d more isn’t listed", "%(count)d more aren’t listed", self.left_out)
            told.append(said % {"count": self.left_out})
        return ", ".join(told)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What to talk about, in order; `since` is the last review, `until` the next one."""

    decision: Decision
    since: datetime
    at: datetime
    until: datetime
    parts: list[Part]

    @property
    def items(self) -> list[Item]:
        return [item for part in self.parts for item in part.items]

    def as_json(self) -> dict[str, Any]:
        parts = [
            {
                "reason": one.kind,
                "name": one.name,
                "count": len(one.items),
                "further_up": one.above,
                "not_listed": one.left_out,
                "deals": [item.as_json() for item in one.items],
            }
            for one in self.parts
        ]
        told = {"decision": self.decision.key, "name": self.decision.name, "since": stamp(self.since)}
        return told | {"at": stamp(self.at), "until": stamp(self.until), "agenda": parts}


def agenda(member: Member, decision: Decision, *, at: datetime, since: datetime | None = None) -> Agenda:
    """Return what there is to talk about as this member may see it; `since` is the last review unless told.

    A constant number of queries, however many deals there are.
    """
    window = window_of(member, decision, at=at, since=since)
    with one_version():
        brought = found(window)
        placed = _placed(brought)
        items = _items(member, window, brought, [pk for ids in placed.values() for pk in ids])
    return Agenda(decision, window.since, at, window.until, _parts(brought, placed, items))


def _parts(brought: dict[str, Found], placed: dict[str, list[UUID]], items: dict[UUID, Item]) -> list[Part]:
    parts, above = [], set()
    for kind, ids in placed.items():
        there = [items[pk] for pk in ids if pk in items]
        up = len(above & set(brought[kind].ids))
        left_out = max(0, brought[kind].count - len(there) - up)
        parts += [Part(kind, str(KINDS[kind]), up, left_out, there)] if brought[kind].count else []
        above |= set(ids)
    return parts


def window_of(member: Member, decision: Decision, *, at: datetime, since: datetime | None = None) -> Window:
    """Return what a review of this decision looks at."""
    operating_map = current_map()
    hours, every = operating_map.hours, decision.every
    today = at.astimezone(hours.tz).date()
    return Window(
        member,
        operating_map,
        since or one_period_before(every, at),
        at,
        following_time(every, hours, at),
        period_end(every, today),
    )


def reasons_of(deal: Deal, window: Window, brought: dict[str, Found]) -> list[Reason]:
    """Return every reason that a deal has to be talked about, in their order."""
    told = {kind: one.said[deal.pk] for kind, one in brought.items() if deal.pk in one.said}
    for reason in standing(deal, window):
        told[reason.kind] = f"{told[reason.kind]}; {reason.text}" if reason.kind in told else reason.text
    return [Reason(kind, told[kind]) for kind in KINDS if kind in told]


def _placed(brought: dict[str, Found]) -> dict[str, list[UUID]]:
    """Place each deal once, under the first reason that it has."""
    seen: set[UUID] = set()
    placed: dict[str, list[UUID]] = {}
    for kind, one in brought.items():
        placed[kind] = [pk for pk in one.ids if pk not in seen][:SHOWN]
        seen.update(placed[kind])
    return placed


def _items(member: Member, window: Window, brought: dict[str, Found], ids: list[UUID]) -> dict[UUID, Item]:
    deals = list(Deal.objects.visible_to(member).filter(pk__in=ids).only(*READ))
    names = names_for(member, deals)
    return {deal.pk: _item(deal, names.of(deal.owner_id), reasons_of(deal, window, brought), window) for deal in deals}


def _item(deal: Deal, owner: str, reasons: list[Reason], window: Window) -> Item:
    stage = window.map.stage_by_id(deal.stage)
    return Item(
        deal.pk,
        deal.title,
        owner,
        stage.name if stage else deal.stage,
        deal.shown,
        deal.worth,
        deal.close_date.isoformat() if deal.close_date else "",
        reasons,
    )
