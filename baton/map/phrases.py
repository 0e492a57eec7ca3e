"""The short phrases of a map other than events and times: people, what follows forgetting, hours, how often.

Every reader here raises `ValueError` with the sentence that the author of the map reads, and has a writer that gives
back what it reads.
"""

import re
from collections.abc import Callable
from datetime import date, time
from typing import get_args

from django.utils.translation import gettext_lazy as _

from baton.map.durations import parse_within
from baton.map.elements import LOOKERS, Cadence, Consumer, IfForgotten, Looker, OwedBy, Role, Visibility, Who
from baton.members.hours import Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = tuple(day[:3] for day in WEEKDAYS)
VISIBILITY: dict[Visibility, str] = {
    "everyone": "everyone sees every deal",
    "own": "own desk, own deals; leaders see their desk",
}
ROLES: dict[Role, str] = {
    **{role: role for role in get_args(Role) if role not in ("lead of", "member", "in turn")},
    "asker": "whoever asked",
    "asked": "whoever was asked",
    "promiser": "whoever promised",
    "recorder": "whoever recorded it",
}
EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
SHORT = re.compile(r"[a-z0-9][a-z0-9._+-]*")
PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*%")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")
FORGOTTEN = re.compile(r"(?P<verb>escalate|reassign) to (?P<to>.+?)(?: after (?P<after>\d.*))?")
REMIND = re.compile(r"remind at (.+)")
CADENCE = re.compile(
    rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)})|(?P<every>day|week|month|quarter)(?: on day (?P<day>\d+))?)"
    r"(?: (?P<at>\d{1,2}:\d{2}))?"
)
LINKED = re.compile(r"linked deal at ([a-z0-9_-]+)")

PersonReader = Callable[[str], str]


def person_reader(owner: str) -> PersonReader:
    """Reads addresses; a short name is completed with the owner's domain (`nell` at `nell@harbourlime.example`)."""

    def read(text: str) -> str:
        low = text.lower()
        if EMAIL.fullmatch(low):
            return low
        if SHORT.fullmatch(low) and "@" in owner:
            return f"{low}@{owner.partition('@')[2]}"
        raise ValueError(_("“{text}” isn’t a person: write an address, or its part before the @.").format(text=text))

    return read


def write_person(address: str, owner: str) -> str:
    name, _at, domain = address.partition("@")
    return name if domain == owner.partition("@")[2] and SHORT.fullmatch(name) else address


def read_email(text: str) -> str:
    if EMAIL.fullmatch(text.lower()):
        return text.lower()
    raise ValueError(_("“{text}” isn’t an email address.").format(text=text))


def read_visibility(text: str) -> Visibility:
    for visibility, phrase in VISIBILITY.items():
        if text.lower() in (visibility, phrase, phrase.partition(";")[0]):
            return visibility
    phrases = " / ".join(f"`{phrase}`" for phrase in VISIBILITY.values())
    raise ValueError(_("“{text}” isn’t a rule of who sees what: write {phrases}.").format(text=text, phrases=phrases))


def read_looker(text: str) -> Looker:
    """Read who is let see a person's own figures. Raises `ValueError` with a sentence."""
    for looker in LOOKERS:
        if text.lower() == looker:
            return looker
    known = " / ".join(f"`{each}`" for each in LOOKERS)
    raise ValueError(
        _("“{text}” can’t be let see a person’s own figures: write {known}.").format(text=text, known=known)
    )


def read_capture(text: str) -> str:
    name = text.lower().removesuffix("@")
    if SHORT.fullmatch(name):
        return name
    raise ValueError(_("“{text}” isn’t the part of an address before the @, like `hello@`.").format(text=text))


def read_percent(text: str) -> float:
    found = PERCENT.fullmatch(text)
    if not found or float(found[1]) > 100:
        raise ValueError(_("“{text}” isn’t a percentage: write for instance `40%`.").format(text=text))
    return float(found[1]) / 100


def write_percent(share: float) -> str:
    return f"{round(share * 100, 4):g}%"


def read_linked(text: str) -> str:
    found = LINKED.fullmatch(text.lower())
    if not found:
        raise ValueError(_("“{text}” isn’t known: write for instance `linked deal at sales`.").format(text=text))
    return found[1]


def read_consumer(text: str) -> Consumer:
    kind, _space, key = text.lower().partition(" ")
    if kind not in ("handoff", "decision", "stage") or not key or " " in key:
        raise ValueError(
            _("“{text}” doesn’t say who needs it: write `handoff …` or `decision …` with its key.").format(text=text)
        )
    return Consumer(kind, key)


def who_reader(person: PersonReader) -> Callable[[str], Who]:
    """Reads one person by part played: `deal owner`, `lead of sales`, `member nell`."""
    by_phrase = {phrase: role for role, phrase in ROLES.items()}

    def read(text: str) -> Who:
        low = text.lower()
        if low in by_phrase:
            return Who(by_phrase[low])
        if low.endswith(" in turn"):
            desk = low.removesuffix(" in turn")
            return Who("in turn", "" if desk == "desk" else desk)
        if low.startswith("lead of "):
            return Who("lead of", low.removeprefix("lead of "))
        if low.startswith("member "):
            return Who("member", person(low.removeprefix("member ")))
        known = ", ".join(f"`{phrase}`" for phrase in (*by_phrase, "lead of sales", "sales in turn", "member nell"))
        raise ValueError(
            _("“{text}” isn’t a person that Baton can find. Known are {known}.").format(text=text, known=known)
        )

    return read


def write_who(who: Who, owner: str) -> str:
    if who.role == "member":
        return f"member {write_person(who.name, owner)}"
    if who.role == "in turn":
        return f"{who.name or 'desk'} in turn"
    return f"lead of {who.name}" if who.role == "lead of" else ROLES[who.role]


def owed_by_reader(person: PersonReader) -> Callable[[str], OwedBy]:
    who = who_reader(person)
    return lambda text: OwedBy(tuple(who(part) for part in re.split(r",? else ", text.lower())))


def write_owed_by(owed_by: OwedBy, owner: str) -> str:
    return ", else ".join(write_who(who, owner) for who in owed_by.chain)


def forgotten_reader(person: PersonReader) -> Callable[[str], IfForgotten]:
    """Reads `remind at 75%`, `escalate to desk lead`, `reassign to desk lead after 1 working day`."""
    who = who_reader(person)

    def read(text: str) -> IfForgotten:
        reminder, passed_on = REMIND.fullmatch(text.lower()), FORGOTTEN.fullmatch(text.lower())
        if reminder:
            return IfForgotten("remind", read_percent(reminder[1]))
        if passed_on:
            after = parse_within(passed_on["after"]) if passed_on["after"] else None
            return IfForgotten(passed_on["verb"], to=who(passed_on["to"]), after=after)
        raise ValueError(_("“{text}” isn’t known: write `remind at 75%` or `escalate to desk lead`.").format(text=text))

    return read


def write_forgotten(step: IfForgotten, owner: str) -> str:
    if step.to is None:
        return f"remind at {write_percent(step.at_share)}"
    said = f"{step.verb} to {write_who(step.to, owner)}"
    return f"{said} after {step.after}" if step.after else said


def read_cadence(text: str) -> Cadence:
    found = CADENCE.fullmatch(text.lower().removeprefix("every "))
    if not found:
        raise ValueError(
            _("“{text}” isn’t a rhythm: write `Monday 10:00`, `day 09:00`, `month on day 1` or `quarter`.").format(
                text=text
            )
        )
    at = read_clock(found["at"]) if found["at"] else None
    if found["weekday"]:
        return Cadence("week", WEEKDAYS.index(found["weekday"]), at)
    return Cadence(found["every"], int(found["day"]) if found["day"] else None, at)


def write_cadence(cadence: Cadence) -> str:
    said = cadence.every if cadence.day is None else f"{cadence.every} on day {cadence.day}"
    if cadence.every == "week" and cadence.day is not None:
        said = WEEKDAYS[cadence.day].capitalize()
    return f"{said} {cadence.at:%H:%M}" if cadence.at else said


def read_clock(text: str) -> time:
    minute = _minute(text)
    if minute >= 1440:
        raise ValueError(_("“{text}” isn’t a time of day.").format(text=text))
    return time(minute // 60, minute % 60)


def read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“{text}” isn’t a date: write for instance `2027-03-31`.").format(text=text)) from None


def read_span(text: str) -> Span:
    """Opening hours of a day: `08:00-17:30`."""
    found = SPAN.fullmatch(text)
    if not found or _minute(found[1]) >= _minute(found[2]):
        raise ValueError(_("“{text}” aren’t hours: write for instance `08:00-17:30`.").format(text=text))
    return _minute(found[1]), _minute(found[2])


def write_span(span: Span) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)


def read_days(text: str) -> range | None:
    """Days of the week: `mon`, `mon-fri`; `None` where the text names none."""
    first, _dash, last = text.lower().partition("-")
    if first not in DAYS or (last and last not in DAYS):
        return None
    start, end = DAYS.index(first), DAYS.index(last or first)
    return range(start, end + 1) if start <= end else None


def _minute(text: str) -> int:
    found = CLOCK.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2])) if found else (99, 99)
    if minute > 59 or hour * 60 + minute > 1440:
        raise ValueError(_("“{text}” isn’t a time of day.").format(text=text))
    return hour * 60 + minute
