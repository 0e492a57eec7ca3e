"""A member's private feed: what they owe, when it is due, and their meetings; no more than they may see.

Whoever knows its address reads it, until it is renewed or ended. Only the digest of the token is kept, so it is shown
once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from baton.channels.calendar.models import CalendarFeed
from baton.channels.calendar.writing import Written, calendar_of
from baton.ledger.models import Deal, Interaction
from baton.members.models import Member
from baton.work.diary import own_meetings
from baton.work.meeting_plans import main_of, people_of
from baton.work.meetings import plan_of
from baton.work.models import Duty, Meeting
from baton.work.reader import as_read_by
from baton.work.today import Owed, duties_of

BACK, AHEAD = timedelta(days=30), timedelta(days=400)
MOST_DUTIES, MOST_MEETINGS = 200, 500
AT_DUE = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=5)


def make_feed(member: Member, at: datetime) -> str:
    """Return the token of a new address; the one before leads nowhere from now on."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        member=member, defaults={"digest": _digest(token), "made_at": at, "read_at": None}
    )
    return token


def end_feed(member: Member) -> None:
    """End a member's address; whoever has it reads nothing more."""
    CalendarFeed.objects.filter(member=member).delete()


def feed_of(member: Member) -> CalendarFeed | None:
    """Return what is known of a member's feed, None where they have none."""
    return CalendarFeed.objects.filter(member=member).first()


def calendar_at(token: str, at: datetime) -> bytes | None:
    """Return the calendar that stands at an address, None where none does or its member has left."""
    rows = CalendarFeed.objects.select_related("member").filter(digest=_digest(token), member__is_active=True)
    feed = rows.first()
    if feed is None:
        return None
    if feed.read_at is None or at - feed.read_at > SEEN_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=at)
    member = feed.member
    with as_read_by(member):
        name = _("Baton: %(name)s") % {"name": member.name}
        return calendar_of([*_duties(member, at), *_meetings(member, at)], name=name)


def _digest(token: str) -> str:
    return hashlib.sha256(f"calendar feed\x1f{token}".encode()).hexdigest()


def _duties(member: Member, at: datetime) -> Iterator[Written]:
    """What they owe, as a quarter of an hour at the moment it is due."""
    owed = [one for one in duties_of(member, at, limit=MOST_DUTIES) if one.owed_by == member.pk]
    rows = Duty.objects.visible_to(member).filter(pk__in=[one.id for one in owed])
    touched = dict(rows.values_list("pk", "touched_at"))
    for one in owed:
        yield Written(
            f"duty-{one.id}@baton",
            one.due_at,
            one.due_at + AT_DUE,
            _("Due: %(what)s") % {"what": one.what},
            touched.get(one.id, one.due_at),
            text=_because(one),
        )


def _because(one: Owed) -> str:
    return "\n".join(line for line in (one.deal, one.because, one.so_that) if line)


def _meetings(member: Member, at: datetime) -> Iterator[Written]:
    rows = own_meetings(member).filter(starts_at__gte=at - BACK, starts_at__lt=at + AHEAD)
    found = list(rows.order_by("starts_at")[:MOST_MEETINGS])
    about = Interaction.objects.visible_to(member).in_bulk({row.interaction_id for row in found})
    deals = Deal.objects.visible_to(member).filter(pk__in={one.deal_id for one in about.values() if one.deal_id})
    titles = dict(deals.values_list("pk", "title"))
    for row in found:
        interaction = about.get(row.interaction_id)
        if interaction is not None:
            yield _meeting(row, interaction, titles.get(interaction.deal_id, "") if interaction.deal_id else "")


def _meeting(row: Meeting, about: Interaction, deal: str) -> Written:
    plan = plan_of(about)
    assert plan is not None
    whole_days = (timezone.localtime(row.starts_at).date(), timezone.localtime(row.ends_at).date())
    starts, ends = whole_days if row.all_day else (row.starts_at, row.ends_at)
    organizer = plan["organizer"]
    return Written(
        f"meeting-{row.interaction_id}-{row.of or 'once'}@baton",
        starts,
        ends,
        row.subject,
        about.touched_at,
        seq=main_of(plan)["seq"],
        place=row.place,
        text=deal,
        organizer=(organizer["name"], organizer["address"]) if organizer else None,
        people=tuple((one["name"], one["address"], one["answer"]) for one in people_of(plan, row.of)),
    )
