"""Sending what is due: in the order of each record, side by side for different ones, again and again for three days.

Those who didn't answer last time are tried in a loop of their own, so that nobody waits for them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from baton.gate.hooks.following import BELL, CALLER
from baton.gate.hooks.models import HookDelivery, Subscription
from baton.gate.hooks.posting import GONE, Answered, post
from baton.gate.hooks.saying import body_of
from baton.gate.hooks.signing import headers
from baton.gate.hooks.switching import switch_off
from baton.kernel.claims import claim, ring
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing

log = logging.getLogger(__name__)
TOGETHER = 16
LEASE = timedelta(minutes=2)
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""How long to wait after each try, as the specification proposes: ten tries within three days and a few hours."""
DOWN = (429, 502, 503, 504)
"""What a server answers that isn't there for anybody; other errors may be about the one message."""
KEPT_FOR = timedelta(days=30)
State = HookDelivery.State


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that is about to be posted."""

    delivery: HookDelivery
    body: bytes
    headers: dict[str, str]


def send_due(at: datetime, *, again: bool = False) -> int:
    """Send what is due; return how many were settled or tried. One step of a loop.

    `again` takes those of subscriptions that didn't answer last time, and nothing else.
    """
    rows = HookDelivery.objects.unscoped(CALLER).in_order().select_related("subscription__member")
    taken = claim(rows.filter(subscription__failing_since__isnull=not again), limit=TOGETHER, at=at, lease=LEASE)
    ready = [one for delivery in taken if (one := _ready(delivery, at))]
    for one, answered in zip(ready, _posted(ready), strict=True):
        _settle(one.delivery, answered, at)
    return len(taken)


def _ready(delivery: HookDelivery, at: datetime) -> Ready | None:
    """Make the message; what its subscriber may not see is withheld, and says so."""
    subscription = delivery.subscription
    if not subscription.member.is_active:
        switch_off(subscription, _("%(name)s, who made it, is no longer here.") % {"name": subscription.member}, at)
        return None
    body = body_of(delivery, subscription.member)
    if body is None:
        because = _("%(name)s may not see what it is about.") % {"name": subscription.member}
        _write(delivery, State.WITHHELD, because, at)
        return None
    try:
        return Ready(delivery, body, headers(message_id(delivery), body, subscription.secret, at))
    except Refusal as why:
        switch_off(subscription, why.sentence, at)
        return None


def message_id(delivery: HookDelivery) -> str:
    """Return the id by which the other side knows a message again."""
    return f"msg_{delivery.message.hex}"


def _posted(ready: Sequence[Ready]) -> list[Answered]:
    """Post them side by side; the threads never ask the database."""
    asked = [(one.delivery.subscription.address, one.body, one.headers) for one in ready]
    if len(asked) <= 1:
        return [post(*each) for each in asked]
    with ThreadPoolExecutor(len(asked), "baton-webhooks") as beside:
        return list(beside.map(lambda each: post(*each), asked))


def _settle(delivery: HookDelivery, answered: Answered, at: datetime) -> None:
    delivery.answer, delivery.took = answered.status, answered.took
    if answered.taken:
        _write(delivery, State.SENT, "", at)
        _answers(delivery.subscription, at)
        return
    _fails(delivery.subscription, answered.because, at)
    if answered.status == GONE:
        _write(delivery, State.FAILED, answered.because, at)
        switch_off(delivery.subscription, _("It answered that it is gone for good (410)."), at)
    elif delivery.tries > len(WAITS):
        _write(delivery, State.FAILED, answered.because, at)
        _after_the_last_try(delivery, at)
    else:
        _try_later(delivery, answered, at)


def _try_later(delivery: HookDelivery, answered: Answered, at: datetime) -> None:
    wait = max(WAITS[delivery.tries - 1], timedelta(seconds=answered.wait))
    delivery.last_error = delivery.because = answered.because[:400]
    delivery.due_at = at + wait
    delivery.save(update_fields=["last_error", "because", "due_at", "answer", "took"])


def _after_the_last_try(delivery: HookDelivery, at: datetime) -> None:
    """Who answered nothing at all since is switched off; who takes others only missed this one."""
    since = Subscription.objects.unscoped(CALLER).filter(pk=delivery.subscription_id).first()
    if since and since.failing_since and at - since.failing_since >= sum(WAITS, timedelta()):
        switch_off(since, _("It took nothing for three days: %(why)s") % {"why": delivery.because}, at)


def _write(delivery: HookDelivery, state: str, because: str, at: datetime) -> None:
    delivery.state, delivery.because, delivery.settled_at, delivery.due_at = state, because[:400], at, None
    with writing():
        delivery.save(update_fields=["state", "because", "settled_at", "due_at", "answer", "took"])
        ring(BELL)


def _answers(subscription: Subscription, at: datetime) -> None:
    """Note that it answered. What waits because it didn't is due at once, the oldest of each record first."""
    rows = Subscription.objects.unscoped(CALLER).filter(pk=subscription.pk)
    rows.update(answered_at=at, failing_since=None, because="")
    if subscription.failing_since:
        waiting = HookDelivery.objects.unscoped(CALLER).waiting().filter(subscription=subscription.pk)
        waiting.filter(Q(answer=None) | Q(answer__in=DOWN), due_at__gt=at, tries__gt=0).update(due_at=at)


def _fails(subscription: Subscription, because: str, at: datetime) -> None:
    rows = Subscription.objects.unscoped(CALLER).filter(pk=subscription.pk)
    rows.update(because=because[:400])
    rows.filter(failing_since=None).update(failing_since=at)


def forget_old(at: datetime) -> int:
    """Let go of what was settled thirty days ago, and of what waits for a subscription that stayed off as long."""
    rows = HookDelivery.objects.unscoped(CALLER).filter(made_at__lt=at - KEPT_FOR)
    gone = rows.filter(~Q(state=State.WAITING) | Q(subscription__state=Subscription.State.OFF))
    return (
        HookDelivery.objects.unscoped(CALLER).filter(pk__in=list(gone.values_list("pk", flat=True)[:1000])).delete()[0]
    )
