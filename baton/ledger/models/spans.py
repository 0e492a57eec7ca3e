"""What follows from facts and interactions over time: spans of a deal's state, seats at it, and events."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from baton.kernel.ids import uuid7
from baton.ledger.models.facts import Fact
from baton.ledger.models.interactions import Interaction
from baton.ledger.models.records import Company, Contact, Deal, sees_all_deals
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


def on_visible_deal(member: Member) -> Q:
    """Return the condition, on rows with a `deal`, that the member sees it; asked of each row, like `readable_to`."""
    if sees_all_deals(member):
        return Q(deal__isnull=False)
    return Q(Exists(Deal.objects.visible_to(member).filter(pk=OuterRef("deal_id"))))


class OnDealQuerySet(GuardedQuerySet):
    """Rows that belong to a deal are seen by those who see the deal."""

    def as_of(self, at: datetime | None) -> Self:
        """Keep the spans that were in force at a moment, by what was recorded by then; those of now for None."""
        if at is None:
            return self.filter(ended_at__isnull=True)
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), began_at__lte=at)

    def all_seen_by(self, member: Member) -> bool:
        return not self.model._meta.get_field("deal").null and sees_all_deals(member)

    def visible_rows(self, member: Member) -> Self:
        return self.filter(on_visible_deal(member))


SUMMED = [
    "close_date", "decided_at", "stage", "shown", "category", "currency", "amount", "owner", "desk", "service",
    "source", "deal", "stage_since", "opened_at", "decided_owner", "decided_desk",
]  # fmt: skip


class DealState(models.Model):
    """One span of recorded time in which nothing that forecasts and meetings read changed on a deal.

    Closed spans are never rewritten: *as of T* is `began_at <= T < ended_at`. `stage_since`, `opened_at` and
    `decided_at` are when it was so in the world; all else is as recorded.
    """

    id = models.BigAutoField(primary_key=True)
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="states", db_index=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=60)
    shown = models.BooleanField()
    desk = models.CharField(max_length=60)
    owner = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=4)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    close_date = models.DateField(null=True)
    category = models.CharField(max_length=60, blank=True)
    service = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=120, blank=True)
    stage_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_owner = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_desk = models.CharField(max_length=60, blank=True, default="")
    map_version = models.PositiveIntegerField()

    objects = GuardedManager.from_queryset(OnDealQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["deal"], condition=Q(ended_at__isnull=True), name="one_open_span"),
            models.UniqueConstraint(fields=["deal", "began_at"], name="span_begins_once"),
        ]
        indexes = [
            models.Index(fields=["began_at", "ended_at"], name="span_as_of"),
            models.Index(fields=["ended_at", "began_at"], name="span_closed", condition=Q(ended_at__isnull=False)),
            models.Index(
                fields=["status", *SUMMED, "began_at", "ended_at"], name="span_now", condition=Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["close_date", "began_at", "ended_at", "status", *SUMMED[1:]],
                name="span_open",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["decided_at", "began_at", "ended_at", "status", "close_date", *SUMMED[2:]],
                name="span_decided",
                condition=Q(decided_at__isnull=False),
            ),
        ]  # with all that a forecast adds up by, apart from the rows

    def __str__(self) -> str:
        return f"{self.stage} from {self.began_at:%Y-%m-%d %H:%M}"


class DealSeat(models.Model):
    """A member who has held a deal keeps seeing it, whatever desk it lies with now."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="seats", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "member"], name="deal_seat_once")]

    def __str__(self) -> str:
        return f"{self.member_id} held {self.deal_id}"


class Event(models.Model):
    """Something that happened, in the words of the map's vocabulary (see `map/events.py`).

    Derived from one fact or one interaction; its id follows from them, so that a rebuild makes the same rows.
    Behaviors are pairs of these. `recorded_at` is when Baton received what shows it, `known_at` when it was known
    to concern this record (mail that waited in Inbox is known later). `due_at` is the event's own time, where it
    has one (a promise, a next step).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=30)
    detail = models.CharField(max_length=80, blank=True, default="")
    record_kind = models.CharField(max_length=20)
    record_id = models.UUIDField()
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="events", db_index=False)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="events", db_index=False)
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="events")
    thread = models.UUIDField(null=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    fact = models.ForeignKey(Fact, null=True, on_delete=models.CASCADE, related_name="events", db_index=False)
    interaction = models.ForeignKey(Interaction, null=True, on_delete=models.CASCADE, related_name="events")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    known_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    live = models.BooleanField(default=True)
    data = models.JSONField(default=dict)

    objects = GuardedManager.from_queryset(OnDealQuerySet)()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["fact"], name="event_of_fact", condition=Q(fact__isnull=False)),
            models.Index(fields=["deal", "kind", "happened_at"], name="event_on_deal"),
            models.Index(fields=["contact", "kind", "happened_at"], name="event_with_contact"),
            models.Index(fields=["record_id", "kind", "happened_at"], name="event_of_record"),
            models.Index(fields=["thread", "happened_at"], name="event_in_thread"),
            models.Index(fields=["happened_at"], name="event_happened"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.detail}".strip()
