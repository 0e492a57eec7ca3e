"""Whom the quick line may mean: the caller looks names up, for the member who types."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Match:
    """A record that may be meant: `score` runs from 0 to 1, `company_label` tells two of one name apart."""

    id: str
    label: str
    score: float
    company_label: str = ""


class Directory(Protocol):
    """Looks words up among the records that the member may see, best match first."""

    def contacts(self, words: str) -> list[Match]:
        """Contacts with this name."""

    def companies(self, words: str) -> list[Match]:
        """Companies with this name."""

    def deals(self, words: str, contact_id: str | None, company_id: str | None) -> list[Match]:
        """Open deals with these words in their name, or, without words, those of the contact or company."""

    def members(self, words: str) -> list[Match]:
        """Colleagues with this name."""
