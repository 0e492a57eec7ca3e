"""What records look like. The map's own fields are in `values`, and differ from business to business."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Money(TypedDict):
    """An amount in minor units (pence, cents) of its currency (ISO 4217)."""

    minor: int
    currency: NotRequired[str]


class Now(TypedDict):
    """The value of a field as it stands, and how far it can be relied on."""

    value: Any
    state: Literal["confirmed", "stale", "suggested", "missing"]
    disputed: bool
    source: Literal["person", "message", "table", "program", "rule"] | None
    said_by: str | None
    channel: str
    happened_at: str | None
    recorded_at: str | None
    fresh_for: int | None
    fact: str | None
    interaction: str | None


class Record(TypedDict):
    """What every record has. `version` counts what was recorded of it; times are ISO 8601, ids are UUIDs."""

    id: str
    version: int
    recorded_at: str
    touched_at: str
    last_heard_at: str | None
    values: dict[str, Any]
    facts: NotRequired[dict[str, Now]]


class Company(Record):
    """A customer's organisation."""

    name: str
    domains: list[str]
    emails: list[str]
    phones: list[str]
    owner: str | None


class Contact(Record):
    """A person on the customer's side."""

    name: str
    job: str
    company: str | None
    company_name: str
    emails: list[str]
    phones: list[str]
    owner: str | None


class NextStep(TypedDict):
    """The one next thing to do, by when, and who does it."""

    what: str
    at: str | None
    by: str | None


class Deal(Record):
    """One piece of customer work. `shown`: an event proves the stage; else it is only said."""

    title: str
    status: Literal["open", "won", "lost", "done"]
    stage: str
    shown: bool
    stage_since: str | None
    desk: str
    offered_to: str
    owner: str | None
    owner_name: str
    company: str | None
    company_name: str
    contact: str | None
    contact_name: str
    amount: Money | None
    close_date: str | None
    service: str
    source: str
    category: str
    lost_reason: str
    next_step: NextStep | None
    opened_at: str | None
    decided_at: str | None


class Fact(TypedDict):
    """One value of one field, with who said so and through which program."""

    id: str
    kind: str
    record: str
    seq: int
    field: str
    value: Any
    status: Literal["suggested", "confirmed", "dismissed"]
    said_by: str | None
    channel: str
    program: str
    interaction: str | None
    words: str
    because: str
    happened_at: str
    recorded_at: str
    settles: str | None
    replaces: str | None


class Interaction(TypedDict):
    """Something that happened with a customer. `text` is there where you and the token may read it."""

    id: str
    kind: str
    direction: Literal["in", "out", "internal"]
    channel: str
    happened_at: str
    recorded_at: str
    subject: str
    from_name: str
    from_address: str
    author: str | None
    thread: str
    deal: str | None
    contact: str | None
    company: str | None
    audience: str
    minutes: int | None
    files_count: int
    trust: str
    readable: bool
    text: NotRequired[str | None]


class Duty(TypedDict):
    """What is owed, by whom, until when, and why."""

    id: str
    behavior: str
    state: Literal["open", "closed", "withdrawn"]
    what: str
    because: str
    record_kind: str
    record: str
    deal: str | None
    contact: str | None
    desk: str
    owed_by: str | None
    escalated_to: str | None
    opened_at: str
    due_at: str
    closed_at: str | None
    later_until: str | None


class Handoff(TypedDict):
    """The passing of a deal to the next desk. `packet` is what it carried when it was offered."""

    id: str
    version: int
    deal: str
    handoff: str
    from_desk: str
    to_desk: str
    state: Literal["offered", "accepted", "returned", "withdrawn"]
    note: str
    to_self: bool
    offered_by: str | None
    offered_at: str | None
    decided_by: str | None
    decided_at: str | None
    missing: list[str]
    owed: list[str]
    because: str
    packet: NotRequired[list[dict[str, Any]]]
