"""What is switched on, and every run with what it knew at that moment."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.ledger.models import Deal
from baton.ledger.models.spans import OnDealQuerySet
from baton.members.models import Member
from baton.members.visibility import GuardedManager


class Switching(models.Model):
    """An automation was switched on or off, by whom and why; or all of them, where `automation` is empty.

    Only ever added: the newest one holds. `rule` is the digest of what was switched on, so that another version of
    the map doesn't run unrehearsed. `because` is the reason for an exception, where the step hadn't held by hand.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    automation = models.CharField(max_length=60, blank=True, default="")
    on = models.BooleanField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    because = models.CharField(max_length=400, blank=True, default="")
    rule = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["automation", "at"], name="switching_of")]

    def __str__(self) -> str:
        return f"{self.automation or 'all'} {'on' if self.on else 'off'}"


class RunQuerySet(OnDealQuerySet):
    """Words for asking after runs; they are seen by those who see the deal."""

    def waiting(self) -> Self:
        return self.filter(state=AutomationRun.State.WAITING)

    def refused(self) -> Self:
        return self.filter(state=AutomationRun.State.REFUSED)

    def acted(self) -> Self:
        """Those that did something, also where it was undone since."""
        return self.filter(acted_at__isnull=False)


class AutomationRun(Claimable):
    """One automation and one event that set it off: what it knew, and what became of it. It acts once.

    `knew` are the facts it stood on, each as it was; `field` and `gap` name the one that fell short, `about` the record
    that has it, `question` who was asked. `did` says what its deeds made, so that they can be undone. `sent_to` is a
    digest of the address it wrote to, `occasion` what it wrote about: both together are written to once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Not acted yet")
        ACTED = "acted", _("Acted")
        REFUSED = "refused", _("Refused")
        LEFT = "left", _("Left")
        FAILED = "failed", _("Not possible")
        UNDONE = "undone", _("Undone")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    automation = models.CharField(max_length=60)
    event = models.UUIDField()
    kind = models.CharField(max_length=30)
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+", db_index=False)
    happened_at = models.DateTimeField()
    made_at = models.DateTimeField()
    acts_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    because = models.CharField(max_length=400, blank=True, default="")
    knew = models.JSONField(default=list)
    did = models.JSONField(default=list)
    field = models.CharField(max_length=60, blank=True, default="")
    gap = models.CharField(max_length=10, blank=True, default="")
    about = models.UUIDField(null=True)
    question = models.UUIDField(null=True)
    vouched = models.JSONField(default=list)
    map_version = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    sent_to = models.CharField(max_length=64, blank=True, default="")
    occasion = models.CharField(max_length=120, blank=True, default="")
    undone_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    objects = GuardedManager.from_queryset(RunQuerySet)()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["automation", "event"], name="set_off_once"),
            models.UniqueConstraint(
                fields=["automation", "sent_to", "occasion"], condition=~Q(sent_to=""), name="written_to_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="run_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["automation", "-made_at"], name="run_of_automation"),
            models.Index(fields=["deal", "-made_at"], name="run_on_deal"),
            models.Index(fields=["about", "field"], name="run_refused", condition=Q(state="refused")),
            models.Index(fields=["automation", "acted_at"], name="run_acted", condition=Q(acted_at__isnull=False)),
            models.Index(fields=["sent_to", "acted_at"], name="run_sent_to", condition=~Q(sent_to="")),
        ]

    def __str__(self) -> str:
        return f"{self.automation} {self.state}"
