"""Writes calendars (RFC 5545): an invitation, its change, its calling off; and a feed. Pure, without Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Baton//EN"
PARTSTAT = {"yes": "ACCEPTED", "no": "DECLINED", "perhaps": "TENTATIVE"}


@dataclass(frozen=True, slots=True)
class Written:
    """One meeting or duty as it is written. People are (name, address, answer)."""

    uid: str
    starts: datetime | date
    ends: datetime | date
    subject: str
    stamp: datetime
    seq: int = 0
    place: str = ""
    text: str = ""
    link: str = ""
    cancelled: bool = False
    organizer: tuple[str, str] | None = None
    people: tuple[tuple[str, str, str], ...] = ()


def calendar_of(events: Iterable[Written], *, method: str = "", name: str = "") -> bytes:
    """Return a calendar with these events; `name` is what a program shows for a feed."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    if method:
        calendar.add("METHOD", method)
    if name:
        calendar.add("NAME", name)
        calendar.add("X-WR-CALNAME", name)
        calendar.add("REFRESH-INTERVAL", timedelta(minutes=30), parameters={"VALUE": "DURATION"})
    for one in events:
        calendar.add_component(_event(one))
    return calendar.to_ical()


def _event(one: Written) -> Event:
    event = Event()
    event.add("UID", one.uid)
    event.add("DTSTAMP", one.stamp.astimezone(UTC))
    event.add("DTSTART", _when(one.starts))
    event.add("DTEND", _when(one.ends))
    event.add("SEQUENCE", one.seq)
    event.add("SUMMARY", one.subject)
    event.add("STATUS", "CANCELLED" if one.cancelled else "CONFIRMED")
    for name, value in (("LOCATION", one.place), ("DESCRIPTION", one.text), ("URL", one.link)):
        if value:
            event.add(name, value)
    if one.organizer:
        event["ORGANIZER"] = _address(*one.organizer)
    for name, address, answer in one.people:
        event.add("ATTENDEE", _invited(name, address, answer), encode=False)
    return event


def _when(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _address(name: str, address: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    if name:
        found.params["CN"] = vText(name)
    return found


def _invited(name: str, address: str, answer: str) -> vCalAddress:
    found = _address(name, address)
    found.params["ROLE"] = vText("REQ-PARTICIPANT")
    found.params["PARTSTAT"] = vText(PARTSTAT.get(answer, "NEEDS-ACTION"))
    found.params["RSVP"] = vText("TRUE")
    return found
