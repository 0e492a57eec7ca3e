"""The operating map as a whole, and the questions that the rest of Baton asks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as _default
from datetime import date
from typing import TypeVar

from baton.kernel.phones import country_of
from baton.map.automations import Automation
from baton.map.commission import CommissionRule
from baton.map.elements import (
    BUILT_IN_FIELDS,
    ITEMS,
    Behavior,
    Cadence,
    Charter,
    Consumer,
    Decision,
    Desk,
    Element,
    Field,
    FieldType,
    Goal,
    Handoff,
    IfForgotten,
    Looker,
    OwedBy,
    PacketItem,
    Page,
    Proof,
    RecordKind,
    Share,
    Stage,
    Visibility,
    Who,
    name_from,
)
from baton.members.hours import WorkingHours

__all__ = [
    "BUILT_IN_FIELDS",
    "ITEMS",
    "Behavior",
    "Cadence",
    "Charter",
    "Consumer",
    "Decision",
    "Desk",
    "Element",
    "Field",
    "FieldType",
    "Goal",
    "Handoff",
    "IfForgotten",
    "Looker",
    "OperatingMap",
    "OwedBy",
    "PacketItem",
    "Page",
    "Proof",
    "RecordKind",
    "Share",
    "Stage",
    "Visibility",
    "Who",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingMap:
    """The whole map. Sharing says, by channel, what colleagues see of something once it is filed with a customer.

    `review` is the day on which the map itself is to be looked at again; `own_figures` names who sees what the mirror
    counts of one person, beside that person.
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
    review: date | None = None
    visibility: Visibility = "everyone"
    sharing: Mapping[str, Share] = _default(default_factory=dict)
    own_figures: tuple[Looker, ...] = ()
    currency: str = "EUR"
    languages: tuple[str, ...] = ("en",)
    conflict_check: bool = False
    lost_because: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    automations: Mapping[str, Automation] = _default(default_factory=dict)
    commission: Mapping[str, CommissionRule] = _default(default_factory=dict)
    numbers: Mapping[str, str] = _default(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    charter: Charter = _default(default_factory=Charter)
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
        return PacketItem(key, str(known.name if known else ITEMS.get(key) or name_from(key)), known)

    def consumers_of(self, key: str) -> list[Consumer]:
        """Who needs this field (its own or a built-in one): derived from what handoffs carry and decisions read."""
        handoffs = [Consumer("handoff", each.key) for each in self.handoffs.values() if key in each.carries]
        decisions = [Consumer("decision", each.key) for each in self.decisions.values() if key in each.reads]
        shown = [Consumer("stage", each.key) for each in self.stages.values() if _shows(each, key)]
        return [*handoffs, *decisions, *shown]

    def decisions_on(self, page: Page) -> list[Decision]:
        """The decisions that are taken on a page. Where there are none, the page is off."""
        return [each for each in self.decisions.values() if each.page == page]

    # People

    def desks_of(self, member: str) -> list[Desk]:
        """The desks at which the map seats this member."""
        return [desk for desk in self.desks.values() if member.lower() in desk.members]

    @property
    def seating(self) -> dict[str, tuple[str, ...]]:
        """Whom the map itself seats: desk id → addresses, the lead's among them."""
        return {desk.id: desk.members for desk in self.desks.values()}

    @property
    def people(self) -> list[str]:
        """Every address that the map names, once, the owner first."""
        seated = [member for desk in self.desks.values() for member in desk.members]
        deciding = [member for decision in self.decisions.values() for member in decision.who]
        paid = [member for rule in self.commission.values() for member in [*rule.who, *(who for who, _ in rule.split)]]
        return list(dict.fromkeys(each for each in [self.owner, self.deputy, *seated, *deciding, *paid] if each))

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

    def automation_by_id(self, element_id: str) -> Automation | None:
        return _by_id(self.automations, element_id)

    def handoff_by_id(self, element_id: str) -> Handoff | None:
        return _by_id(self.handoffs, element_id)

    def behavior_by_id(self, element_id: str) -> Behavior | None:
        return _by_id(self.behaviors, element_id)

    @property
    def country(self) -> str:
        """The country of the business (ISO 3166), by its holidays or its time zone: short numbers belong there."""
        return country_of(self.hours.holidays, self.hours.zone)

    def shares(self, channel: str) -> Share:
        """What colleagues see of something from this channel once it is filed; everything unless the map says less."""
        return self.sharing.get(channel, "everything")


Named = TypeVar("Named", bound=Element)


def _by_id(elements: Mapping[str, Named], element_id: str) -> Named | None:
    return next((each for each in elements.values() if each.id == element_id), None)


def _shows(stage: Stage, field_key: str) -> bool:
    return any(one.kind == "fact.confirmed" and one.detail == field_key for one in stage.entered_by.each)
