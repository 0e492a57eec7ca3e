"""What an operating map is made of.

Members are named by their full address. Every desk, stage, field, handoff, behavior and decision has a permanent
`id` that survives a new key; what is stored about an element is stored under its id. Order is the order of work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal, get_args

from django.utils.translation import gettext_lazy as _

from baton.map.durations import Within
from baton.map.events import EventPattern

Visibility = Literal["everyone", "own"]
Share = Literal["everything", "subject", "nothing"]
FieldType = Literal[
    "text", "long text", "number", "money", "date", "time", "yes/no", "choice",
    "contact", "company", "member", "file", "hours", "items",
]  # fmt: skip
RecordKind = Literal["deal", "contact", "company"]
Proof = Literal["weight", "handoff", "commission"]
Looker = Literal["desk lead", "owner"]
LOOKERS: tuple[Looker, ...] = ("desk lead", "owner")
"""Who may be let see what the mirror counts of one person, beside that person."""
Page = Literal["review", "forecast", "requests"]
Role = Literal[
    "deal owner", "desk lead", "desk", "lead of", "sender", "receiver", "asker", "asked", "promiser", "recorder",
    "manager", "owner", "deputy", "member", "in turn",
]  # fmt: skip

FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)
PAGES: tuple[Page, ...] = get_args(Page)
NOWHERE = "nowhere"
PAGE_WORDS: dict[str, Page] = {
    "review": "review",
    "meeting": "review",
    "forecast": "forecast",
    "pack": "requests",
    "report": "requests",
    "requests": "requests",
}
SHARED_KINDS = ("email", "text", "chat", "call", "calendar", "note")
READINGS = (
    "date",
    "time",
    "amount",
    "number",
    "hours",
    "person",
    "company",
    "phone",
    "email",
    "role",
    "address",
    "file",
)
READ_BY_TYPE: dict[FieldType, tuple[str, ...]] = {
    "date": ("date",),
    "time": ("time",),
    "money": ("amount",),
    "number": ("number",),
    "hours": ("hours",),
    "contact": ("person",),
    "member": ("person",),
    "company": ("company",),
    "file": ("file",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Anything in a map that has a name of its own. `id` never changes; `key` is the word in the YAML."""

    key: str
    name: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Element):
    """Who works there; `members` includes the lead. `capture` is the local part of its address ("hello")."""

    lead: str
    members: tuple[str, ...] = ()
    capture: str = ""
    opens_deals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Element):
    """Where a deal stands. `weight` is a share of 1; `opens` is the desk at which entering it opens a linked deal."""

    desk: str
    entered_by: EventPattern
    weight: float | None = None
    closes: Literal["won", "lost"] | None = None
    opens: str = ""
    proof_for: tuple[Proof, ...] = ("weight", "handoff", "commission")

    def counts(self, use: Proof, *, shown: bool) -> bool:
        """Whether a deal standing here counts for this use: a stage that is only said doesn't where proof is wanted."""
        return shown or use not in self.proof_for


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who needs a field: a handoff that carries it, a decision that reads it, a stage that it shows."""

    kind: Literal["handoff", "decision", "stage"]
    key: str

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Element):
    """Something worth knowing. `fresh_for` is in days of the calendar, `None` where it doesn't age.

    `read_from` says which readings of the grammar may suggest it, `heard_as` the words that it goes by in mail.
    """

    type: FieldType
    on: RecordKind = "deal"
    choices: tuple[str, ...] = ()
    caught_at: str = ""
    needed_by: tuple[Consumer, ...] = ()
    breaks: str = ""
    fresh_for: int | None = None
    read_from: tuple[str, ...] = ()
    heard_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff(Element):
    """The passing of a deal. `carries` names fields, built-in ones (`amount`) or `promises`, `exceptions`, `files`."""

    from_desk: str
    to_desk: str
    at: str
    carries: tuple[str, ...]
    accept_within: Within
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """One person by part played. `name` is the desk of `lead of`, the address of `member`, else empty.

    `in turn` is somebody else at a desk each time: the one named, or the deal's own where `name` is empty.
    """

    role: Role
    name: str = ""


@dataclass(frozen=True, slots=True)
class OwedBy:
    """Who owes it: the first of the chain who is there (“deal owner, else desk lead”)."""

    chain: tuple[Who, ...]


@dataclass(frozen=True, slots=True)
class IfForgotten:
    """One step when nobody acts: remind at a share of the time, escalate or reassign `after` it ran out, or at once."""

    verb: Literal["remind", "escalate", "reassign"]
    at_share: float = 1.0
    to: Who | None = None
    after: Within | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behavior(Element):
    """A pair of events: `opens` opens a duty, `closes` closes it."""

    opens: EventPattern
    closes: EventPattern
    owed_by: OwedBy
    within: Within
    if_forgotten: tuple[IfForgotten, ...] = ()
    so_that: str = ""
    leaves: frozenset[str] = frozenset()
    """Kinds of happening that another behavior of the map asks for more exactly; worked out, never written."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: `every` day, week, month or quarter; `day` is the weekday (Monday 0) or the day of the month."""

    every: Literal["day", "week", "month", "quarter"]
    day: int | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Element):
    """Something that is decided regularly. `page` is where: a page that no decision names is off."""

    who: tuple[str, ...]
    every: Cadence
    reads: tuple[str, ...]
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What should become better. Baseline and target are as written ("9 h"); `map.goals` reads both."""

    metric: str
    baseline: str
    target: str
    by: date


@dataclass(frozen=True, slots=True)
class Charter:
    """What was said when the map was drawn, before any stage or field: which decisions it should support, and how work
    flows now, in the words of those who do it.
    """

    supports: tuple[str, ...] = ()
    facts_begin: str = ""
    needed_next: str = ""
    decided_from: str = ""
    breaks_at: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.supports or self.facts_begin or self.needed_next or self.decided_from or self.breaks_at)


@dataclass(frozen=True, slots=True)
class PacketItem:
    """One thing that a packet must carry. `field` is `None` for `promises`, `exceptions` and `files`."""

    key: str
    name: str
    field: Field | None

    @property
    def id(self) -> str:
        return self.field.id if self.field else self.key


def page_meant(key: str) -> Page | None:
    """The page on which a decision of this key is taken, unless the map says another: “monday-review” is a review."""
    words = key.replace("_", "-").split("-")
    return next((PAGE_WORDS[word] for word in words if word in PAGE_WORDS), None)


def page_named(text: str) -> Page | None:
    """The page of this name, `None` where the map says `nowhere`."""
    return next((page for page in PAGES if page == text), None)


def name_from(key: str) -> str:
    """The name of an element that was given none: “key_holder” is shown as “Key holder”."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def handoff_name(from_desk: str, to_desk: str) -> str:
    return f"{name_from(from_desk)} → {name_from(to_desk)}"


ITEMS = {"promises": _("Promises"), "exceptions": _("Exceptions"), "files": _("Files")}
"""What a packet can carry beside fields."""


def _built_in() -> Iterator[Field]:
    deal: dict[str, tuple[FieldType, Any]] = {
        "title": ("text", _("Title")),
        "amount": ("money", _("Amount")),
        "close_date": ("date", _("Close date")),
        "stage": ("choice", _("Stage")),
        "desk": ("choice", _("Desk")),
        "owner": ("member", _("Deal owner")),
        "next_step": ("text", _("Next step")),
        "contact": ("contact", _("Contact")),
        "company": ("company", _("Company")),
        "service": ("text", _("Service")),
        "source": ("text", _("Source")),
    }
    contact: dict[str, tuple[FieldType, Any]] = {
        "contact.name": ("text", _("Name")),
        "contact.email": ("text", _("Email address")),
        "contact.phone": ("text", _("Phone")),
        "contact.role": ("text", _("Role")),
        "contact.company": ("company", _("Company")),
    }
    company: dict[str, tuple[FieldType, Any]] = {
        "company.name": ("text", _("Company name")),
        "company.domain": ("text", _("Domain")),
        "company.phone": ("text", _("Phone")),
        "company.address": ("text", _("Address")),
    }
    readings = {
        "contact.email": ("email",),
        "contact.phone": ("phone",),
        "contact.role": ("role",),
        "company.phone": ("phone",),
    }
    for on, group in (("deal", deal), ("contact", contact), ("company", company)):
        for key, (kind, name) in group.items():
            read_from = readings.get(key, READ_BY_TYPE.get(kind, ()))
            yield Field(key=key, id=key, name=name, type=kind, on=on, read_from=read_from)


BUILT_IN_FIELDS: dict[str, Field] = {each.key: each for each in _built_in()}
"""What every business has, in columns of its own. Those of contacts and companies are named `contact.phone`."""
