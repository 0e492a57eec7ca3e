"""What duplicates are told by: the names, addresses and numbers of a record, normalised. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path

from baton.capture.grammar import is_free_mail
from baton.ledger.text import folded

_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s<>,;\"]{1,255}")
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev herr herrn frau gospodin gospoda gospodja gdin "
    "dipl ing mag mba phd esq bsc msc president the".split()
)
GENERATIONS = {"jr": "2", "junior": "2", "ii": "2", "sr": "1", "senior": "1", "iii": "3", "iv": "4"}
FORMS = frozenset(
    "ltd limited llc llp plc inc incorporated corp corporation co company gmbh mbh ag kg ohg gbr ug se ev ek doo jdoo "
    "dd obrt sa sarl sas spa srl bv nv oy oyj ab as aps asa sro kft zrt pty pte cic lp pc na kgaa ggmbh eg sl slu cv "
    "bvba sprl eood ood ooo oao zao pao pjsc jsc ojsc cjsc llp ltda the and und i & of aktiengesellschaft gesellschaft "
    "societe anonyme sociedad anonima limitada kabushiki kaisha kk liability beschrankter haftung mit joint stock "
    "akg".split()
)
"""Legal forms, and words that join: they tell no company from another."""
FEWEST_DIGITS = 6
MATCHED_DIGITS = 7
SHARED_MAILBOXES = frozenset(
    "info office mail contact hello sales admin support enquiries kontakt ured team post service".split()
)
MOST_TOKENS = 8


@dataclass(frozen=True)
class Profile:
    """One contact or company as it is compared. `names` are all that it goes by, the one that is shown first.

    `details` is field → text of whatever else is kept of it: the map's own fields (an address, a birthday, a number).
    """

    kind: str
    names: tuple[str, ...]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    company: str = ""
    details: tuple[tuple[str, str], ...] = field(default=())

    @cached_property
    def tokens(self) -> tuple[tuple[str, ...], ...]:
        """The words of each name that tell somebody from somebody else."""
        found = (name_tokens(name, self.kind) for name in self.names)
        return tuple(dict.fromkeys(tokens for tokens in found if tokens))

    @cached_property
    def generation(self) -> str:
        """Whether a name says father or son; empty where it doesn't."""
        told = (GENERATIONS.get(word) for name in self.names for word in _WORD.findall(folded(name)))
        return next((one for one in told if one), "") if self.kind == "contact" else ""

    @cached_property
    def addresses(self) -> frozenset[str]:
        found = (_ADDRESS.search(email.lower()) for email in self.emails)
        return frozenset(one[0] for one in found if one)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(filter(None, map(number, self.phones)))

    @cached_property
    def own_domains(self) -> frozenset[str]:
        """Domains that lead to a company: never those where anybody can have an address."""
        told = {domain.lower() for domain in self.domains} if self.kind == "company" else set()
        return frozenset(domain for domain in told if domain and not is_free_mail(domain))

    @cached_property
    def work_domains(self) -> frozenset[str]:
        """The domains of a person's addresses that aren't anybody's."""
        found = {address.rpartition("@")[2] for address in self.addresses} if self.kind == "contact" else set()
        return frozenset(domain for domain in found if not is_free_mail(domain))

    @cached_property
    def firm(self) -> tuple[str, ...]:
        return name_tokens(self.company, "company")

    @cached_property
    def told(self) -> dict[str, str]:
        """The details, folded; what says nothing is left out."""
        plain = {name: plainly(text) for name, text in self.details}
        return {name: text for name, text in plain.items() if text}


def plainly(text: str) -> str:
    """Return the words of a text, folded, with one blank between them."""
    return " ".join(_WORD.findall(folded(text)))[:200]


@lru_cache(maxsize=50_000)
def name_tokens(name: str, kind: str) -> tuple[str, ...]:
    """Return the telling words of a name: no titles, no legal forms, initials and dotted forms in one piece."""
    text = _DOTTED.sub(lambda one: one[0].replace(".", ""), folded(name).replace("'", "").replace("’", ""))
    words = _WORD.findall(text)
    left_out = TITLES | GENERATIONS.keys() if kind == "contact" else FORMS
    kept = [word for word in words if word not in left_out]
    return tuple((kept or words)[:MOST_TOKENS])


def number(phone: str) -> str:
    """Return the digits that tell a phone number: without the way to dial it; empty where there are too few."""
    digits = re.sub(r"\D", "", re.split(r"(?i)\s*(?:ext|x|dw|kl)\b\.?", phone)[0])
    digits = digits.lstrip("0")
    return digits if len(digits) >= FEWEST_DIGITS else ""


def same_number(one: str, other: str) -> bool:
    """Whether two numbers reach the same line: one may bear the country and the other not."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= MATCHED_DIGITS and long.endswith(short)


@lru_cache(maxsize=1)
def _nicknames() -> dict[str, frozenset[str]]:
    """Name → the names it is short for or that are short for it (carltonnorthern/nicknames, Apache-2.0)."""
    known: dict[str, set[str]] = {}
    for line in (Path(__file__).parent / "nicknames.txt").read_text().splitlines():
        name, *short = line.split()
        for one in short:
            known.setdefault(name, set()).add(one)
            known.setdefault(one, set()).add(name)
    return {name: frozenset(others) for name, others in known.items()}


def is_nickname(one: str, other: str) -> bool:
    """Whether two given names go for each other: Bob and Robert."""
    return other in _nicknames().get(one, ())


def keys_of(profile: Profile) -> set[str]:
    """Return the keys under which a profile meets those that it is compared with."""
    keys = {f"e:{address}" for address in profile.addresses}
    keys |= {f"l:{address.partition('@')[0]}" for address in profile.addresses if not is_shared(address)}
    keys |= {f"p:{one[-MATCHED_DIGITS:]}" for one in profile.numbers}
    keys |= {f"w:{domain}" for domain in profile.own_domains}
    heads = [sorted(_telling_heads(tokens)) for tokens in profile.tokens]
    keys |= {f"n:{one}+{other}" for each in heads for one, other in combinations(each, 2)}
    keys |= {f"s:{''.join(sorted(tokens))[:60]}" for tokens in profile.tokens}
    keys |= {f"t:{token}" for tokens in profile.tokens for token in tokens}
    for name, text in profile.told.items():
        keys.add(f"d:{name}:{text[:60]}")
        keys |= {f"m:{name}:{text[:40]}:{head}" for each in heads for head in each}
    return {f"{profile.kind[:3]}:{key}"[:120] for key in keys}


def is_shared(address: str) -> bool:
    """Whether an address is an office's rather than a person's."""
    return address.partition("@")[0] in SHARED_MAILBOXES


MOST_HEADS = 5


def _telling_heads(tokens: tuple[str, ...]) -> set[str]:
    """The beginnings by which a name is found in spite of a slip further on; a nickname leads to the whole name too."""
    longest = sorted(tokens, key=len, reverse=True)[:MOST_HEADS]
    found = {token[:3] for token in longest}
    return found | {min(whole)[:3] for token in longest[:2] if (whole := _nicknames().get(token))}
