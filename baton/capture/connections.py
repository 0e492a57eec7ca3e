"""Connections: made once they were tried, listened to when due, and their health told in plain words."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from baton.capture import staying
from baton.capture.channels import Line, channel_named, connectable, line_of
from baton.capture.models import Connection, Outgoing, Sighting
from baton.kernel.claims import claim, ring
from baton.kernel.sealed import Sealed
from baton.kernel.verdict import Refusal, Verdict
from baton.kernel.writer import writing
from baton.members.models import Member

log = logging.getLogger(__name__)
CALLER = "capture"
BELL = "connections"
LEASE = timedelta(minutes=10)


class Halted(Refusal):
    """It isn't safe to go on by itself: somebody must look, and connect it again."""


def may_change(by: Member, of: Member | None) -> Verdict:
    """Whether they may connect, change and part with something of this member, or (None) of the business."""
    if not by.may_write:
        return Verdict.refuse(_("You may only read, so nothing is connected for you."))
    if of == by or (of is None and by.sees_everything):
        return Verdict.allow()
    if of is None:
        return Verdict.refuse(_("Only the owner and managers connect what belongs to the business."))
    return Verdict.refuse(_("That is connected by the one it belongs to."))


def make(
    channel: str,
    name: str,
    settings: dict[str, Any],
    secret: Mapping[str, str],
    *,
    by: Member,
    at: datetime,
    of: Member | None = None,
    desk: str = "",
) -> Connection:
    """Try it, and keep it once it works. Raises `Refusal` with what is wrong; then nothing is kept."""
    may_change(by, of).or_refuse()
    line = _line(channel)
    if not (line.own if of else line.shared):
        raise Refusal(_("This can’t be connected for one person.") if of else _("This belongs to one person."))
    line.test(settings, dict(secret))
    sealed = Sealed.of(dict(secret)) if secret else None
    with writing():
        made = Connection(channel=channel, name=name[:200], settings=settings, secret=sealed, member=of, desk=desk)
        made.made_by, made.made_at, made.due_at = by, at, at if line.hear else None
        made.save(force_insert=True)
        ring(BELL)
    return made


def change(
    connection: Connection,
    name: str,
    settings: dict[str, Any],
    secret: Mapping[str, str],
    *,
    by: Member,
    at: datetime,
    desk: str = "",
) -> None:
    """Try other settings, and keep them once they work; a secret that was left empty stays what it was."""
    may_change(by, connection.member).or_refuse()
    line = _line(connection.channel)
    whole = (connection.secret.opened() if connection.secret else {}) | {k: v for k, v in secret.items() if v}
    line.test(settings, whole)
    connection.name, connection.settings, connection.secret = name[:200], settings, Sealed.of(whole) if whole else None
    connection.state, connection.because, connection.due_at = Connection.State.ON, "", at if line.hear else None
    connection.tries, connection.desk = 0, desk or connection.desk
    with writing():
        connection.save(update_fields=["name", "settings", "secret", "state", "because", "due_at", "tries", "desk"])
        ring(BELL)


def switch(connection: Connection, *, on: bool, by: Member, at: datetime) -> None:
    """Switch it off, or on again; where it was in what it reads stays."""
    may_change(by, connection.member).or_refuse()
    line = line_of(connection.channel)
    connection.state = Connection.State.ON if on else Connection.State.OFF
    connection.due_at = at if on and line and line.hear else None
    connection.because, connection.tries = "", 0
    connection.save(update_fields=["state", "due_at", "because", "tries"])
    ring(BELL)


def part_with(connection: Connection, *, by: Member) -> None:
    """Forget it and its credentials. What it brought stays."""
    may_change(by, connection.member).or_refuse()
    rows = Connection.objects.unscoped(CALLER).filter(pk=connection.pk)
    with writing():
        Outgoing.objects.unscoped(CALLER).filter(connection=connection.pk).update(connection=None)
        Sighting.objects.filter(connection=connection.pk).delete()
        rows._raw_delete(rows.db)  # Django's own way asks guarded rows without saying who looks


def listen(at: datetime, *, apart: bool = False) -> int:
    """Listen to the connections that are due; return how many things were kept. One step of the loop `connections`.

    `apart` are those that may take long; they have a loop of their own.
    """
    slow = [channel.name for channel in connectable() if channel.line and channel.line.apart]
    rows = Connection.objects.unscoped(CALLER).on().select_related("member")
    rows = rows.filter(channel__in=slow) if apart else rows.exclude(channel__in=slow)
    return sum(_listened(one, at) for one in claim(rows, limit=4, at=at, lease=LEASE))


def _listened(connection: Connection, at: datetime) -> int:
    line = _line(connection.channel)
    if line.hear is None:
        connection.due_at = None
        connection.save(update_fields=["due_at"])
        return 0
    try:
        kept = line.hear(connection, at)
    except Halted as why:
        halted(connection, why.sentence)
        return 0
    except (Refusal, OSError) as why:
        failed(connection, why.sentence if isinstance(why, Refusal) else str(why), at)
        return 0
    except Exception as why:
        log.exception("%s: listening to %s failed", connection.channel, connection.pk)
        failed(connection, _("An error of Baton’s, not yours: %(kind)s.") % {"kind": type(why).__name__}, at)
        return 0
    heard(connection, at, kept=kept)
    Connection.objects.unscoped(CALLER).on().filter(pk=connection.pk).update(
        due_at=at + timedelta(seconds=line.every), tries=0
    )
    staying.stay_with(connection, line)
    return kept


def heard(connection: Connection, at: datetime, *, kept: int = 0, passed_over: Mapping[str, int] | None = None) -> None:
    """Note that the other side was heard: what was kept, and why something was left where it is."""
    with writing():
        count(connection, kept=kept, passed_over=passed_over or {})
        connection.heard_at, connection.because = at, ""
        if connection.state == Connection.State.BROKEN:
            connection.state = Connection.State.ON
        connection.save(update_fields=["heard_at", "because", "state", "position"])


def count(connection: Connection, *, kept: int, passed_over: Mapping[str, int]) -> None:
    """Add to what was kept and left, whoever else counts meanwhile."""
    with writing():
        rows = Connection.objects.unscoped(CALLER).filter(pk=connection.pk)
        now = rows.select_for_update(of=("self",)).values("kept", "passed_over", "state").first()
        if now is None:
            return
        connection.kept, connection.state = now["kept"] + kept, now["state"]
        connection.passed_over = dict(Counter(now["passed_over"]) + Counter(passed_over))
        connection.save(update_fields=["kept", "passed_over"])


def halted(connection: Connection, why: str) -> None:
    """Note that it is listened to no more until somebody connects it again."""
    connection.state, connection.because, connection.due_at = Connection.State.BROKEN, why[:400], None
    connection.save(update_fields=["state", "because", "due_at", "position"])


def failed(connection: Connection, why: str, at: datetime) -> None:
    """Note that it couldn't be reached; it is tried again, later each time."""
    if connection.state != Connection.State.OFF:
        connection.state = Connection.State.BROKEN
    connection.because = why[:400]
    connection.save(update_fields=["state", "because"])
    connection.put_off(why, at)


def _line(channel: str) -> Line:
    line = channel_named(channel).line
    if line is None:
        raise Refusal(_("There is nothing to connect here."))
    return line
