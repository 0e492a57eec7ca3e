"""Answers that were given to requests with an idempotency key."""

from __future__ import annotations

from django.db import models


class Answered(models.Model):
    """The answer to a request that a program may repeat. `program` is its key in one member's hands.

    `digest` is SHA-256 of what was asked: the same key with another question is a mistake, and told.
    """

    program = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True, default="")
    location = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "key"], name="answered_once")]

    def __str__(self) -> str:
        return self.key
