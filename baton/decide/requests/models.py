"""What is kept of requests: who asked for what, by when, what was answered; and templates that came before."""

from __future__ import annotations

import json
import zlib
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.members.models import Member


class RequestTemplate(models.Model):
    """A template that came at least once. `answers` is what people said its labels mean: label → reading.

    `fingerprint` is of its structure (see `fingerprint.py`), so that next month's copy is the same template.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fingerprint = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    answers = models.JSONField(default=dict)
    keep = models.BooleanField(default=True)
    answered_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    first_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")

    def __str__(self) -> str:
        return self.name


class RequestQuerySet(models.QuerySet["Request"]):
    """Words for asking after requests."""

    def visible_to(self, member: Member) -> Self:
        """One's own, and all of them for those who lead: what was asked outside of Baton concerns the whole business.

        What an answer holds is over what its asker may see, so nobody sees one of somebody who sees more.
        """
        return self.all() if member.sees_everything else self.filter(asked_by=member)

    def answered(self) -> Self:
        """Those that have an answer."""
        return self.filter(state=Request.State.ANSWERED)


class Request(Claimable):
    """A demand for figures. `due_at` is when Baton works on it next, `wanted_by` when the asker wants it.

    `key` is the source's own id, so that a mail that comes twice is one request. `raw` and `filled` are files in the
    store, by digest. `outcome` holds, compressed, each cell with its deals and facts (see `outcomes.py`). `spared` are
    the people whose figures it holds and who were not interrupted, `asked` those who were. Until it is `noted`, those
    who entered the facts behind it haven't got their receipts.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ANSWERED = "answered", _("Answered")
        OPEN = "open", _("Needs a person")
        REFUSED = "refused", _("Refused")

    class Channel(models.TextChoices):
        SCREEN = "screen", _("Dropped on the page")
        EMAIL = "email", _("By mail")
        CHAT = "chat", _("By chat")

    WRITTEN = (Channel.EMAIL, Channel.CHAT)
    """Where an answer is written back to; on the page it is looked at."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=200, unique=True)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.SCREEN)
    subject = models.CharField(max_length=300, blank=True, default="")
    words = models.CharField(max_length=2000, blank=True, default="")
    asked_for = models.CharField(max_length=200, blank=True, default="")
    mail = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    wanted_by = models.DateTimeField(null=True)
    template = models.ForeignKey(RequestTemplate, null=True, on_delete=models.SET_NULL, related_name="requests")
    file_name = models.CharField(max_length=200, blank=True, default="")
    raw = models.CharField(max_length=64, blank=True, default="")
    filled_name = models.CharField(max_length=200, blank=True, default="")
    filled = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    because = models.CharField(max_length=400, blank=True, default="")
    outcome = models.BinaryField(default=bytes)
    cells = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    spared = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    noted = models.BooleanField(default=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            models.Index(fields=["due_at"], name="request_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["asked_by", "-asked_at"], name="request_of"),
            models.Index(fields=["-asked_at"], name="request_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return how people call it: the file, else the subject, else what was asked."""
        return self.file_name or self.subject or self.words[:80]

    @property
    def told(self) -> dict[str, Any]:
        """Return the outcome as plain data."""
        return json.loads(zlib.decompress(bytes(self.outcome))) if self.outcome else {}

    def tell(self, outcome: dict[str, Any]) -> None:
        """Keep the outcome."""
        self.outcome = zlib.compress(json.dumps(outcome, ensure_ascii=False, separators=(",", ":")).encode(), 6)
