"""Reads one meeting of a calendar (RFC 5545, 5546) into an `Arrival`. Runs in the limited child, without Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from baton.capture.arrival import Arrival, Party
from baton.capture.untrusted import Unreadable
from baton.channels.calendar.repeating import times_of
from baton.channels.calendar.zones import zone_named

MOST_PEOPLE = 200
MOST_CHARACTERS = 20_000
MOST_PARTS = 400
METHODS = {"REQUEST", "PUBLISH", "ADD", "CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"}
ANSWERS = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "perhaps", "DELEGATED": "delegated"}
CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
"""What no line of a calendar may hold (RFC 5545, 3.1) and some programs write all the same."""
LOOKED_AT = {"times", "until", "goes_on"}
"""What depends on when a meeting was read."""
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Told = dict[str, Any]


def uid_digest(uid: str) -> str:
    """Return the fingerprint of a meeting: its id is the same in every invitation, change and answer."""
    return hashlib.sha256(f"calendar\x1f{uid.strip()}".encode("utf-8", "replace")).hexdigest()


def read_meeting(raw: bytes, *, zone: str = "UTC", at: datetime, **_who_we_are: Any) -> Arrival:
    """Read a calendar that holds one meeting. Raises `Unreadable` where it says no time that can be read.

    `Arrival.meeting` holds what it tells of the meeting: {"method", "uid", "organizer", "parts": one for the meeting
    and one for each occurrence that it changes}. Times without a zone are those of the business (`zone`).
    """
    if b"X-TOO-LARGE:1" in raw[:200]:
        raise Unreadable("The meeting is larger than 2 MB.")
    try:
        calendar = Calendar.from_ical(raw.translate(None, CONTROLS))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as why:
        raise Unreadable("It is written in a way that no calendar program writes.") from why
    events = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]  # type: ignore[union-attr]
    if not events:
        raise Unreadable("The calendar holds no meeting.")
    return _arrival(_Reader(calendar, _default_zone(calendar, zone), at), events)


def _default_zone(calendar: Any, zone: str) -> tzinfo:
    return zone_named(_text(calendar, "X-WR-TIMEZONE")) or ZoneInfo(zone)


class _Reader:
    """A calendar with what its floating times mean."""

    def __init__(self, calendar: Any, zone: tzinfo, at: datetime) -> None:
        self.calendar, self.zone, self.at = calendar, zone, at
        method = _text(calendar, "METHOD").upper()
        self.method = method if method in METHODS else "PUBLISH"

    def moment(self, value: date | datetime, tzid: str = "") -> datetime:
        """Return a moment in UTC. A day begins at midnight where the business is."""
        if not isinstance(value, datetime):
            value = datetime.combine(value, time(), self.zone)
        if value.tzinfo is None:
            value = value.replace(tzinfo=(zone_named(tzid) if tzid else None) or self.zone)
        try:
            moment = value.astimezone(UTC)
        except (OverflowError, ValueError) as why:
            raise Unreadable("The meeting is at no time that can be read.") from why
        if not EARLIEST <= moment <= LATEST:
            raise Unreadable("The meeting is in a year that can’t be meant.")
        return moment


def _arrival(reader: _Reader, events: list[Event]) -> Arrival:
    parts = [_part(reader, event) for event in events[:MOST_PARTS]]
    first, event = parts[0], events[0]
    uid = _text(event, "UID")[:400] or hashlib.sha256(event.to_ical()).hexdigest()
    organizer = _person(event.get("ORGANIZER"))
    told: Told = {"method": reader.method, "uid": uid, "organizer": organizer, "parts": parts}
    told["private"] = _text(event, "CLASS").upper() in {"PRIVATE", "CONFIDENTIAL"}
    people = [Party(one["name"], one["address"]) for one in first["people"]]
    started, said = datetime.fromisoformat(first["starts"]), first["stamp"] or None
    return Arrival(
        "meeting",
        uid_digest(uid),
        sent_at=min(started, datetime.fromisoformat(said) if said else reader.at),
        subject=first["subject"],
        stem=first["subject"],
        text=_text(event, "DESCRIPTION")[:MOST_CHARACTERS],
        sender=Party(organizer["name"], organizer["address"]) if organizer else None,
        claimed=organizer["address"] if organizer else "",
        to=tuple(people),
        parts={"planned": True},
        meeting=told,
    )


def _part(reader: _Reader, event: Event) -> Told:
    """Return what one VEVENT says of the meeting, or of the one occurrence (`of`) that it names."""
    starts, ends, all_day = _times(reader, event)
    occurrence = event.get("RECURRENCE-ID")
    told: Told = {
        "of": _occurrence(reader, occurrence),
        "onwards": str(_params(occurrence).get("RANGE", "")).upper() == "THISANDFUTURE",
        "seq": _number(event, "SEQUENCE"),
        "stamp": _stamp(reader, event, "DTSTAMP"),
        "modified": _stamp(reader, event, "LAST-MODIFIED"),
        "cancelled": reader.method == "CANCEL" or _text(event, "STATUS").upper() == "CANCELLED",
        "subject": " ".join(_text(event, "SUMMARY").split())[:500],
        "place": " ".join(_text(event, "LOCATION").split())[:300],
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "all_day": all_day,
        "zone": str(_params(event.get("DTSTART")).get("TZID", ""))[:100],
        "people": _people(event),
        "comment": _text(event, "COMMENT")[:1000],
    }
    if not told["of"] and any(name in event for name in ("RRULE", "RDATE")):
        told |= times_of(event, reader.calendar, reader.moment, ends - starts, reader.at)
    said = {name: value for name, value in told.items() if name not in LOOKED_AT}
    told["digest"] = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
    return told


def _times(reader: _Reader, event: Event) -> tuple[datetime, datetime, bool]:
    """Return start, end and whether it lasts whole days. An end before the start is none (RFC 5545, 3.6.1)."""
    start = _value(event, "DTSTART")
    if start is None:
        raise Unreadable("The meeting says no time that can be read.")
    all_day = not isinstance(start, datetime)
    starts = reader.moment(start, _tzid(event, "DTSTART"))
    end = _value(event, "DTEND")
    if end is not None:
        ends = reader.moment(end, _tzid(event, "DTEND") or _tzid(event, "DTSTART"))
    elif all_day and _lasts(event) is None:
        ends = reader.moment(start + timedelta(days=1))
    else:
        ends = starts + (_lasts(event) or timedelta(0))
    return starts, max(starts, ends), all_day


def _lasts(event: Event) -> timedelta | None:
    lasts = _value(event, "DURATION")
    return lasts if isinstance(lasts, timedelta) and timedelta(0) <= lasts < timedelta(days=400) else None


def _value(event: Event, name: str) -> Any:
    """Return the value of a property as Python has it, None where it isn't there or is broken."""
    found = event.get(name)
    found = found[0] if isinstance(found, list) and found else found
    try:
        return getattr(found, "dt", None)
    except Exception:  # noqa: BLE001  a broken property raises what it likes when it is looked at
        return None


def _params(found: Any) -> Any:
    found = found[0] if isinstance(found, list) and found else found
    return getattr(found, "params", None) or {}


def _tzid(event: Event, name: str) -> str:
    return str(_params(event.get(name)).get("TZID", ""))


def _occurrence(reader: _Reader, found: Any) -> str:
    if found is None:
        return ""
    try:
        return reader.moment(found.dt, str(_params(found).get("TZID", ""))).isoformat()
    except AttributeError:
        raise Unreadable("It changes an occurrence whose time can’t be read.") from None
    except Unreadable:
        raise
    except Exception as why:
        raise Unreadable("It changes an occurrence whose time can’t be read.") from why


def _stamp(reader: _Reader, event: Event, name: str) -> str:
    value = _value(event, name)
    if not isinstance(value, datetime):
        return ""
    return reader.moment(value).isoformat()


def _number(event: Event, name: str) -> int:
    try:
        return min(max(int(event.get(name, 0)), 0), 1_000_000)
    except (TypeError, ValueError):
        return 0


def _text(component: Any, name: str) -> str:
    """Return the text of a property; the first where it stands twice."""
    found = component.get(name)
    found = found[0] if isinstance(found, list) and found else found
    try:
        text = str(found) if found is not None else ""
    except Exception:  # noqa: BLE001  see `_value`
        return ""
    return text.replace("\x00", "").strip()


def _people(event: Event) -> list[Told]:
    """Return whom it invites, once each by address, with what they answered so far."""
    found = event.get("ATTENDEE") or []
    people: dict[str, Told] = {}
    for one in (found if isinstance(found, list) else [found])[:MOST_PEOPLE]:
        person = _person(one)
        if person:
            answer = ANSWERS.get(str(_params(one).get("PARTSTAT", "")).upper(), "")
            people.setdefault(person["address"], person | {"answer": answer})
    return list(people.values())


def _person(found: Any) -> Told | None:
    """Return name and mail address of a calendar user; None where there is no address to reach them by."""
    found = found[0] if isinstance(found, list) and found else found
    if found is None:
        return None
    try:
        uri, params = str(found).strip(), _params(found)
        name = str(params.get("CN", "")).strip().strip('"')
        by = [uri[7:] if uri.lower().startswith("mailto:") else uri, str(params.get("EMAIL", "")), name]
    except Exception:  # noqa: BLE001  see `_value`
        return None
    # iCloud hides people behind an address of its own, and gives theirs as EMAIL
    ordered = [by[1], by[0], by[2]] if by[0].startswith("2_") else by
    address = next((one.strip().lower() for one in ordered if _is_address(one)), "")
    return {"name": "" if _is_address(name) else name[:200], "address": address[:320]} if address else None


def _is_address(text: str) -> bool:
    local, at, domain = text.strip().rpartition("@")
    return bool(local and at and domain) and not any(sign.isspace() or sign in "<>,;" for sign in text.strip())


def parties_of(told: Told) -> Iterable[str]:
    """Yield the addresses of everybody whom a meeting names."""
    if told["organizer"]:
        yield told["organizer"]["address"]
    for part in told["parts"]:
        yield from (one["address"] for one in part["people"])
