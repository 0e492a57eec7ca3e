"""Statements that were closed, with every line they paid; and the numbers that Baton gave out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7
from baton.ledger.models import Deal
from baton.members.models import Member


class Statement(models.Model):
    """What a member earned in a period, closed. It is never written again: what changes later is a line of a later one.

    `period` is a month (`2026-11`) or a quarter (`2026-Q4`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.CharField(max_length=8)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [models.UniqueConstraint(fields=["member", "period"], name="statement_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.period}"


class StatementLine(models.Model):
    """One line: what was earned on one occasion, or how a closed period's line has changed since.

    `key` names the occasion, `earned_in` the period it belongs to (an earlier one for a correction). Amounts are minor
    units of `currency`: `base` what it is a share of, `amount` what is paid. `source` is the interaction that shows it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines", db_index=False)
    key = models.CharField(max_length=200)
    earned_in = models.CharField(max_length=8)
    rule = models.CharField(max_length=60)
    deal_id = models.UUIDField()
    happened_at = models.DateTimeField()
    base = models.BigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    how = models.CharField(max_length=200)
    because = models.CharField(max_length=400, blank=True, default="")
    source = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "key", "earned_in"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.key} in {self.earned_in}"


class NumberSeries(models.Model):
    """A series of numbers that Baton gives out; `given` is how many so far. Its row is locked while it counts."""

    key = models.CharField(primary_key=True, max_length=20)
    given = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.given}"


class GivenNumber(models.Model):
    """A number of the business's own that a quote or a job on a deal carries."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.CharField(max_length=20)
    number = models.CharField(max_length=40)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "number"], name="number_given_once")]

    def __str__(self) -> str:
        return self.number
