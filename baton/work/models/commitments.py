"""Handoffs, promises, questions and exceptions: records of their own on a deal, folded from facts like a deal is."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.ledger.models import Contact, Deal, Interaction, Record
from baton.ledger.models.spans import OnDealQuerySet
from baton.members.models import Member
from baton.members.visibility import GuardedManager


class HandoffQuerySet(OnDealQuerySet):
    """Words for asking after handoffs."""

    def waiting(self) -> Self:
        """Offered, and neither accepted, returned nor withdrawn."""
        return self.filter(state=Handoff.State.OFFERED)

    def to_desks(self, desks: list[str]) -> Self:
        return self.filter(to_desk__in=desks)

    def from_desks(self, desks: list[str]) -> Self:
        return self.filter(from_desk__in=desks)

    def not_offered_again(self) -> Self:
        """The last of its deal: nothing was offered after it."""
        deal, offered_at = models.OuterRef("deal"), models.OuterRef("offered_at")
        later = Handoff.objects.unscoped("work.handoffs").filter(deal=deal, offered_at__gt=offered_at)
        return self.exclude(models.Exists(later))

    def between_people(self) -> Self:
        """Leave out handoffs to oneself, which count in no statistic."""
        return self.filter(to_self=False)


class Handoff(Record):
    """The passing of a deal from one desk to the next.

    `packet` is frozen when it is offered: [{"item", "name", "has", "value", "fact", "said_by", …}] in the map's order.
    `missing` names the items that it was returned for, `owed` those still owed after starting already.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="handoffs")
    handoff = models.CharField(max_length=60)
    from_desk = models.CharField(max_length=60)
    to_desk = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    packet = models.JSONField(default=list)
    note = models.CharField(max_length=2000, blank=True, default="")
    to_self = models.BooleanField(default=False)
    offered_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    missing = models.JSONField(default=list)
    owed = models.JSONField(default=list)
    because = models.CharField(max_length=2000, blank=True, default="")

    objects = GuardedManager.from_queryset(HandoffQuerySet)()

    class Meta:
        verbose_name = _("handoff")
        verbose_name_plural = _("handoffs")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["to_desk", "state", "-offered_at"], name="handoff_to_desk"),
            models.Index(fields=["from_desk", "state", "-offered_at"], name="handoff_from_desk"),
            models.Index(fields=["decided_at"], name="handoff_decided"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["deal"], condition=models.Q(state="offered"), name="one_offered_handoff_a_deal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_desk} to {self.to_desk}"


class PromiseQuerySet(OnDealQuerySet):
    """Words for asking after promises."""

    def ours(self) -> Self:
        return self.filter(who="us")

    def open(self) -> Self:
        """Neither kept, broken nor released. What was only suggested has no words yet, and is left out."""
        return self.filter(state=Promise.State.OPEN).exclude(what="")


class Promise(Record):
    """Something that the business committed to towards a customer (`who` = us), or a customer towards us (them).

    What a customer *asked of us* is `who` = asked: kept beside the promises, owed by nobody until somebody promises it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        RELEASED = "released", _("Released")

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="promises", db_index=False)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=400)
    due_at = models.DateTimeField(null=True)
    who = models.CharField(max_length=6, default="us")
    promised_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    made_in = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="+")

    objects = GuardedManager.from_queryset(PromiseQuerySet)()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        base_manager_name = "objects"
        indexes = [models.Index(fields=["deal", "state", "due_at"], name="promise_on_deal")]

    def __str__(self) -> str:
        return self.what


class Question(Record):
    """A question to a colleague, asked on a deal; its answer becomes a fact of the deal or a note on it.

    `flagged` is the fact that it calls wrong, where it does.
    """

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="questions")
    text = models.CharField(max_length=1000)
    about_field = models.CharField(max_length=60, blank=True, default="")
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    asked_of = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=2000, blank=True, default="")
    answered_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    flagged = models.UUIDField(null=True)

    objects = GuardedManager.from_queryset(OnDealQuerySet)()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.text


class ExceptionCase(Record):
    """A departure from the map on one deal: category, reason, who decided. On screens: an exception."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="exceptions")
    category = models.CharField(max_length=120)
    what = models.CharField(max_length=400)
    reason = models.CharField(max_length=1000, blank=True, default="")
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=80, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(OnDealQuerySet)()

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        base_manager_name = "objects"
        indexes = [models.Index(fields=["recorded_at"], name="exception_recorded")]

    def __str__(self) -> str:
        return self.what
