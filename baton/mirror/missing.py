"""Entries that are missing on deals under way: which decisions read them, whose they are, and who has been asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.sight import owns
from baton.work.models import Question
from baton.work.questions import said_question

EMPTY = {
    "amount": Q(amount__isnull=True),
    "close_date": Q(close_date__isnull=True),
    "next_step": Q(next_step=""),
    "contact": Q(contact__isnull=True),
    "company": Q(company__isnull=True),
    "service": Q(service=""),
    "source": Q(source=""),
}
"""What a deal can lack, of what decisions may read."""
MOST_ASKED = 12
"""Questions that one press asks: more at once is nobody's afternoon."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One entry that open deals lack: on how many, who has been asked and hasn't answered yet (name → questions)."""

    field: str
    name: str
    deals: int
    asked: dict[str, int]


def missing_entries(member: Member, operating_map: OperatingMap) -> list[Missing]:
    """Return what open deals lack of what the map's decisions read, the most frequent first. Two questions."""
    wanted = [name for name in read_by_decisions(operating_map) if name in EMPTY]
    if not wanted:
        return []
    rows = Deal.objects.visible_to(member).open()
    counted = rows.aggregate(**{f"without_{name}": Count("pk", filter=EMPTY[name]) for name in wanted})
    waiting = Question.objects.visible_to(member).filter(answered_at__isnull=True, about_field__in=wanted)
    asked: dict[str, Counter[str]] = {name: Counter() for name in wanted}
    names = dict(Member.objects.values_list("pk", "name"))
    for name, whom, count in waiting.values_list("about_field", "asked_of").annotate(count=Count("pk")).order_by():
        asked[name][names.get(whom, "")] += count
    found = [
        Missing(name, str(known.name), counted[f"without_{name}"], dict(asked[name]))
        for name in wanted
        if counted[f"without_{name}"] and (known := operating_map.field(name))
    ]
    return sorted(found, key=lambda one: -one.deals)


def read_by_decisions(operating_map: OperatingMap) -> list[str]:
    """Return the fields that the map's decisions read, each once."""
    return list(dict.fromkeys(name for one in operating_map.decisions.values() for name in one.reads))


def deals_without(member: Member, field: str, most: int = 60) -> list[Deal]:
    """Return open deals that lack an entry, those that stand still longest first."""
    if field not in EMPTY:
        return []
    return list(Deal.objects.visible_to(member).open().filter(EMPTY[field]).order_by("stage_since", "pk")[:most])


def ask_for(field: str, *, by: Member, at: datetime) -> dict[str, int]:
    """Ask those who have the deals for what is missing, once each and a dozen at most; return name → questions.

    Raises `Refusal` for who may not, and where nobody is left to ask.
    """
    if not (by.may_write and owns(by)):
        raise Refusal(_("What is missing is asked for by whoever owns the map, or their deputy."))
    people = Member.objects.filter(is_active=True).in_bulk()
    asked: Counter[str] = Counter()
    entries: list[Entry] = []
    deals = [one for one in deals_without(by, field) if one.owner_id and one.owner_id != by.pk]
    known = _asked_before(by, field, deals)
    for deal in deals:
        owner = people.get(deal.owner_id)
        if owner and deal.pk not in known and sum(asked.values()) < MOST_ASKED:
            key = derived("missing asked", deal.pk, field, at.date())
            entries += said_question(deal.pk, _words(field, deal), of=owner, by=by, about_field=field, key=key)
            asked[owner.name] += 1
    if not asked:
        raise Refusal(_("Everybody who has these deals has been asked already, or they are your own."))
    record(entries, by=Author(by), at=at)
    return dict(asked)


def _asked_before(member: Member, field: str, deals: Iterable[Deal]) -> set[UUID]:
    rows = Question.objects.visible_to(member).filter(deal__in=[one.pk for one in deals], about_field=field)
    return set(rows.filter(answered_at__isnull=True).values_list("deal", flat=True))


def _words(field: str, deal: Deal) -> str:
    known = current_map().field(field)
    return _("%(field)s of %(deal)s is missing, and our decisions read it. What is it?") % {
        "field": known.name if known else field, "deal": deal.title,
    }  # fmt: skip
