"""The business that the proofs break: one owner with a mailbox, one customer with an open deal."""

from __future__ import annotations

from typing import Any

import django

CALLER = "bench"
OWNER = "tomas@lime.example"
CUSTOMER = "Dana Whitlock <dana@marlowe.example>"
PHONE = "+447700900123"


def found() -> Any:
    """Make it in the place that the environment names, and return its owner."""
    django.setup()
    from django.core.management import call_command

    from baton.kernel.clock import now
    from baton.kernel.ids import uuid7
    from baton.ledger.entries import Author, said
    from baton.ledger.recording import record
    from baton.map.current import current_map
    from baton.map.publishing import publish
    from baton.members.models import Member
    from tests.cast import FIRM

    call_command("migrate", verbosity=0)
    owner = Member.objects.create_user(OWNER, name="Tomas", role="owner")
    publish(FIRM, by=None, at=now())
    contact, deal, first = uuid7(), uuid7(), current_map().first_stage
    told = {"stage": first.id, "desk": first.desk, "owner": str(owner.pk), "contact": str(contact)}
    entries = said("contact", contact, name="Dana Whitlock", emails=["dana@marlowe.example"], phones=[PHONE])
    record([*entries, *said("deal", deal, title="Quayside Tower", **told)], by=Author(owner), at=now())
    return owner


def connect_mailbox(owner: Any, settings: dict[str, object], password: str) -> None:
    """Have the owner's mailbox read, without asking it first."""
    from baton.capture.models import Connection
    from baton.kernel.clock import now
    from baton.kernel.sealed import Sealed

    row = Connection(channel="mailbox", name=OWNER, member=owner, made_by=owner, made_at=now(), due_at=now())
    row.settings, row.secret = settings | {"address": OWNER}, Sealed.of({"password": password})
    row.save(force_insert=True)


def let_leases_run_out() -> None:
    """What a killed process had claimed waits for two minutes; here they are over at once."""
    from baton.capture.models import Connection, Delivery
    from baton.kernel.clock import now

    for rows in (Delivery.objects.unscoped(CALLER), Connection.objects.unscoped(CALLER)):
        rows.filter(due_at__isnull=False).update(due_at=now())
