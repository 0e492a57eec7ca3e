"""Mails as they pour in: HTML beside text, a picture and a document, quoted words, and a dozen facts to be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from random import Random

from bench import words

SAID = (
    "Thank you for the visit on {day}.",
    "The price of £{amount} plus VAT is fine with us.",
    "Please start on {start}.",
    "The crew can only work after 18:30, because tenants are in before.",
    "Ask for {name} on site, she is the site manager, +44 191 {a} {b}.",
    "The keys are with {other}, who lets you in.",
    "Our purchase order is PO-{po}.",
    "The barrier code is {code}, and parking is behind the loading bay.",
    "Fortnightly is what we need.",
    "{name} signs off the budget.",
    "Could you send the risk assessment by Friday?",
    "Please invoice to accounts@{domain}.",
    "I will send the signed order on Monday.",
)
HTML = (
    '<html><head><style>p {{margin:0 0 8px}} .sig {{color:#666}}</style></head><body><div style="font-family:Calibri">'
    "{paragraphs}<table><tr><td><b>Site</b></td><td>{place}</td></tr><tr><td>From</td><td>{start}</td></tr></table>"
    '<p class="sig">{name}<br>Facilities manager<br>{place} Estates<br>+44 191 {a} {b}</p><img src="cid:logo@bench">'
    "<blockquote><p>On {day} Nell Castell wrote:</p><p>{quoted}</p></blockquote></div></body></html>"
)


def letters(dice: Random, senders: Iterable[tuple[str, str]], to: str, at: datetime, count: int) -> list[bytes]:
    """Return so many raw mails from (name, address) pairs, each to one of our addresses."""
    there = list(senders)
    return [_letter(dice, *dice.choice(there), to, at - timedelta(seconds=count - number)) for number in range(count)]


def _letter(dice: Random, name: str, address: str, to: str, at: datetime) -> bytes:
    told = _told(dice, name, address, at)
    body = [line.format(**told) for line in SAID] + [words.sentences(dice, 3)]
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{_plain(name)} <{address}>", to
    mail["Subject"] = words.subject(dice, dice.choice(words.SERVICES), told["place"])
    mail["Date"], mail["Message-ID"] = format_datetime(at), make_msgid(domain=told["domain"])
    signature = f"\n\n-- \n{name}\nFacilities manager\n{told['place']} Estates\n+44 191 {told['a']} {told['b']}\n"
    quoted = f"\nOn {told['day']} Nell Castell wrote:\n> " + told["quoted"]
    mail.set_content("\n".join(body) + signature + quoted)
    paragraphs = "".join(f"<p>{line}</p>" for line in body)
    mail.add_alternative(HTML.format(paragraphs=paragraphs, **told), subtype="html")
    mail.add_attachment(
        dice.randbytes(2_500), "image", "png", filename="logo.png", cid="<logo@bench>", disposition="inline"
    )
    mail.add_attachment(
        b"%PDF-1.4\n" + dice.randbytes(20_000), "application", "pdf", filename=f"Floor plan {told['po']}.pdf"
    )
    return mail.as_bytes()


def _told(dice: Random, name: str, address: str, at: datetime) -> dict[str, str]:
    start = at + timedelta(days=dice.randint(10, 60))
    return {
        "name": name,
        "other": f"{dice.choice(words.FIRST[:20])} {dice.choice(words.LAST[:10])}",
        "domain": address.partition("@")[2],
        "place": dice.choice(words.PLACE),
        "day": f"{at:%d %B %Y}",
        "start": f"{start:%d %B %Y}",
        "amount": f"{dice.randint(900, 60_000):,}",
        "code": str(dice.randint(1000, 9999)),
        "po": str(dice.randint(10_000, 99_999)),
        "a": str(dice.randint(200, 999)),
        "b": str(dice.randint(1000, 9999)),
        "quoted": words.sentences(dice, 3),
    }


def _plain(name: str) -> str:
    return f'"{name}"'
