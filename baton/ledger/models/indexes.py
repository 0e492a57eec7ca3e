"""Typed look-ups beside the rows: addresses that filing matches on, the map's own fields for lists to sort by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from baton.ledger.models.records import Company, Contact


class Address(models.Model):
    """An email address, phone number or mail domain that leads to a contact or a company."""

    kind = models.CharField(max_length=6)
    value = models.CharField(max_length=320)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="addresses", db_index=False)
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="addresses", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "value"], name="address_look_up"),
            models.Index(fields=["contact"], name="address_of_contact", condition=Q(contact__isnull=False)),
            models.Index(fields=["company"], name="address_of_company", condition=Q(company__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value", "contact"], condition=Q(contact__isnull=False), name="contact_address_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "value", "company"], condition=Q(company__isnull=False), name="company_address_once"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class FieldIndex(models.Model):
    """The current confirmed value of one of the map's own fields, typed, so that lists can sort and filter by it."""

    record_kind = models.CharField(max_length=20)
    record_id = models.UUIDField()
    field = models.CharField(max_length=60)
    text = models.CharField(max_length=200, blank=True, default="")
    number = models.BigIntegerField(null=True)
    moment = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id", "field"], name="field_index_once")]
        indexes = [
            models.Index(fields=["field", "text", "record_id"], name="field_by_text"),
            models.Index(fields=["field", "number", "record_id"], name="field_by_number"),
            models.Index(fields=["field", "moment", "record_id"], name="field_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"
