"""Commission in the map: who is paid what share of which deals, on what, and in which periods; and number series.

A map without such rules pays none, and has no such page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from baton.map import phrases
from baton.map.elements import Element, name_from
from baton.map.phrases import PersonReader, write_percent, write_person
from baton.map.section import Notes, Section

PaidOn = Literal["won", "invoiced", "paid"]
Every = Literal["month", "quarter"]
PAID_ON: tuple[PaidOn, ...] = ("won", "invoiced", "paid")
EVERY: tuple[Every, ...] = ("month", "quarter")
SERIES = ("quote", "job")
FORM = re.compile(r"(?P<head>.*?)(?P<first>\d{1,12})")


@dataclass(frozen=True, slots=True)
class Tier:
    """From a sum on (whole units of the business’s currency, within one period), this share of 1 is paid."""

    begins: int
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionRule(Element):
    """What the owners of deals earn. `who` are addresses; `services` narrow it, none means all of them.

    `rate` and those of the tiers are shares of 1. `split` gives others a share of what each deal earns, the owner has
    the rest: address → share. `target` is what each of `who` is to reach in a period, in whole units.
    """

    who: tuple[str, ...]
    services: tuple[str, ...] = ()
    paid_on: PaidOn = "paid"
    every: Every = "month"
    rate: float = 0.0
    tiers: tuple[Tier, ...] = ()
    split: tuple[tuple[str, float], ...] = ()
    target: int | None = None

    def covers(self, service: str) -> bool:
        """Whether deals of a service fall under this rule."""
        return not self.services or service.lower() in {one.lower() for one in self.services}


def read_rule(key: str, at: Section, person: PersonReader) -> CommissionRule:
    """Read one rule; what is wrong is noted at its line."""
    at.only("name", "id", "who", "services", "paid_on", "every", "rate", "tiers", "split", "target")
    return CommissionRule(
        key=key,
        name=at.text("name") or name_from(key),
        id=at.text("id") or key,
        who=at.each_parsed("who", person, _("say whose deals earn it")),
        services=at.texts("services"),
        paid_on=at.choice("paid_on", PAID_ON, "paid", _("say what it is paid on: `won`, `invoiced` or `paid`")),
        every=at.choice("every", EVERY, "month"),
        rate=at.parsed("rate", phrases.read_percent, 0.0, _("say which share is paid, e.g. `4%`")),
        tiers=tuple(_tier(each) for each in at.listed("tiers", str(_("tier")))),
        split=_split(at, person),
        target=at.parsed("target", _whole, None),
    )


def _tier(at: Section) -> Tier:
    at.only("from", "rate")
    begins = at.parsed("from", _whole, 0, _("say from which sum on, e.g. `50000`"))
    return Tier(begins, at.parsed("rate", phrases.read_percent, 0.0, _("say which share is paid from there on")))


def _whole(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 13:
        return int(text)
    raise ValueError(_("“{text}” isn’t a whole sum: write digits alone, like `50000`.").format(text=text))


def _split(at: Section, person: PersonReader) -> tuple[tuple[str, float], ...]:
    section = at.section("split", str(_("the split")))
    if section is None:
        return ()
    found = []
    for key in section.node.items:
        try:
            who = person(key)
        except ValueError as why:
            section.notes.add(section.node.keys[key], str(why))
            continue
        found.append((who, section.parsed(key, phrases.read_percent, 0.0)))
    return tuple(found)


def written_rule(rule: CommissionRule, owner: str) -> dict[str, Any]:
    """The rule as the entries of its YAML."""
    return {
        "name": "" if rule.name == name_from(rule.key) else rule.name,
        "id": "" if rule.id == rule.key else rule.id,
        "who": [write_person(each, owner) for each in rule.who],
        "services": list(rule.services),
        "paid_on": rule.paid_on,
        "every": "" if rule.every == "month" else rule.every,
        "rate": write_percent(rule.rate),
        "target": "" if rule.target is None else str(rule.target),
        "tiers": [{"from": str(tier.begins), "rate": write_percent(tier.rate)} for tier in rule.tiers],
        "split": {write_person(who, owner): write_percent(share) for who, share in rule.split},
    }


def check_rules(rules: Mapping[str, CommissionRule], notes: Notes) -> None:
    """Note what no statement could follow: tiers out of order, shares of more than all, two rules for one deal."""
    for rule in rules.values():
        path, called = ("commission", rule.key), _("commission rule “{key}”").format(key=rule.key)
        if any(after.begins <= before.begins for before, after in pairwise(rule.tiers)):
            notes.at((*path, "tiers"), _("{rule}: each tier begins above the one before").format(rule=called))
        if sum(share for _who, share in rule.split) >= 1:
            said = _("{rule} gives everything away: the owner of the deal has what the others leave").format(
                rule=called
            )
            notes.at((*path, "split"), said)
    _refuse_twice(list(rules.values()), notes)


def _refuse_twice(rules: list[CommissionRule], notes: Notes) -> None:
    for place, rule in enumerate(rules):
        for other in rules[:place]:
            both = set(rule.who) & set(other.who)
            services = {one.lower() for one in rule.services} & {one.lower() for one in other.services}
            if both and (services or not rule.services or not other.services):
                said = _("commission rules “{one}” and “{other}” would both pay {who} for the same deal").format(
                    one=other.key, other=rule.key, who=", ".join(sorted(both))
                )
                notes.at(("commission", rule.key), said, _("name other people, or other services"))


def read_numbers(root: Section) -> dict[str, str]:
    """Read the series of numbers that Baton gives out: what it is for → the first one (`Q-0413`)."""
    section = root.section("numbers", str(_("the numbers")))
    if section is None:
        return {}
    section.only(*SERIES)
    told = {key: section.parsed(key, _first_number, "") for key in SERIES}
    return {key: first for key, first in told.items() if first}


def _first_number(text: str) -> str:
    if FORM.fullmatch(text) and len(text) <= 40:
        return text
    raise ValueError(
        _("“{text}” isn’t a number to begin with: write it as the first one, like `Q-0001`.").format(text=text)
    )


def numbered(first: str, place: int) -> str:
    """The number at a place of a series (0 is the first), as wide as the first one: `Q-0413`, `Q-0414`."""
    found = FORM.fullmatch(first)
    assert found is not None
    return f"{found['head']}{int(found['first']) + place:0{len(found['first'])}}"
