"""How far the set-up has come. Kept in the visitor's session; the password only as its hash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from baton.map.reading import read_map
from baton.map.ready import READY, ready_map
from baton.map.schema import OperatingMap
from baton.map.writing import write_map
from baton.web.map.people import Names

KEPT = "setup"
STEPS = ("purpose", "owner", "behaviors", "map")


class Progress:
    """The answers so far, page by page."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        self._kept: dict[str, Any] = request.session.get(KEPT, {})

    def answers(self, step: str) -> dict[str, Any]:
        return self._kept.get(step, {})

    def keep(self, step: str, answers: dict[str, Any]) -> None:
        if "password" in answers:
            answers = {**answers, "password": make_password(answers["password"])}
        self._kept[step] = answers
        self._session[KEPT] = self._kept

    def forget(self) -> None:
        self._session.pop(KEPT, None)

    def first_unanswered(self, before: str) -> str:
        """The page that must come first, empty where `before` may be shown."""
        return next((step for step in STEPS[: STEPS.index(before)] if step not in self._kept), "")

    @property
    def map_name(self) -> str:
        return self.answers("behaviors").get("map", READY[0])

    @property
    def names(self) -> Names:
        """Whom the map names: so far only its owner."""
        owner = self.answers("owner")
        return Names(**{owner["email"]: owner["name"]})

    def ready(self, name: str) -> OperatingMap:
        """A ready map with the answers filled in, all its behaviors included."""
        about, owner = self.answers("purpose"), self.answers("owner")
        text = ready_map(
            name,
            owner["email"],
            about["business"],
            about["zone"],
            holidays=about["country"],
            currency=about["currency"],
            language=about["language"],
        )
        drawn, problems = read_map(text)
        if drawn is None:
            raise RuntimeError(f"the ready map {name} can't be read: {problems[0]}")
        return replace(drawn, purpose=about["purpose"])

    def chosen(self) -> OperatingMap:
        """The map as it would be published now."""
        drawn, kept = self.ready(self.map_name), self.answers("behaviors")["behaviors"]
        return replace(drawn, behaviors={key: each for key, each in drawn.behaviors.items() if key in kept})

    def text(self) -> str:
        return write_map(self.chosen())
