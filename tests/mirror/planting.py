"""Businesses in which a known thing goes wrong at a known week, and healthy ones; as rows, consistent with the ledger.

What is made is what the mirror counts: spans of deals, handoffs, duties, typed and received interactions, facts and
uses, by the week, with the unevenness of real weeks. A business is the same every time for its seed. `SEEDS_TO_TUNE`
were looked at while thresholds were chosen, `SEEDS_TO_TEST` never were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from baton.kernel.rows import insert_rows
from baton.ledger.models import Deal, DealState, Fact, Interaction
from baton.map.current import forget_parsed
from baton.map.publishing import publish
from baton.members.models import DeskSeat, Member, Role
from baton.work.behaviors import in_force
from baton.work.models import Duty, Handoff, Use
from tests.cast import FIRM, MONDAY

SEEDS_TO_TUNE = range(1, 9)
SEEDS_TO_TEST = range(201, 213)
WEEKS, BEGINS_AT = 32, 20
"""Weeks of a business, and the one in which what was planted goes wrong."""
FIRST = MONDAY - timedelta(weeks=WEEKS)
STAGES = {"enquiry": "intake", "visited": "sales", "quoted": "sales", "agreed": "sales", "mobilising": "operations"}
WON_AT = ("agreed", "mobilising")
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a business is like: deals a week, people at each desk, and what goes wrong from `BEGINS_AT` on."""

    name: str
    deals: int = 14
    people: dict[str, int] = field(default_factory=lambda: {"intake": 2, "sales": 4, "operations": 3})
    wrong: str = ""


HEALTHY = Plan("healthy")
EIGHT = Plan("eight people, five deals a week", deals=5, people={"intake": 1, "sales": 4, "operations": 3})
THREE = Plan("three people, a deal a week", deals=1, people={"intake": 1, "sales": 1, "operations": 1})
PLANTED = (
    Plan("a desk stops capturing", wrong="capturing"),
    Plan("a desk types later", wrong="typing later"),
    Plan("one person uses a stage differently", wrong="stage"),
    Plan("one person’s deals stand at a stage", wrong="stay"),
    Plan("one person’s deals at a stage end otherwise", wrong="outcome"),
    Plan("a field dies", wrong="field"),
    Plan("management goes back to spreadsheets", wrong="spreadsheets"),
    Plan("a handoff degrades", wrong="handoff"),
    Plan("a desk lets duties go", wrong="duties"),
)
SHOWN_BY: dict[str, Callable[[str], bool]] = {
    "capturing": lambda key: key == "sign/less/sales",
    "typing later": lambda key: key == "sign/later/sales",
    "stage": lambda key: key in ("drift/stage/quoted", "sign/unshown/sales"),
    "stay": lambda key: key == "drift/stage/quoted/stay",
    "outcome": lambda key: key.startswith("drift/stage/") and key.endswith("/outcome"),
    "field": lambda key: key == "tax/scope",
    "spreadsheets": lambda key: key == "sign/elsewhere",
    "handoff": lambda key: key == "sign/returned/sales-operations",
    "duties": lambda key: key == "sign/late/sales",
}
"""What the mirror says of each thing that can go wrong."""


@dataclass(slots=True)
class Business:
    """A business being made: who works there, its dice, and its rows by table.

    How long deals stand and what becomes of them has dice of its own, `paces`, and so has each person: some are
    quicker than others, and some win more, without that meaning anything.
    """

    plan: Plan
    dice: Random
    paces: Random
    people: dict[str, list[Member]] = field(default_factory=dict)
    habits: dict[UUID, float] = field(default_factory=dict)
    pace: dict[UUID, float] = field(default_factory=dict)
    luck: dict[UUID, float] = field(default_factory=dict)
    rows: dict[type, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def key(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128))

    def keep(self, row: Any) -> Any:
        self.rows[type(row)].append(row)
        return row

    def goes_wrong(self, what: str, week: int) -> bool:
        return self.plan.wrong == what and week >= BEGINS_AT


def plant(plan: Plan, seed: int) -> Member:
    """Make the business and return its owner."""
    forget_parsed()
    in_force.cache_clear()
    business = Business(plan, Random(f"{plan.name} {seed}"), Random(f"{plan.name} {seed} paces"))
    owner = _employ(business)
    for week in range(WEEKS):
        _week(business, week, owner)
    for model in (Deal, Interaction, Fact, DealState, Handoff, Duty, Use):
        insert_rows(business.rows[model])
    return owner


def _employ(business: Business) -> Member:
    owner = Member.objects.create_user("tomas@lime.example", name="Tomas Okafor", role=Role.OWNER)
    leads = {"intake": "mia", "sales": "ana", "operations": "ben"}
    for desk, count in business.plan.people.items():
        names = [leads[desk], *(f"{desk}{number}" for number in range(2, count + 1))]
        found = [Member.objects.create_user(f"{n}@lime.example", name=n.capitalize(), role=Role.MEMBER) for n in names]
        DeskSeat.objects.bulk_create(DeskSeat(desk=desk, member=one) for one in found)
        business.people[desk] = found
        business.habits |= {one.pk: min(0.97, max(0.8, business.dice.gauss(0.9, 0.03))) for one in found}
        business.pace |= {one.pk: business.paces.lognormvariate(0, 0.12) for one in found}
        business.luck |= {one.pk: min(0.75, max(0.35, business.paces.gauss(0.55, 0.05))) for one in found}
    publish(FIRM.replace(", members: [bram]", ""), by=None, at=FIRST - timedelta(days=30))
    return owner


def _week(business: Business, week: int, owner: Member) -> None:
    """Let a week pass: weeks are uneven, and one in twelve is a holiday."""
    dice = business.dice
    busy = dice.lognormvariate(0, 0.2) * (0.5 if week % 12 == 7 else 1)
    for _number in range(_about(dice, business.plan.deals * busy)):
        _deal(business, week)
    for _number in range(_about(dice, business.plan.deals * 5 * busy)):
        _mail(business, week)
    _reviews(business, week, owner)


def _about(dice: Random, expected: float) -> int:
    """Return a number that scatters about the expected one as counts do."""
    return max(0, round(dice.gauss(expected, expected**0.5)))


def _at(business: Business, week: int, hours: float = 0.0) -> datetime:
    day = business.dice.randrange(5)
    return FIRST + timedelta(weeks=week, days=day, hours=business.dice.uniform(0, 7) + hours)


def _deal(business: Business, week: int) -> None:
    dice = business.dice
    owner, reach = dice.choice(business.people["sales"]), dice.choice([2, 3])
    if business.paces.random() < _luck(business, week, owner):
        reach = dice.choice([4, 5])
    at = _at(business, week)
    deal = business.keep(_blank_deal(business, at, owner))
    stood = ""
    for stage, desk in list(STAGES.items())[:reach]:
        at += timedelta(days=_days(business, week, owner, stood)) if stood else timedelta()
        stood = stage
        _stage(business, week, deal, stage, desk, at)
        if stage in ("enquiry", "agreed"):
            at += timedelta(hours=dice.uniform(1, 6))
            _handoff(business, week, deal, "intake-sales" if stage == "enquiry" else "sales-operations", at)
        _work(business, week, deal, desk, at)
    if stood not in WON_AT:
        _stage(
            business, week, deal, stood, STAGES[stood], at + timedelta(days=_days(business, week, owner, stood)), "lost"
        )


def _luck(business: Business, week: int, owner: Member) -> float:
    """Return how likely the deals of this person are to be won."""
    differs = business.goes_wrong("outcome", week) and owner == business.people["sales"][1]
    return 0.1 if differs else business.luck[owner.pk]


def _days(business: Business, week: int, owner: Member, stage: str) -> float:
    """Return how long a deal of this person stands at a stage, in days."""
    differs = business.goes_wrong("stay", week) and stage == "quoted" and owner == business.people["sales"][1]
    return business.paces.uniform(0.5, 2.5) * business.pace[owner.pk] * (3 if differs else 1)


def _blank_deal(business: Business, at: datetime, owner: Member) -> Deal:
    told = {"title": "Works", "stage": "enquiry", "desk": "sales", "owner": owner, "opened_at": at}
    return Deal(id=business.key(), recorded_at=at, touched_at=at, version=1, **told)


def _stage(
    business: Business, week: int, deal: Deal, stage: str, desk: str, at: datetime, status: str = "open"
) -> None:
    states = business.rows[DealState]
    if states and states[-1].deal_id == deal.pk:
        states[-1].ended_at = at
    differs = business.goes_wrong("stage", week) and stage == "quoted" and deal.owner == business.people["sales"][1]
    assert deal.owner_id
    shown = business.dice.random() < (0.25 if differs else business.habits[deal.owner_id])
    told = {"stage": stage, "shown": shown, "desk": desk, "owner": deal.owner, "currency": "GBP", "map_version": 1}
    told |= {"status": "won" if stage in WON_AT else status, "stage_since": at}
    if status == "lost":
        told["stage_since"] = states[-1].stage_since
    business.keep(DealState(deal=deal, began_at=at, **told))


def _handoff(business: Business, week: int, deal: Deal, handoff: str, at: datetime) -> None:
    dice = business.dice
    sending, receiving = handoff.split("-")
    degraded = business.goes_wrong("handoff", week) and handoff == "sales-operations"
    first = dice.random() < (0.5 if degraded else 0.9)
    told: dict[str, Any] = {"handoff": handoff, "from_desk": sending, "to_desk": receiving, "deal": deal}
    told |= {"state": "accepted" if first else "returned", "missing": [] if first else ["scope"]}
    told |= {"offered_by": deal.owner, "offered_at": at, "decided_at": at + 2 * HOUR}
    decided_by = dice.choice(business.people[receiving])
    row = business.keep(
        Handoff(id=business.key(), recorded_at=at, touched_at=at, version=1, decided_by=decided_by, **told)
    )
    for name in ("need",) if handoff == "intake-sales" else ("scope", "start_date", "key_holder"):
        if business.goes_wrong("capturing", week) and sending == "sales" and dice.random() < 0.7:
            continue
        fact = _fact(business, deal, name, dice.choice(business.people[sending]), at - HOUR)
        if first and not (business.goes_wrong("field", week) and name == "scope"):
            _use(business, fact, deal, "handoff", row.pk, decided_by, at + 2 * HOUR)


def _fact(business: Business, deal: Deal, name: str, by: Member, at: datetime) -> Fact:
    value = {"start_date": "2026-12-01", "key_holder": {"name": "Dana Whitlock"}}.get(name, "Windows, inside and out")
    told = {
        "record_kind": "deal",
        "record_id": deal.pk,
        "field": name,
        "value": value,
        "said_by": by,
        "channel": "screen",
    }
    seq = len(business.rows[Fact]) + 1
    return business.keep(
        Fact(id=business.key(), seq=seq, happened_at=at, recorded_at=at, salt=b"0" * 16, digest=b"0" * 32, **told)
    )


def _use(business: Business, fact: Fact, deal: Deal, where: str, of: UUID, by: Member, at: datetime) -> None:
    told = {"used_in": where, "used_in_id": of, "used_by": by, "used_at": at, "said_by": fact.said_by}
    business.keep(Use(id=business.key(), fact=fact, deal=deal, **told))


def _work(business: Business, week: int, deal: Deal, desk: str, at: datetime) -> None:
    """What a desk does on a deal at a stage: a call typed in, entries, a duty that falls due."""
    dice, who = business.dice, business.people[desk]
    by = deal.owner if desk == "sales" else dice.choice(who)
    assert by is not None
    silent = business.goes_wrong("capturing", week) and desk == "sales" and dice.random() < 0.7
    if not silent:
        _typed(business, week, deal, desk, by, at)
        for day in range(2):
            _fact(business, deal, "next_step", by, at + timedelta(days=day))
    _duty(business, week, deal, desk, by, at)


def _typed(business: Business, week: int, deal: Deal, desk: str, by: Member, at: datetime) -> None:
    later = business.goes_wrong("typing later", week) and desk == "sales"
    prompt = business.dice.random() < (0.45 if later else 0.8)
    lag = timedelta(minutes=business.dice.uniform(1, 50) if prompt else business.dice.uniform(90, 2000))
    told: dict[str, Any] = {"kind": "call", "direction": "out", "channel": "screen", "author": by, "deal": deal}
    _interaction(business, at, at + lag, filed_at=at + lag, audience="full", **told)


def _interaction(business: Business, happened: datetime, recorded: datetime, **told: Any) -> Interaction:
    key = business.key()
    kept = {"recorded_at": recorded, "touched_at": recorded, "version": 1, "happened_at": happened, "thread": key}
    return business.keep(Interaction(id=key, **kept, **told))


def _duty(business: Business, week: int, deal: Deal, desk: str, by: Member, at: datetime) -> None:
    dice = business.dice
    late = business.goes_wrong("duties", week) and desk == "sales"
    due, kept = at + 4 * HOUR, dice.random() < (0.55 if late else 0.9)
    closed = due - HOUR if kept else due + timedelta(days=dice.uniform(0.2, 3))
    told = {"behavior": "set-next-step", "scope": str(business.key()), "state": "closed", "deal": deal, "owed_by": by}
    told |= {"subject_kind": "deal", "subject_id": deal.pk, "opened_by": business.key(), "desk": desk}
    times = {"opened_at": at, "started_at": at, "due_at": due, "closed_at": closed, "settled_at": closed}
    business.keep(Duty(id=business.key(), recorded_at=at, touched_at=at, version=1, **told, **times))


def _mail(business: Business, week: int) -> None:
    deals = business.rows[Deal]
    if deals:
        at = _at(business, week)
        told = {"kind": "email", "direction": "in", "channel": "email", "deal": business.dice.choice(deals[-40:])}
        _interaction(
            business, at, at + timedelta(seconds=40), filed_at=at + timedelta(seconds=40), audience="full", **told
        )


def _reviews(business: Business, week: int, owner: Member) -> None:
    """The Monday meeting decides from Baton; where management goes back to spreadsheets, it mostly doesn't."""
    dice, wrong = business.dice, business.goes_wrong("spreadsheets", week)
    at = FIRST + timedelta(weeks=week, hours=1)
    dead = "scope" if business.goes_wrong("field", week) else ""
    facts = [one for one in business.rows[Fact][-60:] if one.field != dead]
    decided = _about(dice, business.plan.deals * (0.3 if wrong else 0.8))
    for fact in dice.sample(facts, min(len(facts), decided)):
        _use(business, fact, Deal(id=fact.record_id), "review", business.key(), owner, at)
    for _number in range(dice.choice([1, 2]) if wrong else int(dice.random() < 0.08)):
        told: dict[str, Any] = {"kind": "email", "direction": "internal", "channel": "email", "audience": "full"}
        told |= {"from_address": owner.email, "parts": {"side_channel": [{"file": "pipeline.xlsx", "rows": 40}]}}
        _interaction(business, at, at, **told)


def mondays() -> list[date]:
    """Return the first day of each week of a business."""
    return [(FIRST + timedelta(weeks=week)).date() for week in range(WEEKS)]
