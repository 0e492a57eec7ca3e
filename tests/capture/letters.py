"""Letters to write in tests: a raw mail in one line, and what happens to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from baton.capture.addresses import address_of, address_of_desk
from baton.capture.ingesting import ingest
from baton.capture.models import Delivery
from baton.capture.reading import process
from baton.capture.trust import MAILBOX, SECRET_ADDRESS
from baton.ledger.models import Interaction, InteractionText
from baton.map.current import current_map
from baton.members.models import Member
from tests.cast import MONDAY

COUNT = iter(range(1, 10_000_000))


def letter(
    sender: str = "Dana Whitlock <dana@marlowe.example>",
    to: str = "ana@lime.example",
    subject: str = "Start",
    text: str = "Could we start on 1 December?",
    *,
    date: datetime | None = MONDAY,
    files: tuple[str, ...] = (),
    **headers: str,
) -> bytes:
    """Write a mail; `headers` are named with underscores (`in_reply_to=…`)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = headers.pop("message_id", f"<{next(COUNT)}@tests.example>")
    if date:
        mail["Date"] = format_datetime(date)
    for name, value in headers.items():
        mail["-".join(part.capitalize() for part in name.split("_"))] = value
    mail.set_content(text)
    for name in files:
        mail.add_attachment(b"%PDF-1.4 " + name.encode(), maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def from_mailbox(
    member: Member, *raws: bytes, at: datetime = MONDAY + timedelta(minutes=1), live: bool = True
) -> list[Delivery]:
    """Take mails in as if they were read from the member's own mailbox."""
    return _read([_mailbox(member, raw, at, live) for raw in raws], at)


def _mailbox(member: Member, raw: bytes, at: datetime, live: bool) -> Delivery:
    delivery = ingest("email", f"box:{member.pk}:{hash(raw)}", raw, at=at, as_member=member, evidence=MAILBOX)
    if not live:
        Delivery.objects.unscoped("tests").filter(pk=delivery.pk).update(live=False)
        delivery.live = False
    return delivery


def to_member(member: Member, raw: bytes, at: datetime = MONDAY + timedelta(minutes=1)) -> Delivery:
    """Take a mail in at a member's secret capture address."""
    recipient = address_of(member)
    one = ingest(
        "email", f"token:{hash(raw)}", raw, at=at, as_member=member, recipient=recipient, evidence=SECRET_ADDRESS
    )
    return _read([one], at)[0]


def to_desk(raw: bytes, desk: str = "intake", at: datetime = MONDAY + timedelta(minutes=1)) -> Delivery:
    """Take a mail in at a desk's capture address."""
    known = current_map().desks[desk]
    one = ingest("email", f"{desk}:{hash(raw)}", raw, at=at, desk=desk, recipient=address_of_desk(known))
    return _read([one], at)[0]


def _read(deliveries: list[Delivery], at: datetime) -> list[Delivery]:
    process(deliveries, at=at)
    return [Delivery.objects.unscoped("tests").get(pk=one.pk) for one in deliveries]


def recorded(delivery: Delivery) -> Interaction:
    """Return the interaction that a delivery became."""
    return Interaction.objects.unscoped("tests").get(pk=delivery.interaction_id)


def text_of(interaction: Interaction) -> str:
    """Return the words that were newly written in it."""
    return InteractionText.objects.unscoped("tests").get(pk=interaction.pk).own


def everything(model: Any) -> list[Any]:
    """Return all rows of a guarded model, oldest first."""
    return list(model.objects.unscoped("tests").order_by("pk"))
