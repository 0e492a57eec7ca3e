"""Invitations to write in tests: one meeting as a calendar, and the mail that carries it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

from baton.capture.models import Delivery
from baton.capture.reading import read_waiting
from baton.ledger.models import Interaction
from baton.work.meeting_plans import Plan, Time, times
from baton.work.meetings import plan_of
from tests.capture.letters import COUNT, from_mailbox, letter
from tests.cast import MONDAY

DANA, ANA = "dana@marlowe.example", "ana@lime.example"
UID = "site-visit@marlowe.example"
THURSDAY = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)
SOON = timedelta(minutes=2)


def ics(
    method: str = "REQUEST",
    *,
    starts: datetime = THURSDAY,
    lasts: timedelta = timedelta(hours=1),
    seq: int = 0,
    stamp: datetime = MONDAY,
    organizer: str = DANA,
    people: dict[str, str] | None = None,
    uid: str = UID,
    subject: str = "Site visit",
    more: tuple[str, ...] = (),
) -> str:
    """Write a calendar with one meeting; `people` is address → PARTSTAT, `more` are lines as they are."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{uid}"]
    lines += [f"DTSTAMP:{utc(stamp)}", f"DTSTART:{utc(starts)}", f"DTEND:{utc(starts + lasts)}", f"SEQUENCE:{seq}"]
    lines += [f"SUMMARY:{subject}", f"ORGANIZER:mailto:{organizer}"] if organizer else [f"SUMMARY:{subject}"]
    invited = {DANA: "ACCEPTED", ANA: "NEEDS-ACTION"} if people is None else people
    lines += [f"ATTENDEE;PARTSTAT={answer}:mailto:{address}" for address, answer in invited.items()]
    return "\r\n".join([*lines, *more, "END:VEVENT", "END:VCALENDAR", ""])


def utc(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def carried(calendar: str, sender: str = f"Dana Whitlock <{DANA}>", to: str = ANA, **told: str) -> bytes:
    """Write the mail that carries a calendar, as Google and Outlook do: beside its words, with its method."""
    text = f"You are invited. {next(COUNT)}"
    written = letter(sender, to, told.pop("subject", "Invitation: Site visit"), text, **told)
    mail = message_from_bytes(written, policy=policy.SMTP)
    method = calendar.partition("METHOD:")[2].split("\r\n")[0]
    mail.make_alternative()
    mail.add_alternative(calendar, subtype="calendar", params={"method": method})
    return mail.as_bytes()


def arrive(member, *calendars: str, at: datetime = MONDAY + timedelta(minutes=1), **told: str) -> None:
    """Take invitations in through a member's mailbox, one after the other, and read what lies in them."""
    for calendar in calendars:
        from_mailbox(member, carried(calendar, **told), at=at)
        read_waiting(at)


def meetings() -> list[Interaction]:
    return list(Interaction.objects.unscoped("tests").filter(kind="meeting", channel="calendar").order_by("pk"))


def the_plan() -> Plan:
    (meeting,) = meetings()
    plan = plan_of(meeting)
    assert plan is not None
    return plan


def the_time() -> Time:
    (one,) = times(the_plan())
    return one


def last_delivery() -> Delivery:
    return Delivery.objects.unscoped("tests").filter(channel="calendar").order_by("received_at", "pk").last()
