"""Letters of the demonstration, as the bytes that a mail server hands over (RFC 5322)."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from baton.management.demonstration.papers import paper
from baton.management.demonstration.people import OURS, Person


@dataclass(slots=True)
class Letter:
    """One letter: who writes to whom, when, what, answering which one, with which papers (name → its lines).

    `headers` are further ones, for what machines send. `id` becomes its Message-ID.
    """

    id: str
    by: Person
    to: tuple[Person, ...]
    at: datetime
    subject: str
    text: str
    cc: tuple[Person, ...] = ()
    answers: Letter | None = None
    papers: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        return self.by.address.endswith(f"@{OURS}")

    def raw(self) -> bytes:
        """Return the letter as it travels."""
        message = EmailMessage()
        for name, value in (self._envelope() | self._people() | self._thread() | self.headers).items():
            message[name] = value
        message.set_content(self._body())
        if self.by.html:
            message.add_alternative(self._html(), subtype="html")
        for name, lines in self.papers.items():
            content, kind = paper(name, lines)
            maintype, _, subtype = kind.partition("/")
            message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
        return message.as_bytes()

    def _envelope(self) -> dict[str, str]:
        """What a server adds to mail that it delivers; the copy in our own Sent folder has none of it."""
        if self.is_ours:
            return {}
        domain = self.by.address.partition("@")[2]
        passed = f"mx.{OURS}; dkim=pass header.d={domain}"
        return {"Return-Path": f"<{self.by.address}>", "Authentication-Results": passed}

    def _people(self) -> dict[str, str]:
        told = {"From": _address(self.by), "To": ", ".join(map(_address, self.to))}
        told |= {"Cc": ", ".join(map(_address, self.cc))} if self.cc else {}
        return told | {"Subject": self.subject, "Date": format_datetime(self.at), "Message-ID": self.message_id}

    @property
    def message_id(self) -> str:
        return f"<{self.id}@{self.by.address.partition('@')[2]}>"

    def _thread(self) -> dict[str, str]:
        if self.answers is None:
            return {}
        return {"In-Reply-To": self.answers.message_id, "References": self.answers.message_id}

    def _body(self) -> str:
        parts = [self.text.strip(), f"-- \n{self.by.signature}" if "\n" in self.by.signature else self.by.signature]
        if self.answers:
            quoted = "\n".join(f"> {line}" for line in self.answers.text.strip().splitlines())
            parts.append(f"On {self.answers.at:%a, %d %b %Y at %H:%M}, {self.answers.by.name} wrote:\n{quoted}")
        return "\n\n".join(part for part in parts if part) + "\n"

    def _html(self) -> str:
        """As marketing would have it: with a picture that tells its sender who opened the mail."""
        body = "".join(f"<p>{html.escape(part)}</p>" for part in self._body().split("\n\n"))
        domain = self.by.address.partition("@")[2]
        pixel = f'<img src="https://img.{domain}/logo.png?opened={self.id}" alt="{html.escape(self.by.company)}">'
        return f"<html><body>{body}{pixel}</body></html>"


def _address(person: Person) -> str:
    return formataddr((person.name, person.address)) if person.name else person.address
