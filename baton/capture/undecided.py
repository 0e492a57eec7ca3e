"""Mail out of a member's own mailbox that may or may not concern a customer: held, seen by nobody, and soon let go of.

What is held becomes the record when somebody in it becomes a contact, or when the member answers it. Whatever stays
undecided is gone within a day, raw bytes and all; only its id stays, so that it isn't looked at twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from baton.capture import store
from baton.capture.connections import count
from baton.capture.models import Connection, Delivery, Outgoing, Raw, Sighting, Silenced
from baton.kernel.claims import ring
from baton.kernel.writer import writing
from baton.ledger.models import Address, File

CALLER = "capture"
BELL = "capture"
HELD_FOR = timedelta(hours=23)
"""Less than the day that is promised, by as much as a sweep may come late."""
AT_ONCE = 500
NOBODY_ANSWERED = gettext_noop("from strangers whom nobody answered within a day")
SILENCED = gettext_noop("from or to somebody you never record")


def sweep(at: datetime) -> int:
    """Decide what is held and can be decided by now, and let go of what was held for long; return how many."""
    held = list(Delivery.objects.unscoped(CALLER).held().order_by("received_at", "pk")[:AT_ONCE])
    if not held:
        return 0
    known, silenced = _known_people(held), _silenced(held)
    quiet = [one for one in held if is_silenced(one.as_member_id, people_of(one), silenced)]
    rest = [one for one in held if one not in quiet]
    met = [one for one in rest if known & _names(people_of(one))]
    old = [one for one in rest if one not in met and one.received_at <= at - HELD_FOR]
    release(met, at=at)
    leave(quiet, SILENCED)
    leave(old, NOBODY_ANSWERED)
    return len(met) + len(quiet) + len(old)


def people_of(delivery: Delivery) -> list[str]:
    """Return the addresses outside that a held message is from or to."""
    return list(delivery.evidence.get("people", []))


def _names(people: Iterable[str]) -> set[str]:
    return {name for address in people for name in (address, address.rpartition("@")[2])}


def _known_people(held: Sequence[Delivery]) -> set[str]:
    """Return the addresses and domains of these that belong to contacts and companies by now."""
    people = {address for one in held for address in people_of(one)}
    domains = {address.rpartition("@")[2] for address in people}
    rows = Address.objects.filter(Q(kind="email", value__in=people) | Q(kind="domain", value__in=domains))
    return set(rows.values_list("value", flat=True))


def _silenced(held: Sequence[Delivery]) -> set[tuple[UUID, str]]:
    members = {one.as_member_id for one in held if one.as_member_id}
    return set(Silenced.objects.filter(member__in=members).values_list("member", "sender"))


def is_silenced(member: UUID | None, people: Iterable[str], silenced: set[tuple[UUID, str]]) -> bool:
    """Whether a member asked never to record somebody among these people, or their whole domain."""
    return member is not None and any((member, name) in silenced for name in _names(people))


def release(held: Sequence[Delivery], *, at: datetime) -> None:
    """Let what was held be read and recorded, now that it concerns somebody."""
    if not held:
        return
    keys = [one.pk for one in held]
    with writing():
        rows = Delivery.objects.unscoped(CALLER).held().filter(pk__in=keys)
        rows.update(state=Delivery.State.WAITING, due_at=at)
        Sighting.objects.filter(delivery__in=keys).update(fate=Sighting.Fate.KEPT)
        for connection, number in _per_connection(keys):
            count(connection, kept=number, passed_over={})
        ring(BELL)


def leave(held: Sequence[Delivery], why: str) -> None:
    """Let go of what was held, with its bytes; what stays is that it was there, and why it was left."""
    if not held:
        return
    keys = [one.pk for one in held]
    with writing():
        for connection, number in _per_connection(keys):
            count(connection, kept=0, passed_over={why: number})
        Sighting.objects.filter(delivery__in=keys).update(fate=Sighting.Fate.LEFT, delivery=None)
        Delivery.objects.unscoped(CALLER).held().filter(pk__in=keys).delete()
        let_go({one.raw_id for one in held if one.raw_id})


def _per_connection(keys: list[UUID]) -> list[tuple[Connection, int]]:
    found = Counter(Sighting.objects.filter(delivery__in=keys).values_list("connection", flat=True))
    rows = Connection.objects.unscoped(CALLER).in_bulk(list(found))
    return [(rows[pk], number) for pk, number in found.items()]


def let_go(digests: Iterable[str]) -> None:
    """Delete raw bytes, and files on disk, that nothing refers to any more. For inside a transaction."""
    wanted = set(digests)
    if not wanted:
        return
    used = set(Delivery.objects.unscoped(CALLER).filter(raw__in=wanted).values_list("raw", flat=True))
    used |= set(Outgoing.objects.unscoped(CALLER).filter(raw__in=wanted).values_list("raw", flat=True))
    rows = Raw.objects.filter(pk__in=wanted - used)
    rows._raw_delete(rows.db)
    attached = set(File.objects.unscoped(CALLER).filter(sha256__in=wanted).values_list("sha256", flat=True))
    for digest in wanted - used - attached:
        transaction.on_commit(_unlinking(digest))


def _unlinking(digest: str) -> Callable[[], None]:
    return lambda: store.place_of(digest).unlink(missing_ok=True)
