"""The head of a deal: what it is worth, when it closes, how sure that is, who has it, and what is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.kernel import words
from baton.kernel.clock import unstamp
from baton.ledger.trust import trust_of
from baton.web.deal.seen import DealSeen
from baton.work import handoffs


@dataclass(frozen=True)
class Shown:
    """One value with how far it can be relied on. `trust` is confirmed, suggested, stale or missing."""

    field: str
    name: str
    text: str
    trust: str
    href: str
    note: str = ""
    age: str = ""


def shown_value(seen: DealSeen, key: str, missing: str = "") -> Shown:
    """Return a field of the deal as the page shows it; what nobody said is said so."""
    field = seen.field(key)
    kept = seen.deal.values.get(key, {})
    value = kept.get("v")
    trust = trust_of(kept, field, seen.now).state
    text = seen.words(key, value) if value not in (None, "", [], {}) else missing or _("Nobody has said")
    name = str(field.name) if field else key
    return Shown(key, name, text, trust, reverse("deal-field", args=[seen.deal.pk, key]), age=age_of(kept, trust, seen))


def age_of(kept: dict[str, Any], trust: str, seen: DealSeen) -> str:
    """Write a stale value's age out."""
    if trust != "stale":
        return ""
    days = (seen.now - unstamp(kept["h"])).days
    return ngettext("%(count)d day old", "%(count)d days old", days) % {"count": days}


def figures(seen: DealSeen) -> dict[str, Any]:
    """Return what the head's figures show."""
    deal = seen.deal
    worth = shown_value(seen, "amount", _("not said yet"))
    closes = shown_value(seen, "close_date", _("not said yet"))
    if deal.close_date:
        closes = Shown(
            closes.field, closes.name, words.day(deal.close_date, seen.now), closes.trust, closes.href, age=closes.age
        )
    return {"worth": worth, "closes": closes, "chance": chance(seen), "holder": holder(seen)}


def chance(seen: DealSeen) -> dict[str, str]:
    """Return the stage's weight where it counts; nothing is invented where the stage is only said."""
    deal, stage = seen.deal, seen.map.stages.get(seen.deal.stage)
    if deal.status == "lost":
        return {"text": _("Lost"), "note": deal.lost_reason}
    if stage is None or stage.weight is None:
        return {"text": "–", "note": _("the map gives this stage no weight")}
    if not stage.counts("weight", shown=deal.shown):
        return {"text": _("said"), "note": _("not counted until something shows it")}
    weight = f"{stage.weight:.0%}"
    if deal.status in {"won", "done"}:
        return {"text": _("Won"), "note": weight}
    return {"text": weight, "note": _("for %(stage)s") % {"stage": stage.name}}


def holder(seen: DealSeen) -> dict[str, str]:
    """Return who has the deal, at which desk and for how long."""
    deal = seen.deal
    desk = seen.map.desks.get(deal.desk)
    kept = deal.values.get("desk") or deal.values.get("owner") or {}
    days = (seen.now - unstamp(kept["h"])).days if kept.get("h") else 0
    age = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    name = seen.name_of(deal.owner_id) if deal.owner_id else _("nobody yet")
    at_desk = _("%(desk)s desk") % {"desk": desk.name} if desk else ""
    return {"text": name, "note": f"{at_desk}, {age}" if at_desk else age}


def next_step(seen: DealSeen) -> dict[str, Any]:
    """Return the next step for the notice under the figures."""
    deal = seen.deal
    if deal.status in {"lost", "done"}:
        return {"ended": True, "status": deal.status, "reason": deal.lost_reason}
    if not deal.next_step:
        return {"missing": True}
    who = _("You") if deal.next_step_by_id == seen.member.pk else seen.name_of(deal.next_step_by_id)
    late = bool(deal.next_step_at and deal.next_step_at < seen.now)
    return {"what": deal.next_step, "who": who, "due": due_words(deal.next_step_at, seen.now), "late": late}


def due_words(at: datetime | date | None, now: datetime) -> str:
    """Write by when, in a sentence: "by Wed 18 Nov 17:00", "since Fri 17:30"."""
    if at is None:
        return _("today")
    said = words.due(at, now)
    openings = (_("by %(time)s") % {"time": ""}, _("since %(when)s") % {"when": ""})
    return said if said.startswith(openings) else _("by %(time)s") % {"time": said}


def handing_over(seen: DealSeen) -> dict[str, str]:
    """Return to which desk the deal can be handed, or why it can't now; nothing where the map has no next desk."""
    deal = seen.deal
    wanted = handoffs.next_for(deal, seen.map) if deal.desk in seen.map.desks else None
    if wanted is None:
        return {}
    desk = seen.map.desks[wanted.to_desk].name
    return {"desk": desk, "label": _("Hand to %(desk)s") % {"desk": desk}, "why_not": _why_not(seen, desk)}


def _why_not(seen: DealSeen, desk: str) -> str:
    if not seen.may_write:
        return _("Your role is read only.")
    if seen.deal.status in {"lost", "done"}:
        return _("This deal has ended.")
    if seen.deal.offered_to:
        return _("Offered already: %(desk)s hasn’t answered yet.") % {"desk": seen.words("desk", seen.deal.offered_to)}
    return ""


SERIES = {"quote": gettext_lazy("Give a quote its number"), "job": gettext_lazy("Give a job its number")}


def series_of(seen: DealSeen) -> list[dict[str, str]]:
    """Return the series of the map that a number can be given from."""
    return [{"key": key, "label": str(SERIES[key])} for key in seen.map.numbers if key in SERIES]
