"""Mails that are written often."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from baton.kernel.ids import uuid7
from baton.members.models import Member


class MailTemplateQuerySet(models.QuerySet["MailTemplate"]):
    """Words for asking after templates."""

    def of(self, member: Member) -> Self:
        """Their own, and what colleagues share."""
        return self.filter(Q(owner=member) | Q(shared=True)).order_by("name", "id")


class MailTemplate(models.Model):
    """A mail that is written often, with places like `{first_name}` that are filled from the deal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=300, blank=True, default="")
    text = models.TextField(max_length=20_000)
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="mail_templates", db_index=False)
    shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = MailTemplateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="mail_template_named_once")]

    def __str__(self) -> str:
        return self.name
