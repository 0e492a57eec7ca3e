"""What is remembered of sheets: how they are read, what each of their rows said last, and rows left for later."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.capture.models import Connection, ImportJob
from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.members.models import Member


class Sheet(models.Model):
    """A kind of sheet, known again by its headers (`fingerprint`): how it was read last is how it is read next.

    `columns` is column → field, `words` is field → word → what is meant by it: stage → "Closed Won" → a stage's id.
    A sheet that is read again from its address is one of its own.
    """

    class Kind(models.TextChoices):
        DEALS = "deals", _("Deals")
        CONTACTS = "contacts", _("Contacts")
        COMPANIES = "companies", _("Companies")
        INVOICES = "invoices", _("Invoices and payments")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    connection = models.ForeignKey(Connection, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    heads = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    chosen_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "kind"], condition=Q(connection__isnull=True), name="sheet_known_once"
            ),
            models.UniqueConstraint(fields=["connection"], name="sheet_of_connection"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(self.heads[:4])}"


class SheetRow(models.Model):
    """One row of a sheet and the record that it became. `said` is what it said last, field → value.

    `key` is the row's own id, else what names it. An invoice is its interaction.
    """

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="rows", db_index=False)
    key = models.CharField(max_length=200)
    record_kind = models.CharField(max_length=20)
    record_id = models.UUIDField()
    said = models.JSONField(default=dict)
    job = models.ForeignKey(ImportJob, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "key"], name="sheet_row_once")]
        indexes = [
            models.Index(fields=["record_kind", "key"], name="sheet_row_by_key"),
            models.Index(fields=["job"], name="sheet_row_by_job"),
            models.Index(fields=["record_id"], name="sheet_row_of_record"),
        ]

    def __str__(self) -> str:
        return self.key


class LeftRow(models.Model):
    """A row that wasn't let in, as it stands in the sheet, and why. Mended, it is read once more."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="left_rows", db_index=False)
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    because = models.CharField(max_length=400)
    column = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="left_row_once")]

    def __str__(self) -> str:
        return f"row {self.number}: {self.because}"


class OldSheet(Claimable):
    """A copy of the spreadsheet that Baton takes the place of, compared with the records again each day: `due_at`.

    `found` is what the last comparison came to (see `retiring.Found`). `told_for` is the day of switching it off that
    the owner was told what is left for. The newest copy counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=400)
    digest = models.CharField(max_length=64)
    which = models.SmallIntegerField(default=-1)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kept_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)
    found = models.JSONField(default=dict)
    told_for = models.DateField(null=True)

    class Meta:
        verbose_name = _("old spreadsheet")
        verbose_name_plural = _("old spreadsheets")
        indexes = [models.Index(fields=["due_at"], name="old_sheet_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.name
