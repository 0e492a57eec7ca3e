"""Going on with a conversation: a reply, a reply to all, a forward, made from the message itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from baton.capture.arrival import Party
from baton.capture.ourselves import Ourselves
from baton.capture.sources import raw_for
from baton.capture.untrusted import Unreadable, parse_untrusted
from baton.channels.email import READ_MAIL
from baton.channels.email.message import Address, MailMessage
from baton.channels.email.subjects import says_forward, says_reply, subject_stem
from baton.ledger.models import File, Interaction, InteractionText
from baton.members.models import Member

REPLY, ALL, FORWARD = "reply", "all", "forward"
WAYS = (REPLY, ALL, FORWARD)
MOST_QUOTED = 30_000
"""Characters of an earlier message that go along below the new one."""


@dataclass(frozen=True, slots=True)
class Continued:
    """What a message gives to the one that goes on from it. People are (name, address); `files` go with a forward."""

    how: str
    to: tuple[tuple[str, str], ...]
    cc: tuple[tuple[str, str], ...]
    subject: str
    answers: str
    references: tuple[str, ...]
    below: str
    files: tuple[File, ...] = ()


def continued(interaction: Interaction, how: str, member: Member) -> Continued:
    """Return how a member goes on from a message that they may read."""
    mail = _mail_of(interaction, member)
    text = _text_of(interaction, mail, member)
    to, cc = _people(interaction, mail, how, member)
    return Continued(
        how,
        to,
        cc,
        _subject(interaction.subject, how),
        mail.message_id if mail else str(interaction.parts.get("message_id", "")),
        mail.references if mail else (),
        _forwarded(interaction, text) if how == FORWARD else _quoted(interaction, text),
        tuple(_files_of(interaction, member)) if how == FORWARD else (),
    )


def _mail_of(interaction: Interaction, member: Member) -> MailMessage | None:
    raw = raw_for(interaction, member) if interaction.channel == "email" else None
    if raw is None:
        return None
    try:
        return parse_untrusted(READ_MAIL, raw)
    except Unreadable:
        return None


def _text_of(interaction: Interaction, mail: MailMessage | None, member: Member) -> str:
    if mail:
        return mail.text[:MOST_QUOTED].strip()
    row = InteractionText.objects.visible_to(member).filter(pk=interaction.pk).first()
    return row.own[:MOST_QUOTED].strip() if row else ""


def _files_of(interaction: Interaction, member: Member) -> list[File]:
    return list(File.objects.visible_to(member).filter(interaction=interaction.pk, inline=False).order_by("name"))


# To whom


Pairs = tuple[tuple[str, str], ...]


def _people(interaction: Interaction, mail: MailMessage | None, how: str, member: Member) -> tuple[Pairs, Pairs]:
    if how == FORWARD:
        return (), ()
    us = Ourselves.today()
    sent, copied = _addressed(interaction, mail)
    ours = interaction.direction == "out"
    answered = sent if ours else _writers(interaction, mail)
    to = _others(answered, us, member) or _others(sent, us, member)
    if how == REPLY:
        return to[:1] if ours else to, ()
    rest = [one for one in (*(() if ours else sent), *copied) if one.address not in {known for _name, known in to}]
    return to, _others(rest, us, member)


def _writers(interaction: Interaction, mail: MailMessage | None) -> list[Party]:
    """Where answers should go, and whoever wrote where that isn't said."""
    wanted = [_party(one) for one in mail.reply_to if one.email] if mail else []
    return wanted or [Party(interaction.from_name, interaction.from_address)]


def _addressed(interaction: Interaction, mail: MailMessage | None) -> tuple[list[Party], list[Party]]:
    if mail:
        return [_party(one) for one in mail.to], [_party(one) for one in mail.cc]
    parts = interaction.parts
    return [_kept(one) for one in parts.get("to", [])], [_kept(one) for one in parts.get("cc", [])]


def _party(address: Address) -> Party:
    return Party(address.name, address.email)


def _kept(one: dict[str, str]) -> Party:
    return Party(one.get("name", ""), one.get("address", ""))


def _others(parties: Sequence[Party], us: Ourselves, member: Member) -> Pairs:
    """Everybody but oneself and the addresses that only capture, each once."""
    found = {
        one.address: one.name
        for one in parties
        if one.address and one.address != member.email.lower() and not us.captures(one)
    }
    return tuple((name, address) for address, name in found.items())


# Subject and what stands below


def _subject(subject: str, how: str) -> str:
    if (says_forward if how == FORWARD else says_reply)(subject):
        return subject
    stem = subject_stem(subject)
    return f"Fwd: {stem}" if how == FORWARD else f"Re: {stem}" if stem else "Re:"


def _quoted(interaction: Interaction, text: str) -> str:
    lines = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    told = {"when": _when(interaction), "name": interaction.from_name or interaction.from_address}
    return _("On %(when)s, %(name)s wrote:") % told + f"\n{lines}" if text else ""


def _forwarded(interaction: Interaction, text: str) -> str:
    sender = interaction.from_address
    if interaction.from_name:
        sender = f"{interaction.from_name} <{sender}>"
    to = ", ".join(one.get("address", "") for one in interaction.parts.get("to", []))
    head = [
        "---------- Forwarded message ---------",
        f"From: {sender}",
        f"Date: {_when(interaction)}",
        f"Subject: {interaction.subject}",
        f"To: {to}",
    ]
    return "\n".join([*head, "", text])


def _when(interaction: Interaction) -> str:
    return format_date(timezone.localtime(interaction.happened_at), "D, j M Y, H:i")
