"""Happenings: what a fact or an interaction means in the words of the map. Rows of `Event` are made from them.

A happening follows from ledger rows alone, so that a rebuild finds the same ones with the same identifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from baton.kernel.ids import derived
from baton.kernel.rows import made
from baton.ledger.models import Event, Fact, Interaction

MEETING = "meeting"
TRUSTED_OUT = {"own", "token", "signed"}
"""How a message of ours must have come in to count as ours: written in Baton, read from the member's own mailbox,
delivered to the member's secret capture address, or signed by the transport. A bare From line proves nothing."""

ONLY_TOLD = {"api"}
"""Channels through which a program tells of a call or a meeting: it counts, and is the evidence of no stage."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event before it is a row. `deal`, `contact`, `company` and `thread` say what it concerns."""

    kind: str
    detail: str = ""
    record_kind: str = ""
    record_id: UUID | None = None
    deal: UUID | None = None
    contact: UUID | None = None
    company: UUID | None = None
    thread: UUID | None = None
    member: UUID | None = None
    due_at: datetime | None = None
    live: bool = True
    data: dict[str, Any] = field(default_factory=dict)


def of_interaction(interaction: Interaction) -> Iterator[Happening]:
    """Yield what a filed interaction means. Automatic mail, and what nobody filed, means nothing."""
    if interaction.automatic or not (interaction.deal_id or interaction.contact_id):
        return
    yield from (_about(interaction, kind, detail) for kind, detail in _observed(interaction))


def _observed(interaction: Interaction) -> Iterator[tuple[str, str]]:
    if interaction.kind == MEETING:
        if not interaction.parts.get("calendar"):  # what a calendar says of it follows from its plan
            yield _meeting(interaction), ""
    elif interaction.parts.get("unanswered"):
        return  # we rang and nobody was there: that is neither an answer nor a talk
    elif interaction.direction == "in":
        yield "interaction.in", interaction.kind
        if interaction.parts.get("missed"):
            yield "call.missed", ""
        yield from (("document.in", document["kind"]) for document in _documents(interaction))
    elif interaction.direction == "out" and interaction.trust in TRUSTED_OUT:
        yield "interaction.out", interaction.kind
        yield from (("document.out", document["kind"]) for document in _documents(interaction))


def _meeting(interaction: Interaction) -> str:
    if interaction.parts.get("cancelled"):
        return "meeting.cancelled"
    return "meeting.planned" if interaction.parts.get("planned") else "meeting.held"


def _documents(interaction: Interaction) -> list[dict[str, str]]:
    return interaction.parts.get("documents", [])


def _about(interaction: Interaction, kind: str, detail: str) -> Happening:
    return Happening(
        kind,
        detail,
        record_kind="interaction",
        record_id=interaction.pk,
        deal=interaction.deal_id,
        contact=interaction.contact_id,
        company=interaction.company_id,
        thread=interaction.thread,
        member=interaction.author_id,
        live=interaction.live,
        data=_data(interaction),
    )


def _data(interaction: Interaction) -> dict[str, Any]:
    """What tells a message that asks somebody something from one that doesn't.

    Mail in copy asks nobody, and a bare thank-you nothing. A call that somebody took was answered as it came. `also`
    names the more exact happening that a missed call is as well, so that a behavior of the map for missed calls can
    stand in for the general one. `of` names the meeting of a calendar that somebody says the outcome of.
    """
    parts, incoming = interaction.parts, interaction.direction == "in"
    told = {"cc": parts.get("in_copy"), "thanks": parts.get("thanks"), "answered": incoming and parts.get("answered")}
    found: dict[str, Any] = {name: True for name, so in told.items() if so}
    found |= {"of": parts["of"]} if parts.get("of") else {}
    found |= {"said": True} if interaction.channel in ONLY_TOLD else {}
    return found or ({"also": "call.missed"} if parts.get("missed") else {})


def of_meeting(interaction: Interaction, fact: Fact) -> Iterator[Happening]:
    """Yield that a meeting of a calendar was planned, moved or called off, and that one of its times is over.

    `detail` is the occurrence, empty where it doesn't repeat; `due_at` is when it ends.
    """
    told = fact.value["news"] if fact.field == "plan" else [fact.value | {"kind": "meeting.ended"}]
    for one in told:
        yield Happening(
            one["kind"],
            one["of"],
            record_kind="interaction",
            record_id=interaction.pk,
            deal=interaction.deal_id,
            contact=interaction.contact_id,
            company=interaction.company_id,
            thread=interaction.thread,
            due_at=datetime.fromisoformat(one["ends"]),
            live=one.get("live", interaction.live),
            data={"meeting": True, "starts": one["starts"]},
        )


def shown_by(interaction: Interaction, fact: Fact) -> Iterator[Happening]:
    """Yield the event that a member found in an interaction: `shows` = {"kind": "approval", "detail": ""}."""
    if fact.value and fact.status == "confirmed" and not interaction.automatic:
        yield _about(interaction, fact.value["kind"], fact.value.get("detail", ""))


def as_events(
    happenings: Iterable[Happening], *, fact: Fact | None, interaction: Interaction | None, known_at: datetime
) -> list[Event]:
    """Make the rows for what one fact or one interaction means."""
    return [_event(happening, fact, interaction, known_at) for happening in happenings]


def _event(happening: Happening, fact: Fact | None, interaction: Interaction | None, known_at: datetime) -> Event:
    happened, recorded = _times(fact, interaction)
    source = fact.pk if fact else interaction.pk if interaction else None
    told = {
        "id": derived("event", source, happening.kind, happening.detail, happening.record_id),
        "kind": happening.kind,
        "detail": happening.detail,
        "record_kind": happening.record_kind,
        "record_id": happening.record_id,
        "deal_id": happening.deal,
        "contact_id": happening.contact,
        "company_id": happening.company,
        "thread": happening.thread,
        "member_id": happening.member,
        "fact_id": fact.pk if fact else None,
        "interaction_id": _interaction_id(fact, interaction),
        "happened_at": happened,
        "recorded_at": recorded,
        "known_at": known_at,
        "due_at": happening.due_at,
        "live": happening.live,
        "data": happening.data,
    }
    return made(Event, told)


def _times(fact: Fact | None, interaction: Interaction | None) -> tuple[datetime, datetime]:
    """What an interaction shows happened when the interaction did, however late somebody saw it."""
    if fact and interaction and fact.field == "shows":
        return interaction.happened_at, fact.recorded_at
    if fact:
        return fact.happened_at, fact.recorded_at
    assert interaction is not None
    return interaction.happened_at, interaction.recorded_at


def _interaction_id(fact: Fact | None, interaction: Interaction | None) -> UUID | None:
    if interaction:
        return interaction.pk
    return fact.interaction_id if fact else None
