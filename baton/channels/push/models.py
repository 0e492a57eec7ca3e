"""Devices that asked to be told, what each is told, and what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.kernel.sealed import SealedField
from baton.members.models import Member


class PushKey(models.Model):
    """The key by which push services know this Baton (RFC 8292); one row. Its private half is sealed."""

    public = models.CharField(max_length=100)
    private = SealedField()

    def __str__(self) -> str:
        return self.public[:12]


class PushDevice(models.Model):
    """One browser of a member that is told. Where it is told, and with which keys, is sealed.

    It is told as long as the session lives in which it asked. `shows` says whether names may stand on its lock
    screen, `wants` what it is told.
    """

    class Wants(models.TextChoices):
        PRESSING = "pressing", _("Questions, handoffs, and what is nearly late")
        ALL = "all", _("Everything new that I owe")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="push_devices")
    where = models.CharField(max_length=64, unique=True)
    keys = SealedField()
    device = models.CharField(max_length=60, blank=True, default="")
    session_key = models.CharField(max_length=40)
    shows = models.BooleanField(default=True)
    wants = models.CharField(max_length=8, choices=Wants.choices, default=Wants.PRESSING)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.device


class PushNotice(Claimable):
    """What one device is to be told of one duty. `about` names why, `key` is the same on all devices of the member."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE, related_name="notices", db_index=False)
    key = models.CharField(max_length=160)
    duty = models.UUIDField()
    about = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="pushed_once")]
        indexes = [
            models.Index(fields=["due_at"], name="push_notice_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["key"], name="push_notice_by_key"),
        ]

    def __str__(self) -> str:
        return self.key


class PushAnswer(models.Model):
    """What was answered to a notice, once, and what became of it in a sentence."""

    key = models.CharField(max_length=160, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=2000)
    outcome = models.CharField(max_length=400, blank=True, default="")
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
