"""Reading what is new in Inbox and Sent, from where the last reading stopped.

A folder's messages are numbered; when the server numbers them anew (another UIDVALIDITY, RFC 3501), everything is
looked at once more, and what was seen before is known by its digest: nothing is lost, nothing kept twice.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from baton.capture.connections import Halted, heard
from baton.capture.models import Connection
from baton.capture.trust import INBOX
from baton.channels.mailbox import oauth
from baton.channels.mailbox.client import Mailbox, Opened, signed_in
from baton.channels.mailbox.taking import Taker

CHUNK = 50
MOST_RESETS = 5
LATELY = timedelta(seconds=50)
Thing = TypeVar("Thing")


def hear(connection: Connection, at: datetime) -> int:
    """Read what is new; the health of the connection is kept chunk by chunk, so the answer is 0 more."""
    from baton.channels.mailbox.history import begin_where_asked

    with session(connection, at) as mailbox:
        read_new(connection, mailbox, at)
    begin_where_asked(connection, at)
    return 0


@contextmanager
def session(connection: Connection, at: datetime) -> Generator[Mailbox]:
    """Sign in to the connection's mailbox, with a token that is fresh where it takes tokens."""
    password, token = oauth.credentials_of(connection, at)
    with signed_in(connection.settings, password=password, token=token) as mailbox:
        yield mailbox


def read_new(connection: Connection, mailbox: Mailbox, at: datetime) -> int:
    """Read what is new in each folder, and return how many messages were kept."""
    folders = mailbox.folders(str(connection.settings.get("sent", "")))
    return sum(_read_folder(connection, mailbox, role, name, at) for role, name in folders.items())


def read_newer(connection: Connection, mailbox: Mailbox, at: datetime) -> int:
    """Read what came into Inbox, which is open since it was read last: quicker, since nothing is opened anew."""
    place = connection.position["folders"][INBOX]
    return _take(connection, mailbox, INBOX, place, mailbox.newer(place["next"]), at)


def _read_folder(connection: Connection, mailbox: Mailbox, role: str, name: str, at: datetime) -> int:
    opened = mailbox.open(name)
    place = _place(connection, mailbox, role, opened)
    before = dict(place)
    kept = _take(connection, mailbox, role, place, mailbox.numbers(place["next"], opened.next), at)
    place["next"] = max(place["next"], opened.next)
    place.pop("anew", None)
    if place != before or connection.heard_at is None or at - connection.heard_at > LATELY:
        heard(connection, at)
    return kept


def _take(
    connection: Connection, mailbox: Mailbox, role: str, place: dict[str, Any], numbers: Iterable[int], at: datetime
) -> int:
    """Take these out of the open folder, and note after each chunk how far the reading is."""
    kept = 0
    for uids in chunks(numbers, CHUNK):
        taker = Taker(connection, mailbox, at, since=connection.made_at if place.get("anew") else None)
        tally = taker.take(role, place["name"], uids)
        place["next"] = uids[-1] + 1
        kept += tally.kept
        heard(connection, at, kept=tally.kept, passed_over=tally.left)
    return kept


def _place(connection: Connection, mailbox: Mailbox, role: str, opened: Opened) -> dict[str, Any]:
    """Return where the reading of a folder stands; it is kept with the connection.

    Raises `Halted` where the numbering changed five times running.
    """
    places = connection.position.setdefault("folders", {})
    place = places.get(role)
    if place is None or place["name"] != opened.name:
        place = {"name": opened.name, "validity": opened.validity, "resets": 0}
        place["next"] = place["first"] = _first_since(connection, mailbox, opened)
    elif place["validity"] == opened.validity:
        place["resets"] = 0
    else:
        places[role] = _numbered_anew(place, opened)
        _halt_where_it_goes_on(places[role])
        return places[role]
    places[role] = place
    return place


def _first_since(connection: Connection, mailbox: Mailbox, opened: Opened) -> int:
    """The number of the first message that arrived since the mailbox was connected; before that is history."""
    begun = connection.made_at.replace(microsecond=0)  # INTERNALDATE has whole seconds
    new = [uid for uid, at in mailbox.arrivals(begun - timedelta(days=1)) if at >= begun]
    return min([*new, opened.next])


def _numbered_anew(place: dict[str, Any], opened: Opened) -> dict[str, Any]:
    resets = place.get("resets", 0) + 1
    return {"name": opened.name, "validity": opened.validity, "resets": resets, "next": 1, "anew": True}


def _halt_where_it_goes_on(place: dict[str, Any]) -> None:
    """Stop rather than read everything over and over; connected again, it counts from the start."""
    if place["resets"] < MOST_RESETS:
        return
    place["resets"] = 0
    raise Halted(
        _(
            "The server numbered its messages anew %(count)d times running, so reading stopped before anything is "
            "lost or doubled. Ask whoever runs the server, then connect it again."
        )
        % {"count": MOST_RESETS}
    )


def chunks(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Yield them in lists of so many."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some
