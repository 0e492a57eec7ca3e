"""Facts: one value of one field of one record, with its provenance. Only ever added."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7
from baton.ledger.models.interactions import Interaction, readable_to
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class Status(models.TextChoices):
    """How far somebody stands behind a fact."""

    SUGGESTED = "suggested", _("Suggested")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Not so")


class FactQuerySet(GuardedQuerySet):
    """Words for asking after facts."""

    def visible_rows(self, member: Member) -> Self:
        """Facts of visible records; what was only suggested from a text nobody else may read stays with its reader."""
        from baton.ledger.kinds import visible_records

        return self.filter(visible_records(member)).filter(_may_be_read(member))

    def of_seen(self, member: Member, seen: Mapping[str, Collection[UUID]]) -> Self:
        """Facts of records that came from `visible_to(member)`, kind → their ids: those aren't looked up again.

        Asking every kind what a member sees costs more than all the rest of a page that shows one record.
        """
        theirs = Q(pk__in=[])
        for kind, ids in seen.items():
            theirs |= Q(record_kind=kind, record_id__in=ids)
        scoped = self._chain()
        scoped._scope = "member"
        return scoped.filter(theirs).filter(_may_be_read(member))

    def one_seen_by(self, member: Member, pk: UUID) -> Fact | None:
        """Return one fact, if this member may see it: asked of the record it is about, and not of every kind."""
        from baton.ledger.kinds import kind_named

        about = self.unscoped("ledger.facts").filter(pk=pk).values_list("record_kind", "record_id").first()
        if about is None:
            return None
        kind, record_id = about
        theirs = kind_named(kind).model.objects.visible_to(member).filter(pk=record_id)  # type: ignore[attr-defined]
        return self.of_seen(member, {kind: [record_id]}).filter(pk=pk).first() if theirs.exists() else None

    def of(self, kind: str, record_id: object) -> Self:
        return self.filter(record_kind=kind, record_id=record_id)

    def suggested(self) -> Self:
        """Suggestions that nobody has answered yet."""
        return self.filter(status=Status.SUGGESTED, settled_by__isnull=True)


def _may_be_read(member: Member) -> Q:
    return Q(status=Status.CONFIRMED) | Q(interaction__isnull=True) | Q(readable_to(member))


class Fact(models.Model):
    """One value of a field for one record: who or what said it, from which words, when, and when it was recorded.

    `seq` numbers a record's facts from 1; `digest` is SHA-256 over the previous digest, the salt and the fact,
    so that a changed or missing fact is found. `key` is the source's own id and is unique: the same thing told
    twice is recorded once. `settles` names the suggestion that this one confirms, changes or dismisses;
    `replaces` the confirmed fact that it corrects.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record_kind = models.CharField(max_length=20)
    record_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    field = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CONFIRMED)
    said_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=20)
    interaction = models.ForeignKey(
        Interaction, null=True, on_delete=models.PROTECT, related_name="facts", db_index=False
    )
    words = models.TextField(blank=True, default="")
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    reader = models.CharField(max_length=40, blank=True, default="")
    confidence = models.FloatField(null=True)
    because = models.CharField(max_length=400, blank=True, default="")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - many have none, none is shared
    settles = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="settled_by", db_index=False)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by", db_index=False
    )
    map_version = models.PositiveIntegerField(default=0)
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)

    objects = GuardedManager.from_queryset(FactQuerySet)()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["record_kind", "record_id", "seq"], name="fact_seq_once"),
        ]
        indexes = [
            models.Index(fields=["record_id", "field", "-happened_at"], name="fact_history"),
            models.Index(fields=["said_by", "-recorded_at"], name="fact_by_member"),
            models.Index(fields=["interaction"], name="fact_said_in", condition=Q(interaction__isnull=False)),
            models.Index(fields=["settles"], name="fact_settled", condition=Q(settles__isnull=False)),
            models.Index(fields=["replaces"], name="fact_replaced", condition=Q(replaces__isnull=False)),
            models.Index(fields=["record_id"], name="fact_suggested", condition=Q(status="suggested")),
        ]

    def __str__(self) -> str:
        return f"{self.record_kind}.{self.field} = {self.value}"
