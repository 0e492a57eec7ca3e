"""A packet as a link for crew: who made the address, what it shows, until when, and when it was opened."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7
from baton.members.models import Member
from baton.work.models.commitments import Handoff


class CrewAddress(models.Model):
    """An address at which people without an account read one packet, as its maker may see it.

    The secret in it is kept as a digest. `name` says whom it is for, `items` which items of the packet it shows, in
    the map's order, `files` the ids of the files that go with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="+", db_index=False)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    name = models.CharField(max_length=120)
    token = models.CharField(max_length=64, unique=True)
    items = models.JSONField(default=list)
    files = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("address for crew")
        verbose_name_plural = _("addresses for crew")
        indexes = [models.Index(fields=["handoff", "-made_at"], name="crew_address_of")]

    def __str__(self) -> str:
        return self.name


class CrewOpening(models.Model):
    """That an address was opened, when, and on what device as far as its browser says; not from where."""

    address = models.ForeignKey(CrewAddress, on_delete=models.CASCADE, related_name="openings", db_index=False)
    at = models.DateTimeField()
    device = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["address", "-at"], name="crew_opening_of")]

    def __str__(self) -> str:
        return f"{self.device} {self.at:%Y-%m-%d %H:%M}"
