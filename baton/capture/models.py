"""What comes in and goes out: connections, deliveries with their raw bytes, imports, and the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.kernel.sealed import SealedField
from baton.ledger.models import Deal, Interaction
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
    """One import: what, for whom, how far. `total` is None until what there is has been counted.

    Started by hand it runs at once; put in the queue (`due_at`) a worker takes it. Running it again goes on.
    `left` counts what was looked at and stays where it is, because it concerns no customer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=20, default="email")
    what = models.CharField(max_length=400)
    places = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)
    read = models.PositiveIntegerField(default=0)
    recorded = models.PositiveIntegerField(default=0)
    already_known = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["due_at"], name="import_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.what


class ConnectionQuerySet(GuardedQuerySet):
    """Words for asking after connections."""

    def visible_rows(self, member: Member) -> Self:
        """One's own and those of the business; a colleague's mailbox is theirs."""
        return self.filter(Q(member=member) | Q(member=None))

    def of(self, channel: str) -> Self:
        return self.filter(channel=channel)

    def on(self) -> Self:
        return self.exclude(state=Connection.State.OFF)


class Connection(Claimable):
    """A line to something outside through which a channel hears and sends: a mailbox, a telephone system, a calendar.

    `member` is whose it is, None for the business's own. `settings` are what the channel's form took, `secret` its
    credentials. `position` is where the channel is in what it reads, in its own words. `due_at` is when it is listened
    to next, None where the other side calls us. `passed_over` is reason → how many were left where they are.
    """

    class State(models.TextChoices):
        ON = "on", _("Connected")
        BROKEN = "broken", _("Not connected")
        OFF = "off", _("Switched off")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    desk = models.CharField(max_length=60, blank=True, default="")
    settings = models.JSONField(default=dict)
    secret = SealedField(null=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.ON)
    because = models.CharField(max_length=400, blank=True, default="")
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    position = models.JSONField(default=dict)
    kept = models.PositiveIntegerField(default=0)
    passed_over = models.JSONField(default=dict)

    objects = GuardedManager.from_queryset(ConnectionQuerySet)()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        base_manager_name = "objects"
        indexes = [models.Index(fields=["due_at"], name="connection_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.name


class OutgoingQuerySet(GuardedQuerySet):
    """Words for asking after what goes out."""

    def visible_rows(self, member: Member) -> Self:
        """What one sends oneself; on a deal it is seen as the interaction that it becomes."""
        return self.filter(member=member)

    def waiting(self) -> Self:
        return self.filter(state=Outgoing.State.WAITING)


class Outgoing(Claimable):
    """Something that goes out once: a mail, a text, a notice. The outbox is these rows.

    `key` is unique, so that asking twice sends once. `body` is what the channel sends, in its own words; larger bytes
    lie in `raw`. `begun_at` is set just before the other side is told: a row that was begun and never settled may have
    gone out, and is never sent again by itself. `sent_as` is the id that the other side gave it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        UNSURE = "unsure", _("Perhaps sent")
        TAKEN_BACK = "taken-back", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=200, unique=True)
    connection = models.ForeignKey(Connection, null=True, on_delete=models.SET_NULL, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    to = models.CharField(max_length=400)
    body = models.JSONField(default=dict)
    raw = models.ForeignKey(Raw, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    because = models.CharField(max_length=400, blank=True, default="")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_as = models.CharField(max_length=200, blank=True, default="")

    objects = GuardedManager.from_queryset(OutgoingQuerySet)()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["due_at"], name="outgoing_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["deal", "-asked_at"], name="outgoing_on_deal"),
            models.Index(fields=["channel", "sent_as"], name="outgoing_sent_as"),
            models.Index(fields=["member"], name="outgoing_stuck", condition=Q(state__in=("failed", "unsure"))),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.to}"


class DeliveryQuerySet(GuardedQuerySet):
    """Words for asking after deliveries."""

    def visible_rows(self, member: Member) -> Self:
        """What came through one's own mailbox or address, or to a desk one sits at."""
        desks = DeskSeat.objects.filter(member=member).values("desk")
        return self.filter(Q(as_member=member) | Q(desk__in=desks) & ~Q(desk=""))

    def parked(self) -> Self:
        """Kept raw only, because they couldn't be read."""
        return self.filter(state=Delivery.State.PARKED)

    def held(self) -> Self:
        """Undecided mail out of a member's own mailbox; its raw bytes are let go of within a day."""
        return self.filter(state=Delivery.State.HELD)

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
        SEEN = "seen", _("Kept, couldn’t be read, and put away")
        HELD = "held", _("Undecided: seen by nobody")
        LEFT = "left", _("Not kept, as was asked")

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


class Sighting(models.Model):
    """A message of a mailbox that was looked at: its id and what became of it, and not a word of it.

    `digest` tells it from every other one, also when the server numbers its messages anew; `message` is the digest
    of its Message-ID, by which an answer finds it. `delivery` is there while it is undecided.
    """

    class Fate(models.TextChoices):
        KEPT = "kept", _("Kept")
        LEFT = "left", _("Left where it is")
        UNDECIDED = "undecided", _("Undecided")

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="sightings", db_index=False)
    digest = models.CharField(max_length=64)
    message = models.CharField(max_length=64, blank=True, default="")
    message_id = models.CharField(max_length=500, blank=True, default="")
    fate = models.CharField(max_length=9, choices=Fate.choices)
    at = models.DateTimeField()
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="sightings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "digest"], name="sighted_once")]
        indexes = [models.Index(fields=["message"], name="sighting_of_message")]

    def __str__(self) -> str:
        return self.digest


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


class FetchingQuerySet(GuardedQuerySet):
    """Words for asking after what is still to be fetched."""

    def visible_rows(self, member: Member) -> Self:
        """One's own, and what came to the business."""
        return self.filter(Q(connection__member=member) | Q(connection__member=None))


class Fetching(Claimable):
    """A file that the other side keeps for a while and that is still to be fetched: a photo, a recording.

    `where` is what its channel needs to fetch it, `interaction` what it belongs to. A row is done when it is gone:
    the file then lies in the file store. One that can't be had any more says why in `because`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=200, unique=True)
    connection = models.ForeignKey(Connection, null=True, on_delete=models.CASCADE, related_name="+")
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    where = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    because = models.CharField(max_length=400, blank=True, default="")

    objects = GuardedManager.from_queryset(FetchingQuerySet)()

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["due_at"], name="fetching_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.name


class OwnNumber(models.Model):
    """A member's own phone. It is theirs once they sent `code` from it to a number of the business."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=20, null=True, unique=True)  # noqa: DJ001 - unknown until it is proven
    code = models.CharField(max_length=12, unique=True)
    asked_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number or self.code


class Silenced(models.Model):
    """A sender that a member asked never to record: an address, or a domain."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="silenced", db_index=False)
    sender = models.CharField(max_length=320)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "sender"], name="silenced_once")]

    def __str__(self) -> str:
        return self.sender


class Comparison(Claimable):
    """A contact or company that is new or changed, and still has to be compared with those like it."""

    kind = models.CharField(max_length=20)
    record_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id"], name="compared_once")]
        indexes = [models.Index(fields=["due_at"], name="comparison_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"


class LikenessKey(models.Model):
    """A key under which a record meets those that may be the same (`duplicates.profile.keys_of`)."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120)
    record_id = models.UUIDField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "record_id"], name="likeness_by_key")]

    def __str__(self) -> str:
        return self.key


class Twins(models.Model):
    """Two records that may be one: how likely (0 to 1), and why, as codes with a detail. `one` is the smaller id.

    What members said about it stands in facts (`merged_into`, `distinct`); `state` follows from them.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Perhaps the same")
        APART = "apart", _("Two")
        MERGED = "merged", _("Merged")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    one = models.UUIDField()
    other = models.UUIDField(db_index=True)
    likely = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("duplicate")
        verbose_name_plural = _("duplicates")
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="twins_once")]
        indexes = [models.Index(fields=["kind", "-likely", "id"], name="twins_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"
