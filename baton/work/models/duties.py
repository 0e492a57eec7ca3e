"""Duties: one instance of a behavior each. Derived from events; what people do to them (pass on, later) are facts."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.ledger.models import Contact, Deal, Record
from baton.ledger.models.spans import on_visible_deal
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class DutyQuerySet(GuardedQuerySet):
    """Words for asking after duties."""

    def all_seen_by(self, member: Member) -> bool:
        return member.sees_everything

    def visible_rows(self, member: Member) -> Self:
        """One's own, those that came up to one, and those on deals one sees."""
        if member.sees_everything:
            return self.all()
        return self.filter(Q(owed_by=member) | Q(escalated_to=member) | on_visible_deal(member))

    def of_member(self, member: Member) -> Self:
        """What this member owes, including what came up to them because somebody forgot: theirs to see by that."""
        mine = self._chain()
        mine._scope = "member"
        return mine.filter(Q(owed_by=member) | Q(escalated_to=member))

    def in_sight(self, at: datetime) -> Self:
        """Leave out what was put off until later."""
        return self.filter(Q(later_until__isnull=True) | Q(later_until__lte=at))

    def open(self) -> Self:
        return self.filter(state=Duty.State.OPEN)

    def owed_by(self, member: Member) -> Self:
        """What this member owes, including what came up to them because somebody forgot."""
        return self.filter(Q(owed_by=member) | Q(escalated_to=member))

    def late(self, at: datetime) -> Self:
        return self.filter(due_at__lt=at)

    def in_order(self) -> Self:
        return self.order_by("due_at", "id")


class Duty(Record):
    """This member owes this, on this record, by then, because this happened.

    `opened_at` is when the opening event happened, `started_at` when the clock began to run (receipt, not the
    Date header). `opened_by` and `closed_by` are events. `scope` is what the behavior counts as one subject;
    there is one open duty for each.
    `instead_of` is who would owe it, but is away, may only read, or left. `chase_at` is when Baton next looks whether
    somebody forgot.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    behavior = models.CharField(max_length=80)
    scope = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="duties", db_index=False)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.UUIDField(null=True)
    opened_by = models.UUIDField()
    closed_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    owed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    instead_of = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    desk = models.CharField(max_length=60, blank=True, default="")
    later_until = models.DateTimeField(null=True)
    passed_to = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    chase_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = GuardedManager.from_queryset(DutyQuerySet)()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["behavior", "scope"], condition=Q(state="open"), name="one_open_duty_a_subject"
            )
        ]
        indexes = [
            models.Index(fields=["owed_by", "state", "due_at", "id"], name="duty_owed"),
            models.Index(fields=["escalated_to", "state", "due_at"], name="duty_escalated"),
            models.Index(fields=["desk", "state", "due_at"], name="duty_of_desk"),
            models.Index(fields=["deal", "state"], name="duty_on_deal"),
            models.Index(fields=["contact", "state"], name="duty_with_contact"),
            models.Index(fields=["behavior", "scope", "opened_at"], name="duty_of_scope"),
            models.Index(fields=["due_at"], name="duty_due"),
            models.Index(fields=["instead_of"], name="duty_instead", condition=Q(state="open")),
            models.Index(fields=["chase_at"], name="duty_to_chase", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.behavior} by {self.due_at:%Y-%m-%d %H:%M}"
