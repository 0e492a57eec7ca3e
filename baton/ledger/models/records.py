"""Companies, contacts and deals: the current rows, folded from their facts."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7
from baton.kernel.money import Money
from baton.members.models import DeskSeat, Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class Record(models.Model):
    """A row that holds the current values of something the ledger keeps facts about.

    `values` is field key → kept value (see `folding.py`); `version` counts the facts, and `head` is the
    digest of the last one, so that two people who change the same record are told apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recorded_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32, default=bytes)
    values = models.JSONField(default=dict)

    class Meta:
        abstract = True


class CompanyQuerySet(GuardedQuerySet):
    """Words for asking after companies."""

    def visible_rows(self, member: Member) -> Self:
        return self.filter(merged_into__isnull=True, withdrawn=False)


class Company(Record):
    """A customer's organisation. `withdrawn` says that the import which brought it was taken back."""

    name = models.CharField(max_length=300)
    name_folded = models.CharField(max_length=300)
    domain = models.CharField(max_length=255, blank=True, default="")
    owner = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn = models.BooleanField(default=False)
    last_heard_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(CompanyQuerySet)()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["name_folded", "id"], name="company_by_name"),
            models.Index(fields=["-last_heard_at", "id"], name="company_by_heard"),
            models.Index(fields=["merged_into"], name="company_merged", condition=models.Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(GuardedQuerySet):
    """Words for asking after contacts."""

    def visible_rows(self, member: Member) -> Self:
        return self.filter(merged_into__isnull=True, withdrawn=False)


class Contact(Record):
    """A person on the customer's side. `withdrawn` says that the import which brought them was taken back."""

    name = models.CharField(max_length=300)
    name_folded = models.CharField(max_length=300)
    email = models.CharField(max_length=320, blank=True, default="")
    phone = models.CharField(max_length=60, blank=True, default="")
    job = models.CharField(max_length=200, blank=True, default="")
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="contacts")
    owner = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn = models.BooleanField(default=False)
    last_heard_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(ContactQuerySet)()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["name_folded", "id"], name="contact_by_name"),
            models.Index(fields=["-last_heard_at", "id"], name="contact_by_heard"),
            models.Index(fields=["merged_into"], name="contact_merged", condition=models.Q(merged_into__isnull=False)),
            models.Index(
                fields=["email", "phone"],
                name="contact_alone",
                condition=models.Q(company__isnull=True, last_heard_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


UNDER_WAY = ("open", "won")


def sees_all_deals(member: Member) -> bool:
    """Whether there is no deal that this member may not see: by their role, or because the map says so."""
    from baton.map.current import current_map

    return member.sees_everything or current_map().visibility == "everyone"


class DealQuerySet(GuardedQuerySet):
    """Words for asking after deals."""

    def all_seen_by(self, member: Member) -> bool:
        return sees_all_deals(member)

    def visible_rows(self, member: Member) -> Self:
        from baton.ledger.models.spans import DealSeat

        if sees_all_deals(member):
            return self.exclude(status="void")
        return self.exclude(status="void").filter(
            Q(owner=member) | Exists(DealSeat.objects.filter(deal=OuterRef("pk"), member=member)) | self._led_by(member)
        )

    def _led_by(self, member: Member) -> Q:
        from baton.map.current import desks_led_by

        led = desks_led_by(member)
        seated = DeskSeat.objects.filter(member=member).values("desk")
        return Q(desk__in=led) | Q(offered_to__in=led) | Q(offered_to__in=seated)

    def open(self) -> Self:
        """Deals that nobody has decided yet."""
        return self.filter(status="open")

    def under_way(self) -> Self:
        """Deals that some desk still works on: open ones, and those that are won and not done."""
        return self.filter(status__in=UNDER_WAY)

    def at_desk(self, desk: str) -> Self:
        return self.filter(desk=desk)


class Deal(Record):
    """One piece of customer work from first enquiry to renewal.

    `amount` is in minor units of `currency`. `stage` and `desk` are ids of the map. `shown` says whether an event
    proves the stage, `evidence` which one for every stage passed: {stage: {event, at, kind, detail, interaction}}.
    `opened_at` is when the first thing told of it was so, `decided_at` when it was won or lost, none while it is open;
    a won deal whose work is done was decided when it was won. `decided_owner` and `decided_desk` had it then.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        DONE = "done", _("Done")
        VOID = "void", _("Taken back")

    title = models.CharField(max_length=300)
    title_folded = models.CharField(max_length=300, default="")
    stage = models.CharField(max_length=60)
    shown = models.BooleanField(default=False)
    evidence = models.JSONField(default=dict)
    stage_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_owner = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_desk = models.CharField(max_length=60, blank=True, default="")
    desk = models.CharField(max_length=60)
    offered_to = models.CharField(max_length=60, blank=True, default="")
    owner = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="deals")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="deals")
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="GBP")
    close_date = models.DateField(null=True)
    status = models.CharField(max_length=4, choices=Status.choices, default=Status.OPEN)
    lost_reason = models.CharField(max_length=300, blank=True, default="")
    category = models.CharField(max_length=60, blank=True, default="")
    service = models.CharField(max_length=120, blank=True, default="")
    source = models.CharField(max_length=120, blank=True, default="")
    next_step = models.CharField(max_length=400, blank=True, default="")
    next_step_at = models.DateTimeField(null=True)
    next_step_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    opened_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="opened")
    last_heard_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(DealQuerySet)()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["stage", "-stage_since", "id", "status"], name="deal_on_board"),
            models.Index(fields=["status", "owner", "stage"], name="deal_by_owner"),
            models.Index(fields=["status", "desk"], name="deal_by_desk"),
            models.Index(fields=["title_folded", "id", "status"], name="deal_along_title"),
            models.Index(fields=["amount", "id", "status"], name="deal_along_amount"),
            models.Index(fields=["close_date", "id", "status"], name="deal_along_close"),
            models.Index(fields=["next_step_at", "id", "status"], name="deal_along_next_step"),
            models.Index(fields=["last_heard_at", "id", "status"], name="deal_along_heard"),
            models.Index(fields=["stage_since", "id", "status"], name="deal_along_stage_since"),
            models.Index(fields=["stage", "shown", "currency", "status", "amount"], name="deal_sums"),
            models.Index(
                fields=[
                    "status",
                    "id",
                    "title_folded",
                    "stage",
                    "desk",
                    "owner",
                    "company",
                    "contact",
                    "shown",
                    "amount",
                    "close_date",
                    "next_step_at",
                    "last_heard_at",
                    "stage_since",
                    "recorded_at",
                    "service",
                    "source",
                    "category",
                    "next_step",
                    "offered_to",
                ],
                name="deal_listed",  # all that lists filter and sort by, apart from the wide rows
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def worth(self) -> Money | None:
        """Return the confirmed amount, or None while nobody has confirmed one."""
        return None if self.amount is None else Money(self.amount, self.currency)

    def value(self, field: str) -> Any:
        """Return the current confirmed value of a field of the map, or None."""
        kept = self.values.get(field)
        return kept.get("v") if kept else None
