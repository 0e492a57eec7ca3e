"""Taking what a phone handed over: kept raw under its own key first, then recorded, exactly once.

The key is the phone's own, made before anything was sent: a lost answer and what is sent again change nothing. Where
this process dies in between, the loop that reads what came in does the rest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import reading
from baton.capture.arrival import Arrival
from baton.capture.ingesting import Incoming, Taken, ingest_many, raw_of
from baton.capture.models import Delivery
from baton.channels.pocket.adapter import POCKET
from baton.channels.pocket.beginning import begin
from baton.channels.pocket.packing import Held, packed, unpacked
from baton.channels.pocket.reading import LINE
from baton.channels.quick.chips import Chip, chip_told, told_of
from baton.channels.quick.drafts import Line
from baton.channels.quick.saving import Saved, save
from baton.kernel.claims import LEASE
from baton.kernel.clock import stamp, unstamp
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.models import Interaction
from baton.members.models import Member

CALLER = "capture"
KEY = re.compile(r"[\w-]{1,100}", re.ASCII)
LOGIN: dict[str, Any] = {"by": "login"}
"""Evidence of what came from a member who is signed in, or through a secret of theirs."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing that was handed over. `what` is "line", or what it is imported as: chat, contacts, mail, sheet."""

    what: str
    files: Sequence[Held]
    line: str = ""
    chips: tuple[Chip, ...] = ()
    deal: UUID | None = None
    kind: str = ""


def key_of(text: str) -> str:
    """Return a phone's own key. Refuses what can't be one."""
    if not KEY.fullmatch(text):
        raise Refusal(_("What was sent has no key of its own, so it can’t be told from what was sent before."))
    return text


def take_in(parcels: Sequence[Parcel], *, key: str, by: Member, typed_at: datetime, at: datetime) -> list[Delivery]:
    """Keep these in one commit, record or begin to import each, and return their deliveries in the same order.

    The same key of the same member returns what became of it the first time.
    """
    if not by.may_write:
        raise Refusal(_("%(member)s may only read, so nothing is recorded for them.") % {"member": by})
    taken = ingest_many(
        [_incoming(one, place, key, by, typed_at) for place, one in enumerate(parcels)], at=at, lease=LEASE
    )
    for one, parcel in zip(taken, parcels, strict=True):
        if one.new:
            _go_on(one, parcel, by, at)
    return of_key(key, by)


def take_line(line: Line, files: Sequence[Held], *, by: Member, at: datetime) -> Saved:
    """Keep a line and its files raw, record it, and return what was recorded; once, however often it is sent.

    Refuses what the quick line refuses; what was sent stays in the member's Inbox then, as it came.
    """
    if not by.may_write:
        raise Refusal(_("%(member)s may only read, so nothing is recorded for them.") % {"member": by})
    parcel = Parcel(LINE, files, line.text, line.chips, line.deal, line.kind)
    [one] = ingest_many([_incoming(parcel, 0, key_of(line.key), by, line.typed_at)], at=at, lease=LEASE)
    if one.new:
        reading.process([one.delivery], at=at)
    return _saved(Delivery.objects.visible_to(by).get(pk=one.delivery.pk), by, new=one.new)


def _saved(row: Delivery, by: Member, *, new: bool) -> Saved:
    if row.state == Delivery.State.PARKED:
        raise Refusal(row.because)
    if row.interaction_id is None:
        return Saved(row.pk, already=True)
    deal = Interaction.objects.visible_to(by).filter(pk=row.interaction_id).values_list("deal_id", flat=True).first()
    recorded = tuple(row.evidence.get("recorded", ()))
    return Saved(row.interaction_id, deal, recorded, already=not new, left_out=row.evidence.get("left_out", ""))


def _incoming(parcel: Parcel, place: int, key: str, by: Member, typed_at: datetime) -> Incoming:
    raw = _raw(parcel, key, typed_at)
    named = ", ".join(one.name for one in parcel.files)
    return Incoming(POCKET, own_key(parcel, place, key, by), raw, as_member=by, recipient=named, evidence=LOGIN)


def own_key(parcel: Parcel, place: int, key: str, by: Member) -> str:
    """Return what tells this from all else: the same member, key, words and files are the same thing."""
    print_ = hashlib.sha256(packed({"line": parcel.line, "what": parcel.what}, parcel.files)).hexdigest()
    return f"{by.pk}:{key}:{place:03}:{print_[:16]}"


def of_key(key: str, by: Member) -> list[Delivery]:
    """Return what a member handed over under this key, in its order."""
    rows = Delivery.objects.visible_to(by).filter(channel=POCKET, key__startswith=f"{by.pk}:{key}:")
    return list(rows.order_by("key"))


def _raw(parcel: Parcel, key: str, typed_at: datetime) -> bytes:
    told = {
        "what": parcel.what,
        "line": parcel.line,
        "chips": [told_of(chip) for chip in parcel.chips],
        "deal": str(parcel.deal) if parcel.deal else "",
        "kind": parcel.kind,
        "key": key,
        "typed_at": stamp(typed_at),
    }
    return packed(told, parcel.files)


def _go_on(one: Taken, parcel: Parcel, by: Member, at: datetime) -> None:
    if parcel.what == LINE:
        reading.process([one.delivery], at=at)
        return
    try:
        one.delivery.job = begin(parcel.what, parcel.files, by=by, at=at)
    except Refusal as why:
        reading.park(one.delivery, why.sentence)
        return
    one.delivery.state, one.delivery.due_at = Delivery.State.READ, None
    one.delivery.save(update_fields=["state", "due_at", "job"])


# What the loop does with it: the same, where a process died over it


def concerns(delivery: Delivery, _arrival: Arrival) -> bool:
    """Whether something came from a member's pocket."""
    return delivery.channel == POCKET


def take(delivery: Delivery, arrival: Arrival, at: datetime) -> tuple[str, bool]:
    """Record a line with its files, or begin an import; return why it couldn't be, and whether it is parked."""
    member = delivery.as_member
    assert member is not None
    try:
        with writing():
            if arrival.parts["what"] == LINE:
                _record(delivery, arrival, member, at)
            else:
                _told, files = unpacked(raw_of(delivery))
                delivery.job = begin(arrival.parts["what"], files, by=member, at=at)
                delivery.save(update_fields=["job"])
    except Refusal as why:
        return why.sentence, True
    return "", False


def _record(delivery: Delivery, arrival: Arrival, member: Member, at: datetime) -> None:
    told = arrival.parts
    line = Line(
        text=arrival.text,
        chips=tuple(chip_told(one) for one in told["chips"]),
        key=told["key"],
        typed_at=min(unstamp(told["typed_at"]), at),
        deal=UUID(told["deal"]) if told["deal"] else None,
        kind=told["kind"],
        files=tuple((one.name, one.content_type, one.size, one.sha256, False, "") for one in arrival.files),
    )
    saved = save(line, by=member, at=at)
    delivery.interaction_id = saved.interaction
    delivery.evidence = {**delivery.evidence, "recorded": list(saved.recorded), "left_out": saved.left_out}
    delivery.save(update_fields=["interaction", "evidence"])
