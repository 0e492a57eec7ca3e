"""The drawing of a draft: every part with what it is called in the YAML, what is wrong with it, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.map.drawing import draw
from baton.map.elements import Element
from baton.map.marked import Problem
from baton.map.places import Places
from baton.map.schema import OperatingMap
from baton.web.map.people import Names
from baton.web.map.telling import with_code
from baton.web.map.wording import rhythm

GROUPS = ("desks", "stages", "handoffs", "fields", "behaviors", "decisions")


@dataclass(frozen=True, slots=True)
class On:
    """The element that is looked at, by group and key; neither where it is the map itself."""

    group: str = ""
    key: str = ""

    @classmethod
    def read(cls, text: str, drawn: OperatingMap) -> On:
        group, _colon, key = text.partition(":")
        return cls(group, key) if group in GROUPS and key in getattr(drawn, group) else cls()

    def __str__(self) -> str:
        return f"{self.group}:{self.key}" if self.group else ""

    def of(self, drawn: OperatingMap) -> Any:
        """The element itself, or the map."""
        return getattr(drawn, self.group)[self.key] if self.group else drawn


def address(group: str, key: str) -> str:
    return f"{reverse('map-drawing')}?{urlencode({'on': f'{group}:{key}'})}"


class Parts:
    """The parts of one draft as the templates write them down."""

    def __init__(self, drawn: OperatingMap, names: Names, on: On, places: Places, problems: list[Problem]) -> None:
        self.map, self.names, self.on = drawn, names, on
        self.places = places
        self.wrong = places.problems(problems)

    def link(self, group: str, element: Element) -> dict[str, Any]:
        count = len(self.wrong.get((group, element.key), []))
        problems = ngettext("{count} problem", "{count} problems", count).format(count=count)
        return {
            "href": address(group, element.key),
            "on": f"{group}:{element.key}",
            "key": element.key,
            "name": element.name,
            "current": (group, element.key) == (self.on.group, self.on.key),
            "wrong": problems if count else "",
            "name_at": reverse("map-element-name", args=[group, element.key]),
            "place_at": reverse("map-element-place", args=[group, element.key]),
        }

    def drawing(self) -> dict[str, Any]:
        picture = draw(self.map)
        return {
            "drawing": picture,
            "lanes": [{"at": each, **self.link("desks", each.desk)} for each in picture.lanes],
            "people": [(each, self.names.listed(each.desk.members)) for each in picture.lanes],
            "nodes": [{"at": each, **self.link("stages", each.stage)} for each in picture.nodes],
            "batons": [{"at": each, **self.link("handoffs", each.handoff)} for each in picture.batons],
            "gaps": picture.gaps,
            "astray": [self.link("stages" if hasattr(each, "desk") else "handoffs", each) for each in picture.astray],
        }

    def lanes(self) -> list[dict[str, Any]]:
        """The drawing as a list."""
        return [self._lane(desk) for desk in self.map.desks.values()]

    def _lane(self, desk: Any) -> dict[str, Any]:
        return self.link("desks", desk) | {
            "people": self.names.listed(desk.members),
            "stages": [{"at": each, **self.link("stages", each)} for each in self.map.stages_of(desk.key)],
            "handoffs": [{"at": each, **self.link("handoffs", each)} for each in self.map.handoffs_from(desk.key)],
        }

    def packets(self) -> list[dict[str, Any]]:
        """What each handoff carries, to be carried over to another."""
        return [
            self.link("handoffs", each) | {"key": each.key, "items": self.items(each)}
            for each in self.map.handoffs.values()
        ]

    def items(self, handoff: Any) -> list[dict[str, Any]]:
        carried = list(handoff.carries)
        return [
            {
                "key": item.key,
                "name": item.name,
                "href": address("fields", item.key) if item.key in self.map.fields else "",
                "earlier": carried[number - 1] if number else None,
                "later": carried[number + 2] if number + 2 < len(carried) else "",
                "last": number == len(carried) - 1,
            }
            for number, item in enumerate(self.map.packet(handoff))
        ]

    def lists(self) -> list[dict[str, Any]]:
        """What isn't on the drawing, as lists."""
        called = {"behaviors": _("Behaviors"), "fields": _("Fields"), "decisions": _("Decisions")}
        return [
            {
                "group": group,
                "title": title,
                "new": {"behaviors": _("A new behavior"), "fields": _("A new field"), "decisions": _("A new decision")}[
                    group
                ],
                "rows": [
                    self.link(group, each) | {"note": self._note(group, each)}
                    for each in getattr(self.map, group).values()
                ],
            }
            for group, title in called.items()
        ]

    def _note(self, group: str, each: Any) -> str:
        if group == "behaviors":
            return each.opens.sentence
        if group == "fields":
            count = len(self.map.consumers_of(each.key))
            return (
                ngettext("needed once", "needed {count} times", count).format(count=count)
                if count
                else _("needed nowhere")
            )
        return rhythm(each.every)

    def told(self, problem: Problem) -> dict[str, Any]:
        """A problem with the element that it concerns."""
        group, key = self.places.at(problem.line)
        element = getattr(self.map, group).get(key) if group in GROUPS else None
        return {
            "at": problem,
            "said": with_code(str(problem.sentence)),
            "hint": with_code(str(problem.hint)),
            "href": address(group, key) if element else "",
            "name": element.name if element else "",
            "text": "",
        }

    def own_problems(self) -> list[dict[str, Any]]:
        """What is wrong with the element that is looked at."""
        return [self.told(each) for each in self.wrong.get((self.on.group, self.on.key), [])] if self.on.group else []
