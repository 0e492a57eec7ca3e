"""The channels by which things come in: each says how its raw bytes are read in the limited child.

A channel is a folder in `baton/channels/` that registers itself here when Baton starts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """`reader` is the dotted name of the function that turns raw bytes into an `Arrival`, allowed in `untrusted`.

    `seconds` is how long it may take for one; `share` the word by which the map says who sees what is filed.
    """

    name: str
    reader: str
    share: str
    seconds: float = 2.0


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Add a channel; the second registration of a name replaces the first, so that a reload is harmless."""
    _channels[channel.name] = channel


def channel_named(name: str) -> Channel:
    """Return the channel of this name."""
    return _channels[name]
