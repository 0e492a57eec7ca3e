"""What an operating map holds, and the questions that the rest of Baton asks it.

Members are named by their full address. Every desk, stage, field, handoff, behavior and decision has a permanent
`id` that survives a new key; what is stored about an element is stored under its id. Order is the order of work.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as _default
from datetime import date, time
from typing import Literal, TypeVar, get_args

from django.utils.translation import gettext_lazy as _

from baton.map.durations import Within
from baton.map.events import EventPattern
from baton.members.hours import WorkingHours

Visibility = Literal["everyone", "own"]
Share = Literal["everything", "subject", "nothing"]
FieldType = Literal[
    "text", "long text", "number", "money", "date", "time", "yes/no", "choice",
    "contact", "company", "member", "file", "hours",
]  # fmt: skip
RecordKind = Literal["deal", "contact", "company"]
Proof = Literal["weight", "handoff", "commission"]
Role = Literal[
    "deal owner", "desk lead", "desk", "lead of", "sender", "receiver", "asker", "asked", "promiser", "recorder",
    "manager", "owner", "deputy", "member",
]  # fmt: skip

FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)
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
    """The passing of a deal. `carries` names fields, built-in fields (`amount`) or `promises`, `exceptions`, `files`."""

    from_desk: str
    to_desk: str
    at: str
    carries: tuple[str, ...]
    accept_within: Within
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """One person by part played. `name` is the desk of `lead of`, the address of `member`, else empty."""

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


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: `every` day, week, month or quarter; `day` is the weekday (Monday 0) or the day of the month."""

    every: Literal["day", "week", "month", "quarter"]
    day: int | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Element):
    who: tuple[str, ...]
    every: Cadence
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What should become better. Baseline and target are as written ("9 h"), until there is a catalog of metrics."""

    metric: str
    baseline: str
    target: str
    by: date


@dataclass(frozen=True, slots=True)
class PacketItem:
    """One thing that a packet must carry. `field` is `None` for `promises`, `exceptions` and `files`."""

    key: str
    name: str
    field: Field | None

    @property
    def id(self) -> str:
        return self.field.id if self.field else self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingMap:
    """The whole map. Sharing says, by channel, what colleagues see of something once it is filed with a customer.

    `successors` name, for the id of each stage that was removed, the key of the stage where its deals go.
    """

    business: str
    purpose: str
    owner: str
    hours: WorkingHours
    desks: Mapping[str, Desk]
    stages: Mapping[str, Stage]
    fields: Mapping[str, Field]
    handoffs: Mapping[str, Handoff]
    behaviors: Mapping[str, Behavior]
    decisions: Mapping[str, Decision]
    deputy: str = ""
    visibility: Visibility = "everyone"
    sharing: Mapping[str, Share] = _default(default_factory=dict)
    currency: str = "EUR"
    languages: tuple[str, ...] = ("en",)
    conflict_check: bool = False
    lost_because: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    successors: Mapping[str, str] = _default(default_factory=dict)

    # Order of work

    @property
    def first_stage(self) -> Stage:
        return next(iter(self.stages.values()))

    def stage_after(self, key: str) -> Stage | None:
        keys = list(self.stages)
        following = keys[keys.index(key) + 1 :]
        return self.stages[following[0]] if following else None

    def stages_of(self, desk: str) -> list[Stage]:
        return [stage for stage in self.stages.values() if stage.desk == desk]

    def stages_until(self, key: str) -> list[Stage]:
        """The stages up to and with this one."""
        keys = list(self.stages)
        return [self.stages[each] for each in keys[: keys.index(key) + 1]]

    def is_before(self, earlier: str, later: str) -> bool:
        keys = list(self.stages)
        return keys.index(earlier) < keys.index(later)

    def next_handoff(self, stage: str) -> Handoff | None:
        """The handoff that a deal standing at this stage comes to next; `None` where it stays with its desk."""
        here = self.stages[stage].desk
        ahead = [key for key in self.stages if not self.is_before(key, stage)]
        offered = [handoff for handoff in self.handoffs.values() if handoff.from_desk == here and handoff.at in ahead]
        return min(offered, key=lambda handoff: ahead.index(handoff.at), default=None)

    def handoffs_to(self, desk: str) -> list[Handoff]:
        return [handoff for handoff in self.handoffs.values() if handoff.to_desk == desk]

    def handoffs_from(self, desk: str) -> list[Handoff]:
        return [handoff for handoff in self.handoffs.values() if handoff.from_desk == desk]

    def stages_shown_by(self, kind: str, detail: str = "") -> list[Stage]:
        """The stages of which such a happening is the evidence, in the order of work."""
        return [stage for stage in self.stages.values() if stage.entered_by.matches(kind, detail)]

    # Fields and who needs them

    def field(self, key: str) -> Field | None:
        """A field of this map, or one that every business has."""
        return self.fields.get(key) or BUILT_IN_FIELDS.get(key)

    def fields_on(self, record: RecordKind) -> list[Field]:
        return [each for each in self.fields.values() if each.on == record]

    def packet(self, handoff: Handoff) -> list[PacketItem]:
        """What the packet must carry, in order."""
        return [self._item(key) for key in handoff.carries]

    def _item(self, key: str) -> PacketItem:
        known = self.field(key)
        return PacketItem(key, str(known.name if known else ITEMS[key]), known)

    def consumers_of(self, key: str) -> list[Consumer]:
        """Who needs this field (its own or a built-in one): derived from what handoffs carry and decisions read."""
        handoffs = [Consumer("handoff", each.key) for each in self.handoffs.values() if key in each.carries]
        decisions = [Consumer("decision", each.key) for each in self.decisions.values() if key in each.reads]
        shown = [Consumer("stage", each.key) for each in self.stages.values() if _shows(each, key)]
        return [*handoffs, *decisions, *shown]

    # People

    def desks_of(self, member: str) -> list[Desk]:
        """The desks at which the map seats this member."""
        return [desk for desk in self.desks.values() if member.lower() in desk.members]

    @property
    def people(self) -> list[str]:
        """Every address that the map names, once, the owner first."""
        seated = [member for desk in self.desks.values() for member in desk.members]
        deciding = [member for decision in self.decisions.values() for member in decision.who]
        return list(dict.fromkeys(each for each in [self.owner, self.deputy, *seated, *deciding] if each))

    # What behaviors wait for

    def opened_by(self, kind: str, detail: str = "") -> list[Behavior]:
        return [each for each in self.behaviors.values() if each.opens.matches(kind, detail)]

    def closed_by(self, kind: str, detail: str = "") -> list[Behavior]:
        return [each for each in self.behaviors.values() if each.closes.matches(kind, detail)]

    # Elements by their permanent id

    def desk_by_id(self, element_id: str) -> Desk | None:
        return _by_id(self.desks, element_id)

    def stage_by_id(self, element_id: str) -> Stage | None:
        """The stage with this id; for a stage that was removed, the one that took its place."""
        return _by_id(self.stages, element_id) or self.stages.get(self.successors.get(element_id, ""))

    def field_by_id(self, element_id: str) -> Field | None:
        return _by_id(self.fields, element_id) or BUILT_IN_FIELDS.get(element_id)

    def handoff_by_id(self, element_id: str) -> Handoff | None:
        return _by_id(self.handoffs, element_id)

    def behavior_by_id(self, element_id: str) -> Behavior | None:
        return _by_id(self.behaviors, element_id)

    def shares(self, channel: str) -> Share:
        """What colleagues see of something from this channel once it is filed; everything unless the map says less."""
        return self.sharing.get(channel, "everything")


Named = TypeVar("Named", bound=Element)


def _by_id(elements: Mapping[str, Named], element_id: str) -> Named | None:
    return next((each for each in elements.values() if each.id == element_id), None)


def _shows(stage: Stage, field_key: str) -> bool:
    return any(one.kind == "fact.confirmed" and one.detail == field_key for one in stage.entered_by.each)


def name_from(key: str) -> str:
    """The name of an element that was given none: “key_holder” is shown as “Key holder”."""
    return key.replace("_", " ").replace("-", " ").capitalize()


ITEMS = {"promises": _("Promises"), "exceptions": _("Exceptions"), "files": _("Files")}
"""What a packet can carry beside fields."""


def _built_in() -> Iterator[Field]:
    deal: dict[str, tuple[FieldType, str]] = {
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
    contact: dict[str, tuple[FieldType, str]] = {
        "contact.name": ("text", _("Name")),
        "contact.email": ("text", _("Email address")),
        "contact.phone": ("text", _("Phone")),
        "contact.role": ("text", _("Role")),
        "contact.company": ("company", _("Company")),
    }
    company: dict[str, tuple[FieldType, str]] = {
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
