"""Calendars as a channel: which functions read them in the limited child, and what may come back from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
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

    line = Line(
        _("Calendars"),
        _("Read where they lie, by address or CalDAV. Of a member’s own, what has no customer stays there."),
        "baton.channels.calendar.settings.CalendarForm",
        _later("test"),
        own=True,
        hear=_later("hear"),
        every=900,
        icon="calendar",
        apart=True,
    )
    register(Channel(CALENDAR, READ_MEETING, share=CALENDAR, seconds=3.0, line=line, bring_in=bring_in, draft=draft))


def _later(name: str) -> Callable[..., Any]:
    """Return a function that is imported when it is called: an HTTP client costs a start-up."""

    def call(*args: Any) -> Any:
        return import_string(f"baton.channels.calendar.subscribing.{name}")(*args)

    return call
