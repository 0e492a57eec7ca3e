"""What can be picked for an element of a draft: desks, stages, people, fields, events, times, each in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.map.catalog import CHANNELS, DOCUMENTS, EVENTS, QUIET
from baton.map.elements import BUILT_IN_FIELDS, ITEMS, Element, Who
from baton.map.events import parse_event
from baton.map.phrases import ROLES, write_person, write_who
from baton.map.picking import bare
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.web.map.people import Names

Choices = list[tuple[str, str]]
Grouped = list[tuple[str, Choices]]
KINDS = {
    gettext_lazy("Messages and calls"): ("interaction.", "call."),
    gettext_lazy("Meetings"): ("meeting.",),
    gettext_lazy("Documents and evidence"): ("document.", "approval", "start.", "work.", "payment.", "conflict."),
    gettext_lazy("The deal"): ("deal.", "stage.", "next_step."),
    gettext_lazy("Promises"): ("promise.",),
    gettext_lazy("Handoffs"): ("handoff.", "packet."),
    gettext_lazy("Facts"): ("fact.",),
    gettext_lazy("Exceptions, questions, behaviors"): ("exception.", "question.", "behavior."),
}
UNITS = {
    "working minutes": gettext_lazy("working minutes"),
    "working hours": gettext_lazy("working hours"),
    "working days": gettext_lazy("working days"),
    "days": gettext_lazy("days of the calendar"),
    "same day": gettext_lazy("the same working day"),
    "its time": gettext_lazy("at its time"),
}


class Lists:
    """The choices of one draft. Values are the words of its YAML, labels what people call them."""

    def __init__(self, drawn: OperatingMap, names: Names) -> None:
        self.map, self.names = drawn, names

    def desks(self) -> Choices:
        return _named(self.map.desks.values())

    def stages(self) -> Choices:
        return _named(self.map.stages.values())

    def handoffs(self) -> Choices:
        return _named(self.map.handoffs.values())

    def decisions(self) -> Choices:
        return _named(self.map.decisions.values())

    def people(self) -> Choices:
        """Everybody who signs in, and whoever the draft names."""
        known = dict(Member.objects.filter(is_active=True).order_by("name").values_list("email", "name"))
        named = {address: self.names.of(address) for address in self.map.people}
        return [(write_person(address, self.map.owner), name) for address, name in (known | named).items()]

    def facts(self) -> Choices:
        """What a packet can carry and a decision read."""
        ours = [(each.key, each.name) for each in self.map.fields.values()]
        built_in = [(each.key, _("{name} (every business has it)").format(name=each.name)) for each in _of_deals()]
        return [*ours, *built_in, *((key, str(name)) for key, name in ITEMS.items())]

    def who(self) -> Choices:
        roles = [Who(role) for role in ROLES if role != "desk"]
        desks = [Who(role, key) for key in self.map.desks for role in ("lead of", "in turn")]
        chosen = [*roles, Who("in turn"), *desks]
        return [(write_who(who, self.map.owner), _capital(self.names.who(who, self.map))) for who in chosen] + [
            (f"member {short}", name) for short, name in self.people()
        ]

    def events(self, *, proving: bool = False) -> Grouped:
        """Every event that can be picked, in groups; `proving`: only what can show a stage."""
        listed = [phrase for phrase in self._phrases() if not proving or parse_event(phrase).proves]
        return [
            (str(group), [(phrase, self.event(phrase)) for phrase in listed if _is_of(phrase, kinds)])
            for group, kinds in KINDS.items()
            if any(_is_of(phrase, kinds) for phrase in listed)
        ]

    def event(self, phrase: str) -> str:
        """One event in words, with the name of what it is about."""
        try:
            pattern = parse_event(phrase)
        except ValueError:
            return phrase
        known = EVENTS[pattern.kind].detail
        named = {"stage": self.map.stages, "handoff": self.map.handoffs, "field": self.map.fields}.get(known, {})
        found = named.get(pattern.detail)
        return _capital(f"{pattern.sentence}: {found.name}" if found else pattern.sentence)

    def _phrases(self) -> Iterator[str]:
        details = {
            "stage": list(self.map.stages),
            "handoff": list(self.map.handoffs),
            "field": [*self.map.fields, *(each.key for each in _of_deals())],
            "channel": [],
            "word": [],
        }
        for kind, event in EVENTS.items():
            if kind == QUIET:
                continue
            yield event.phrase
            if event.detail == "channel":
                yield from (f"{channel} {event.phrase.split()[-1]}" for channel in CHANNELS)
            elif event.detail == "word":
                yield from (each for each in self._documents() if each.startswith(event.phrase + " "))
            yield from (f"{event.phrase} {detail}" for detail in details.get(event.detail, ()))

    def _documents(self) -> list[str]:
        """The documents that Baton knows by name, and those that this map speaks of."""
        patterns = [each.entered_by for each in self.map.stages.values()]
        patterns += [end for each in self.map.behaviors.values() for end in (each.opens, each.closes)]
        ours = [bare(one) for pattern in patterns for one in pattern.each if one.kind.startswith("document.")]
        return list(dict.fromkeys([*DOCUMENTS, *(each for each in ours if len(each.split()) > 2)]))


def with_current(choices: Choices, values: Iterable[str], label: str = "") -> Choices:
    """The choices, and what stands in the draft although it can't be picked."""
    known = {value for value, _label in choices}
    return [*choices, *((value, label or value) for value in values if value and value not in known)]


def grouped_with_current(choices: Grouped, values: Iterable[str], lists: Lists) -> Grouped:
    known = {value for _group, listed in choices for value, _label in listed}
    missing = [(value, lists.event(value)) for value in dict.fromkeys(values) if value and value not in known]
    return [*choices, (_("As it stands"), missing)] if missing else choices


def _named(elements: Iterable[Element]) -> Choices:
    return [(each.key, each.name) for each in elements]


def _of_deals() -> list[Element]:
    return [each for each in BUILT_IN_FIELDS.values() if each.on == "deal"]


def _is_of(phrase: str, kinds: tuple[str, ...]) -> bool:
    return parse_event(phrase).kind.startswith(kinds)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
