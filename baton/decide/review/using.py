"""Management's own use: decisions that were taken from Baton, against sheets that were asked for or sent around.

By name, and shown first to the person named: their own months at once; those of others a week after they are over, and
to the owner alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from baton.decide.commission.periods import PayPeriod, before, period_at
from baton.decide.requests.models import Request
from baton.decide.review.models import Talk
from baton.ledger.models import Deal, Interaction
from baton.map.current import current_map
from baton.members.models import Member, Role
from baton.work.models import Use

CALLER = "review"
SHOWN_AFTER = timedelta(days=7)
DECISIONS = ("review", "forecast", "commission")


@dataclass(frozen=True, slots=True)
class OwnUse:
    """One person's month. `decided` counts decisions that rested on facts of Baton.

    `asked_for` are the sheets that they had filled, `sent_round` those that they sent around among colleagues, `beside`
    deals of theirs that weren't in Baton until a review talked about them.
    """

    name: str
    period: str
    decided: int
    asked_for: int
    sent_round: int
    beside: int = 0

    @property
    def outside(self) -> int:
        """How often it went beside Baton."""
        return self.asked_for + self.sent_round + self.beside


def own_use(member: Member, at: datetime, months: int = 3) -> list[OwnUse]:
    """Return the member's own months, the running one first."""
    found = []
    period = period_at(at.astimezone(current_map().hours.tz).date(), "month")
    for _month in range(months):
        found += _month_of([member], period)
        period = before(period)
    return found


def use_of_others(member: Member, at: datetime) -> list[OwnUse]:
    """Return the last month that has been over for a week, for who decides or had deals beside; to the owner alone."""
    if not leads(member):
        return []
    tz = current_map().hours.tz
    period = before(period_at(at.astimezone(tz).date(), "month"))
    if at < period.moments(tz)[1] + SHOWN_AFTER:
        period = before(period)
    beside = _beside(*period.moments(tz))
    return _month_of(deciding(besides=member, also=beside), period)


def leads(member: Member) -> bool:
    """Whether this is who owns the map, or the business."""
    return member.email.lower() == current_map().owner or member.role == Role.OWNER


def deciding(*, besides: Member, also: Collection[UUID] = ()) -> list[Member]:
    """Return those whom the map names for a decision, and those named `also`, by name."""
    emails = {who for decision in current_map().decisions.values() for who in decision.who}
    rows = Member.objects.filter(is_active=True).exclude(pk=besides.pk).order_by("name")
    return [one for one in rows if one.email.lower() in emails or one.pk in also]


def _month_of(members: Iterable[Member], period: PayPeriod) -> list[OwnUse]:
    rows = list(members)
    begins, ends = period.moments(current_map().hours.tz)
    decided = _decided({one.pk for one in rows}, begins, ends)
    asked = _asked({one.pk for one in rows}, begins, ends)
    sent, beside = _sent_round(begins, ends), _beside(begins, ends)
    return [
        OwnUse(
            one.name, period.key, decided.get(one.pk, 0), asked.get(one.pk, 0), sent[one.email.lower()], beside[one.pk]
        )
        for one in rows
    ]


def _decided(members: set[UUID], begins: datetime, ends: datetime) -> dict[UUID, int]:
    """Each decision once, however many facts it rested on."""
    rows = Use.objects.unscoped(CALLER).filter(used_by__in=members, used_in__in=DECISIONS)
    rows = rows.filter(used_at__gte=begins, used_at__lt=ends).order_by().values("used_by")
    return {row["used_by"]: row["count"] for row in rows.annotate(count=Count("used_in_id", distinct=True))}


def _asked(members: set[UUID], begins: datetime, ends: datetime) -> dict[UUID, int]:
    rows = Request.objects.filter(asked_by__in=members, asked_at__gte=begins, asked_at__lt=ends).exclude(raw="")
    return {row["asked_by"]: row["count"] for row in rows.order_by().values("asked_by").annotate(count=Count("pk"))}


def _sent_round(begins: datetime, ends: datetime) -> Counter[str]:
    """Return by address how often somebody sent the pipeline around as a sheet; nothing of the mails is read."""
    rows = Interaction.objects.unscoped(CALLER).filter(direction="internal", parts__has_key="side_channel")
    rows = rows.filter(happened_at__gte=begins, happened_at__lt=ends)
    marked = rows.exclude(parts__side_channel=[]).values_list("from_address", flat=True)
    return Counter(address.lower() for address in marked)


def _beside(begins: datetime, ends: datetime) -> Counter[UUID]:
    """Return by owner how many deals weren't in Baton until a review; they are whose who has them now."""
    found = Talk.objects.filter(side_channel=True, at__gte=begins, at__lt=ends).values_list("deal_id", flat=True)
    deals = Deal.objects.unscoped(CALLER).filter(pk__in=list(found), owner__isnull=False).exclude(status="void")
    return Counter(deals.values_list("owner_id", flat=True))
