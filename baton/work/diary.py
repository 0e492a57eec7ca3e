"""The day of a member: meetings planned with customers, and the decisions of the map that they sit in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from baton.ledger.models import Deal, Event, Holder, Interaction
from baton.map.current import current_map
from baton.map.elements import Cadence
from baton.members.models import Member
from baton.work.models import Meeting


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry of the day. A decision has no deal."""

    at: datetime
    what: str
    deal_id: UUID | None = None
    deal: str = ""


def diary(member: Member, at: datetime) -> list[Planned]:
    """Return what is planned for the rest of the member's day and what was earlier today, in order."""
    local = timezone.localtime(at)
    midnight = datetime.combine(local.date(), time(), local.tzinfo)
    tomorrow = midnight + timedelta(days=1)
    planned = [*_decisions(member, local.date()), *_meetings(member, midnight, tomorrow)]
    planned += _in_calendars(member, midnight, tomorrow)
    return sorted(planned, key=lambda one: (one.at, one.what))


def _decisions(member: Member, day: date) -> list[Planned]:
    operating_map = current_map()
    mine = [one for one in operating_map.decisions.values() if member.email.lower() in one.who and one.every.at]
    tz = operating_map.hours.tz
    return [
        Planned(datetime.combine(day, one.every.at, tz), one.name)
        for one in mine
        if one.every.at and falls_on(one.every, day)
    ]


def falls_on(cadence: Cadence, day: date) -> bool:
    """Whether a cadence falls on this day. One without a day of its own falls on the first (a Monday, the 1st)."""
    match cadence.every:
        case "day":
            return day.weekday() < 5
        case "week":
            return day.weekday() == (cadence.day or 0)
        case "month":
            return day.day == (cadence.day or 1)
        case "quarter":
            return day.month % 3 == 1 and day.day == (cadence.day or 1)


def _meetings(member: Member, begin: datetime, end: datetime) -> list[Planned]:
    mine = Deal.objects.visible_to(member).filter(owner=member, status__in=("open", "won")).values("pk")
    events = (
        Event.objects.visible_to(member).filter(deal__in=mine, kind="meeting.planned").exclude(data__has_key="meeting")
    )
    events = events.filter(happened_at__gte=begin, happened_at__lt=end)
    found = list(events.values_list("deal", "interaction", "happened_at"))
    if not found:
        return []
    deals = Deal.objects.visible_to(member).filter(pk__in={deal for deal, *_ in found})
    titles = dict(deals.values_list("pk", "title"))
    shown = Interaction.objects.visible_to(member).filter(pk__in=[one for _deal, one, _at in found])
    subjects = dict(shown.values_list("pk", "subject"))
    return [Planned(when, subjects.get(one, ""), deal, titles.get(deal, "")) for deal, one, when in found]


def own_meetings(member: Member) -> QuerySet[Meeting]:
    """Return the meetings of this member: those they are invited to or brought here, and those on their deals."""
    theirs = Exists(Holder.objects.filter(interaction=OuterRef("interaction_id"), member=member))
    deals = Deal.objects.visible_to(member).filter(owner=member, status__in=("open", "won"))
    on_theirs = Interaction.objects.visible_to(member).filter(deal__in=deals.values("pk"), kind="meeting").values("pk")
    return Meeting.objects.visible_to(member).filter(theirs | Q(interaction__in=on_theirs), cancelled=False)


def _in_calendars(member: Member, begin: datetime, end: datetime) -> list[Planned]:
    rows = list(own_meetings(member).filter(starts_at__gte=begin, starts_at__lt=end))
    if not rows:
        return []
    about = Interaction.objects.visible_to(member).filter(pk__in=[row.interaction_id for row in rows])
    deals = dict(about.values_list("pk", "deal"))
    seen = Deal.objects.visible_to(member).filter(pk__in=[deal for deal in deals.values() if deal])
    titles = dict(seen.values_list("pk", "title"))
    return [_planned(row, deals.get(row.interaction_id), titles) for row in rows]


def _planned(row: Meeting, deal: UUID | None, titles: dict[UUID, str]) -> Planned:
    shown = deal if deal in titles else None
    return Planned(row.starts_at, row.subject, shown, titles[shown] if shown else "")
