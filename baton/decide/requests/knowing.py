"""Whom and what the labels of a template may name: members, stages, services, companies, deals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from baton.decide.requests.figures import Deals
from baton.decide.requests.words import Names, is_common, tokens
from baton.ledger.models import Company
from baton.ledger.text import folded
from baton.members.models import Member

MOST_LABELS = 5_000
AT_ONCE = 500


def names_in(deals: Deals, labels: Iterable[str]) -> Names:
    """Return what the labels may name. A first name counts where only one member has it."""
    known: dict[str, tuple[str, str]] = {}
    wanted = list(dict.fromkeys(" ".join(tokens(label)) for label in labels))[:MOST_LABELS]
    known |= _deals(deals, set(wanted))
    known |= _companies(deals.member, wanted)
    known |= _of_deals(deals)
    known |= _of_map(deals)
    known |= _members()
    fields = {
        _plain(word): field.key for field in deals.map.fields_on("deal") for word in (field.name, *field.heard_as)
    }
    return Names(
        {word: what for word, what in known.items() if word}, {word: key for word, key in fields.items() if word}
    )


def _plain(text: str) -> str:
    return " ".join(tokens(text))


def _members() -> dict[str, tuple[str, str]]:
    rows = list(Member.objects.values_list("pk", "name", "email"))
    firsts = Counter(_plain(name).partition(" ")[0] for _pk, name, _email in rows)
    found: dict[str, tuple[str, str]] = {}
    for pk, name, email in rows:
        plain = _plain(name)
        first = plain.partition(" ")[0]
        words = [plain, _plain(email), " ".join(reversed(plain.split()))] + [first] * (firsts[first] == 1)
        found |= {word: ("owner", str(pk)) for word in words}
    return found


def _of_map(deals: Deals) -> dict[str, tuple[str, str]]:
    stages = {_plain(word): ("stage", one.id) for one in deals.map.stages.values() for word in (one.key, one.name)}
    desks = {_plain(word): ("desk", one.id) for one in deals.map.desks.values() for word in (one.key, one.name)}
    named = {f"{word} desk": what for word, what in desks.items()} | desks | stages
    return {word: what for word, what in named.items() if not is_common(word)}


def _of_deals(deals: Deals) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for kind in ("service", "source", "category"):
        values = {getattr(one, kind) for one in deals.lines} - {""}
        found |= {_plain(value): (kind, value) for value in values if not is_common(_plain(value))}
    return found


def _deals(deals: Deals, wanted: set[str]) -> dict[str, tuple[str, str]]:
    """Titles that stand in the template; one that two deals share names neither."""
    titles = Counter(plain for one in deals.lines if (plain := _plain(one.title)) in wanted)
    return {plain: ("deal", str(one.pk)) for one in deals.lines if titles.get(plain := _plain(one.title)) == 1}


def _companies(member: Member, wanted: list[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for first in range(0, len(wanted), AT_ONCE):
        some = [folded(word) for word in wanted[first : first + AT_ONCE] if len(word) > 2]
        rows = Company.objects.visible_to(member).filter(name_folded__in=some).values_list("pk", "name")
        found |= {_plain(name): ("company", str(pk)) for pk, name in rows}
    return found
