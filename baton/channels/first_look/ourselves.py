"""Who is one of us in a mailbox of which nothing is known yet but the address of the one who brought it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from baton.capture.grammar.companies import is_free_mail
from baton.channels.first_look.glancing import Note, Someone

SHARED: dict[str, tuple[str, ...]] = {
    "intake": (
        "hello", "info", "office", "contact", "enquiries", "inquiries", "mail", "post", "kontakt", "anfrage", "buero",
        "zentrale", "ured", "upiti",
    ),
    "sales": ("sales", "quotes", "offers", "verkauf", "vertrieb", "angebote", "prodaja", "ponude"),
    "operations": (
        "operations", "ops", "service", "dispatch", "jobs", "team", "technik", "disposition", "servis", "operativa",
        "teren",
    ),
    "billing": ("billing", "accounting", "invoices", "finance", "rechnung", "buchhaltung", "racuni", "racunovodstvo"),
    "accounts": ("support", "care", "accounts", "clients", "kundenservice", "betreuung", "podrska", "korisnici"),
}  # fmt: skip
"""Local parts that several people read, by the desk whose mail it would be; English, German and Croatian."""
_DESK_OF = {name: desk for desk, names in SHARED.items() for name in names}


@dataclass(frozen=True, slots=True)
class Us:
    """Whose mailbox it is, and who writes from the same side: at one of our domains, or by an address of ours."""

    box: str
    domains: frozenset[str]
    addresses: frozenset[str]

    def includes(self, email: str) -> bool:
        return email in self.addresses or email.rpartition("@")[2] in self.domains

    def outside(self, people: Iterable[Someone]) -> list[Someone]:
        return [each for each in people if each.email and not self.includes(each.email)]

    def inside(self, people: Iterable[Someone]) -> list[Someone]:
        return [each for each in people if self.includes(each.email)]


def us_in(notes: Iterable[Note], mine: str) -> Us:
    """Tell the side of whoever brought this mail. Where nobody of theirs is in it, it is another's mailbox.

    Whoever stands in most of the messages has that: everything in it was sent by or to them.
    """
    seen: Counter[str] = Counter()
    for note in notes:
        seen.update({each.email for each in (note.sender, *note.to, *note.cc) if each.email})
    domain = mine.rpartition("@")[2]
    is_mine = seen[mine] or (not is_free_mail(domain) and any(email.endswith(f"@{domain}") for email in seen))
    box = mine if is_mine else next((email for email, _count in seen.most_common(1)), mine)
    own = {address for address in (mine, box) if address}
    domains = {address.rpartition("@")[2] for address in own}
    return Us(box, frozenset(each for each in domains if each and not is_free_mail(each)), frozenset(own))


def desk_of(email: str) -> str:
    """Return the desk whose mail a shared address takes, empty for a person's own."""
    return _DESK_OF.get(email.partition("@")[0].partition("+")[0].lower().replace("ü", "ue").replace("č", "c"), "")
