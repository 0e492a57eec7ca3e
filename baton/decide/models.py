"""Views of the list that members keep, and may share."""

from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7
from baton.members.models import Member


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Words for asking after saved views."""

    def of(self, member: Member) -> Self:
        """Their own, and what colleagues share."""
        return self.filter(Q(owner=member) | Q(shared=True)).order_by("name", "id")


class SavedView(models.Model):
    """A way to look at the deals list: filters, sort and columns, as the registry reads them.

    `definition` is what `View.as_data` gives. A shared view shows each member their own deals: it holds questions,
    never answers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_views", db_index=False)
    shared = models.BooleanField(default=False)
    definition = models.JSONField()
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name


def new_token() -> str:
    """Return the secret of an address: 32 random bytes."""
    return secrets.token_urlsafe(32)


class ViewAddress(models.Model):
    """A live address of a saved view as a sheet. It shows what the member who made it may see, until they end it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="addresses")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("address of a view")
        verbose_name_plural = _("addresses of views")

    def __str__(self) -> str:
        return f"{self.view}, as {self.member} sees it"
