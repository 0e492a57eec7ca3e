"""Published versions of the map, drafts of the next one, what people say to them, and the first set-up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7
from baton.members.models import Member


class MapVersion(models.Model):
    """One published map, as the YAML that was published. Only ever added; the highest number is in force."""

    number = models.PositiveIntegerField(primary_key=True)
    text = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"


class MapDraft(models.Model):
    """A member's draft of the next version; `based_on` is the version it started from, `note` what it is for.

    Everybody may have one, and the owner publishes whichever is right. `history` holds the steps of its author, see
    `baton.map.drafts`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    text = models.TextField()
    based_on = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    note = models.CharField(max_length=400, blank=True, default="")
    history = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-changed_at"]
        constraints = [models.UniqueConstraint(fields=["changed_by"], name="one_draft_a_member")]

    def __str__(self) -> str:
        return f"draft on version {self.based_on}"


class AgreementQuerySet(models.QuerySet):
    """Words for asking after what people say to a draft."""

    def objecting(self) -> AgreementQuerySet:
        """Objections that the owner hasn't answered."""
        return self.filter(says=Agreement.Says.OBJECTED, reply="")

    def silent(self) -> AgreementQuerySet:
        return self.filter(says=Agreement.Says.NOTHING)


class Agreement(models.Model):
    """What one member was asked to agree to, and what they said.

    `stakes` is the digest of what people would owe when they were asked: where it changes they are asked again.
    `counts` are behavior → how many duties of it this member would have had over the last days, and how many late.
    Once the draft is published it stands at the version for good.
    """

    class Says(models.TextChoices):
        NOTHING = "", _("nothing yet")
        AGREED = "agreed", _("agreed")
        OBJECTED = "objected", _("objected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(MapDraft, null=True, on_delete=models.SET_NULL, related_name="agreements", db_index=False)
    version = models.ForeignKey(MapVersion, null=True, on_delete=models.CASCADE, related_name="agreements")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    stakes = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    says = models.CharField(max_length=8, blank=True, choices=Says.choices, default=Says.NOTHING)
    words = models.CharField(max_length=1000, blank=True, default="")
    said_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=1000, blank=True, default="")
    replied_at = models.DateTimeField(null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["draft", "member"], name="one_agreement_a_draft")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.says}"

    @property
    def is_open(self) -> bool:
        """Whether this is an objection that waits for the owner."""
        return self.says == self.Says.OBJECTED and not self.reply


class SetUp(models.Model):
    """The first set-up of a business: the answers so far, by page. One row, until the first map is published."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    begun_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField()
    answers = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"set-up begun {self.begun_at:%Y-%m-%d}"
