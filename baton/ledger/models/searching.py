"""What the search index knows of each record: its place in time, and what it is found by that may change."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """One record in the search index.

    `place` is the integer that the index knows it by; its order is the order of `happened_at`, so that walking the
    index backwards is walking back in time. `tokens` are those that may change and must be taken out again then;
    what an interaction says never does, and isn't repeated here. `deal` is whose visibility it follows.
    """

    place = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    record_id = models.UUIDField(unique=True)
    deal_id = models.UUIDField(null=True)
    tokens = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} at {self.place}"
