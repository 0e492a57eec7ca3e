"""How sure a sum is: which values under it are stale, unconfirmed or shown by nothing, and the few worth asking for.

Looking changes nothing. Asking makes questions: each is a duty of whoever has the deal, and comes with their digest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.forecast import spans
from baton.decide.forecast.periods import Period
from baton.decide.forecast.reading import titles
from baton.decide.forecast.reckoning import Group, Reckoning, State, weigh
from baton.kernel.clock import now
from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import record
from baton.ledger.trust import trust_of
from baton.map.current import current_map, one_version
from baton.members.models import Member
from baton.work import moves
from baton.work.models import Question
from baton.work.questions import said_question

Kind = Literal["stale", "unconfirmed", "unshown", "past"]
MOVES_FROM = 5
"""A value is worth asking for when it can move the sum by so many percent or more."""
FRESH_FOR = 60
"""Days for which an amount or a close date is taken as it stands, unless the map says otherwise."""
MOST_ASKED = 12
CALLER = "work.duties"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One value that the sum rests on and that may be wrong. `moves` is by how much at most, in minor units."""

    deal: UUID
    title: str
    field: str
    kind: Kind
    moves: int
    worth: int
    owner: UUID | None
    fact: str = ""
    age: int = 0


@dataclass(slots=True)
class Rest:
    """What a period's sum rests on. `doubtful` is the whole worth of open deals under a doubt, by field; of `open`."""

    expected: int
    open: int
    values: int
    doubts: list[Doubt] = field(default_factory=list)
    doubtful: Counter[str] = field(default_factory=Counter)
    in_doubt: int = 0

    @property
    def worth_asking(self) -> list[Doubt]:
        """The few that can move the sum by 5 % or more, the largest first."""
        return [one for one in self.doubts if one.moves * 100 >= max(1, self.expected) * MOVES_FROM][:MOST_ASKED]


@one_version()
def rest(
    member: Member,
    period: Period,
    narrow: Mapping[Group, object] | None = None,
    *,
    at: datetime | None = None,
) -> Rest:
    """Return what a period's sum of now rests on, of what the member sees."""
    at = at or now()
    reckoning = spans.reckoning_at(member, None)
    asked = spans.spans_at(member, None, narrow).filter(spans.in_periods([period]))
    states = [one for one in spans.states(asked) if one.status != "lost"]
    opened = [one for one in states if one.status == "open" and reckoning.worth(one) is not None]
    found = Rest(
        sum(reckoning.counts(one, "expected") for one in states),
        sum(reckoning.counts(one, "open") for one in opened),
        len(opened) * 3,
    )
    _doubt(found, member, opened, reckoning, at)
    return found


def _doubt(found: Rest, member: Member, opened: Sequence[State], reckoning: Reckoning, at: datetime) -> None:
    ids = [one.deal for one in opened]
    kept = dict(Deal.objects.visible_to(member).filter(pk__in=ids).values_list("pk", "values"))
    said_other = _suggested_amounts(member, kept)
    known = titles(member, ids)
    for state in opened:
        worth = reckoning.worth(state) or 0
        fields = set()
        for name, kind, moving, fact, age in _of_deal(state, kept.get(state.deal, {}), reckoning, said_other, at):
            title = known.get(state.deal, ("", ""))[0]
            found.doubts.append(Doubt(state.deal, title, name, kind, moving, worth, state.owner, fact, age))
            fields.add(name)
        found.doubtful.update(dict.fromkeys(fields, worth))
        found.in_doubt += worth if fields else 0
    found.doubts.sort(key=lambda one: (-one.moves, one.title, one.field))


Told = tuple[str, Kind, int, str, int]


def _of_deal(
    state: State, values: Mapping[str, Any], reckoning: Reckoning, said_other: Mapping[UUID, int], at: datetime
) -> Iterator[Told]:
    """Yield (field, kind, by how much it can move the sum, its fact, its age in days)."""
    worth, counts = reckoning.worth(state) or 0, reckoning.counts(state, "expected")
    if state.deal in said_other:
        other = reckoning.rates.convert(said_other[state.deal], state.currency, reckoning.on)
        moving = abs(weigh((other or 0) - worth, reckoning.weight(state)))
        yield "amount", "unconfirmed", moving, values["amount"].get("f", ""), 0
    elif _is_stale(values, "amount", at):
        yield "amount", "stale", counts, values["amount"].get("f", ""), _age(values, "amount", at)
    if state.close_date and state.close_date < reckoning.on:
        yield "close_date", "past", counts, values.get("close_date", {}).get("f", ""), _age(values, "close_date", at)
    elif _is_stale(values, "close_date", at):
        yield "close_date", "stale", counts, values["close_date"].get("f", ""), _age(values, "close_date", at)
    shown = reckoning.weights.get(state.stage, (0, 0))[0]
    if not state.shown and shown:
        yield "stage", "unshown", abs(weigh(worth, shown) - counts) or counts, values.get("stage", {}).get("f", ""), 0


def _age(values: Mapping[str, Any], name: str, at: datetime) -> int:
    return trust_of(values.get(name), None, at).age or 0


def _is_stale(values: Mapping[str, Any], name: str, at: datetime) -> bool:
    known = current_map().field(name)
    days = known.fresh_for if known and known.fresh_for else FRESH_FOR
    return trust_of(values.get(name), known, at, fresh_for=days).state == "stale"


def _suggested_amounts(member: Member, kept: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, int]:
    """Return deal → the amount that somebody's words suggest instead, as far as the member may read them."""
    waiting = {values["amount"]["s"][-1]: deal for deal, values in kept.items() if values.get("amount", {}).get("s")}
    if not waiting:
        return {}
    facts = Fact.objects.of_seen(member, {"deal": list(waiting.values())}).filter(pk__in=list(waiting))
    return {deal: value["minor"] for deal, value in facts.values_list("record_id", "value") if value}


# Asking


def whose_work(doubts: Sequence[Doubt]) -> list[tuple[Member, int]]:
    """Return whom asking would interrupt, and with how many questions each."""
    counts = Counter(one.owner for one in doubts if one.owner)
    members = Member.objects.filter(pk__in=counts, is_active=True).order_by("name")
    return [(one, counts[one.pk]) for one in members]


def ask(member: Member, doubts: Sequence[Doubt], *, at: datetime, channel: str = "screen") -> int:
    """Ask those who have the deals for these values, each once; return how many questions that made.

    What was asked before and isn't answered, and what one would have to ask oneself, is left out. Raises `Refusal`.
    """
    if not member.may_write:
        raise Refusal(_("Your role is read only, so nothing was asked."))
    owners = {one.pk: one for one in Member.objects.filter(pk__in={doubt.owner for doubt in doubts}, is_active=True)}
    deals = Deal.objects.visible_to(member).in_bulk([doubt.deal for doubt in doubts])
    entries: list[Entry] = []
    for doubt in doubts:
        owner, deal = owners.get(doubt.owner) if doubt.owner else None, deals.get(doubt.deal)
        if owner and deal and owner != member:
            entries += _question(doubt, deal, owner, member)
    if entries:
        record(entries, by=Author(member, channel), at=at)
    return len({entry.record_id for entry in entries})


def _question(doubt: Doubt, deal: Deal, owner: Member, by: Member) -> list[Entry]:
    stage = current_map().stage_by_id(deal.stage)
    if doubt.field == "stage" and stage:
        return moves.asking(deal, stage, owner, by)
    key = derived("forecast asked", deal.pk, doubt.field, doubt.fact)
    if Question.objects.unscoped(CALLER).filter(pk=key).exists():
        return []
    return said_question(deal.pk, _words(doubt, deal), of=owner, by=by, about_field=doubt.field, key=key)


def _words(doubt: Doubt, deal: Deal) -> str:
    told = {"deal": deal.title, "days": doubt.age}
    if doubt.field == "close_date":
        return _("When do you expect %(deal)s to close? The forecast rests on its close date.") % told
    if doubt.kind == "stale":
        return _("Is the amount of %(deal)s still right? It was said %(days)d days ago.") % told
    return _("Which amount is right for %(deal)s? Something said since suggests another one.") % told


def percent(part: int, whole: int) -> int:
    """Return a share in whole percent, 0 of nothing."""
    return round(part * 100 / whole) if whole else 0
