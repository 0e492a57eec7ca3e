"""Calendars as a channel: which functions read them in the limited child, and what may come back from there."""

from __future__ import annotations

from baton.capture.channels import Channel, register
from baton.capture.untrusted import allow

CALENDAR = "calendar"
READ_MEETING = allow(
    "baton.channels.calendar.reading.read_meeting",
    answers=["baton.capture.arrival.Arrival", "baton.capture.arrival.Party"],
)
SPLIT = allow("baton.channels.calendar.splitting.split_calendar")
SECONDS_TO_SPLIT = 10.0


def register_calendar() -> None:
    """Let capture read meetings, wherever they come from; called once at start."""
    from baton.channels.calendar.importing import bring_in
    from baton.channels.calendar.placing import draft

    register(Channel(CALENDAR, READ_MEETING, share=CALENDAR, seconds=3.0, bring_in=bring_in, draft=draft))
