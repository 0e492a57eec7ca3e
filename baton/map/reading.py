"""YAML to a map. Every problem carries its line and is a sentence that its author can act on."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

from baton.map import phrases
from baton.map.automations import read_automation
from baton.map.commission import read_numbers, read_rule
from baton.map.durations import Within, parse_days, parse_within
from baton.map.elements import (
    FIELD_TYPES,
    NOWHERE,
    PAGES,
    READ_BY_TYPE,
    READINGS,
    SHARED_KINDS,
    Behavior,
    Charter,
    Decision,
    Desk,
    Element,
    Field,
    Goal,
    Handoff,
    OwedBy,
    Share,
    Stage,
    handoff_name,
    name_from,
    page_meant,
    page_named,
)
from baton.map.events import EventPattern, parse_event
from baton.map.marked import Listing, Mapped, Problem, Unreadable, parse
from baton.map.phrases import PersonReader
from baton.map.schema import OperatingMap
from baton.map.section import Notes, Section, nearest
from baton.map.validation import check, check_size
from baton.members.hours import Span, WorkingHours, weekdays

Named = TypeVar("Named", bound=Element)
NO_EVENT = EventPattern("")
NO_TIME = Within(0)
NO_HOURS = weekdays("UTC", phrases.read_clock("09:00"), phrases.read_clock("17:00"))
PROOFS = ("weight", "handoff", "commission")
SHARES: tuple[Share, ...] = ("everything", "subject", "nothing")


def read_map(text: str, *, trusted: bool = False) -> tuple[OperatingMap | None, list[Problem]]:
    """The map in this YAML, or `None` and what is wrong with it, in the order of its lines.

    `trusted` leaves out the rules of the business (`validation`): a published version stays readable when rules grow.
    """
    drawn, problems = read_as_far(text, trusted=trusted)
    return (None if problems else drawn), problems


def read_as_far(text: str, *, trusted: bool = False) -> tuple[OperatingMap | None, list[Problem]]:
    """The map as far as it can be read, whatever is wrong with it: what a draft is drawn from. `None`: it isn't YAML.

    What is missing stands at a harmless value, and what is named may not exist.
    """
    try:
        root = parse(text)
    except Unreadable as why:
        return None, [why.problem]
    if not isinstance(root, Mapped):
        return None, [Problem(root.line, root.column, str(_("A map begins with `business:` and its name.")))]
    notes = Notes()
    drawn = _map(Section(root, (), str(_("The map")), notes))
    if not trusted:
        check(drawn, notes)
    return drawn, sorted(notes.problems, key=lambda problem: (problem.line, problem.column))


def check_map(text: str, *, small: bool = False) -> list[Problem]:
    """What is wrong with this YAML; `small` also holds it to the size of a map to start from."""
    drawn, problems = read_map(text)
    return problems or (check_size(drawn) if small and drawn else [])


def _map(root: Section) -> OperatingMap:
    owner = _owner(root)
    person = phrases.person_reader(owner)
    root.only(*SECTIONS)
    return OperatingMap(
        business=root.text("business", _("say whose map it is")),
        purpose=root.text("purpose", _("say in one sentence what the business wants from it")),
        charter=_charter(root),
        owner=owner,
        deputy=root.parsed("deputy", person, ""),
        review=root.parsed("review", phrases.read_date, None),
        visibility=root.parsed("visibility", phrases.read_visibility, "everyone"),
        sharing=_sharing(root),
        own_figures=root.each_parsed("own_figures", phrases.read_looker),
        hours=_hours(root),
        currency=root.parsed("currency", _currency, "EUR"),
        languages=root.texts("languages") or ("en",),
        conflict_check=root.yes("conflict_check"),
        lost_because=root.texts("lost_because"),
        exceptions=root.texts("exceptions"),
        desks=_elements(root, "desks", _("desk “{key}”"), lambda key, at: _desk(key, at, person)),
        stages=_elements(root, "stages", _("stage “{key}”"), _stage),
        successors=_successors(root),
        fields=_elements(root, "fields", _("field “{key}”"), _field, needed=False),
        handoffs=_elements(root, "handoffs", _("handoff “{key}”"), _handoff, needed=False),
        behaviors=_elements(root, "behaviors", _("behavior “{key}”"), lambda key, at: _behavior(key, at, person)),
        decisions=_elements(
            root, "decisions", _("decision “{key}”"), lambda key, at: _decision(key, at, person), needed=False
        ),
        automations=_elements(
            root,
            "automations",
            _("automation “{key}”"),
            lambda key, at: read_automation(key, at, person),
            needed=False,
        ),
        commission=_elements(
            root,
            "commission",
            _("commission rule “{key}”"),
            lambda key, at: read_rule(key, at, person),
            needed=False,
        ),
        numbers=read_numbers(root),
        goals=tuple(_goal(at) for at in root.listed("goals", str(_("goal")))),
    )


SECTIONS = (
    "business", "purpose", "charter", "visibility", "sharing", "own_figures", "owner", "deputy", "review", "hours",
    "currency", "languages", "conflict_check", "lost_because", "exceptions", "desks", "stages", "successors", "fields",
    "handoffs", "behaviors", "decisions", "automations", "commission", "numbers", "goals",
)  # fmt: skip
"""What a map may hold, in the order in which it is written. A later release adds its section here and in `_map`."""


def _owner(root: Section) -> str:
    node = root.node.items.get("owner")
    if isinstance(node, Listing):
        root.notes.add(node, _("A map has exactly one owner"), _("name one person here, the other as `deputy`"))
        return ""
    return root.parsed("owner", phrases.read_email, "", _("name the one person who answers for it, by address"))


def _charter(root: Section) -> Charter:
    at = root.section("charter", str(_("the charter")))
    if at is None:
        return Charter()
    at.only("supports", *FLOW)
    return Charter(supports=at.texts("supports"), **{word: at.text(word) for word in FLOW})


FLOW = ("facts_begin", "needed_next", "decided_from", "breaks_at")
"""How work flows now, in the order in which it is asked."""


def _currency(text: str) -> str:
    if len(text) == 3 and text.isalpha() and text.isascii():
        return text.upper()
    raise ValueError(_("“{text}” isn’t a currency: write for instance `GBP` or `EUR`.").format(text=text))


def _sharing(root: Section) -> Mapping[str, Share]:
    section = root.section("sharing", "sharing")
    if section is None:
        return {}
    section.only(*SHARED_KINDS)
    return {kind: section.choice(kind, SHARES, "everything") for kind in section.node.items if kind in SHARED_KINDS}


def _successors(root: Section) -> Mapping[str, str]:
    section = root.section("successors", "successors")
    return (
        {removed: section.text(removed, _("say where its deals go")) for removed in section.node.items}
        if section
        else {}
    )


def _elements(
    root: Section, group: str, called: str, read: Callable[[str, Section], Named], *, needed: bool = True
) -> dict[str, Named]:
    hint = str(_("a map needs at least one")) if needed else ""
    return {key: read(key, at) for key, at in root.named(group, str(called), hint)}


def _naming(key: str, at: Section) -> dict[str, str]:
    return {"key": key, "name": at.text("name") or name_from(key), "id": at.text("id") or key}


def _desk(key: str, at: Section, person: PersonReader) -> Desk:
    at.only("name", "id", "lead", "members", "capture", "opens_deals")
    lead = at.parsed("lead", person, "", _("name who leads it, or nobody accepts what is handed to it"))
    members = at.each_parsed("members", person)
    return Desk(
        **_naming(key, at),
        lead=lead,
        members=tuple(dict.fromkeys(each for each in (lead, *members) if each)),
        capture=at.parsed("capture", phrases.read_capture, ""),
        opens_deals=at.yes("opens_deals"),
    )


def _stage(key: str, at: Section) -> Stage:
    at.only("name", "id", "desk", "entered_by", "weight", "closes", "opens", "proof_for")
    shows = _("say which event shows it, e.g. `document out quote`")
    proof_for = at.texts("proof_for")
    return Stage(
        **_naming(key, at),
        desk=at.text("desk", _("say which desk it belongs to")),
        entered_by=at.parsed("entered_by", parse_event, NO_EVENT, shows),
        weight=at.parsed("weight", phrases.read_percent, None),
        closes=at.choice("closes", ("won", "lost"), None),
        opens=at.parsed("opens", phrases.read_linked, ""),
        proof_for=tuple(each for each in PROOFS if each in proof_for) if at.has("proof_for") else PROOFS,
    )


def _field(key: str, at: Section) -> Field:
    at.only(
        "name", "id", "type", "on", "choices", "caught_at", "needed_by", "breaks", "fresh_for", "read_from", "heard_as"
    )
    kind = at.choice("type", FIELD_TYPES, "text", _("say what it holds, e.g. `text`, `date`, `money`, `contact`"))
    return Field(
        **_naming(key, at),
        type=kind,
        on=at.choice("on", ("deal", "contact", "company"), "deal"),
        choices=at.texts("choices", _("list what can be chosen") if kind == "choice" else ""),
        caught_at=at.text("caught_at"),
        needed_by=at.each_parsed("needed_by", phrases.read_consumer),
        breaks=at.text("breaks", _("say what goes wrong when it is wrong; if nothing does, leave the field out")),
        fresh_for=at.parsed("fresh_for", parse_days, None),
        read_from=_readings(at) if at.has("read_from") else READ_BY_TYPE.get(kind, ()),
        heard_as=at.texts("heard_as"),
    )


def _readings(at: Section) -> tuple[str, ...]:
    if at.text("read_from") == "nothing":
        return ()
    return at.each_parsed("read_from", _reading)


def _reading(text: str) -> str:
    if text in READINGS:
        return text
    known = ", ".join(f"`{reading}`" for reading in READINGS)
    raise ValueError(_("“{text}” isn’t something that Baton reads. Known are {known}.").format(text=text, known=known))


def _handoff(key: str, at: Section) -> Handoff:
    at.only("name", "id", "from", "to", "at", "carries", "accept_within", "exceptions")
    from_desk = at.text("from", _("say which desk passes the deal on"))
    to_desk = at.text("to", _("say which desk accepts it"))
    return Handoff(
        key=key,
        name=at.text("name") or handoff_name(from_desk, to_desk),
        id=at.text("id") or key,
        from_desk=from_desk,
        to_desk=to_desk,
        at=at.text("at", _("say at which stage the deal is passed on")),
        carries=at.texts("carries", _("list what the next desk must know")),
        accept_within=at.parsed(
            "accept_within", parse_within, NO_TIME, _("say how long it may wait, e.g. `4 working hours`")
        ),
        exceptions=at.texts("exceptions"),
    )


def _behavior(key: str, at: Section, person: PersonReader) -> Behavior:
    at.only("name", "id", "opens", "closes", "owed_by", "within", "if_forgotten", "so_that")
    who = _("say who owes it, e.g. `deal owner, else desk lead`")
    return Behavior(
        **_naming(key, at),
        opens=at.parsed("opens", parse_event, NO_EVENT, _("say which event opens it")),
        closes=at.parsed("closes", parse_event, NO_EVENT, _("say which event closes it")),
        owed_by=at.parsed("owed_by", phrases.owed_by_reader(person), OwedBy(()), who),
        within=at.parsed("within", parse_within, NO_TIME, _("say by when, e.g. `2 working hours`")),
        if_forgotten=at.each_parsed("if_forgotten", phrases.forgotten_reader(person)),
        so_that=at.text("so_that", _("say what it is for")),
    )


def _decision(key: str, at: Section, person: PersonReader) -> Decision:
    at.only("name", "id", "who", "every", "reads", "page")
    at.text("every", _("say how often, e.g. `Monday 10:00`"))
    every = at.parsed("every", phrases.read_cadence, phrases.read_cadence("week"))
    who, reads = (
        at.each_parsed("who", person, _("say who decides")),
        at.texts("reads", _("list the fields it rests on")),
    )
    page = at.choice("page", (*PAGES, NOWHERE), page_meant(key) or NOWHERE)
    return Decision(**_naming(key, at), who=who, every=every, reads=reads, page=page_named(page))


def _goal(at: Section) -> Goal:
    at.only("metric", "baseline", "target", "by")
    by = at.parsed("by", phrases.read_date, phrases.read_date("2000-01-01"), _("say until when, as a date"))
    return Goal(
        metric=at.text("metric", _("say what is measured")),
        baseline=at.text("baseline", _("say where it stands today, or `measuring until` and a date")),
        target=at.text("target", _("say where it should be")),
        by=by,
    )


def _hours(root: Section) -> WorkingHours:
    at = root.section("hours", str(_("hours")), _("say when the business is open, e.g. `mon-fri: 08:00-17:30`"))
    if at is None:
        return NO_HOURS
    week = _week(at)
    if week is None:
        return NO_HOURS
    return WorkingHours(
        zone=at.parsed("zone", _zone, "UTC", _("name the time zone, e.g. `Europe/London`")),
        week=week,
        holidays=at.text("holidays").upper(),
        closed=frozenset(at.each_parsed("closed", phrases.read_date)),
        extra=_extra(at),
    )


def _week(at: Section) -> tuple[tuple[Span, ...], ...] | None:
    """The spans of the seven days; `None`, and a problem, where no day is open."""
    week: dict[int, tuple[Span, ...]] = {}
    for key, word in at.node.keys.items():
        days = phrases.read_days(key)
        if days is None and key not in HOURS:
            at.notes.add(
                word, _("hours have an unknown entry `{key}`").format(key=key), nearest(key, HOURS) or DAYS_HINT
            )
        spans = _spans(at, key) if days else ()
        for day in days or ():
            if day in week:
                at.notes.add(word, _("hours: {day} is given twice").format(day=phrases.WEEKDAYS[day].capitalize()))
            week[day] = spans
    if any(week.values()):
        return tuple(week.get(day, ()) for day in range(7))
    at.notes.add(at.node, _("hours name no open day, so nothing could ever fall due"), DAYS_HINT)
    return None


HOURS = ("zone", "holidays", "closed", "extra")
DAYS_HINT = _("write days like `mon-fri: 08:00-17:30` or `sat: 09:00-12:00`")


def _spans(at: Section, key: str) -> tuple[Span, ...]:
    spans = tuple(sorted(at.each_parsed(key, phrases.read_span)))
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        at.notes.add(at.node.keys[key], _("hours: the times of {day} overlap").format(day=key))
    return spans


def _extra(at: Section) -> tuple[tuple[date, tuple[Span, ...]], ...]:
    section = at.section("extra", str(_("hours")))
    if section is None:
        return ()
    days = ((_extra_day(section, key), _spans(section, key)) for key in section.node.items)
    return tuple(sorted((day, spans) for day, spans in days if day))


def _extra_day(section: Section, key: str) -> date | None:
    try:
        return phrases.read_date(key)
    except ValueError as why:
        section.notes.add(section.node.keys[key], str(why))
        return None


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as unknown:
        near = nearest(text, available_timezones())
        said = _("“{text}” isn’t a time zone: {near}").format(
            text=text, near=near or _("write one like `Europe/London`.")
        )
        raise ValueError(said) from unknown
    return text
