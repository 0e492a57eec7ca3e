"""The tallies of days and weeks, and what was decided about findings."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.ledger.models import Record
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class Day(models.Model):
    """What was counted of one day of the business's own time zone, over all that isn't private.

    Derived: `counting.py` makes it again from the same rows. `tally` is [[key parts…, how many], …], of all that was
    recorded before `counted_at`. `changed_at` is when something of a day that had settled changed after all: it is
    counted anew.
    """

    on = models.DateField(primary_key=True)
    counted_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    tally = models.JSONField(default=list)

    class Meta:
        verbose_name = _("day of the mirror")
        verbose_name_plural = _("days of the mirror")

    def __str__(self) -> str:
        return f"{self.on}"


class Week(models.Model):
    """The sum of the seven days from a Monday on, once they are over; derived from `Day`.

    `warned` is what the signs said at its end: {"signs": […], "unsaid": [[name, of], …]}, None until they were asked.
    """

    monday = models.DateField(primary_key=True)
    counted_at = models.DateTimeField()
    tally = models.JSONField(default=list)
    warned = models.JSONField(null=True)

    class Meta:
        verbose_name = _("week of the mirror")
        verbose_name_plural = _("weeks of the mirror")

    def __str__(self) -> str:
        return f"week of {self.monday}"


class Look(models.Model):
    """How often a part of Baton was opened by one member on one day: contacts, deals, reviews, forecasts.

    Counted in memory and added a few times an hour, so that looking costs nothing; a crash loses the last minutes.
    """

    on = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    part = models.CharField(max_length=20)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "member", "part"], name="look_once")]

    def __str__(self) -> str:
        return f"{self.part} on {self.on}"


class DecisionQuerySet(GuardedQuerySet):
    """Words for asking after what was decided about findings."""

    def all_seen_by(self, member: Member) -> bool:
        from baton.mirror.sight import owns

        return owns(member)

    def visible_rows(self, member: Member) -> Self:
        """What the owner decided about the system is read by the owner and their deputy."""
        return self.all() if self.all_seen_by(member) else self.none()


class Decided(Record):
    """What was last decided about one finding of the mirror, and until when it stays settled.

    `finding` is the finding's key. Earlier decisions stand in the facts.
    """

    class Answer(models.TextChoices):
        CHANGE = "change", _("The map is changed")
        ASK = "ask", _("Somebody is asked")
        KEEP = "keep", _("It stays as it is")
        LATER = "later", _("Looked at again later")

    finding = models.CharField(max_length=200, db_index=True)
    answer = models.CharField(max_length=8, choices=Answer.choices)
    because = models.CharField(max_length=1000, blank=True, default="")
    until = models.DateField(null=True)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(DecisionQuerySet)()

    class Meta:
        verbose_name = _("decision about a finding")
        verbose_name_plural = _("decisions about findings")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.finding}: {self.answer}"


class RolloutDayQuerySet(GuardedQuerySet):
    """Words for asking after the days of the rollout."""

    def all_seen_by(self, member: Member) -> bool:
        return True

    def visible_rows(self, member: Member) -> Self:
        """Who starts when is for everybody to know."""
        return self.all()


class RolloutDay(Record):
    """One day of the rollout that the owner set: `about` is `begins`, `off` or the address of who starts on it.

    `note` is what the old spreadsheet is called, on the day it is switched off.
    """

    about = models.CharField(max_length=320, unique=True)
    on = models.DateField(null=True)
    note = models.CharField(max_length=120, blank=True, default="")

    objects = GuardedManager.from_queryset(RolloutDayQuerySet)()

    class Meta:
        verbose_name = _("day of the rollout")
        verbose_name_plural = _("days of the rollout")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.about}: {self.on}"
