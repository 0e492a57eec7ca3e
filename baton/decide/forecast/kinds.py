"""Rates and calls as kinds of record: who may write them, how they land, and what a call relies on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.forecast.deciding import decides
from baton.decide.forecast.models import Call, Rate
from baton.kernel.ids import derived
from baton.kernel.verdict import Verdict
from baton.ledger.entries import Author, Entry
from baton.ledger.happenings import Happening
from baton.ledger.kinds import RecordKind, register
from baton.ledger.models import Fact, Record
from baton.ledger.recording import Batch, register_reducer
from baton.ledger.standard import reference, text
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.models import Use

CALLER = "work.handoffs"
CALLED = "forecast"
"""What a use says that a fact was used in."""
FORECAST_REDUCER = 130


def may_write_rates(author: Author, row: Record | None, entry: Entry) -> Verdict:
    """The owner of the map, their deputy, and owners by role enter rates."""
    if author.member is None or may_enter_rates(author.member):
        return Verdict.allow()
    return Verdict.refuse(
        _("Exchange rates are entered by whoever owns the map, so that everybody counts by the same.")
    )


def may_enter_rates(member: Member) -> bool:
    """Whether this member enters the exchange rates."""
    operating_map = current_map()
    owners = {operating_map.owner.lower(), operating_map.deputy.lower()}
    return member.may_write and (member.email.lower() in owners or member.role == "owner")


def may_write_calls(author: Author, row: Record | None, entry: Entry) -> Verdict:
    """Everybody calls their own number; who decides by the forecast may set another over it."""
    if author.member is None:
        return Verdict.allow()
    if not author.member.may_write:
        return Verdict.refuse(_("Your role is read only, so nothing was changed."))
    whose = entry.value if entry.field == "whose" else str(getattr(row, "whose_id", None) or "")
    if row is not None and row.version and not getattr(row, "override", False) and whose != str(author.member.pk):
        return Verdict.refuse(_("Only they themselves change what they called."))
    if whose == str(author.member.pk) or decides(author.member):
        return Verdict.allow()
    return Verdict.refuse(_("The map doesn’t have you decide by the forecast."))


def _amount(value: Any) -> dict[str, Any]:
    return {"amount": int(value["minor"]), "currency": value["currency"]} if value else {"amount": None}


def _nothing_happens(row: Record, fact: Fact) -> Iterator[Happening]:
    return iter(())


RATE = {"currency": text("currency", 3), "rate": lambda value: {}}
CALL = {
    "period": text("period", 8),
    "whose": reference("whose"),
    "override": lambda value: {"override": bool(value)},
    "amount": _amount,
    "rests_on": lambda value: {},
}


def follow(batch: Batch) -> None:
    """Keep a use for each fact that a called number rests on, for whoever entered it. A reducer."""
    called = [fact for fact in batch.current if (fact.record_kind, fact.field) == ("call", "rests_on")]
    if called:
        Use.objects.bulk_create(list(uses_of(called)), ignore_conflicts=True)


def uses_of(called: Iterable[Fact]) -> Iterator[Use]:
    """Yield the uses that calls mean. One's own facts need no receipt."""
    called = list(called)
    ids = {UUID(key) for fact in called for key in fact.value}
    rows = Fact.objects.unscoped(CALLER).filter(pk__in=ids).values_list("pk", "said_by", "record_id")
    said_by = {pk: (member, deal) for pk, member, deal in rows}
    for fact in called:
        for key in map(UUID, fact.value):
            member, deal = said_by.get(key, (None, None))
            if deal and member != fact.said_by_id:
                yield Use(
                    id=derived("use", CALLED, fact.record_id, key),
                    fact_id=key,
                    said_by_id=member,
                    deal_id=deal,
                    used_in=CALLED,
                    used_in_id=fact.record_id,
                    used_by_id=fact.said_by_id,
                    used_at=fact.recorded_at,
                )


def register_forecast() -> None:
    """Tell the ledger of rates and calls; called once at start."""
    register(RecordKind("rate", Rate, RATE, may_write_rates, _nothing_happens))
    register(RecordKind("call", Call, CALL, may_write_calls, _nothing_happens))
    register_reducer(FORECAST_REDUCER, follow)
