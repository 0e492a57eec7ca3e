"""Interactions: what happened with a customer. The text stands apart, so that seeing one isn't reading it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import BooleanField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from baton.ledger.models.records import Company, Contact, Deal, Record, sees_all_deals
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class Kind(models.TextChoices):
    """What sort of thing happened."""

    EMAIL = "email", _("Email")
    CALL = "call", _("Call")
    TEXT = "text", _("Text")
    CHAT = "chat", _("Chat")
    FORM = "form", _("Web form")
    MEETING = "meeting", _("Meeting")
    NOTE = "note", _("Note")
    DOCUMENT = "document", _("Document")


class Direction(models.TextChoices):
    """Who spoke to whom."""

    IN = "in", _("from the customer")
    OUT = "out", _("to the customer")
    INTERNAL = "internal", _("among ourselves")


class Audience(models.TextChoices):
    """Who, besides those who hold it, sees an interaction."""

    PRIVATE = "private", _("Only those who hold it")
    SUBJECT = "subject", _("Everyone on the deal sees that it happened, and its subject")
    FULL = "full", _("Everyone on the deal reads it")


class InteractionQuerySet(GuardedQuerySet):
    """Words for asking after interactions."""

    def visible_rows(self, member: Member) -> Self:
        held = Exists(Holder.objects.filter(interaction=OuterRef("pk"), member=member))
        rows = self.annotate(held=held).filter(
            Q(held=True) | ~Q(audience=Audience.PRIVATE) & self._on_visible_deal(member)
        )
        return rows.annotate(
            readable=Coalesce(Q(held=True) | Q(audience=Audience.FULL), Value(False), output_field=BooleanField())
        )

    def open_to(self, member: Member) -> Self:
        """What everybody on its deal reads, where this member is one of them."""
        rows = self._chain()
        rows._scope = "member"
        return rows.filter(self._on_visible_deal(member), audience=Audience.FULL)

    def _on_visible_deal(self, member: Member) -> Q:
        if sees_all_deals(member):
            return Q(pk__isnull=False)
        return Q(deal__isnull=True) | Q(Exists(Deal.objects.visible_to(member).filter(pk=OuterRef("deal_id"))))

    def unfiled(self) -> Self:
        """What came in and belongs to nobody yet."""
        return self.filter(filed_at__isnull=True, set_aside_at__isnull=True)


class Interaction(Record):
    """Something that happened with a customer; its raw source is kept by the room that captured it.

    What it was never changes (a trigger holds that). Where it is filed, who sees it and what it shows are
    facts about it, folded into the columns after `parts`.
    `live` is False for back-fill: it may settle duties, but opens none. `automatic` mail does neither.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    channel = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    subject = models.CharField(max_length=500, blank=True, default="")
    from_name = models.CharField(max_length=300, blank=True, default="")
    from_address = models.CharField(max_length=320, blank=True, default="")
    author = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - many have none
    thread = models.UUIDField(db_index=True)
    live = models.BooleanField(default=True)
    automatic = models.CharField(max_length=20, blank=True, default="")
    trust = models.CharField(max_length=20, default="unverified")
    minutes = models.PositiveIntegerField(null=True)
    files_count = models.PositiveSmallIntegerField(default=0)
    parts = models.JSONField(default=dict)

    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="interactions", db_index=False
    )
    company = models.ForeignKey(
        Company, null=True, on_delete=models.PROTECT, related_name="interactions", db_index=False
    )
    deal = models.ForeignKey(Deal, null=True, on_delete=models.PROTECT, related_name="interactions", db_index=False)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.PRIVATE)
    filed_at = models.DateTimeField(null=True)
    filed_because = models.CharField(max_length=400, blank=True, default="")
    unfiled_because = models.CharField(max_length=400, blank=True, default="")
    set_aside_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(InteractionQuerySet)()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["deal", "-happened_at", "-id"], name="interaction_on_deal"),
            models.Index(fields=["contact", "-happened_at"], name="interaction_with_contact"),
            models.Index(fields=["company", "-happened_at"], name="interaction_with_company"),
            models.Index(fields=["recorded_at"], name="interaction_recorded"),
            models.Index(
                fields=["-happened_at"],
                name="interaction_unfiled",
                condition=Q(filed_at__isnull=True, set_aside_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.get_kind_display()


def readable_to(member: Member) -> Q:
    """Return the condition, on rows with an `interaction`, that the member may read it: what `readable` says of it.

    Asked of each row: for `interaction IN (all that they may read)` SQLite first lists a million of them.
    """
    held = Holder.objects.filter(interaction=OuterRef("interaction_id"), member=member)
    return Q(Exists(held)) | Q(Exists(Interaction.objects.open_to(member).filter(pk=OuterRef("interaction_id"))))


class Holder(models.Model):
    """A member whose own channel brought the interaction: they may always read it."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="holders", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interaction", "member"], name="held_once")]

    def __str__(self) -> str:
        return f"{self.member_id} holds {self.interaction_id}"


class ReadWithInteractionQuerySet(GuardedQuerySet):
    """Rows that belong to an interaction are seen by whoever may read it."""

    def visible_rows(self, member: Member) -> Self:
        return self.filter(readable_to(member))

    def of_seen(self, interactions: Iterable[Interaction]) -> Self:
        """Those of interactions that came from `visible_to(member)`, as far as it said that they are `readable`.

        It isn't asked a second time: the asking costs a page more than the rows.
        """
        rows = self._chain()
        rows._scope = "member"
        return rows.filter(interaction__in=[one.pk for one in interactions if one.readable])  # type: ignore[attr-defined]


class InteractionText(models.Model):
    """What was written or said, kept as sent: the person's own words, and what they quoted below it."""

    interaction = models.OneToOneField(Interaction, primary_key=True, on_delete=models.CASCADE, related_name="words")
    own = models.TextField(blank=True, default="")
    quoted = models.TextField(blank=True, default="")
    signature = models.TextField(blank=True, default="")

    objects = GuardedManager.from_queryset(ReadWithInteractionQuerySet)()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.own[:80]
