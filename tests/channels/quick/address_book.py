"""The people, companies and deals that the quick line is tried with."""

from dataclasses import dataclass

from baton.channels.quick.directory import Match

CONTACTS = [
    ("dana", "Dana Whitlock", "Marlowe Property Management"),
    ("colin-marsh", "Colin Marsh", "Quayside Management"),
    ("colin-hart", "Colin Hart", "Alder House"),
    ("petra", "Petra Lang", "Kestrel"),
    ("ana", "Ana Kovač", "Kestrel"),
    ("hans", "Hans Kurz", "Kurz GmbH"),
]
COMPANIES = [("kestrel", "Kestrel"), ("marlowe", "Marlowe Property Management"), ("alder", "Alder House")]
DEALS = [("quayside", "Quayside Tower", "dana", "marlowe")]
MEMBERS = [("priya", "Priya Raman")]


def names(words: str, label: str) -> bool:
    """Whether every word begins a word of the label."""
    parts = label.casefold().split()
    return bool(words.strip()) and all(
        len(word) > 2 and any(part.startswith(word) for part in parts) for word in words.casefold().split()
    )


@dataclass(frozen=True)
class AddressBook:
    """A directory that is held in memory."""

    def contacts(self, words: str) -> list[Match]:
        return [Match(key, label, 0.9, firm) for key, label, firm in CONTACTS if names(words, label)]

    def companies(self, words: str) -> list[Match]:
        return [Match(key, label, 0.9) for key, label in COMPANIES if names(words, label)]

    def deals(self, words: str, contact_id: str | None, company_id: str | None) -> list[Match]:
        return [
            Match(key, label, 0.9)
            for key, label, contact, company in DEALS
            if (names(words, label) if words else contact_id == contact or company_id == company)
        ]

    def members(self, words: str) -> list[Match]:
        return [Match(key, label, 0.9) for key, label in MEMBERS if names(words, label)]


class NobodyKnown(AddressBook):
    """A directory without anybody in it."""

    def contacts(self, words: str) -> list[Match]:
        return []

    def companies(self, words: str) -> list[Match]:
        return []

    def deals(self, words: str, contact_id: str | None, company_id: str | None) -> list[Match]:
        return []
