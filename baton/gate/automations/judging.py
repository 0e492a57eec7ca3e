"""Whether an automation may act, and if not, which fact falls short and why. Pure on what was looked up.

The same judge decides live and in a rehearsal, so that what is rehearsed is what will happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from baton.gate.automations.knowing import Known
from baton.gate.automations.needing import needs_of
from baton.kernel.money import digits
from baton.ledger.trust import Trust, trust_of
from baton.map.automations import SENDER, Automation, Condition, Reliance
from baton.map.schema import OperatingMap
from baton.work.wording import value_text

Answer = Literal["act", "refuse", "leave"]
GapKind = Literal["missing", "suggested", "stale", "disputed", "source", "whom", "twins", "sender", "unshown"]


@dataclass(frozen=True, slots=True)
class Stood:
    """One fact that an automation stands on, as it was when it was judged; `gap` says what it falls short of."""

    field: str
    value: str
    trust: Trust
    gap: GapKind | None = None
    wanted: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """Return it as a run keeps it."""
        found = self.trust
        told = {
            "field": self.field, "value": self.value, "state": found.state, "age": found.age,
            "fresh_for": found.fresh_for, "source": found.source, "by": found.said_by, "fact": found.fact,
            "gap": self.gap, "wanted": list(self.wanted),
        }  # fmt: skip
        return {name: part for name, part in told.items() if part not in (None, "", [])}


@dataclass(slots=True)
class Judgement:
    """The answer, with everything it was drawn from. `unmet` is the condition that didn't hold."""

    answer: Answer
    stood: list[Stood] = field(default_factory=list)
    short: Stood | None = None
    unmet: Condition | None = None

    @property
    def about(self) -> str:
        """The kind of record that has the fact which falls short."""
        named = self.short.field.partition(".")[0] if self.short else "deal"
        return named if self.short and "." in self.short.field and named in {"contact", "company"} else "deal"


def judge(each: Automation, known: Known, drawn: OperatingMap, at: datetime, vouched: Iterable[str] = ()) -> Judgement:
    """Return whether it may act now: its conditions first, then the facts that it stands on, in their order.

    `vouched` are fields for which a person stood in on this one run.
    """
    for condition in each.conditions:
        if not _holds(condition, known, drawn):
            return Judgement("leave", unmet=condition)
    stood = [_stood(need, known, drawn, at, set(vouched)) for need in needs_of(each, drawn)]
    short = next((one for one in stood if one.gap), None)
    return Judgement("refuse" if short else "act", stood, short)


# Conditions


def _holds(one: Condition, known: Known, drawn: OperatingMap) -> bool:
    if one.test == "unanswered":
        return not known.answered
    value = known.value(one.field)
    if one.test in {"known", "missing"}:
        return (value in (None, "", [], {})) == (one.test == "missing")
    if one.test in {"over", "under"}:
        return _compared(one, value, known)
    said = _said(value, one.field, known, drawn)
    return (said.casefold() == one.value.casefold()) == (one.test == "is")


def _said(value: Any, name: str, known: Known, drawn: OperatingMap) -> str:
    field = drawn.field(name)
    return value_text(value, field.type if field else "text", known.deal.currency)


def _compared(one: Condition, value: Any, known: Known) -> bool:
    """Sums are in whole units of the deal's currency, dates as they are written; what nobody said is neither."""
    if value in (None, "", [], {}):
        return False
    if isinstance(value, dict) and "minor" in value:
        value = value["minor"] / 10 ** digits(value.get("currency") or known.deal.currency)
    over = one.test == "over"
    if not isinstance(value, int | float):
        return str(value) > one.value if over else str(value) < one.value
    try:
        return value > float(one.value) if over else value < float(one.value)
    except ValueError:
        return False


# Facts


def _stood(need: Reliance, known: Known, drawn: OperatingMap, at: datetime, vouched: set[str]) -> Stood:
    if need.field == SENDER:
        return _sender(known, vouched)
    field = drawn.field(need.field)
    kept = known.kept(need.field)
    trust = trust_of(kept, field, at, fresh_for=need.fresh_for, over=known.is_over(need.field, at))
    stage = drawn.stages.get(str(kept.get("v"))) if need.field == "stage" else None
    value = (
        stage.name
        if stage
        else known.called(need.field) or value_text(kept.get("v"), field.type if field else "text", known.deal.currency)
    )
    gap, wanted = next(_gaps(need, trust, known), (None, ()))
    return Stood(need.field, value, trust, None if need.field in vouched and value else gap, wanted)


def _gaps(need: Reliance, trust: Trust, known: Known) -> Iterator[tuple[GapKind, tuple[str, ...]]]:
    """Yield what falls short, the plainest first."""
    if trust.state in {"missing", "suggested"}:
        yield trust.state, ()  # type: ignore[misc]
        return
    if known.may_be_twice(need.field):
        yield "twins", (known.may_be_twice(need.field),)
    if trust.disputed:
        yield "disputed", ()
    if need.field == "stage" and not known.deal.shown:
        yield "unshown", ()
    if trust.state == "stale":
        yield "stale", ()
    if need.sure and trust.source not in need.sure:
        yield "source", need.sure
    if need.said_by and not known.is_said_by(need.said_by, trust.said_by):
        yield "whom", (need.said_by.role, need.said_by.name)


def _sender(known: Known, vouched: set[str]) -> Stood:
    """Who wrote is who the contact is: at an address that is known to be theirs, and nothing says it was forged."""
    message, why = known.message, known.doubt
    state = "confirmed" if message and not why else "missing"
    value = message.from_address if message else ""
    gap: GapKind | None = "sender" if why and SENDER not in vouched else None
    return Stood(SENDER, value, Trust(state, source="message"), gap, (why,) if why else ())


def record_of(judgement: Judgement, known: Known) -> UUID | None:
    """Return the record that has the fact which falls short."""
    row = {"contact": known.contact, "company": known.company}.get(judgement.about) or known.deal
    return row.pk
