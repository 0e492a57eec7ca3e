"""How deals live: when they begin and end, which stages they pass, what is said about them, and what is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from baton.kernel.clock import stamp
from bench import words

JOBS = ["Facilities manager", "Office manager", "Director", "Buyer", "Caretaker", "Head of estates"]
REGIONS = ["Quayside", "North Tyne", "Coast", "City", "Blyth"]
FREQUENCIES = ["once", "weekly", "fortnightly", "monthly", "seasonal"]
STEPS = [
    "Call back",
    "Send the quote",
    "Visit the site",
    "Book the crew",
    "Ask for the order number",
    "Send the report",
]
GOING_ON = 0.4
"""The share of deals that some desk still works on when the year ends."""
AT_ITS_STAGE = 0.8
"""The share of stages that something shows."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the map: its desk, the kind of event that shows it, and the deal's status from there on."""

    id: str
    desk: str
    shown_by: str
    detail: str
    status: str


@dataclass(frozen=True, slots=True)
class Step:
    """One interaction to come; `shows` is an event that a member finds in it. `late` seconds until it was received."""

    kind: str = "email"
    direction: str = "in"
    parts: dict[str, Any] = field(default_factory=dict)
    shows: str = ""
    file: bool = False
    late: int = 0


def plain_step(dice: Random) -> Step:
    """Return an interaction of no consequence."""
    kind, direction = dice.choices(
        [("email", "in"), ("email", "out"), ("call", "in"), ("call", "out"), ("note", "internal")],
        weights=[46, 40, 4, 4, 6],
    )[0]
    return Step(kind, direction, file=kind == "email" and dice.random() < 0.08, late=dice.randint(0, 40))


@dataclass(slots=True)
class Life:
    """One deal's life. `turns` are (moment, stage) for each stage it entered; `owners` (moment, member)."""

    began: datetime
    ended: datetime
    status: str
    service: str
    turns: list[tuple[datetime, Stage]]
    owners: list[tuple[datetime, UUID]]

    def owner_at(self, at: datetime) -> UUID:
        """Return whose it was."""
        return (
            [owner for since, owner in self.owners if since <= at][-1] if self.owners[0][0] <= at else self.owners[0][1]
        )

    def moments(self, dice: Random, count: int) -> list[tuple[datetime, Step]]:
        """Return the interactions: what shows the stages, and mail, calls and notes between."""
        proofs = [(at, step) for at, stage in self.turns if (step := _proof(stage, dice))]
        length = (self.ended - self.began) / max(1, count)
        rest = [
            (self.began + length * (place + dice.random()), plain_step(dice))
            for place in range(max(1, count - len(proofs)))
        ]
        return sorted([*proofs, *rest][:count], key=lambda pair: pair[0])

    def facts(
        self, dice: Random, title: str, company: str, contact: str
    ) -> Iterator[tuple[datetime, UUID, dict[str, Any]]]:
        """Yield (moment, who, values) in the order in which they were told."""
        owner, first = self.owners[0][1], self.turns[0][1]
        opened = {"title": title, "stage": first.id, "desk": first.desk, "owner": str(owner)}
        opened |= {
            "company": company,
            "contact": contact,
            "service": self.service,
            "source": dice.choice(words.SOURCES),
        }
        yield self.began, owner, opened | _known_at(dice, 0, self.began)
        for number, (at, stage) in enumerate(self.turns[1:], start=1):
            yield at, self.owner_at(at), self._turned(number, at, stage) | _known_at(dice, number, at)
        if self.status in {"lost", "done"}:
            lost = {"lost_reason": "price"} if self.status == "lost" else {}
            yield self.ended, self.owner_at(self.ended), {"status": self.status} | lost
        elif dice.random() < 0.85:
            step = {"what": dice.choice(STEPS), "at": stamp(self.ended + timedelta(days=dice.randint(0, 14)))}
            yield self.ended, self.owner_at(self.ended), {"next_step": step | {"by": str(self.owner_at(self.ended))}}

    def _turned(self, number: int, at: datetime, stage: Stage) -> dict[str, Any]:
        values: dict[str, Any] = {"stage": stage.id}
        before = self.turns[number - 1][1]
        if before.desk != stage.desk:
            values |= {"desk": stage.desk, "owner": str(self.owner_at(at))}
        if before.status != stage.status:
            values |= {"status": stage.status}
        return values


def _known_at(dice: Random, number: int, at: datetime) -> dict[str, Any]:
    """Return what becomes known of a deal when it enters its nth stage: columns, and fields of the map."""
    if number == 0:
        site = f"{dice.randint(1, 120)} {dice.choice(words.PLACE)} Road"
        told: dict[str, Any] = {"site_address": site, "region": dice.choice(REGIONS)}
        told |= {"wanted_from": _day(at, dice.randint(20, 120)), "amount": _money(dice)}
        return told | {"close_date": _day(at, dice.randint(30, 150))}
    if number == 1:
        name = f"{dice.choice(words.FIRST)} {dice.choice(words.LAST)}"
        return {"decision_maker": {"name": name}, "scope": words.sentences(dice, 2), "key_holder": {"name": name}}
    if number == 2:
        told = {
            "amount": _money(dice),
            "start_date": _day(at, dice.randint(10, 60)),
            "frequency": dice.choice(FREQUENCIES),
        }
        return told | {
            "crew_hours": f"{dice.randint(4, 7):02}:00-{dice.randint(8, 22):02}:00",
            "site_access": "Barrier code",
        }
    return {"purchase_order": f"PO-{dice.randint(10_000, 99_999)}"} if number == 3 else {}


def _money(dice: Random) -> dict[str, Any]:
    return {
        "minor": int(dice.lognormvariate(13.6, 1.1)) // 100 * 100,
        "currency": "EUR" if dice.random() < 0.06 else "GBP",
    }


def _day(at: datetime, days: int) -> str:
    return (at + timedelta(days=days)).date().isoformat()


def _proof(stage: Stage, dice: Random) -> Step | None:
    """Return the interaction that shows a stage, for most of them."""
    if dice.random() > AT_ITS_STAGE:
        return None
    match stage.shown_by:
        case "interaction.in":
            return Step()
        case "meeting.held":
            return Step("meeting", "out")
        case "document.out":
            return Step(direction="out", parts={"documents": [{"kind": stage.detail}]}, file=True)
        case shown_by:
            return Step(shows=shown_by)


def life(dice: Random, until: datetime, stages: list[Stage], desks: dict[str, list[UUID]], number: int) -> Life:
    """Make up one deal's life. What still goes on was last written about in the last days of the year."""
    goes_on = dice.random() < GOING_ON
    length = timedelta(days=dice.randint(20, 120))
    ended = until - timedelta(hours=dice.randint(1, 110)) if goes_on else until - timedelta(days=dice.uniform(5, 365))
    reached = dice.randint(1, len(stages)) if goes_on or dice.random() < 0.55 else dice.randint(1, 3)
    passed = stages[:reached]
    pace = length / (len(passed) + 1)
    turns = [(ended - length + pace * place, stage) for place, stage in enumerate(passed)]
    owners = [
        (at, desks[stage.desk][(number + place) % len(desks[stage.desk])]) for place, (at, stage) in enumerate(turns)
    ]
    kept = [pair for place, pair in enumerate(owners) if place == 0 or passed[place].desk != passed[place - 1].desk]
    status = passed[-1].status if goes_on else ("lost" if passed[-1].status == "open" else "done")
    return Life(turns[0][0], ended, status, dice.choice(words.SERVICES), turns, kept)
