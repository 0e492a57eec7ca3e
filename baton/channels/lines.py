"""What all telephone lines share when something is told through them: kept, counted, and whose phone it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Connection
from baton.capture.numbers import member_at, prove
from baton.capture.trust import SIGNATURE
from baton.kernel.writer import writing
from baton.map.current import current_map, current_version
from baton.members.models import Member

CALLER = "capture"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a line told, signed: its own id as `key`, its bytes, and whose phone it came from or went to.

    `deal` is the id of the deal on whose page it was asked for.
    """

    key: str
    raw: bytes = field(repr=False)
    member: Member | None = None
    deal: str = ""


def keep(connection: Connection, told: Sequence[Told], at: datetime, *, wait: timedelta = timedelta(0)) -> int:
    """Keep what was told, and note that the line was heard, in one commit; return how many things were new.

    `wait` leaves it unread for a while, where something surer may come meanwhile.
    """
    with writing():
        incoming = [_incoming(connection, one) for one in told]
        new = sum(taken.new for taken in ingest_many(incoming, at=at, lease=wait)) if incoming else 0
        _heard(connection, at, new)
    return new


def _incoming(connection: Connection, one: Told) -> Incoming:
    evidence = SIGNATURE | {"connection": str(connection.pk)} | ({"deal": one.deal} if one.deal else {})
    member = one.member or connection.member
    desk = "" if member else connection.desk or first_desk()
    return Incoming(connection.channel, one.key, one.raw, member, desk, evidence=evidence)


def first_desk() -> str:
    """Return the desk where enquiries begin: whoever sits there sees what comes to a number of the business."""
    return current_map().first_stage.desk if current_version() else ""


def _heard(connection: Connection, at: datetime, new: int) -> None:
    """Counted where the row is, so that calls at the same moment don't overwrite each other."""
    rows = Connection.objects.unscoped(CALLER).filter(pk=connection.pk)
    rows.update(heard_at=at, kept=F("kept") + new, because="")
    rows.filter(state=Connection.State.BROKEN).update(state=Connection.State.ON)


def whose(*numbers: str) -> Member | None:
    """Return the first member whose own phone is among these."""
    return next((member for number in numbers if number and (member := member_at(number))), None)


def greeting(number: str, text: str, at: datetime) -> str:
    """Return what to answer a member who proves a phone with this message; nothing for any other message."""
    member = prove(number.removeprefix("whatsapp:"), text, at)
    if member is None:
        return ""
    return _("%(name)s, this phone is now known as yours.") % {"name": member.short_name}


def hook_address(connection: Connection) -> str:
    """Return the public address at which the other side calls; empty where nobody said which address Baton has."""
    base = settings.BATON_URL.rstrip("/") if settings.BATON_URL else ""
    return base + reverse("hook", args=[connection.pk]) if base else ""


def connection_for(channel: str, member: Member | None = None) -> Connection | None:
    """Return the line through which something of this channel goes out: the member's own, else the business's."""
    rows = Connection.objects.unscoped(CALLER).on().of(channel)
    own = rows.filter(member=member).order_by("made_at").first() if member else None
    return own or rows.filter(member=None).order_by("made_at").first()
