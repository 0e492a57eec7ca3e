"""What came in: deliveries with their raw bytes, what leads from one message to the next, and imports."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.ledger.models import Interaction
from baton.members.models import DeskSeat, Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class Raw(models.Model):
    """The bytes of one delivery exactly as they came, compressed (zlib); None where they lie in the file store."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    body = models.BinaryField(null=True)

    def __str__(self) -> str:
        return self.sha256


class ImportJob(Claimable):
    """One import of a mailbox: what, for whom, how far. `total` is None until the messages have been counted.

    Started by hand it runs at once; put in the queue (`due_at`) a worker takes it. Running it again goes on.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=20, default="email")
    what = models.CharField(max_length=400)
    places = models.JSONField(default=list)
    by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)
    read = models.PositiveIntegerField(default=0)
    recorded = models.PositiveIntegerField(default=0)
    already_known = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["due_at"], name="import_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.what


class DeliveryQuerySet(GuardedQuerySet):
    """Words for asking after deliveries."""

    def visible_rows(self, member: Member) -> Self:
        """What came through one's own mailbox or address, or to a desk one sits at."""
        desks = DeskSeat.objects.filter(member=member).values("desk")
        return self.filter(Q(as_member=member) | Q(desk__in=desks) & ~Q(desk=""))

    def parked(self) -> Self:
        """Kept raw only, because they couldn't be read."""
        return self.filter(state=Delivery.State.PARKED)

    def due(self, at: datetime) -> Self:
        return self.filter(due_at__lte=at)


class Delivery(Claimable):
    """The envelope of something that came in: by which channel, for whom, when, and what became of it.

    `key` is the channel's own id, unique with the channel. `as_member` is the member whose mailbox or secret address
    brought it, `desk` the desk whose address did. `evidence` is what the transport knows of the peer, and the only
    thing that trust is scored from. `because` says in a sentence why it was parked.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Not read yet")
        READ = "read", _("Recorded")
        KNOWN = "known", _("Was known already")
        PARKED = "parked", _("Kept, but couldn’t be read")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    live = models.BooleanField(default=True)
    as_member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    desk = models.CharField(max_length=60, blank=True, default="")
    recipient = models.CharField(max_length=320, blank=True, default="")
    sender = models.CharField(max_length=320, blank=True, default="")
    raw = models.ForeignKey(Raw, null=True, on_delete=models.PROTECT, related_name="deliveries")
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    because = models.CharField(max_length=400, blank=True, default="")
    interaction = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="deliveries")
    job = models.ForeignKey(ImportJob, null=True, on_delete=models.SET_NULL, related_name="deliveries")

    objects = GuardedManager.from_queryset(DeliveryQuerySet)()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="delivered_once")]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["sender", "-received_at"], name="delivery_by_sender"),
            models.Index(fields=["-received_at"], name="delivery_parked", condition=Q(state="parked")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class MessageKey(models.Model):
    """What leads to a thread or a deal: the digest of a Message-ID, of a topic, or of a document's number.

    A Message-ID that was only referred to has no interaction yet. A `topic` is a subject
    with its people; `answers` says that its last message was a reply.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    thread = models.UUIDField()
    interaction = models.ForeignKey(Interaction, null=True, on_delete=models.CASCADE, related_name="keys")
    happened_at = models.DateTimeField()
    topic = models.BooleanField(default=False)
    answers = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.digest


class Silenced(models.Model):
    """A sender that a member asked never to record: an address, or a domain."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="silenced")
    sender = models.CharField(max_length=320)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "sender"], name="silenced_once")]

    def __str__(self) -> str:
        return self.sender
