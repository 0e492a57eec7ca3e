"""One handoff: who passes what to whom, by when, with what is missing first, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel import words
from baton.ledger.models import Deal
from baton.web.deal.aside import ORDER, packet_rows
from baton.web.deal.seen import DealSeen
from baton.web.handoffs.lists import Exchange, due_of
from baton.web.today.reasons import in_hours
from baton.work.crew import SHOWN_STATES
from baton.work.handoffs import changed_items, definition_of
from baton.work.models import Handoff, Promise
from baton.work.packets import packet_of
from baton.work.seats import desks_of, lead_of, may_act_for


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the packet as the page shows it, with what can be done about it while it isn't there."""

    id: str
    key: str
    name: str
    has: str
    text: str
    age: str = ""
    href: str = ""
    why: str = ""
    note: str = ""
    fact: UUID | None = None
    fill: str = ""
    ask_customer: str = ""
    change: dict[str, str] | None = None


def shown(handoff: Handoff, exchange: Exchange) -> dict[str, Any]:
    """Return everything that the page says of one handoff."""
    deal = Deal.objects.visible_to(exchange.member).filter(pk=handoff.deal_id).first()
    assert deal is not None, "A handoff is seen by those who see its deal."
    seen = DealSeen(deal, exchange.member, exchange.map, exchange.at)
    items = _items(handoff, seen, exchange)
    gaps = [item for item in items if item.has != "there"]
    return {
        "handoff": handoff,
        "deal": deal,
        "worth": words.money(deal.worth.minor, deal.worth.currency) if deal.worth else "",
        "items": sorted(items, key=lambda item: ORDER.get(item.has, 9)),
        "segments": items,
        "gaps": gaps,
        "sides": _sides(handoff, exchange),
        "promises": _promises(handoff, seen),
        "may": _may(handoff, exchange),
        "why_not": _why_not(gaps),
        "sender": exchange.name(handoff.offered_by_id),
        "sender_asked": _asked(handoff, exchange),
        "here": reverse("handoff", args=[handoff.pk]),
        "outcome": _outcome(handoff, exchange),
    }


def _asked(handoff: Handoff, exchange: Exchange) -> str:
    """Return the first name of whoever is asked about a gap; nobody asks themselves."""
    known = exchange.members.get(handoff.offered_by_id) if handoff.offered_by_id else None
    return known.short_name if known and known.is_active and known != exchange.member else ""


def _items(handoff: Handoff, seen: DealSeen, exchange: Exchange) -> list[Item]:
    """While it waits, the packet is as it stands now; afterwards as it was accepted, with what changed since."""
    definition = definition_of(handoff, exchange.map)
    if handoff.state == Handoff.State.OFFERED and definition:
        packet = packet_of(seen.deal, definition, member=seen.member, at=seen.now, operating_map=seen.map)
        order = {item.key: place for place, item in enumerate(packet.items)}
        rows = {row.id: row for row in packet_rows(seen, packet)}
        return [_live(rows[_row_id(key)], key, seen, packet.items[order[key]].said_by) for key in order]
    changes = changed_items(handoff) if handoff.state == Handoff.State.ACCEPTED else {}
    return [_frozen(item, changes.get(item["item"])) for item in handoff.packet]


def _row_id(key: str) -> str:
    return f"packet-{key.replace('.', '-')}"


def _live(row: Any, key: str, seen: DealSeen, said_by: UUID | None) -> Item:
    waits = row.has in {"missing", "stale"}
    mail = f"{reverse('deal-email', args=[seen.deal.pk])}?about={key}" if waits and seen.contact else ""
    text = row.text or (_("Nobody has said") if row.has == "missing" else "")
    return Item(
        id=f"i-{row.id}",
        key=key,
        name=row.name,
        has=row.has,
        text=text,
        age=row.age,
        href=row.href,
        why=row.why,
        note=seen.name_of(said_by) if row.has == "there" and said_by else "",
        fact=row.fact,
        fill=row.correct if row.has != "there" else "",
        ask_customer=mail,
    )


def _frozen(item: dict[str, Any], change: dict[str, Any] | None) -> Item:
    text = item.get("value") or (_("Nobody had said") if item["has"] == "missing" else item.get("suggested", ""))
    told = {"was": change["was"] or _("nothing"), "now": change["now"] or _("nothing")} if change else None
    key = item["item"]
    return Item(f"i-{key}", key, item["name"], item["has"], text, why=item.get("breaks", ""), change=told)


def _sides(handoff: Handoff, exchange: Exchange) -> dict[str, str]:
    offered = words.when(handoff.offered_at, exchange.at) if handoff.offered_at else ""
    return {
        "from_desk": exchange.desk(handoff.from_desk),
        "from_who": exchange.name(handoff.offered_by_id),
        "from_note": _("offered %(when)s") % {"when": offered} if offered else "",
        "to_desk": exchange.desk(handoff.to_desk),
    } | _receiving(handoff, exchange)


def _receiving(handoff: Handoff, exchange: Exchange) -> dict[str, str]:
    if handoff.decided_at:
        state = handoff.get_state_display().lower()
        when = words.when(handoff.decided_at, exchange.at)
        return {"to_who": exchange.name(handoff.decided_by_id), "to_note": f"{state} {when}"}
    duty = due_of([handoff], exchange).get(handoff.pk)
    if duty is None:
        lead = lead_of(handoff.to_desk, exchange.map)
        return {"to_who": exchange.name(lead.pk if lead else None), "to_note": ""}
    due = words.due(duty.due_at, exchange.at)
    left = in_hours(exchange.map.hours.between(exchange.at, duty.due_at))
    return {"to_who": f"{exchange.name(duty.owed_by_id)}, {due}", "to_note": left}


def _promises(handoff: Handoff, seen: DealSeen) -> list[str]:
    """Return the open promises that come with the deal, each with who still owes it."""
    rows = Promise.objects.visible_to(seen.member).filter(deal=handoff.deal_id).ours().open().order_by("due_at", "id")
    return [_promise(row, seen) for row in rows]


def _promise(row: Promise, seen: DealSeen) -> str:
    due = words.due(row.due_at, seen.now) if row.due_at else ""
    owes = _("%(name)s owes it") % {"name": seen.name_of(row.promised_by_id)} if row.promised_by_id else ""
    return ", ".join(part for part in (row.what, due, owes) if part)


def _may(handoff: Handoff, exchange: Exchange) -> dict[str, bool]:
    """Return what the member can do with it. The verbs ask again."""
    waits = handoff.state == Handoff.State.OFFERED
    receives = may_act_for(exchange.member, handoff.to_desk, exchange.map).answer == "allow"
    sends = may_act_for(exchange.member, handoff.from_desk, exchange.map).answer == "allow"
    mine = handoff.offered_by_id == exchange.member.pk and exchange.member.may_write
    at_desk = handoff.to_desk in desks_of(exchange.member, exchange.map)
    return {
        "answer": waits and receives and not (mine and not at_desk),
        "withdraw": waits and (mine or sends),
        "look": handoff.state == Handoff.State.ACCEPTED and receives,
        "share": handoff.state in SHOWN_STATES and exchange.member.may_write,
        "again": handoff.state == Handoff.State.RETURNED and (mine or sends),
    }


def _why_not(gaps: list[Item]) -> str:
    if not gaps:
        return ""
    if len(gaps) == 1:
        return _("Accept opens when %(item)s is there") % {"item": gaps[0].name}
    count = len(gaps)
    return ngettext("%(count)d item isn’t there yet", "%(count)d items aren’t there yet", count) % {"count": count}


def _outcome(handoff: Handoff, exchange: Exchange) -> dict[str, str]:
    """Return how it was answered, in a sentence with its tone; nothing while it waits."""
    names = {item["item"]: item["name"] for item in handoff.packet}
    who = exchange.name(handoff.decided_by_id)
    if handoff.state == Handoff.State.RETURNED:
        missing = ", ".join(names.get(key, key) for key in handoff.missing)
        text = _("%(name)s returned it") % {"name": who} + (f": {missing}. " if missing else ". ") + handoff.because
        return {"tone": "late", "text": text}
    if handoff.state == Handoff.State.WITHDRAWN:
        return {"tone": "faded", "text": _("%(name)s took it back.") % {"name": who} + f" {handoff.because}"}
    if handoff.state == Handoff.State.ACCEPTED and handoff.owed:
        owed = ", ".join(names.get(key, key) for key in handoff.owed)
        text = _("%(name)s started already. Still owed: %(items)s.") % {"name": who, "items": owed}
        return {"tone": "faded", "text": text}
    return {}
