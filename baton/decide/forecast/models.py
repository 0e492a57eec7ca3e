"""What a forecast knows beside the deals: exchange rates, and the numbers that people call. Both keep every version."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.ledger.models import Record
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class RateQuerySet(GuardedQuerySet):
    """Words for asking after rates."""

    def visible_rows(self, member: Member) -> Self:
        """Everybody sees by what sums are converted."""
        return self.all()


class Rate(Record):
    """One currency. Its facts say since which day one unit was worth how much in the business's own currency."""

    currency = models.CharField(max_length=3)

    objects = GuardedManager.from_queryset(RateQuerySet)()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.currency


class CallQuerySet(GuardedQuerySet):
    """Words for asking after calls."""

    def visible_rows(self, member: Member) -> Self:
        """One's own, and what was set over it; all of them for those whom the map has decide by the forecast."""
        from baton.decide.forecast.deciding import decides

        return self.all() if decides(member) else self.filter(whose=member)


class Call(Record):
    """What somebody says that a period will bring: their own number, or the one a manager sets over it, with a reason.

    `whose` is None for the whole business. `amount` is in minor units of `currency`. Earlier numbers are its facts.
    """

    period = models.CharField(max_length=8)
    whose = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    override = models.BooleanField(default=False)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")

    objects = GuardedManager.from_queryset(CallQuerySet)()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        base_manager_name = "objects"
        indexes = [models.Index(fields=["period", "whose"], name="call_of_period")]

    def __str__(self) -> str:
        return f"{self.period}: {self.amount} {self.currency}"
