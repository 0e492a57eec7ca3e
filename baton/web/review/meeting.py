"""What stands on the shared screen: the agenda, one deal with its news, what can be decided, and the minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.decide.review import reviews
from baton.decide.review.agenda import Agenda, Item, agenda, reasons_of, window_of
from baton.decide.review.minutes import Line, Minutes, minutes_of
from baton.decide.review.models import Review, Talk
from baton.kernel import words
from baton.kernel.ids import uuid7
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.map.elements import Decision
from baton.members.models import Member
from baton.web.deal import aside
from baton.web.deal.head import handing_over, shown_value
from baton.web.deal.rail import rail_of
from baton.web.deal.seen import DealSeen
from baton.web.deal.timeline import TimelineEntry, timeline_of
from baton.work import handoffs
from baton.work.packets import packet_of
from baton.work.seats import may_act_for

NEWS = 6
ON_THE_SCREEN = {"stage", "owner", "desk", "title"}
"""What the rail and the line under the title say already."""


def meeting_context(review: Review, member: Member, asked: str, at: datetime) -> dict[str, Any]:
    """Return what the page of a review shows this member; `asked` is the deal that they opened."""
    decision = current_map().decisions.get(review.decision)
    told = minutes_of(review, member)
    context = {
        "review": review,
        "name": decision.name if decision else review.decision,
        "minutes": told,
        "lines": [minute(line) for line in told.lines],
        "receipts": receipts(told),
        "captured": captured_sentence(told),
        "present": reviews.present_at(review),
        "may_write": decision is not None and reviews.may_run(member, decision) and review.ended_at is None,
        "elapsed": int(((review.ended_at or at) - review.started_at).total_seconds() // 60),
        "now": at,
    }
    return context | (_talk(review, member, decision, told, asked, at) if decision else {})


def minute(line: Line) -> dict[str, Any]:
    """Return one line of the minutes, with whose entries it rests on."""
    said = [
        ngettext("%(count)d value of %(name)s’s used", "%(count)d values of %(name)s’s used", count)
        % {"count": count, "name": name.split(" ")[0]}
        for name, count in line.used.items()
    ]
    decided = [_("decided by %(name)s") % {"name": line.by}] if line.by else []
    return {"at": line.at, "deal": line.deal, "title": line.title, "text": line.text, "note": ", ".join(decided + said)}


def receipts(told: Minutes) -> list[dict[str, Any]]:
    """Return whose entries were used in this review, the most used first."""
    ranked = sorted(told.used.items(), key=lambda one: (-one[1], one[0]))
    return [
        {
            "when": name.split(" ")[0],
            "text": ngettext("%(count)d value used", "%(count)d values used", count) % {"count": count},
        }
        for name, count in ranked
    ]


def captured_sentence(told: Minutes) -> str:
    """Say how many of the deals weren't in Baton before the meeting."""
    count = len(told.captured)
    if not count:
        return ""
    sentence = ngettext(
        "%(count)d deal wasn’t in Baton and was captured here: %(names)s.",
        "%(count)d deals weren’t in Baton and were captured here: %(names)s.",
        count,
    )
    return sentence % {"count": count, "names": ", ".join(told.captured)}


def _talk(
    review: Review, member: Member, decision: Decision, told: Minutes, asked: str, at: datetime
) -> dict[str, Any]:
    seen = agenda(member, decision, at=review.ended_at or at, since=review.since)
    talked = dict(Talk.objects.filter(review=review).values_list("deal_id", "at"))
    order = [item.id for item in seen.items]
    left = [pk for pk in order if pk not in talked]
    wanted = _opened(asked, member) or (left[0] if left else order[0] if order else None)
    deal = Deal.objects.visible_to(member).filter(pk=wanted).first() if wanted else None
    return {
        "parts": _parts(seen, review, wanted, set(talked)),
        "done": _done(seen, review, member, talked, wanted),
        "current": _current(DealSeen(deal, member, current_map(), at), seen, review, decision, told) if deal else None,
        "place": order.index(wanted) + 1 if wanted in order else 0,
        "count": len(order),
        "next_href": _beside(review, order, wanted, 1),
        "back_href": _beside(review, order, wanted, -1),
    }


def _opened(asked: str, member: Member) -> UUID | None:
    try:
        return UUID(asked) if asked else None
    except ValueError:
        return None


def _parts(seen: Agenda, review: Review, wanted: UUID | None, talked: set[UUID]) -> list[dict[str, Any]]:
    parts = []
    for part in seen.parts:
        rows = [_row(item, review, wanted) for item in part.items if item.id not in talked]
        if rows:
            parts.append({"name": part.name, "rows": rows, "kind": part.kind})
    return parts


def _row(item: Item, review: Review, wanted: UUID | None) -> dict[str, Any]:
    worth = words.money(item.amount.minor, item.amount.currency) if item.amount else ""
    note = ", ".join(one for one in (worth, item.owner.split(" ")[0] if item.owner else _("nobody")) if one)
    return {"href": address(review, item.id), "title": item.title, "note": note, "current": item.id == wanted}


def _done(
    seen: Agenda, review: Review, member: Member, talked: dict[UUID, datetime], wanted: UUID | None
) -> list[dict[str, Any]]:
    titles = dict(Deal.objects.visible_to(member).filter(pk__in=talked).values_list("pk", "title"))
    ordered = sorted((at, pk) for pk, at in talked.items() if pk in titles)
    return [
        {"href": address(review, pk), "title": titles[pk], "current": pk == wanted} for _at, pk in reversed(ordered)
    ]


def address(review: Review, deal: UUID) -> str:
    """Return the address of a deal in a review."""
    return f"{reverse('review-meeting', args=[review.pk])}?deal={deal}"


def _beside(review: Review, order: list[UUID], wanted: UUID | None, step: int) -> str:
    place = order.index(wanted) + step if wanted in order else 0
    return address(review, order[place]) if 0 <= place < len(order) else ""


def _current(shown: DealSeen, seen: Agenda, review: Review, decision: Decision, told: Minutes) -> dict[str, Any]:
    deal, member, at = shown.deal, shown.member, shown.now
    wanted = handoffs.next_for(deal, shown.map) if deal.desk in shown.map.desks else None
    packet = packet_of(deal, wanted, member=member, at=at, operating_map=shown.map) if wanted else None
    item = next((one for one in seen.items if one.id == deal.pk), None)
    window = window_of(member, decision, at=at, since=review.since)
    return {
        "deal": deal,
        "line": _line(shown),
        "reasons": item.reasons if item else reasons_of(deal, window, {}),
        "rail": until_now(rail_of(shown, packet, aside.handoffs_of(shown), set())),
        "values": [shown_value(shown, key) for key in decision.reads if shown.field(key) and key not in ON_THE_SCREEN],
        "news": _news(shown, review.since, {f"i-{line.interaction}" for line in told.lines}),
        "outcomes": outcomes(shown, review),
        "key": uuid7(),
    }


def until_now(desks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the desks that the deal hasn't come to: a meeting asks what was shown, and what comes next."""
    here = next((index for index, desk in enumerate(desks) if desk["now"]), 0)
    return [*desks[:here], desks[here] | {"exchange": None}]


def _line(shown: DealSeen) -> str:
    """Say who has it, what it is worth, when it closes, and whether it counts."""
    deal = shown.deal
    parts = [words.money(deal.amount, deal.currency) if deal.amount is not None else _("no amount")]
    parts.append(shown.name_of(deal.owner_id) if deal.owner_id else _("nobody has it"))
    if deal.close_date:
        parts.append(_("closes %(day)s") % {"day": words.day(deal.close_date, shown.now)})
    stage = shown.map.stage_by_id(deal.stage)
    counts = "" if stage is None or stage.counts("weight", shown=deal.shown) else _(" It counts for nothing yet.")
    return f"{', '.join(parts)}.{counts}"


def _news(shown: DealSeen, since: datetime, minuted: set[str]) -> list[TimelineEntry]:
    """Return what happened since the last review; what is decided in this one stands in the minutes."""
    entries = [entry for _day, of_day in timeline_of(shown, "everything").days for entry in of_day]
    return [entry for entry in entries if entry.key[0] >= since and entry.id not in minuted][:NEWS]


# What can be decided


def outcomes(shown: DealSeen, review: Review) -> list[dict[str, Any]]:
    """Return what can be decided about a deal, one key each; `asked` ones open a short form."""
    deal, owner = shown.deal, shown.name_of(shown.deal.owner_id).split(" ")[0]
    stage = shown.map.stage_by_id(deal.stage)
    ended = deal.status in {"lost", "done"}
    offered = [
        _outcome(review, deal, "step", _("What’s next, who, by when"), asked=True),
        _outcome(review, deal, "figures", _("Change the date or the amount"), asked=True),
    ]
    if stage and not deal.shown and deal.owner_id and not ended:
        label = _("Ask %(name)s what shows %(stage)s") % {"name": owner, "stage": stage.name}
        offered.append(_outcome(review, deal, "evidence", label))
    else:
        offered.append(_outcome(review, deal, "question", _("Ask somebody"), asked=True))
    offered += [
        _outcome(review, deal, "stage", _("It stands elsewhere"), asked=True),
        _outcome(review, deal, "owner", _("Give it to somebody else"), asked=True),
        _outcome(review, deal, "promise", _("Promise the customer something"), asked=True),
    ]
    offered += [] if ended else [_outcome(review, deal, "loss", _("Lost, and why"), asked=True)]
    offered += _handing(shown)
    numbered = [one | {"press": str(number)} for number, one in enumerate(offered, 1)]
    return [*numbered, _outcome(review, deal, "nothing", _("Nothing to decide")) | {"press": "0"}]


def _handing(shown: DealSeen) -> list[dict[str, Any]]:
    """Offer the handoff that the deal is due for: its stage passes it on, or is another desk's already."""
    deal, told = shown.deal, handing_over(shown)
    wanted = handoffs.next_for(deal, shown.map) if told and not told["why_not"] else None
    stage = shown.map.stage_by_id(deal.stage)
    due = wanted and stage and (stage.id == wanted.at or stage.desk != deal.desk)
    if not due or may_act_for(shown.member, deal.desk, shown.map).answer != "allow":
        return []
    return [{"label": told["label"], "href": reverse("deal-handoff", args=[deal.pk]), "asked": True}]


def _outcome(review: Review, deal: Deal, outcome: str, label: str, *, asked: bool = False) -> dict[str, Any]:
    href = f"{reverse('review-decisions', args=[review.pk])}?deal={deal.pk}&outcome={outcome}"
    return {"label": label, "href": href, "asked": asked}
