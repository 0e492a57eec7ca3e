"""Which column is which: the headers of HubSpot, Pipedrive, Salesforce, Zoho and others, in three languages. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from baton.channels.sheets.headers import ALIASES, HINTS, OF_KIND, PREFIXES
from baton.ledger.text import folded

Kind = Literal["deals", "contacts", "companies", "invoices"]
KINDS: tuple[Kind, ...] = ("deals", "contacts", "companies", "invoices")
MANY = frozenset({"email", "phone"})
"""What may stand in several columns."""
NEEDED: Mapping[Kind, tuple[frozenset[str], ...]] = {
    "deals": (frozenset({"title", "company", "company_id", "contact", "service", "id"}),),
    "contacts": (frozenset({"name", "first_name", "last_name", "email"}),),
    "companies": (frozenset({"name"}),),
    "invoices": (frozenset({"number"}),),
}
"""One of each of these must be there, or no row can be told from another."""
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ADDED = re.compile(r"\([^)]*\)|__c\b|\*")


def plain(header: str) -> str:
    """Return a header without what programs put around its words: `Deal - Value *`, `AMOUNT__C`, `Amount (GBP)`."""
    return _NOT_WORD.sub("", folded(_ADDED.sub(" ", header)))


def _cut(header: str) -> tuple[str, str]:
    """Return the plain header without the kind that it begins with, and that kind."""
    whole = plain(header)
    first, _dash, rest = header.partition(" - ")
    if rest and plain(first) in PREFIXES:
        return plain(rest), PREFIXES[plain(first)]
    return whole, ""


_KNOWN: dict[Kind, dict[str, str]] = {
    kind: {alias: name for name, aliases in (ALIASES | OF_KIND[kind]).items() for alias in aliases.split()}
    for kind in KINDS
}


def meaning(header: str, kind: Kind) -> str:
    """Return the field that a header of a sheet of this kind names, or nothing."""
    word, of = _cut(header)
    if of and of != kind:
        return _beside(word, of, kind)
    return _KNOWN[kind].get(word, "") or _KNOWN[kind].get(plain(header), "")


def _beside(word: str, of: str, kind: Kind) -> str:
    """What a row says of somebody else: whose a deal is, and the address of its person."""
    if _KNOWN["companies"].get(word) == "name":
        return {"companies": "company", "contacts": "contact"}.get(of, "")
    found = _KNOWN["contacts"].get(word, "") if of == "contacts" else ""
    return found if kind == "deals" and found in MANY else ""


def is_known(header: str) -> bool:
    """Whether any kind of sheet has such a header."""
    return any(meaning(header, kind) for kind in KINDS)


def guessed_kind(heads: Sequence[str]) -> Kind:
    """Return what kind of sheet has these headers: where most of them mean something, weighed by what sets it apart."""
    words = [_cut(head) for head in heads]
    scores = dict.fromkeys(KINDS, 0.0)
    for word, of in words:
        for kind in KINDS:
            scores[kind] += (word in _KNOWN[kind] and not of) + 3 * (of == kind) + 3 * (word in HINTS[kind])
    best = max(KINDS, key=lambda kind: scores[kind])
    return best if scores[best] else "contacts"


def matched(heads: Sequence[str], kind: Kind, fields: Iterable[tuple[str, str]] = ()) -> dict[int, str]:
    """Return column → field. `fields` are (name, header) of what the map itself keeps; a field is taken once.

    Where two columns mean the same, the one whose header says it most plainly has it: `Name` before `Account Name`.
    """
    own = {plain(header): name for name, header in fields}
    taken: dict[str, int] = {}
    found: dict[int, str] = {}
    for column, head in enumerate(heads):
        name = meaning(head, kind) or own.get(plain(head), "")
        if not name:
            continue
        if name in taken and name not in MANY:
            if _rank(heads[taken[name]], name, kind) <= _rank(head, name, kind):
                continue
            del found[taken[name]]
        taken[name] = column
        found[column] = name
    return found


def _rank(header: str, name: str, kind: Kind) -> int:
    """Return how far down the list of its aliases a header stands; the first are the plainest."""
    aliases = (ALIASES | OF_KIND[kind]).get(name, "").split()
    word, _of = _cut(header)
    return aliases.index(word) if word in aliases else len(aliases)


def missing(columns: Mapping[int, str], kind: Kind) -> bool:
    """Whether no row of such a sheet could be taken for anything."""
    there = set(columns.values())
    return any(not there & needed for needed in NEEDED[kind])


def fingerprint(heads: Sequence[str]) -> str:
    """Return the digest by which a sheet with the same headers is known again."""
    return hashlib.sha256(json.dumps([folded(head) for head in heads]).encode()).hexdigest()
