"""Mail that Baton itself writes to members: when the next digest of each is due, and letters that can be answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.members.models import Member


class Morning(Claimable):
    """When a member's next digest is due: `due_at`. One row a member."""

    member = models.OneToOneField(Member, primary_key=True, on_delete=models.CASCADE, related_name="morning")
    written_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="morning_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"morning of {self.member_id}"


class MemberLetter(Claimable):
    """A mail of Baton's own to a member, which they can answer in plain words.

    `key` says what it is about, so that the same thing is told once. `due_at` is when it is to be written, None once
    it lies in the outbox. `sent_to` is the address that may answer; the token it answers with is kept as a digest.
    `duties` are what it lists, in its order; `before` are this member's words that Baton asked back about.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", _("Digest")
        NOTICE = "notice", _("Notice")
        ANSWER = "answer", _("Answer")
        MINUTES = "minute", _("Minutes")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    about = models.CharField(max_length=20, blank=True, default="")
    duties = models.JSONField(default=list)
    before = models.CharField(max_length=2000, blank=True, default="")
    made_at = models.DateTimeField()
    sent_to = models.CharField(max_length=320, blank=True, default="")
    token = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique, and none before it is sent
    message_id = models.CharField(max_length=200, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="member_letter_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["member", "kind", "-made_at"], name="member_letter_of"),
        ]

    def __str__(self) -> str:
        return self.key
