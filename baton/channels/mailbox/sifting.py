"""Which messages of a mailbox concern the business: decided on headers first, and on the whole only where they don't.

A member's mailbox is theirs. What is from or to a customer, or continues something that is recorded, is kept; what
they never want recorded, what machines send and what is among ourselves stays where it is; a stranger's is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from baton.capture.arrival import Arrival, Party
from baton.capture.drafting import DOCUMENTS
from baton.capture.known import Known
from baton.capture.matching import find_place
from baton.capture.ourselves import Course, Ourselves, course_of, passed_on_to_us
from baton.capture.undecided import NOBODY_ANSWERED, SILENCED

ANSWERED = "answered"
"""Why an answer of the member's to a stranger is kept: it decides for the whole conversation."""
KEEP, LEAVE, UNDECIDED = "keep", "leave", "undecided"
LABELED = gettext_noop("with a label that is never recorded")
MACHINES = gettext_noop("newsletters and automatic mail of strangers")
AMONG_US = gettext_noop("among ourselves, about no deal")
TOO_LARGE = gettext_noop("larger than 50 MB")
OLD_STRANGERS = gettext_noop("older mail with strangers")
WORDS = (LABELED, MACHINES, AMONG_US, TOO_LARGE, OLD_STRANGERS, SILENCED, NOBODY_ANSWERED)
"""Every reason for leaving something; pages translate them."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is done with a message: kept, left (with the reason), or not decided yet."""

    fate: str
    why: str = ""


@dataclass(slots=True)
class Rules:
    """What its owner never wants recorded: addresses and domains of people, and labels; all in lower case."""

    people: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()

    @classmethod
    def of(cls, never: str, labels: str, silenced: Iterable[str]) -> Rules:
        """Read the lists of a connection's settings; what was said in Inbox counts as well."""
        return cls(frozenset(_listed(never)) | frozenset(silenced), frozenset(_listed(labels)))

    def name(self, party: Party) -> bool:
        """Whether somebody is never recorded, or their whole domain."""
        return party.address in self.people or party.domain in self.people


def _listed(text: str) -> list[str]:
    return [word.strip().lower().removeprefix("@") for word in text.replace("\n", ",").split(",") if word.strip()]


@dataclass(slots=True)
class Sieve:
    """Sifts the messages of one batch. `everything` is for a shared address: all of it is the business's."""

    us: Ourselves
    known: Known
    rules: Rules
    everything: bool = False

    def by_labels(self, labels: frozenset[str]) -> Sifted | None:
        """Leave what has a label that is never recorded."""
        return Sifted(LEAVE, LABELED) if labels & self.rules.labels else None

    def by_people(self, arrival: Arrival) -> Sifted:
        """Decide on who it is from and to, and on what it continues."""
        course = course_of(arrival, self.us)
        if any(self.rules.name(party) for party in self.outside(arrival)):
            return Sifted(LEAVE, SILENCED)
        if self.everything or self._concerns_a_customer(arrival, course):
            return Sifted(KEEP)
        if course.direction == "internal":
            return Sifted(LEAVE, AMONG_US)
        if arrival.machine:
            return Sifted(LEAVE, MACHINES)
        if (course.direction == "out" and arrival.answers) or self._is_answered(arrival):
            return Sifted(KEEP, ANSWERED)
        return Sifted(UNDECIDED, NOBODY_ANSWERED)

    def by_words(self, arrival: Arrival) -> Sifted:
        """Decide on the whole message, once its headers didn't: it carries a quote, names a number, was passed on."""
        course = course_of(arrival, self.us)
        if passed_on_to_us(arrival, self.us) or carries_a_document(arrival, course):
            return Sifted(KEEP)
        return self.by_people(arrival)

    def outside(self, arrival: Arrival) -> list[Party]:
        """Return everybody in it who isn't one of us."""
        people = (arrival.sender, *arrival.reply_to, *arrival.parties)
        return [party for party in people if party and self.us.is_outside(party)]

    def _concerns_a_customer(self, arrival: Arrival, course: Course) -> bool:
        thread = self._recorded_thread(arrival)
        finding = find_place(arrival, course, thread, self.known)
        if course.direction == "internal":
            return finding.place is not None
        people = self.outside(arrival)
        known = any(self.known.contacts_at(p.address) or self.known.companies_at(p.domain) for p in people)
        return thread is not None or finding.place is not None or bool(finding.candidates) or known

    def _is_answered(self, arrival: Arrival) -> bool:
        """Whether something that is recorded refers to it."""
        return any(digest in self.known.keys for digest in arrival.ids)

    def _recorded_thread(self, arrival: Arrival) -> UUID | None:
        """The thread that it continues, where something of it is recorded: a key alone was only referred to."""
        keys = (self.known.keys.get(digest) for digest in (*arrival.ids, *arrival.answers))
        return next((key.thread for key in keys if key and key.interaction_id), None)


def carries_a_document(arrival: Arrival, course: Course) -> bool:
    """Whether it carries a quote, an order or the like in the direction in which those go."""
    return any(kind in DOCUMENTS.get(course.direction, set()) for kind, _number in arrival.documents)
