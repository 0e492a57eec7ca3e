"""How an automation sends one message of its own to a webhook that a person set up, and to nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.gate.hooks.following import BELL, CALLER
from baton.gate.hooks.models import HookDelivery, Subscription
from baton.kernel.claims import ring
from baton.kernel.clock import stamp
from baton.kernel.ids import derived
from baton.kernel.rows import insert_rows
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing

AUTOMATION = "automation"


def named(name: str) -> Subscription:
    """Return the webhook of this name that is switched on. Raises `Refusal` where there is none, or several."""
    found = list(Subscription.objects.unscoped(CALLER).on().filter(name__iexact=name.strip()).select_related("member"))
    if len(found) != 1:
        told = (
            _("There are several webhooks called “%(name)s”: give one another name.")
            if found
            else _("No webhook that is switched on is called “%(name)s”.")
        )
        raise Refusal(told % {"name": name})
    return found[0]


def call(name: str, key: str, data: Mapping[str, Any], *, about: UUID, at: datetime, deal: UUID | None = None) -> bool:
    """Have the webhook of this name told `data`, once by `key`, in the order of the record `about`; say if it is new.

    With `deal` the deal is told too, as far as who made the webhook may see it; where they may not, nothing is sent.
    In the caller's transaction. Raises `Refusal` where there is no such webhook.
    """
    subscription = named(name)
    message = derived("hook", subscription.pk, AUTOMATION, key)
    told = {"data": dict(data), "happened_at": stamp(at), "deal": str(deal) if deal else None}
    row = HookDelivery(subscription=subscription, message=message, kind=AUTOMATION, about=about, told=told)
    row.made_at = row.due_at = at
    with writing():
        if HookDelivery.objects.unscoped(CALLER).filter(subscription=subscription, message=message).exists():
            return False
        insert_rows([row], ignore_conflicts=True)
        ring(BELL)
    return True
