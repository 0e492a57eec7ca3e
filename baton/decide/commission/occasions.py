"""Finds what a rule is paid on, in the ledger alone: deals that were won, invoices that went out, and payments.

A stage that is only said doesn't count where the map wants proof for commission; it is shown, with nothing paid on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baton.decide.commission.earning import Occasion
from baton.ledger.happenings import TRUSTED_OUT
from baton.ledger.models import Deal, DealState, Event, Interaction
from baton.map.current import current_map
from baton.members.models import Member

CALLER = "commission"
COUNTED = ("won", "done")
READ = ("title", "status", "evidence", "service", "amount", "currency", "owner")


def occasions_of(paid_on: str, begins: datetime, ends: datetime) -> list[Occasion]:
    """Return what happened from one moment until another, as the ledger knows it now."""
    found = list(_FINDERS[paid_on](begins, ends))
    deals = {deal.pk: deal for deal in _deals({deal for deal, *_rest in found})}
    owners = _owners([(deal, at) for deal, _key, at, *_rest in found])
    emails = dict(Member.objects.values_list("pk", "email"))
    return [
        _occasion(deals[deal], key, at, emails.get(owners.get((deal, at)), ""), worth, source, paid_on)
        for deal, key, at, worth, source in found
        if deal in deals
    ]


def _deals(ids: set[UUID]) -> QuerySet[Deal]:
    return Deal.objects.unscoped(CALLER).filter(pk__in=ids).only(*READ)


def _owners(asked: Iterable[tuple[UUID, datetime]]) -> dict[tuple[UUID, datetime], UUID | None]:
    """Return who had each deal at a moment, by its spans; before Baton knew the deal, its first owner."""
    wanted = list(asked)
    spans: dict[UUID, list[tuple[datetime, UUID | None]]] = {}
    rows = DealState.objects.unscoped(CALLER).filter(deal__in={deal for deal, _at in wanted})
    for deal, began, owner in rows.order_by("began_at").values_list("deal_id", "began_at", "owner_id"):
        spans.setdefault(deal, []).append((began, owner))
    found = {}
    for deal, at in wanted:
        known = spans.get(deal, [])
        found[deal, at] = next(
            (owner for began, owner in reversed(known) if began <= at), known[0][1] if known else None
        )
    return found


def _occasion(
    deal: Deal, key: str, at: datetime, owner: str, worth: dict[str, Any], source: UUID | None, paid_on: str
) -> Occasion:
    because = _not_counted(deal, paid_on)
    base = int(worth["minor"]) if "minor" in worth else deal.amount or 0
    currency = worth.get("currency") or deal.currency
    return Occasion(key, deal.pk, at, owner.lower(), deal.service, base, currency, not because, because, source)


def _not_counted(deal: Deal, paid_on: str) -> str:
    if deal.status not in COUNTED:
        return _("It is no longer won.")
    if paid_on != "won":
        return ""
    wins = next((stage for stage in current_map().stages.values() if stage.closes == "won"), None)
    if wins is None or wins.counts("commission", shown=wins.id in deal.evidence):
        return "" if deal.amount is not None else _("Nobody has said its amount.")
    return _("“%(stage)s” is said, and nothing shows it.") % {"stage": wins.name}


Found = tuple[UUID, str, datetime, dict[str, Any], UUID | None]


def _won(begins: datetime, ends: datetime) -> Iterator[Found]:
    """Each deal once, when it was won first."""
    rows = Event.objects.unscoped(CALLER).filter(kind="deal.won", deal__isnull=False)
    within = rows.filter(happened_at__gte=begins, happened_at__lt=ends)
    earlier = set(rows.filter(deal__in=within.values("deal"), happened_at__lt=begins).values_list("deal_id", flat=True))
    seen: set[UUID] = set()
    for deal, at in within.order_by("happened_at", "id").values_list("deal_id", "happened_at"):
        if deal not in earlier and deal not in seen:
            seen.add(deal)
            yield deal, str(deal), at, {}, None


def _invoiced(begins: datetime, ends: datetime) -> Iterator[Found]:
    """Each invoice by its number, at what it says; one without an amount stands for the whole deal, once."""
    ours = Q(channel="sheets") | Q(trust__in=TRUSTED_OUT)
    rows = _on_deals(begins, ends).filter(ours, direction="out", parts__has_key="documents")
    for row in rows:
        for document in row.parts["documents"]:
            if document.get("kind") == "invoice":
                yield _by_number(row, document)


def _paid(begins: datetime, ends: datetime) -> Iterator[Found]:
    """Each payment that accounting told of, and those that somebody showed in a message."""
    for row in _on_deals(begins, ends).filter(parts__has_key="payment"):
        yield _by_number(row, row.parts["payment"])
    shown = Event.objects.unscoped(CALLER).filter(kind="payment.in", happened_at__gte=begins, happened_at__lt=ends)
    for deal, at, source in shown.exclude(deal=None).values_list("deal_id", "happened_at", "interaction_id"):
        yield deal, str(deal), at, {}, source


def _on_deals(begins: datetime, ends: datetime) -> QuerySet[Interaction]:
    won = Deal.objects.unscoped(CALLER).filter(status__in=(*COUNTED, "lost")).values("pk")
    rows = Interaction.objects.unscoped(CALLER).filter(deal__in=won, automatic="")
    return rows.filter(happened_at__gte=begins, happened_at__lt=ends).order_by("happened_at", "id")


def _by_number(row: Interaction, told: dict[str, Any]) -> Found:
    assert row.deal_id is not None
    number = f"{row.deal_id}:{told.get('number')}" if "minor" in told else str(row.deal_id)
    return row.deal_id, number, row.happened_at, told if "minor" in told else {}, row.pk


_FINDERS: dict[str, Any] = {"won": _won, "invoiced": _invoiced, "paid": _paid}
