"""What somebody must be able to do at their desks, and what the ledger has seen them do already.

Nothing is ticked by hand and no film is watched: an ability is there when its event is. Only that and when is read,
never what it was about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Exists, Min, OuterRef, Q

from baton.ledger.models import Event, Fact, Interaction
from baton.map.elements import Behavior
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.members.sessions import device_words
from baton.mirror.rollout.protocol import protocol_of
from baton.work.models import Duty, Handoff

CALLER = "mirror"
QUICK = "quick"
"""The channel under which the quick line records."""
PHONES = {"iPhone", "iPad", "Android"}
SUGGESTION, LINE, PHONE = "suggestion", "line", "phone"
Kind = Literal["duty", "take", "give", "suggestion", "line", "phone"]
Seen = dict[str, datetime]
"""Key of an ability → when the ledger first saw it."""
Told = Callable[[Collection[UUID]], Mapping[UUID, datetime]]
_phones: list[Told] = []


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing that somebody at a desk must be able to do. `name` is the behavior's or the handoff's, else empty."""

    key: str
    kind: Kind
    name: str = ""


def register_phones(teller: Told) -> None:
    """Let a room that the mirror doesn't know say who is told on a phone: member → since when."""
    _phones[:] = [teller]


def abilities(
    email: str, desks: Iterable[str], drawn: OperatingMap, behaviors: Mapping[str, Behavior]
) -> list[Ability]:
    """Return what somebody who sits at these desks must be able to do, each once, in the order of work."""
    found = [one for desk in desks if desk in drawn.desks for one in _at(email, desk, drawn, behaviors)]
    found += [Ability(LINE, "line"), Ability(PHONE, "phone")]
    return list({one.key: one for one in found}.values())


def _at(email: str, desk: str, drawn: OperatingMap, behaviors: Mapping[str, Behavior]) -> Iterator[Ability]:
    page = protocol_of(drawn.desks[desk], drawn, behaviors)
    leads = page.desk.lead.lower() == email.lower()
    for behavior in (*page.yours, *(page.of_lead if leads else ())):
        if not behavior.id.startswith("baton:accept:"):  # taking a handoff says it better
            yield Ability(f"duty/{behavior.id}", "duty", str(behavior.name))
    yield from (Ability(f"take/{one.id}", "take", one.name) for one in page.takes)
    yield from (Ability(f"give/{one.id}", "give", one.name) for one in page.gives)
    if page.fields:
        yield Ability(SUGGESTION, "suggestion")


def seen_of(people: Collection[UUID], reader: Member) -> dict[UUID, Seen]:
    """Return what the ledger has seen each of these people do, and since when. Six questions, however many they are.

    Duties and handoffs are those that the reader may see; of suggestions and lines only who and when is read.
    """
    found: dict[UUID, Seen] = defaultdict(dict)
    for member, key, at in _rows(people, reader):
        found[member][key] = min(at, found[member].get(key, at))
    return dict(found)


def _rows(people: Collection[UUID], reader: Member) -> Iterator[tuple[UUID, str, datetime]]:
    for member, behavior, at in _kept(people, reader):
        yield member, f"duty/{behavior}", at
    taken = Handoff.objects.visible_to(reader).filter(decided_by__in=people, state="accepted")
    for member, handoff, at in _first(taken, "decided_at", "decided_by", "handoff"):
        yield member, f"take/{handoff}", at
    given = Handoff.objects.visible_to(reader).filter(offered_by__in=people)
    for member, handoff, at in _first(given, "offered_at", "offered_by", "handoff"):
        yield member, f"give/{handoff}", at
    settled = Fact.objects.unscoped(CALLER).filter(said_by__in=people, settles__isnull=False)
    for member, at in _first(settled, "recorded_at", "said_by"):
        yield member, SUGGESTION, at
    typed = Interaction.objects.unscoped(CALLER).filter(author__in=people, channel=QUICK)
    for member, at in _first(typed, "recorded_at", "author"):
        yield member, LINE, at
    yield from ((member, PHONE, at) for member, at in _on_phones(people))


def _kept(people: Collection[UUID], reader: Member) -> Any:
    """Duties that somebody owed and settled themselves: the event that closed it was theirs."""
    theirs = Q(member=OuterRef("owed_by")) | Q(fact__said_by=OuterRef("owed_by"))
    own = Event.objects.unscoped(CALLER).filter(theirs, pk=OuterRef("closed_by"))
    rows = Duty.objects.visible_to(reader).filter(Exists(own), owed_by__in=people, state="closed")
    return _first(rows, "closed_at", "owed_by", "behavior")


def _first(rows: Any, moment: str, *by: str) -> Any:
    """The first moment of each."""
    return rows.order_by().values_list(*by).annotate(first=Min(moment))


def _on_phones(people: Collection[UUID]) -> Iterator[tuple[UUID, datetime]]:
    """Who has signed in on a phone, or is told on one."""
    rows: Any = UserSession.objects.filter(user__in=people).values_list("user", "user_agent", "created_at")
    yield from ((member, at) for member, agent, at in rows if device_words(agent)[1] in PHONES)
    yield from (one for teller in _phones for one in teller(people).items())
