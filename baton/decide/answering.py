"""The answer to a question about the pipeline: a sentence, its numbers, and the rows that each of them stands on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.decide.asking import Question, read_question
from baton.decide.names import names_for
from baton.decide.registry import registry
from baton.decide.spans_of_time import Period
from baton.kernel.money import Money
from baton.kernel.words import money
from baton.ledger.models import Deal, Event
from baton.map.current import current_map
from baton.members.models import Member

ROWS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One deal that a number stands on."""

    id: UUID
    title: str
    owner: str
    stage: str
    amount: Money | None
    close_date: date | None


@dataclass(slots=True)
class Group:
    """One part of an answer; `sums` are by currency, never added up without a rate."""

    name: str
    count: int = 0
    sums: list[Money] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Baton says. `query` leads to the deals list with the same deals, empty where it can't show them."""

    question: Question
    count: int
    sums: list[Money]
    groups: list[Group]
    rows: list[Row]
    query: str

    @property
    def sentence(self) -> str:
        """Return the answer in a sentence, with its base."""
        deals = ngettext("%(count)d deal", "%(count)d deals", self.count) % {"count": self.count}
        told = {"deals": deals, "sums": in_words(self.sums), "what": ", ".join(self.question.understood)}
        if not self.count:
            return _("None: %(what)s.") % told
        return (_("%(deals)s: %(what)s.") if not self.sums else _("%(deals)s, %(sums)s: %(what)s.")) % told

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain data, with amounts in minor units."""
        return {
            "question": self.question.text,
            "understood": self.question.understood,
            "answer": self.sentence,
            "count": self.count,
            "sums": {one.currency: one.minor for one in self.sums},
            "groups": [
                {"name": one.name, "count": one.count, "sums": {sum.currency: sum.minor for sum in one.sums}}
                for one in self.groups
            ],
            "deals": [{"deal": str(row.id), "title": row.title, "owner": row.owner} for row in self.rows],
        }


def answer(text: str, member: Member, *, at: datetime) -> Answer:
    """Answer a question over the deals that the member may see. Raises `Refusal` for what isn't understood."""
    question = read_question(text, at=at)
    asked = Deal.objects.visible_to(member).filter(question.view.condition(at))
    for kind, period in question.happened:
        asked = asked.filter(_happened(kind, period, member))
    groups = _groups(asked, question.group) if question.group else []
    found = list(asked.order_by().values("currency").annotate(deals=Count("pk"), sum=Sum("amount")))
    query = urlencode(question.view.as_pairs()) if question.opens_in_list else ""
    return Answer(question, sum(row["deals"] for row in found), _sums(found), groups, _rows(asked, member), query)


def _happened(kind: str, period: Period, member: Member) -> Exists:
    """Return the condition that this happened to a deal in a period, in the days of the business."""
    tz = current_map().hours.tz
    first = datetime.combine(period.first, time(), tz)
    after = datetime.combine(period.last + timedelta(days=1), time(), tz)
    rows = Event.objects.visible_to(member).filter(kind=kind, happened_at__gte=first, happened_at__lt=after)
    return Exists(rows.filter(deal=OuterRef("pk")))


def in_words(sums: list[Money]) -> str:
    """Write sums of different currencies beside each other."""
    return " + ".join(money(one.minor, one.currency) for one in sums)


def _sums(rows: list[dict[str, Any]]) -> list[Money]:
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[row["currency"]] += int(row["sum"] or 0)
    return [Money(minor, currency) for currency, minor in sorted(totals.items()) if minor]


def _groups(asked: QuerySet[Deal], by: str) -> list[Group]:
    key = TruncMonth("close_date") if by == "close_date" else F(registry()[by].column)
    rows = asked.order_by().annotate(key=key).values("key", "currency").annotate(deals=Count("pk"), sum=Sum("amount"))
    kept: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        kept[row["key"]].append(row)
    names = _names_of(by)
    groups = [Group(names(key), sum(row["deals"] for row in some), _sums(some)) for key, some in kept.items()]
    return sorted(groups, key=lambda one: (-sum(money.minor for money in one.sums), -one.count, one.name))


def _names_of(by: str) -> Any:
    if by == "owner":
        members = dict(Member.objects.values_list("pk", "name"))
        return lambda key: members.get(key, _("nobody"))
    if by == "close_date":
        return lambda key: f"{key:%Y-%m}" if key else _("no close date")
    labels = dict(registry()[by].choices)
    return lambda key: str(labels.get(key, key) or _("not said"))


def _rows(asked: QuerySet[Deal], member: Member) -> list[Row]:
    order = (F("amount").desc(nulls_last=True), "pk")
    fields = ("title", "owner", "company", "contact", "stage", "amount", "currency", "close_date")
    deals = list(asked.order_by(*order).only(*fields)[:ROWS])
    names, operating_map = names_for(member, deals), current_map()
    return [
        Row(
            deal.pk,
            deal.title,
            names.of(deal.owner_id),
            stage.name if (stage := operating_map.stage_by_id(deal.stage)) else deal.stage,
            deal.worth,
            deal.close_date,
        )
        for deal in deals
    ]
