"""The channels by which things come in and go out: each says how it is read, connected, heard, called and sent by.

A channel is a folder in `baton/channels/` that registers itself here when Baton starts. Nothing above this room needs
to know which channels there are: pages, loops and commands go through what is registered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise as Lazy

if TYPE_CHECKING:
    from baton.capture.drafting import Draft, Sorter
    from baton.capture.models import Connection, Delivery, Fetching, ImportJob, Outgoing
    from baton.capture.staying import Ending

Clock = Callable[[], datetime]
Progress = Callable[["ImportJob"], None]
Words = str | Lazy
"""A text, or one that is translated when it is shown."""


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody outside sent to a connection's own address, as it came. Names of `headers` are in lower case.

    `url` is the public address that was called, query included. `body` are the bytes that signatures are made over.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller is told. 2xx only once what they brought is committed."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Errand:
    """Where somebody must go before a connection is made: `address` is the other side's page where they sign in.

    They come back with `state`, which nobody else knows; `keeps` is what the channel needs then.
    """

    address: str
    state: str
    keeps: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as the other side gave it. An empty name or type leaves what was known of it."""

    content: bytes = field(repr=False)
    content_type: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """How a channel is connected to something outside.

    `form` is the dotted name of a Django form; its password fields become the secret, all else the settings; it names
    the connection (`connection_name()`). `own` and `shared` say who may have one: a member, the business.
    `test(settings, secret)` tries it before anything is saved and raises `Refusal` with what is wrong.
    `hear(connection, at)` reads what is new and returns how many things it kept; it is called every `every` seconds.
    `called(connection, call, at)` takes what is sent to the connection's address, proves who sent it, keeps it with
    `ingest` and returns at once; it raises `Refusal` (403) for what proves nothing. `guide` is a template that says,
    click by click, what to do at the other side; it is given `connection` (or None) and `address`.
    `errand(settings, secret, back)` says where somebody must sign in first, None where they needn't, and
    `returned(settings, secret, errand, told)` gives the whole secret when they come `back` with what they were told.
    `stay(connection, ending)` listens without a pause once `hear` worked, until the pipe `ending` says so or it fails.
    `apart` says that `hear` may take long: it has a loop of its own, so that no mailbox waits for it.
    """

    title: Words
    sentence: Words
    form: str
    test: Callable[[dict[str, Any], dict[str, str]], None]
    own: bool = False
    shared: bool = True
    hear: Callable[[Connection, datetime], int] | None = None
    every: int = 300
    called: Callable[[Connection, Call, datetime], Answer] | None = None
    guide: str = ""
    icon: str = "link-2"
    errand: Callable[[dict[str, Any], dict[str, str], str], Errand | None] | None = None
    returned: Callable[[dict[str, Any], dict[str, str], Errand, Mapping[str, str]], dict[str, str]] | None = None
    stay: Callable[[Connection, Ending], None] | None = None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """`reader` is the dotted name of the function that turns raw bytes into an `Arrival`, allowed in `untrusted`.

    `seconds` is how long it may take for one; `share` the word by which the map says who sees what is filed.
    `line` is how it is connected. `bring_in(job, clock, progress, stop)` runs an import that was put in the queue.
    `send(outgoing, at)` sends one thing and returns the id that the other side gave it: `Refusal` means never,
    any `OSError` means later. `fetch(fetching, at)` gets a file that the other side keeps, with the same meanings.
    `draft(sorter, delivery, read)` says what becomes of a delivery where filing it by the rules isn't all: an answer to
    something that stands recorded, a new version of it. `then(delivery, at)` is called once a live message is recorded,
    say to answer the member who sent it; what it does must bear to be done twice or, after a crash, not at all.
    """

    name: str
    reader: str = ""
    share: str = ""
    seconds: float = 2.0
    line: Line | None = None
    bring_in: Callable[[ImportJob, Clock, Progress, threading.Event], Any] | None = None
    send: Callable[[Outgoing, datetime], str] | None = None
    fetch: Callable[[Fetching, datetime], Fetched] | None = None
    then: Callable[[Delivery, datetime], None] | None = None
    draft: Callable[[Sorter, Delivery, Any], Draft] | None = None


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Add a channel; the second registration of a name replaces the first, so that a reload is harmless."""
    _channels[channel.name] = channel


def channel_named(name: str) -> Channel:
    """Return the channel of this name."""
    return _channels[name]


def connectable() -> Sequence[Channel]:
    """Return the channels that can be connected to something, in the order of their registration."""
    return [channel for channel in _channels.values() if channel.line]


def line_of(name: str) -> Line | None:
    """Return how this channel is connected, None where there is no such channel or it needs no connection."""
    channel = _channels.get(name)
    return channel.line if channel else None


def share_of(name: str) -> str:
    """Return the word by which the map says who sees what a channel brings: its own, else the channel's name."""
    channel = _channels.get(name)
    return channel.share if channel and channel.share else name
