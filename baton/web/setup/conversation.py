"""How far the conversation of the set-up has come: its answers, what the mail told, and which page comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from baton.channels.first_look.drafting import Proposal, propose
from baton.channels.first_look.finding import Findings
from baton.channels.first_look.looking import look_of
from baton.channels.first_look.models import FirstLook
from baton.map import founding
from baton.map.composing import compose
from baton.map.models import SetUp
from baton.map.schema import OperatingMap
from baton.map.writing import write_map
from baton.members.models import Member
from baton.web.map.people import Names

PAGES = {
    "mail": ("setup-mail", gettext_lazy("What is true already")),
    "decisions": ("setup-decisions", gettext_lazy("What it should decide")),
    "owner": ("setup-owner", gettext_lazy("Who owns it")),
    "behaviors": ("setup-behaviors", gettext_lazy("What people do")),
    "flow": ("setup-flow", gettext_lazy("How work flows now")),
    "goals": ("setup-goals", gettext_lazy("What gets better")),
    "map": ("setup-map", gettext_lazy("Stages and fields")),
    "people": ("setup-people", gettext_lazy("Everybody agrees")),
}
"""Page → its address and its title, in the order in which they are asked."""


@dataclass(slots=True)
class Conversation:
    """The set-up as one member goes on with it. What the mail told is theirs alone who brought it."""

    row: SetUp
    member: Member
    look: FirstLook | None

    @classmethod
    def of(cls, member: Member) -> Conversation | None:
        """Return the set-up under way, None where there is none."""
        row = founding.set_up()
        return cls(row, member, look_of(member)) if row else None

    @property
    def may_go_on(self) -> bool:
        """Whether this member answers here: who began, and whom they named as the owner."""
        return self.member.pk == self.row.begun_by_id or self.member.email.lower() == self.owner_email

    def answers(self, page: str) -> Any:
        return self.row.answers.get(page, {})

    def keep(self, page: str, given: Any) -> None:
        founding.answer(page, given)
        self.row.answers[page] = given

    @property
    def pages(self) -> list[str]:
        """The pages of this business: who works alone agrees with themselves."""
        return [page for page in PAGES if page != "people" or self.others]

    def first_unanswered(self, before: str = "people") -> str:
        """Return the page that must come first, empty where `before` may be shown."""
        pages = list(PAGES)
        return next((page for page in pages[: pages.index(before)] if not self._is_answered(page)), "")

    def _is_answered(self, page: str) -> bool:
        if page == "mail" and self.look:
            return not self.look.is_running
        return page in self.row.answers

    # Who

    @property
    def owner_email(self) -> str:
        return self.answers("owner").get("email") or self.row.begun_by.email.lower()

    @property
    def others(self) -> list[dict[str, str]]:
        """Everybody else who was named: {"email", "name"}, the owner among them where that is another."""
        named = self.answers("owner").get("others", [])
        me = self.row.begun_by.email.lower()
        owner = {"email": self.owner_email, "name": self.answers("owner").get("name", "")}
        return [*([owner] if owner["email"] != me else []), *(one for one in named if one["email"] != owner["email"])]

    @property
    def everybody(self) -> list[dict[str, str]]:
        begun = self.row.begun_by
        return [{"email": begun.email.lower(), "name": begun.name}, *self.others]

    @property
    def names(self) -> Names:
        return Names(**{one["email"]: one["name"] or one["email"] for one in self.everybody})

    # What the mail told, and the map so far

    @property
    def found(self) -> Findings:
        return Findings.from_data(self.look.findings) if self.look and self.look.findings else Findings()

    @property
    def proposal(self) -> Proposal:
        return propose(self.found)

    def drawn(self, **instead: Any) -> OperatingMap:
        """Return the map as it would be published now, with other answers `instead` of those that were kept."""
        return compose(self.row.answers | instead, self.row.begun_by.email.lower())

    def text(self) -> str:
        return write_map(self.drawn())
