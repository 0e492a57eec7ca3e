"""A first look at somebody's mail: how far it is, and what it found. Theirs alone, and gone with the set-up."""

from __future__ import annotations

from django.db import models

from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.kernel.sealed import SealedField
from baton.members.models import Member


class FirstLook(Claimable):
    """One look at up to 90 days of mail; `due_at` says that it still has to be done, or go on.

    `places` are the folders of what was uploaded, deleted once they were read; else `settings` and `secret` sign in to
    a mailbox. `because` is the sentence of why it failed. Its password is forgotten with
    the last heading.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=400)
    places = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    secret = SealedField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)
    read = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=dict)
    because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="first_look_due", condition=models.Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.what

    @property
    def is_running(self) -> bool:
        return self.finished_at is None

    @property
    def share(self) -> int:
        """How much is read, in percent; 0 while nobody counted."""
        return min(100, 100 * (self.read + self.unread) // self.total) if self.total else 0
