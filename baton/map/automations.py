"""Automations in the map: when something happens and conditions hold, do this, standing on facts that are sure enough.

What an automation relies on is written beside what it does: each fact with how fresh, how sure and from whom. The
map's own freshness holds where nothing else is said. Whether it is switched on is no part of the map.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.utils.translation import gettext_lazy as _

from baton.map import phrases
from baton.map.durations import Within, parse_days, parse_within
from baton.map.elements import Element, Who, name_from
from baton.map.events import EventPattern, parse_event
from baton.map.phrases import PersonReader, write_who
from baton.map.section import Section

DeedKind = Literal["assign", "next_step", "duty", "send", "handoff", "confirm", "call", "tell"]
Test = Literal["is", "is not", "over", "under", "known", "missing", "unanswered"]
SureKind = Literal["person", "message", "table", "program", "rule"]
DEEDS: tuple[DeedKind, ...] = get_args(DeedKind)
SURE: tuple[SureKind, ...] = get_args(SureKind)
SENDER = "sender"
"""Not a field: who sent the message that set an automation off."""
PLACE = re.compile(r"\{([a-z0-9_.-]{1,60})\}")
WORDS = ("contact", "first_name", "company", "deal", "owner", "business", "meeting")
"""What a text can name beside fields."""
USUAL_LIMIT = 50
MOST_A_DAY = 500
LIMIT = re.compile(r"(\d{1,3}) a day")
TIMING = re.compile(r"(?P<span>.+?) (?P<way>later|before its time|before (?P<field>[a-z0-9_.-]+))")
CONDITION = re.compile(
    r"(?P<field>[a-z0-9_.-]+) (?:(?P<alone>known|missing)|(?P<test>is not|is|over|under) (?P<value>.+))"
)


@dataclass(frozen=True, slots=True)
class Timing:
    """When it acts: so long after what happened (`later`), before the time it is about, or before a date (`field`)."""

    span: Within
    way: Literal["later", "before its time", "before"]
    field: str = ""

    def __str__(self) -> str:
        return f"{self.span} {self.way} {self.field}".strip()


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be so. `field` names a field; `unanswered` asks that nobody has written back since."""

    test: Test
    field: str = ""
    value: str = ""

    def __str__(self) -> str:
        return self.test if self.test == "unanswered" else f"{self.field} {self.test} {self.value}".strip()


@dataclass(frozen=True, slots=True)
class Reliance:
    """A fact that an automation stands on: for how many days it is fresh, from which kinds of source, from whom.

    Without `fresh_for` the map's own freshness holds; without `sure` any confirmed value will do.
    """

    field: str
    fresh_for: int | None = None
    sure: tuple[SureKind, ...] = ()
    said_by: Who | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that it does. `who` is assigned, asked or told; `name` a handoff, a field, or the name of a call."""

    kind: DeedKind
    text: str = ""
    subject: str = ""
    who: Who | None = None
    within: Within | None = None
    name: str = ""

    @property
    def places(self) -> list[str]:
        """The names in braces of its texts, each once."""
        return list(dict.fromkeys(PLACE.findall(f"{self.subject} {self.text}")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation(Element):
    """When, if, do; and what it relies on. `held_by` is the behavior by which people did the same by hand.

    `at_most` is how often it may act on one day.
    """

    when: EventPattern
    acts: Timing | None = None
    conditions: tuple[Condition, ...] = ()
    deeds: tuple[Deed, ...] = ()
    relies_on: tuple[Reliance, ...] = ()
    at_most: int = USUAL_LIMIT
    held_by: str = ""
    so_that: str = ""

    @property
    def sends(self) -> bool:
        """Whether it writes to a customer."""
        return any(deed.kind == "send" for deed in self.deeds)

    def deed(self, kind: DeedKind) -> Deed | None:
        """Return what it does of this kind."""
        return next((deed for deed in self.deeds if deed.kind == kind), None)


# Reading


def read_automation(key: str, at: Section, person: PersonReader) -> Automation:
    """Read one automation; what is wrong is noted at its line."""
    at.only("name", "id", "when", "acts", "if", "do", "relies_on", "at_most", "held_by", "so_that")
    event = _("say which event sets it off, e.g. `interaction in from customer`")
    return Automation(
        key=key,
        name=at.text("name") or name_from(key),
        id=at.text("id") or key,
        when=at.parsed("when", parse_event, EventPattern(""), event),
        acts=at.parsed("acts", read_timing, None),
        conditions=at.each_parsed("if", read_condition),
        deeds=tuple(_deeds(at, person)),
        relies_on=tuple(_reliances(at, person)),
        at_most=at.parsed("at_most", read_limit, USUAL_LIMIT),
        held_by=at.text("held_by"),
        so_that=at.text("so_that", _("say what it is for")),
    )


def read_timing(text: str) -> Timing:
    """Read `2 working hours later`, `1 day before its time`, `90 days before renewal_date`."""
    found = TIMING.fullmatch(text.lower())
    if not found:
        said = _("“{text}” isn’t a moment: write `2 days later`, `1 day before its time` or `90 days before` a date.")
        raise ValueError(said.format(text=text))
    span, field = parse_within(found["span"]), found["field"] or ""
    if field == "its":
        raise ValueError(_("“{text}” isn’t a moment: write `1 day before its time`.").format(text=text))
    way = "before" if field else found["way"]
    return Timing(span, way, field)


def read_condition(text: str) -> Condition:
    """Read `stage is quoted`, `amount over 5000`, `owner missing`, `unanswered`."""
    low = " ".join(text.split())
    if low.lower() == "unanswered":
        return Condition("unanswered")
    found = CONDITION.fullmatch(low)
    if not found:
        said = _(
            "“{text}” isn’t a condition: write `stage is quoted`, `amount over 5000`, `owner missing`, `unanswered`."
        )
        raise ValueError(said.format(text=text))
    return Condition(found["alone"] or found["test"], found["field"], found["value"] or "")


def read_limit(text: str) -> int:
    """Read `20 a day`."""
    found = LIMIT.fullmatch(text.lower())
    if not found or not 0 < int(found[1]) <= MOST_A_DAY:
        said = _("“{text}” isn’t a limit: write how often it may act on one day, like `20 a day`, at most {most}.")
        raise ValueError(said.format(text=text, most=MOST_A_DAY))
    return int(found[1])


def read_sure(text: str) -> tuple[SureKind, ...]:
    """Read `confirmed` (any source will do), or kinds of source: `person or message`."""
    if text.lower() == "confirmed":
        return ()
    named = [part.strip() for part in re.split(r" or |,", text.lower())]
    known = [kind for kind in SURE if kind in named]
    if len(known) < len(named):
        said = _("“{text}” doesn’t say how sure: write `confirmed`, or kinds of source among {known}.")
        raise ValueError(said.format(text=text, known=", ".join(f"`{kind}`" for kind in SURE)))
    return tuple(known)


def _reliances(at: Section, person: PersonReader) -> Iterator[Reliance]:
    section = at.section("relies_on", str(_("what it relies on")))
    if section is None:
        return
    for field in section.node.items:
        if not section.has(field):
            yield Reliance(field)
            continue
        told = section.section(field, str(_("what it relies on: {field}").format(field=field)))
        if told:
            told.only("fresh_for", "sure", "said_by")
            days = told.parsed("fresh_for", parse_days, None)
            who = told.parsed("said_by", phrases.who_reader(person), None)
            yield Reliance(field, days, told.parsed("sure", read_sure, ()), who)


def _deeds(at: Section, person: PersonReader) -> Iterator[Deed]:
    hint = str(_("say what it does, e.g. `next_step: {what: Ring them, within: 1 working day}`"))
    section = at.section("do", str(_("what it does")), hint)
    if section is None:
        return
    section.only(*DEEDS)
    for kind in section.node.items:
        if kind in DEEDS and section.has(kind):
            deed = _READERS[kind](section, person)
            if deed:
                yield deed


def _assign(do: Section, person: PersonReader) -> Deed:
    return Deed("assign", who=do.parsed("assign", phrases.who_reader(person), None))


def _named(kind: DeedKind) -> Any:
    return lambda do, _person: Deed(kind, name=do.text(kind))


def _grouped(kind: DeedKind) -> Any:
    """A deed with parts of its own: what, for whom, within what time."""

    def read(do: Section, person: PersonReader) -> Deed | None:
        told = do.section(kind, kind)
        if told is None:
            return None
        told.only(*PARTS[kind])
        who, within = PARTS[kind][-1], "within"
        return Deed(
            kind,
            text=_lines(told, PARTS[kind][0], _("write the words")),
            subject=told.text("subject"),
            who=told.parsed(who, phrases.who_reader(person), None) if who != "subject" else None,
            within=told.parsed(within, parse_within, None) if within in PARTS[kind] else None,
        )

    return read


PARTS: dict[str, tuple[str, ...]] = {
    "next_step": ("what", "within", "by"),
    "duty": ("what", "owed_by"),
    "send": ("text", "subject"),
    "tell": ("what", "who"),
}
_READERS: dict[str, Any] = {
    "assign": _assign,
    "next_step": _grouped("next_step"),
    "duty": _grouped("duty"),
    "send": _grouped("send"),
    "tell": _grouped("tell"),
    "handoff": _named("handoff"),
    "confirm": _named("confirm"),
    "call": _named("call"),
}


def _lines(at: Section, key: str, needed: str) -> str:
    """Words with their line breaks as they are written; of everything else in a map they don't matter."""
    if not at.text(key, needed):
        return ""
    return "\n".join(line.rstrip() for line in at.node.items[key].text.strip().splitlines())  # type: ignore[union-attr]


# Writing


def written_automation(each: Automation, owner: str) -> dict[str, Any]:
    """The automation as the entries of its YAML."""
    return {
        "name": "" if each.name == name_from(each.key) else each.name,
        "id": "" if each.id == each.key else each.id,
        "when": each.when.phrase,
        "acts": str(each.acts) if each.acts else "",
        "if": [str(condition) for condition in each.conditions],
        "do": {deed.kind: _written_deed(deed, owner) for deed in each.deeds},
        "relies_on": {one.field: _written_reliance(one, owner) for one in each.relies_on},
        "at_most": "" if each.at_most == USUAL_LIMIT else f"{each.at_most} a day",
        "held_by": each.held_by,
        "so_that": each.so_that,
    }


def _written_deed(deed: Deed, owner: str) -> Any:
    if deed.kind == "assign":
        return write_who(deed.who, owner) if deed.who else ""
    if deed.kind not in PARTS:
        return deed.name
    what, *rest = PARTS[deed.kind]
    parts = {what: deed.text, "subject": deed.subject, "within": str(deed.within) if deed.within else ""}
    who = write_who(deed.who, owner) if deed.who else ""
    told = {name: parts.get(name, who) for name in (*(rest if deed.kind == "send" else ()), what, *rest)}
    return {name: text for name, text in told.items() if text}


def _written_reliance(one: Reliance, owner: str) -> Any:
    told = {
        "fresh_for": "" if one.fresh_for is None else f"{one.fresh_for} days",
        "sure": " or ".join(one.sure) or "confirmed",
        "said_by": write_who(one.said_by, owner) if one.said_by else "",
    }
    return {name: text for name, text in told.items() if text}


def fields_named(each: Automation) -> Iterable[str]:
    """Every field that an automation names, wherever: in a condition, a text, a moment, or what it relies on."""
    yield from (one.field for one in each.conditions if one.field)
    yield from (one.field for one in each.relies_on if one.field != SENDER)
    yield from (place for deed in each.deeds for place in deed.places if place not in WORDS)
    yield from (deed.name for deed in each.deeds if deed.kind == "confirm")
    yield from (each.acts.field,) if each.acts and each.acts.field else ()
