"""A subscription is tried before it is made, changed by who made it, and switched off with notice when it fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from baton.channels.letters.models import MemberLetter
from baton.channels.letters.posting import Item, Page, can_post, link, post
from baton.gate.hooks import posting
from baton.gate.hooks.following import BELL, CALLER
from baton.gate.hooks.models import HookDelivery, Subscription
from baton.gate.hooks.saying import packed
from baton.gate.hooks.signing import headers, is_secret, sealed
from baton.kernel.claims import ring
from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.kernel.sealed import Sealed
from baton.kernel.verdict import Refusal, Verdict
from baton.kernel.writer import writing
from baton.map.catalog import EVENTS, QUIET
from baton.members.models import Member
from baton.work.reader import as_read_by

TEST = "baton.test"
KINDS = tuple(kind for kind in EVENTS if kind != QUIET)
"""What can be subscribed to: whatever a behavior of the map can name, but for silence."""
MOST = 20
"""Subscriptions of one member; each is asked with every event."""


def may_change(by: Member, subscription: Subscription) -> Verdict:
    """Whoever made it changes it; the owner and managers may switch it off and remove it (`may_stop`)."""
    if by.may_write and subscription.member_id == by.pk:
        return Verdict.allow()
    return Verdict.refuse(_("It hears what its maker may see, so only they change it."))


def may_stop(by: Member, subscription: Subscription) -> Verdict:
    """Whether they may switch it off or remove it."""
    if by.may_write and (by.sees_everything or subscription.member_id == by.pk):
        return Verdict.allow()
    return may_change(by, subscription)


def subscribe(name: str, address: str, kinds: Sequence[str], secret: str, *, by: Member, at: datetime) -> Subscription:
    """Try the address with a message of its own, and keep the subscription once it answers.

    Raises `Refusal` with what is wrong; then nothing is kept. The secret is sealed and never shown again.
    """
    if not by.may_write:
        raise Refusal(_("You may only read, so nothing is connected for you."))
    if Subscription.objects.unscoped(CALLER).filter(member=by).count() >= MOST:
        raise Refusal(_("You have %(most)d webhooks already: remove one first.") % {"most": MOST})
    made = Subscription(name=name.strip()[:80], member=by, made_at=at)
    _set(made, address, kinds, at, sealed(_checked(secret)))
    with writing():
        made.save(force_insert=True)
    return made


def change(
    subscription: Subscription, name: str, address: str, kinds: Sequence[str], *, by: Member, at: datetime
) -> None:
    """Try it anew with other settings and keep them; that switches it on again."""
    may_change(by, subscription).or_refuse()
    subscription.name = name.strip()[:80]
    _set(subscription, address, kinds, at, subscription.secret)
    subscription.state, subscription.because, subscription.failing_since = Subscription.State.ON, "", None
    with writing():
        subscription.save()
        ring(BELL)


def renew(subscription: Subscription, secret: str, *, by: Member, at: datetime) -> None:
    """Sign with another secret from now on, and with the one before for another day."""
    may_change(by, subscription).or_refuse()
    subscription.secret = sealed(_checked(secret), subscription.secret, at)
    subscription.save(update_fields=["secret"])


def switch_on(subscription: Subscription, *, by: Member, at: datetime) -> None:
    """Tell it on again, once it answers; what waited is told first."""
    may_change(by, subscription).or_refuse()
    change(subscription, subscription.name, subscription.address, subscription.kinds, by=by, at=at)
    waiting = HookDelivery.objects.unscoped(CALLER).waiting().filter(subscription=subscription.pk)
    waiting.update(due_at=at, tries=0)
    ring(BELL)


def stop(subscription: Subscription, *, by: Member) -> None:
    """Switch it off. What happens meanwhile isn't told later; what waited already is, if it is switched on again."""
    may_stop(by, subscription).or_refuse()
    subscription.state, subscription.because = Subscription.State.OFF, ""
    subscription.save(update_fields=["state", "because"])


def remove(subscription: Subscription, *, by: Member) -> None:
    """Forget it, its secret and what it was told."""
    may_stop(by, subscription).or_refuse()
    with writing():
        HookDelivery.objects.unscoped(CALLER).filter(subscription=subscription.pk).delete()
        Subscription.objects.unscoped(CALLER).filter(pk=subscription.pk).delete()


def replay(delivery: HookDelivery, *, by: Member, at: datetime) -> None:
    """Send a message once more, with the same id, as its subscriber would see it now."""
    if not may_change(by, delivery.subscription).answer == "allow":
        raise Refusal(_("It hears what its maker may see, so only they have something sent again."))
    if not delivery.subscription.is_on:
        raise Refusal(_("This webhook is switched off: switch it on first."))
    rows = HookDelivery.objects.unscoped(CALLER).filter(pk=delivery.pk).exclude(state=HookDelivery.State.WAITING)
    rows.update(state=HookDelivery.State.WAITING, due_at=at, tries=0, because="", settled_at=None)
    ring(BELL)


def switch_off(subscription: Subscription, because: str, at: datetime) -> None:
    """Switch it off by itself, and tell whoever made it."""
    rows = Subscription.objects.unscoped(CALLER).on().filter(pk=subscription.pk)
    if rows.update(state=Subscription.State.OFF, because=because[:400]):
        subscription.state, subscription.because = Subscription.State.OFF, because[:400]
        _tell(subscription, at)


def _set(subscription: Subscription, address: str, kinds: Sequence[str], at: datetime, secret: Sealed) -> None:
    chosen = [kind for kind in KINDS if kind in kinds]
    if not subscription.name:
        raise Refusal(_("Give it a name, so that others know what it is for."))
    if not chosen:
        raise Refusal(_("Choose at least one thing that it is told of."))
    _test(address, secret, at)
    subscription.address, subscription.kinds, subscription.secret = address, chosen, secret


def _test(address: str, secret: Sealed, at: datetime) -> None:
    """Send a message that says nothing; anything but a success is refused with what it answered."""
    posting.refuse_address(address)
    body = packed(TEST, stamp(at), {})
    answered = posting.post(address, body, headers(f"msg_{uuid7().hex}", body, secret, at))
    if not answered.taken:
        said = _("The test message wasn’t taken. %(why)s Nothing was kept.")
        raise Refusal(said % {"why": answered.because})


def _checked(secret: str) -> str:
    if not is_secret(secret):
        raise Refusal(_("A secret begins with whsec_, followed by 24 to 64 bytes in base64."))
    return secret


def _tell(subscription: Subscription, at: datetime) -> None:
    member = subscription.member
    if not member.is_active or not can_post():
        return
    key = f"webhook:{subscription.pk}:{stamp(at)}"
    letter = MemberLetter(key=key, kind=MemberLetter.Kind.NOTICE, member=member, about="webhook", made_at=at)
    with as_read_by(member):
        href = link(f"/webhooks/{subscription.pk}/")
        item = Item(subscription.name, subscription.because, href=href)
        lead = _("A webhook of yours was switched off. What happens from now on isn’t told there.")
        post(letter, Page(_("Switched off: %(name)s") % {"name": subscription.name}, lead, [("", [item])]), at)
