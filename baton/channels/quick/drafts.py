"""A line on its way into the ledger: what its member wants recorded, and the entries that it has come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from baton.channels.quick.chips import Chip
from baton.kernel.ids import derived
from baton.ledger.entries import Entry
from baton.ledger.models import Deal
from baton.map.schema import OperatingMap
from baton.members.models import Member

QUICK = "quick"
Described = tuple[str, str, int, str, bool, str]


@dataclass(frozen=True, slots=True)
class Line:
    """What a member wants recorded: the line as typed, the chips that they left ticked, and where it belongs.

    `key` is the client's own; `typed_at` when it was typed, which may be long before it arrives. `deal` is the page's
    own, `kind` what the button said that it was ("call"), `files` those already in the file store.
    """

    text: str
    chips: tuple[Chip, ...]
    key: str
    typed_at: datetime
    deal: UUID | None = None
    kind: str = ""
    files: tuple[Described, ...] = ()
    said_in: Source | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line was said that stands in no page's own place: a review. Its interactions are one thread."""

    channel: str
    thread: UUID
    parts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """The line on its way into the ledger."""

    line: Line
    by: Member
    at: datetime
    map: OperatingMap
    print: str
    deal: Deal | None = None
    contact: UUID | None = None
    company: UUID | None = None
    entries: list[Entry] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)

    @property
    def interaction(self) -> UUID:
        return derived(QUICK, self.print)

    @property
    def channel(self) -> str:
        return self.line.said_in.channel if self.line.said_in else QUICK

    @property
    def happened_at(self) -> datetime:
        told = next((chip.value["happened_at"] for chip in self.line.chips if chip.kind == "interaction"), "")
        moment = datetime.fromisoformat(told) if told else self.line.typed_at
        return min(moment, self.line.typed_at, self.at)

    def tell(self, kind: str, record_id: UUID, chip: Chip | None = None, **values: Any) -> None:
        """Add one entry for each value, with the words of the line that it was read from."""
        for name, value in values.items():
            self.entries.append(
                Entry(
                    kind,
                    record_id,
                    name,
                    value,
                    happened_at=self.happened_at if kind == "deal" and name in FACTS_THEN else None,
                    interaction_id=self.interaction,
                    words=self.line.text[slice(*chip.span)][:1000] if chip else "",
                    span=chip.span if chip else None,
                    reader="quick:1" if chip else "",
                    confidence=chip.confidence if chip else None,
                    key=f"{QUICK}:{self.print[:40]}:{len(self.entries)}",
                )
            )


FACTS_THEN = {"amount", "close_date"}
"""What was so when it was said; that a step was set or a deal was won is so from now on."""
