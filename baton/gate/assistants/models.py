"""What assistants asked for, and which of them have read words from outside."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7
from baton.members.models import Member


class AssistantCallQuerySet(models.QuerySet["AssistantCall"]):
    """Words for asking after calls."""

    def of(self, member: Member) -> Self:
        """What assistants did in this member's hands; it is nobody else's business."""
        return self.filter(member=member)

    def waiting(self) -> Self:
        return self.filter(state=AssistantCall.State.WAITING)


class AssistantCall(models.Model):
    """One call of a tool: by which program, in whose hands, for what, and what became of it.

    `deed` is what it would do, checked, once a person lets it; `result` what came of it (ids). `heard` says what words
    from outside the program had read before, so that it waits.
    """

    class State(models.TextChoices):
        READ = "read", _("Read")
        SUGGESTED = "suggested", _("Suggested")
        WAITING = "waiting", _("Waits for you")
        DONE = "done", _("You did it")
        DISMISSED = "dismissed", _("Not so")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    program = models.CharField(max_length=120)
    name = models.CharField(max_length=100)
    tool = models.CharField(max_length=40)
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices)
    said = models.CharField(max_length=400, blank=True, default="")
    deal_id = models.UUIDField(null=True)
    deed = models.JSONField(default=dict)
    heard = models.CharField(max_length=200, blank=True, default="")
    result = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)

    objects = AssistantCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("assistant’s call")
        verbose_name_plural = _("assistants’ calls")
        indexes = [
            models.Index(fields=["member", "-at"], name="assistant_call_of"),
            models.Index(fields=["member"], name="assistant_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["at"], name="assistant_call_at"),
        ]

    def __str__(self) -> str:
        return f"{self.tool} by {self.name}"


class ReadOutside(models.Model):
    """A program that has read words from outside, when it last did, and what they were."""

    program = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()
    what = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.program}: {self.what}"
