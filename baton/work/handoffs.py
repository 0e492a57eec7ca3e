"""Handoffs: offered with a frozen packet, then accepted, returned with what was missing, or withdrawn.

Desk and owner of a deal change with acceptance only. The stage stays where its own event put it, unless the map
says that a stage of the receiving desk is entered by `handoff accepted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Deal, Event, Fact
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.map.elements import Handoff as HandoffDefinition
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.exceptions import said_exception
from baton.work.looking import deal_seen_by
from baton.work.models import Handoff
from baton.work.packets import Packet, packet_of
from baton.work.questions import said_question
from baton.work.seats import desk_name, desks_of, lead_of, leads, may_act_for

CALLER = "work.handoffs"


# Which handoff


def between(from_desk: str, to_desk: str, operating_map: OperatingMap) -> HandoffDefinition | None:
    """Return the map's handoff from one desk to another."""
    return next((h for h in operating_map.handoffs_from(from_desk) if h.to_desk == to_desk), None)


def next_for(deal: Deal, operating_map: OperatingMap) -> HandoffDefinition | None:
    """Return the handoff that a deal comes to next from the desk where it lies.

    A deal that was moved to another desk's stage goes there; else the first handoff at or after its stage.
    """
    here = operating_map.stages.get(deal.stage)
    across = between(deal.desk, here.desk, operating_map) if here and here.desk != deal.desk else None
    if across:
        return across
    order = list(operating_map.stages)
    at = order.index(deal.stage) if deal.stage in order else 0
    ahead = [h for h in operating_map.handoffs_from(deal.desk) if order.index(h.at) >= at]
    known = ahead or operating_map.handoffs_from(deal.desk)
    return min(known, key=lambda h: order.index(h.at), default=None)


def definition_of(handoff: Handoff, operating_map: OperatingMap) -> HandoffDefinition | None:
    """Return what the map says of a handoff now; None where it was removed."""
    return operating_map.handoffs.get(handoff.handoff)


def is_to_self(member: Member, handoff: HandoffDefinition, operating_map: OperatingMap) -> bool:
    """Whether a member would hand over to themselves: they sit at the sending desk and lead the receiving one."""
    at_sender = handoff.from_desk in desks_of(member, operating_map)
    return at_sender and leads(member, handoff.to_desk, operating_map)


# Offering


def offer(
    deal: Deal,
    *,
    by: Member,
    at: datetime,
    to: str | None = None,
    note: str = "",
    confirming: Iterable[UUID] = (),
    expected: int | None = None,
    channel: str = "screen",
) -> Handoff:
    """Offer a deal to the next desk, with its packet as it stands.

    `to` is the id of a handoff or of a desk of the map. `confirming` are suggestions of the packet that the sender
    left ticked: sending confirms them. Handing over to oneself is accepted at once and counts in no statistic.
    """
    operating_map, author = current_map(), Author(by, channel)
    with writing():
        Deal.objects.unscoped(CALLER).select_for_update().filter(pk=deal.pk).first()  # two who offer it wait here
        seen = deal_seen_by(by, deal.pk)
        wanted = _wanted(seen, to, operating_map)
        _refuse_offer(seen, wanted, by, operating_map)
        _confirm(seen, wanted, confirming, author, at, expected)
        fresh = deal_seen_by(by, deal.pk)
        packet = packet_of(fresh, wanted, member=by, at=at, operating_map=operating_map)
        to_self = is_to_self(by, wanted, operating_map)
        versions = {} if expected is None else {deal.pk: fresh.version}
        entries = _offered(fresh, wanted, packet, by, at, note, to_self)
        handoff: Handoff = record(entries, by=author, at=at, expected=versions).row("handoff", entries[-1].record_id)
        return _accept(handoff, by=by, at=at, channel=channel) if to_self else handoff


def _wanted(deal: Deal, to: str | None, operating_map: OperatingMap) -> HandoffDefinition:
    if to is None:
        found = next_for(deal, operating_map)
    else:
        found = operating_map.handoffs.get(to) or between(deal.desk, to, operating_map)
    if found is None or found.from_desk != deal.desk:
        here = desk_name(deal.desk, operating_map)
        raise Refusal(_("The map has no such handoff from %(desk)s.") % {"desk": here})
    return found


def _refuse_offer(deal: Deal, wanted: HandoffDefinition, by: Member, operating_map: OperatingMap) -> None:
    if deal.owner_id != by.pk:
        may_act_for(by, wanted.from_desk, operating_map).or_refuse()
    if deal.status in {"lost", "done"}:
        raise Refusal(_("This deal has ended. Open it again before you hand it over."))
    waiting = Handoff.objects.unscoped(CALLER).filter(deal=deal.pk).waiting().first()
    if waiting:
        desk = desk_name(waiting.to_desk, operating_map)
        raise Refusal(_("It was offered to %(desk)s already, and they haven’t answered yet.") % {"desk": desk})


def _confirm(
    deal: Deal,
    wanted: HandoffDefinition,
    confirming: Iterable[UUID],
    author: Author,
    at: datetime,
    expected: int | None,
) -> None:
    """Sending confirms what the packet shows; only open suggestions of this packet's fields are taken."""
    ids = set(confirming)
    assert author.member is not None
    offered = set(packet_of(deal, wanted, member=author.member, at=at).suggestions) if ids else set()
    facts = Fact.objects.visible_to(author.member).filter(pk__in=ids & offered).order_by("happened_at", "id")
    entries = [confirmation(fact) for fact in facts] if ids else []
    record(entries, by=author, at=at, expected={} if expected is None else {deal.pk: expected})


def confirmation(fact: Fact) -> Entry:
    """Return the entry by which somebody stands behind a suggestion as it was read."""
    return Entry(
        fact.record_kind,
        fact.record_id,
        fact.field,
        fact.value,
        interaction_id=fact.interaction_id,
        words=fact.words,
        span=(fact.span_start, fact.span_end) if fact.span_start is not None and fact.span_end is not None else None,
        reader=fact.reader,
        confidence=fact.confidence,
        settles=fact.pk,
    )


def _offered(
    deal: Deal, wanted: HandoffDefinition, packet: Packet, by: Member, at: datetime, note: str, to_self: bool
) -> list[Entry]:
    told = {
        "deal": str(deal.pk),
        "handoff": wanted.id,
        "from_desk": wanted.from_desk,
        "to_desk": wanted.to_desk,
        "packet": packet.frozen(),
        "note": note.strip()[:2000],
        "to_self": to_self,
        "offered": {"by": str(by.pk), "at": stamp(at)},
        "state": "offered",
    }
    return said("deal", deal.pk, offered_to=wanted.to_desk) + said("handoff", uuid7(), **told)


def withdraw(handoff: Handoff, *, by: Member, at: datetime, because: str = "", channel: str = "screen") -> Handoff:
    """Take an offer back before it is answered."""
    operating_map = current_map()
    current = _waiting(handoff, by)
    if current.offered_by_id != by.pk:
        may_act_for(by, current.from_desk, operating_map).or_refuse()
    return _decide(current, "withdrawn", by, at, channel, because=because.strip())


# Answering


def accept(handoff: Handoff, *, by: Member, at: datetime, channel: str = "screen") -> Handoff:
    """Accept a handoff: the deal now lies with the receiving desk and whoever accepted it."""
    return _accept(_answerable(handoff, by), by=by, at=at, channel=channel)


def accept_with_exception(
    handoff: Handoff, *, category: str, reason: str, by: Member, at: datetime, channel: str = "screen"
) -> Handoff:
    """Accept in spite of a gap, and record why as an exception on the deal."""
    current = _answerable(handoff, by)
    if not reason.strip() and not category.strip():
        raise Refusal(_("Say why it is accepted in spite of what is missing."))
    what = _("Accepted without: %(items)s") % {"items": ", ".join(_gaps(current)) or _("nothing missing")}
    excused = said_exception(
        current.deal_id, what, category=category, by=by, reason=reason, about=f"handoff:{current.handoff}"
    )
    return _accept(current, by=by, at=at, channel=channel, more=excused)


def start_already(
    handoff: Handoff, *, owed: Sequence[str], by: Member, at: datetime, because: str = "", channel: str = "screen"
) -> Handoff:
    """Accept and start, while the sender still owes some items of the packet: each becomes a question to them."""
    current = _answerable(handoff, by)
    names = _named_items(current, owed)
    if not names:
        raise Refusal(_("Say which items are still owed. If none is, accept."))
    more = said("handoff", current.pk, owed=list(names)) + _questions(current, names, by)
    return _accept(current, by=by, at=at, channel=channel, because=because.strip(), more=more)


def send_back(
    handoff: Handoff, *, missing: Sequence[str], because: str, by: Member, at: datetime, channel: str = "screen"
) -> Handoff:
    """Return a handoff, saying which items were missing or wrong."""
    current = _answerable(handoff, by)
    names = _named_items(current, missing)
    if not names and not because.strip():
        raise Refusal(_("Say what is missing or wrong, so that it comes back only once."))
    more = said("handoff", current.pk, missing=list(names))
    return _decide(current, "returned", by, at, channel, because=because.strip(), more=more)


def _answerable(handoff: Handoff, by: Member) -> Handoff:
    current = _waiting(handoff, by)
    may_act_for(by, current.to_desk, current_map()).or_refuse()
    return current


def _waiting(handoff: Handoff, by: Member) -> Handoff:
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    current = Handoff.objects.visible_to(by).filter(pk=handoff.pk).first()
    if current is None:
        raise Refusal(_("There is no such handoff among those you can see."))
    if current.state != Handoff.State.OFFERED:
        decided = Member.objects.filter(pk=current.decided_by_id).first()
        state = Handoff.State(current.state).label.lower()
        who = decided.name if decided else _("somebody")
        raise Refusal(_("%(name)s was quicker: it is %(state)s.") % {"name": who, "state": state})
    return current


def _accept(
    handoff: Handoff,
    *,
    by: Member,
    at: datetime,
    channel: str,
    because: str = "",
    more: list[Entry] | None = None,
) -> Handoff:
    operating_map = current_map()
    with writing():
        deal = deal_seen_by(by, handoff.deal_id)
        taken = _as_it_stands(handoff, deal, operating_map, by, at)
        taken += said("deal", deal.pk, desk=handoff.to_desk, owner=str(_takes(handoff, by, operating_map).pk))
        taken += _entered_by_acceptance(deal, handoff, operating_map)
        taken += _asking_for_proof(deal, handoff, operating_map, by)
        return _decide(handoff, "accepted", by, at, channel, because=because, more=[*(more or []), *taken])


def _as_it_stands(handoff: Handoff, deal: Deal, operating_map: OperatingMap, by: Member, at: datetime) -> list[Entry]:
    """What is accepted is the packet as it is now: a gap that was filled while it waited is none any more."""
    definition = definition_of(handoff, operating_map)
    if definition is None or handoff.to_self:
        return []
    packet = packet_of(deal, definition, member=by, at=at, operating_map=operating_map).frozen()
    same = [item.get("fact") for item in packet] == [item.get("fact") for item in handoff.packet]
    return [] if same else said("handoff", handoff.pk, packet=packet)


def _takes(handoff: Handoff, by: Member, operating_map: OperatingMap) -> Member:
    """Whoever accepts at the desk takes the deal; where a manager accepts for it, its lead does."""
    if handoff.to_desk in desks_of(by, operating_map):
        return by
    return lead_of(handoff.to_desk, operating_map) or by


def _entered_by_acceptance(deal: Deal, handoff: Handoff, operating_map: OperatingMap) -> list[Entry]:
    for stage in operating_map.stages_of(handoff.to_desk):
        here = deal.stage in operating_map.stages and not operating_map.is_before(deal.stage, stage.id)
        if stage.entered_by.matches("handoff.accepted", handoff.handoff) and not here:
            return said("deal", deal.pk, stage=stage.id)
    return []


def _asking_for_proof(deal: Deal, handoff: Handoff, operating_map: OperatingMap, by: Member) -> list[Entry]:
    """The receiving desk relies on the stage at which it was handed over: asked for once where it is only said."""
    from baton.work.moves import asking

    stage = operating_map.stages.get(deal.stage)
    if stage is None or handoff.to_self or stage.counts("handoff", shown=deal.shown):
        return []
    sender = Member.objects.filter(pk=handoff.offered_by_id, is_active=True).first()
    return asking(deal, stage, sender, by) if sender and sender != by else []


def _decide(
    handoff: Handoff,
    state: str,
    by: Member,
    at: datetime,
    channel: str,
    *,
    because: str = "",
    more: Sequence[Entry] = (),
) -> Handoff:
    entries = said("deal", handoff.deal_id, offered_to="")
    entries += said("handoff", handoff.pk, decided={"by": str(by.pk), "at": stamp(at)})
    entries += said("handoff", handoff.pk, because=because) if because else []
    entries += [*more, *said("handoff", handoff.pk, state=state)]
    expected = {handoff.pk: handoff.version}
    return record(entries, by=Author(by, channel), at=at, expected=expected).row("handoff", handoff.pk)


def _named_items(handoff: Handoff, keys: Sequence[str]) -> dict[str, str]:
    """Return key → name for the items named; refuse one that the packet doesn't have."""
    known = {item["item"]: item["name"] for item in handoff.packet}
    for key in keys:
        if key not in known:
            raise Refusal(_("The packet has no item “%(item)s”.") % {"item": key})
    return {key: known[key] for key in keys}


def _gaps(handoff: Handoff) -> list[str]:
    return [item["name"] for item in handoff.packet if item["has"] != "there"]


def _questions(handoff: Handoff, names: dict[str, str], by: Member) -> list[Entry]:
    operating_map = current_map()
    sender = Member.objects.filter(pk=handoff.offered_by_id, is_active=True).first()
    sender = sender or lead_of(handoff.from_desk, operating_map) or by
    desk = desk_name(handoff.to_desk, operating_map)
    entries: list[Entry] = []
    for key, name in names.items():
        text = _("Still owed to %(desk)s: %(item)s") % {"desk": desk, "item": name}
        entries += said_question(handoff.deal_id, text, of=sender, by=by, about_field=key)
    return entries


# After acceptance


def note_change(handoff: Handoff, item: str, *, by: Member, at: datetime, channel: str = "screen") -> Handoff:
    """Take note of a value that changed after the packet was accepted."""
    current, _change = _changed(handoff, item, by)
    told = {"noted": {"item": item, "by": str(by.pk), "at": stamp(at)}}
    return record(said("handoff", current.pk, **told), by=Author(by, channel), at=at).row("handoff", current.pk)


def object_to_change(
    handoff: Handoff, item: str, *, because: str, by: Member, at: datetime, channel: str = "screen"
) -> Handoff:
    """Object to a change; whoever made it is asked about it on the deal."""
    if not because.strip():
        raise Refusal(_("Say why the change doesn’t work for you."))
    current, change = _changed(handoff, item, by)
    told = {"objected": {"item": item, "by": str(by.pk), "at": stamp(at), "because": because.strip()}}
    entries = said("handoff", current.pk, **told)
    author = Member.objects.filter(pk=change["by"], is_active=True).first() if change["by"] else None
    if author and author != by:
        name = next((one["name"] for one in current.packet if one["item"] == item), item)
        text = _("%(item)s was changed after we accepted it: %(because)s") % {"item": name, "because": because.strip()}
        entries += said_question(current.deal_id, text, of=author, by=by, about_field=item)
    return record(entries, by=Author(by, channel), at=at).row("handoff", current.pk)


def _changed(handoff: Handoff, item: str, by: Member) -> tuple[Handoff, dict[str, Any]]:
    """Return the handoff and the change that nobody looked at yet; refuse where there is none."""
    may_act_for(by, handoff.to_desk, current_map()).or_refuse()
    current = Handoff.objects.visible_to(by).filter(pk=handoff.pk).first()
    if current is None:
        raise Refusal(_("There is no such handoff among those you can see."))
    change = changed_items(current).get(item)
    if change is None:
        raise Refusal(_("There is no change of “%(item)s” to look at.") % {"item": item})
    return current, change


def changed_items(handoff: Handoff) -> dict[str, dict[str, Any]]:
    """Return item → its last change that nobody looked at yet: {"item", "was", "now", "by", "at"}."""
    kinds = ["packet.changed", "packet.noted", "packet.objected"]
    events = Event.objects.unscoped(CALLER).filter(record_id=handoff.pk, kind__in=kinds)
    latest = {event.detail: event for event in events.order_by("happened_at", "recorded_at")}
    waiting = {item: event.fact_id for item, event in latest.items() if event.kind == "packet.changed"}
    facts = Fact.objects.unscoped(CALLER).filter(pk__in=waiting.values()).in_bulk()
    return {item: facts[fact].value for item, fact in waiting.items() if fact in facts}
