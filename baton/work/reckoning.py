"""Reckoning duties from events. Pure: the same events, in whatever order they arrived, give the same duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from baton.kernel.ids import derived
from baton.map.elements import Behavior
from baton.work.behaviors import Through

PAIRED = ("promise", "handoff", "question", "exception", "packet", "behavior")
"""Events of these families are about a record of their own: what opens on it closes on it."""

WITH_CUSTOMER = {"interaction", "call"}
"""What is said between us and a customer: it closes across their deals, by thread or by person."""

ENDS_DEAL = ("deal.lost", "deal.finished", "deal.withdrawn")
ASKS_NOTHING = {"cc", "thanks", "answered"}
"""Marks of an event to which nobody owes an answer."""
OF_THE_DEAL = ("deal", "stage", "next_step", "fact", "quiet", "handoff", "packet", "meeting")
"""What these families ask for is about a deal that goes on; nobody owes it once the deal has ended."""


@dataclass(slots=True)
class Reckoned:
    """One duty as the events have it: what opened it, what last moved its time, what closed it."""

    behavior: Behavior
    scope: str
    opener: Any
    timer: Any
    closer: Any = None

    @property
    def id(self) -> Any:
        return derived("duty", self.behavior.id, self.opener.id)


def family(kind: str) -> str:
    """Return the part before the dot: "promise" of "promise.made"."""
    return kind.partition(".")[0]


def scope_of(behavior: Behavior, event: Any) -> str:
    """Return what the behavior counts as one subject for this event: its record, its customer, or its deal."""
    if event.data.get("meeting"):
        return f"meeting:{event.record_id}:{event.detail}"
    return scoping(event.kind)(event)


def scoping(kind: str) -> Callable[[Any], str]:
    """Return how the scope of an event of this kind is named, where it isn't about a meeting of a calendar."""
    own = family(kind)
    if own == "packet":
        return lambda event: f"{event.record_kind}:{event.record_id}:{event.detail}"
    if own in PAIRED:
        return lambda event: f"{event.record_kind}:{event.record_id}"
    if own == "fact":
        return lambda event: f"field:{event.record_id}:{event.detail}"
    if own in WITH_CUSTOMER:
        return lambda event: f"customer:{event.deal_id or '-'}:{event.contact_id or '-'}"
    return lambda event: f"deal:{event.deal_id}" if event.deal_id else f"contact:{event.contact_id}"


def opens(behavior: Behavior, event: Any) -> bool:
    """Whether this event opens a duty: only live ones do; mail in copy, bare thanks and a call taken ask nothing."""
    asks = event.live and not ASKS_NOTHING & event.data.keys() and not _is_nobodys(event)
    return asks and event.data.get("also") not in behavior.leaves and behavior.opens.matches(event.kind, event.detail)


def _is_nobodys(event: Any) -> bool:
    """A meeting of a calendar that was filed nowhere is a member's own."""
    return bool(event.data.get("meeting")) and not (event.deal_id or event.contact_id)


def closes(behavior: Behavior, event: Any) -> bool:
    """Whether an event of this kind can close such a duty: what the behavior says, and the end of the deal."""
    said = event.kind in ENDS_DEAL or behavior.closes.matches(event.kind, event.detail)
    return said or _spoke(behavior, event) or _moved(behavior, event)


def kinds_of(behavior: Behavior) -> frozenset[str]:
    """Return the kinds of events that may open or close what a behavior asks for."""
    kinds = behavior.opens.kinds | behavior.closes.kinds | set(ENDS_DEAL)
    return kinds | MOVES if "meeting.ended" in kinds else kinds


MOVES = {"meeting.planned", "meeting.cancelled"}


def _moved(behavior: Behavior, event: Any) -> bool:
    """What came of a meeting is asked no more once it turns out to take place later, or not at all."""
    moves = event.kind in MOVES and event.data.get("meeting")
    return bool(moves) and behavior.opens.matches("meeting.ended")


def _spoke(behavior: Behavior, event: Any) -> bool:
    """They rang again and somebody took the call: that settles what ringing them back would have."""
    return bool(event.data.get("answered")) and behavior.closes.matches("interaction.out", event.detail)


def settles(behavior: Behavior, opener: Any, event: Any) -> bool:
    """Whether this event closes what that one opened: after it, on its record, its thread, its customer or its deal."""
    if not closes(behavior, event) or event.happened_at < opener.happened_at or same_source(opener, event):
        return False
    return sharing(behavior, opener.kind, event)(opener, event)


def sharing(behavior: Behavior, opened_by: str, event: Any) -> Callable[[Any, Any], bool]:
    """Return what an event must share with one of the kind `opened_by` to close it; its kind and detail decide."""
    opened, own = family(opened_by), family(event.kind)
    if event.kind in ENDS_DEAL and not behavior.closes.matches(event.kind, event.detail):
        return _same_deal if opened in OF_THE_DEAL else _nothing
    if opened == own and opened in (*PAIRED, "fact"):
        return _same_subject if _closes_by_name(behavior, event) else _same_item_of_subject
    if opened == own == "meeting":
        return _same_meeting
    if behavior.closes.same_customer or {opened, own} <= WITH_CUSTOMER:
        return _same_thread_or_customer
    return _same_deal


def _nothing(_opener: Any, _event: Any) -> bool:
    return False


def _same_item_of_subject(opener: Any, event: Any) -> bool:
    return _same_subject(opener, event) and _same_item(opener, event)


def _same_thread_or_customer(opener: Any, event: Any) -> bool:
    return _same_thread(opener, event) or _same_customer(opener, event)


def same_source(opener: Any, event: Any) -> bool:
    """One fact can mean that the old is done and the new is set; it never closes what it opens."""
    return opener.fact_id is not None and opener.fact_id == event.fact_id


def _same_subject(opener: Any, event: Any) -> bool:
    if opener.kind == "handoff.returned":
        return _same_deal(opener, event)
    return opener.record_id == event.record_id


def _same_item(opener: Any, event: Any) -> bool:
    return family(opener.kind) not in {"packet", "fact"} or opener.detail == event.detail


def _closes_by_name(behavior: Behavior, event: Any) -> bool:
    """A behavior can name another field than the one that opened it: `fact confirmed scope`."""
    return any(one.kind == event.kind and one.detail == event.detail for one in behavior.closes.each if one.detail)


def _same_meeting(opener: Any, event: Any) -> bool:
    """What a calendar says is about one meeting; what somebody says of a meeting is about those on its deal."""
    if event.data.get("meeting"):
        same = opener.record_id == event.record_id and event.detail in {"", opener.detail}
        return same and bool(opener.data.get("meeting"))
    if event.data.get("of") and opener.data.get("meeting"):
        return event.data["of"] == f"{opener.record_id}:{opener.detail}"
    return _same_deal(opener, event)


def _same_thread(opener: Any, event: Any) -> bool:
    return opener.thread is not None and opener.thread == event.thread


def _same_customer(opener: Any, event: Any) -> bool:
    if opener.contact_id is None:
        return _same_deal(opener, event)
    return opener.contact_id == event.contact_id


def _same_deal(opener: Any, event: Any) -> bool:
    if opener.deal_id:
        return opener.deal_id == event.deal_id
    return opener.contact_id is not None and opener.contact_id == event.contact_id


IDENTITIES = ("deal_id", "contact_id", "record_id", "thread")


class Neighbors:
    """Events by what they are about, to find those that may close what others open."""

    def __init__(self, events: Iterable[Any]) -> None:
        self._by: dict[tuple[str, Any], list[Any]] = defaultdict(list)
        for event in events:
            for name in IDENTITIES:
                if getattr(event, name):
                    self._by[name, getattr(event, name)].append(event)

    def of(self, openers: Iterable[Any]) -> list[Any]:
        """Return the events on the deals, contacts, records and threads of these, once each."""
        keys = {(name, getattr(event, name)) for event in openers for name in IDENTITIES if getattr(event, name)}
        return list({event.id: event for key in keys for event in self._by[key]}.values())


def reckon(behavior: Through, scope: str, events: Iterable[Any]) -> list[Reckoned]:
    """Walk the events in the order in which they happened, and return the duties they make in this scope.

    A duty that was open while no map asked for it is none.
    """
    duties: list[Reckoned] = []
    waiting: Reckoned | None = None
    for moment in _moments(events):
        waiting, opened = step(behavior, scope, waiting, moment)
        duties += [opened] if opened else []
    return [duty for duty in duties if _lasted(behavior, duty)]


def step(
    behavior: Through, scope: str, waiting: Reckoned | None, moment: list[Any]
) -> tuple[Reckoned | None, Reckoned | None]:
    """Take what happened at one moment into a scope; return what waits in it afterwards, and what was opened.

    What was waiting is closed first, then what opens opens, then it may be closed too: mail is stamped to the
    second, so an answer can bear the time of its question. An event that opens and comes while a duty is open doesn't
    open another; where the behavior falls due at the event's own time, it moves the time.
    """
    waiting, opened = _still_asked(behavior, waiting, moment), None
    used = waiting and _close(behavior, waiting, moment)
    waiting = None if used else waiting
    for event in moment:
        said = behavior.at(event.known_at)
        if said and opens(said, event) and scope_of(said, event) == scope:
            if waiting is None:
                waiting = opened = Reckoned(behavior.latest, scope, event, event)
            elif said.within.after_its_time:
                waiting.timer = event
    if opened and waiting:
        rest = [event for event in moment if event is not used]
        waiting = None if _close(behavior, waiting, rest) else waiting
    return waiting, opened


def _still_asked(behavior: Through, waiting: Reckoned | None, moment: list[Any]) -> Reckoned | None:
    """What waits is withdrawn once a map no longer asks for it; what comes later opens anew."""
    if waiting and any(behavior.lasted(waiting.opener.known_at, event.known_at) for event in moment):
        return waiting
    return None


def _lasted(behavior: Through, duty: Reckoned) -> bool:
    since = duty.opener.known_at
    return behavior.lasted(since, max(since, duty.closer.known_at) if duty.closer else None)


def _moments(events: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(events, key=in_order)
    for _happened, group in groupby(ordered, key=lambda event: event.happened_at):
        yield list(group)


def _close(behavior: Through, waiting: Reckoned, moment: list[Any]) -> Any:
    for event in moment:
        said = behavior.at(event.known_at)
        if said and event.id != waiting.opener.id and settles(said, waiting.opener, event):
            waiting.closer = event
            return event
    return None


def in_order(event: Any) -> tuple[datetime, datetime, str]:
    """Return what events are put in order by: when they happened, when Baton knew, and at last their identifier."""
    return event.happened_at, event.recorded_at, str(event.id)
