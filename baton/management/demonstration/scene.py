"""The scene: what the story has told so far, so that what comes next finds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from baton.ledger.models import Deal, Interaction
from baton.management.demonstration.calendar import Calendar
from baton.management.demonstration.letters import Letter
from baton.management.demonstration.people import Person, everybody
from baton.members.models import Member
from baton.work.models import ExceptionCase, Handoff, Promise, Question

CALLER = "demonstration"


@dataclass(slots=True)
class Scene:
    """Members by first name, the calendar, and what each deal (by the story's key) has come to.

    `letters` are the last ones of each deal, `heard` the interactions that they became, `papers` the files that
    members kept on it: name → {"name", "sha256"}.
    """

    calendar: Calendar
    members: dict[str, Member]
    deals: dict[str, UUID] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    heard: dict[str, list[UUID]] = field(default_factory=dict)
    papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: int = 0

    def member(self, key: str) -> Member:
        return self.members[key]

    def person(self, key: str) -> Person:
        return everybody()[key]

    def deal(self, key: str) -> Deal:
        """Return a deal of the story as it stands now."""
        return Deal.objects.unscoped(CALLER).get(pk=self.deals[key])

    def last_heard(self, key: str, way: str = "in") -> Interaction:
        """Return the newest message of a deal that came in (or went out)."""
        rows = Interaction.objects.unscoped(CALLER).filter(pk__in=self.heard.get(key, []), direction=way)
        return rows.order_by("-happened_at").first() or self._missing(key, f"message {way}")

    def waiting_handoff(self, key: str) -> Handoff:
        row = Handoff.objects.unscoped(CALLER).filter(deal=self.deals[key]).waiting().first()
        return row or self._missing(key, "offered handoff")

    def open_promise(self, key: str, what: str) -> Promise:
        rows = Promise.objects.unscoped(CALLER).filter(deal=self.deals[key], state="open")
        row = rows.filter(what__istartswith=what).first()
        return row or self._missing(key, f"open promise {what!r}")

    def open_question(self, key: str) -> Question:
        row = Question.objects.unscoped(CALLER).filter(deal=self.deals[key], answered_at__isnull=True).first()
        return row or self._missing(key, "open question")

    def exception(self, key: str) -> ExceptionCase:
        row = ExceptionCase.objects.unscoped(CALLER).filter(deal=self.deals[key], reviewed_at__isnull=True).first()
        return row or self._missing(key, "exception to look at")

    def _missing(self, key: str, what: str) -> Any:
        raise LookupError(f"The story speaks of an {what} on {key}, and there is none.")
