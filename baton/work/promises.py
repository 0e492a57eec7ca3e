"""Promises: what we committed to towards a customer, by when, and whether it was kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.members.models import Member
from baton.work.looking import deal_seen_by
from baton.work.models import Promise
from baton.work.once import id_for, record_once

WHO = {"us", "them", "asked"}


def make(
    deal: Deal,
    what: str,
    *,
    by: Member,
    at: datetime,
    due_at: datetime | None = None,
    who: str = "us",
    promised_by: Member | None = None,
    contact: UUID | None = None,
    made_in: UUID | None = None,
    channel: str = "screen",
    key: str = "",
) -> Promise:
    """Record a promise: ours (`us`), a customer's (`them`), or what a customer asked and nobody promised (`asked`).

    `made_in` is the interaction in which it was made. Without `due_at` ours is due at the end of the day. `key` is the
    form's own: sent again, the form records nothing more.
    """
    deal_seen_by(by, deal.pk)
    entries = said_promise(
        deal, what, by=by, due_at=due_at, who=who, promised_by=promised_by, contact=contact, made_in=made_in,
        pk=id_for(key, "promise", by.pk, deal.pk),
    )  # fmt: skip
    return record_once(entries, key, by=by, at=at, channel=channel)


def said_promise(
    deal: Deal,
    what: str,
    *,
    by: Member,
    due_at: datetime | None = None,
    who: str = "us",
    promised_by: Member | None = None,
    contact: UUID | None = None,
    made_in: UUID | None = None,
    pk: UUID | None = None,
) -> list[Entry]:
    """Return the entries of a new promise, for verbs that record it with something else."""
    if not what.strip():
        raise Refusal(_("Say what was promised."))
    if who not in WHO:
        raise Refusal(_("We promise, they promise, or they asked."))
    values: dict[str, Any] = {
        "deal": str(deal.pk),
        "contact": _id(contact or deal.contact_id),
        "who": who,
        "promised_by": str((promised_by or by).pk) if who == "us" else None,
        "made_in": _id(made_in),
        "due_at": stamp(due_at) if due_at else None,
        "what": what.strip()[:400],
        "state": "open",
    }
    return said("promise", pk or uuid7(), **values)


def keep(promise: Promise, *, by: Member, at: datetime, channel: str = "screen") -> Promise:
    """Say that a promise was kept."""
    return _settle(promise, "kept", by=by, at=at, channel=channel)


def break_(promise: Promise, *, because: str, by: Member, at: datetime, channel: str = "screen") -> Promise:
    """Say that a promise was not kept, and why."""
    if not because.strip():
        raise Refusal(_("Say why it wasn’t kept; the next desk reads it."))
    return _settle(promise, "broken", by=by, at=at, because=because, channel=channel)


def release(promise: Promise, *, because: str, by: Member, at: datetime, channel: str = "screen") -> Promise:
    """Say that the customer no longer holds us to a promise, and how we know."""
    if not because.strip():
        raise Refusal(_("Say how we know that the customer doesn’t want it any more."))
    return _settle(promise, "released", by=by, at=at, because=because, channel=channel)


def move(
    promise: Promise, due_at: datetime, *, by: Member, at: datetime, because: str = "", channel: str = "screen"
) -> Promise:
    """Agree on a new time for an open promise. Who agreed to it belongs in `because`."""
    _refuse_settled(promise)
    entry = Entry("promise", promise.pk, "due_at", stamp(due_at), because=because)
    return record([entry], by=Author(by, channel), at=at).row("promise", promise.pk)


def take_on(
    promise: Promise, *, by: Member, at: datetime, due_at: datetime | None = None, channel: str = "screen"
) -> Promise:
    """Promise what a customer asked: from now on it is owed."""
    if promise.who != "asked":
        raise Refusal(_("Only what a customer asked of us can be promised."))
    told = {"who": "us", "promised_by": str(by.pk), "due_at": stamp(due_at) if due_at else None, "state": "open"}
    return record(said("promise", promise.pk, **told), by=Author(by, channel), at=at).row("promise", promise.pk)


def _settle(promise: Promise, state: str, *, by: Member, at: datetime, channel: str, because: str = "") -> Promise:
    _refuse_settled(promise)
    entries = [
        Entry("promise", promise.pk, "settled_at", stamp(at)),
        Entry("promise", promise.pk, "state", state, because=because),
    ]
    return record(entries, by=Author(by, channel), at=at).row("promise", promise.pk)


def _refuse_settled(promise: Promise) -> None:
    current = Promise.objects.unscoped("work.duties").filter(pk=promise.pk).values_list("state", flat=True).first()
    if current != Promise.State.OPEN:
        name = Promise.State(current).label.lower() if current else _("gone")
        raise Refusal(_("This promise is already settled: %(state)s.") % {"state": name})


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None
