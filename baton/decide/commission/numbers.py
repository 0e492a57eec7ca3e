"""The business's own numbers: given out by Baton without a gap, or read from its papers; and papers without a deal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from baton.decide.commission.models import GivenNumber, NumberSeries
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Interaction
from baton.ledger.recording import record
from baton.map.commission import numbered
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.looking import deal_seen_by

FIELD = "numbers"
"""The fact on a deal that holds its numbers: [{"series", "number"}]."""
PAPERS = ("quote", "invoice", "order", "contract")
MOST = 200


def give(deal: Deal, series: str, *, by: Member, at: datetime) -> str:
    """Give a quote or a job on this deal the next number of its series, and return it.

    The row of the series is locked until the number is recorded, so numbers follow each other without a gap, whoever
    asks at the same moment, and what is refused takes none. Raises `Refusal`.
    """
    first = current_map().numbers.get(series)
    if first is None:
        raise Refusal(_("The map gives out no such numbers."))
    with writing():
        seen = deal_seen_by(by, deal.pk)
        number = numbered(first, _next(series))
        if GivenNumber.objects.filter(series=series, number=number).exists():
            raise Refusal(_("%(number)s was given already. Let the map begin the numbers higher.") % {"number": number})
        GivenNumber.objects.create(series=series, number=number, deal_id=seen.pk, given_at=at, given_by=by)
        told = [*(seen.value(FIELD) or []), {"series": series, "number": number}]
        record([Entry("deal", seen.pk, FIELD, told)], by=Author(by), at=at)
    return number


def _next(series: str) -> int:
    """Take the next place: the update comes first, so that it holds the row (or the database) before it is read."""
    if not NumberSeries.objects.filter(pk=series).update(given=F("given") + 1):
        NumberSeries.objects.get_or_create(pk=series)
        NumberSeries.objects.filter(pk=series).update(given=F("given") + 1)
    return NumberSeries.objects.values_list("given", flat=True).get(pk=series) - 1


def numbers_of(deal: Deal) -> list[str]:
    """Return the numbers that a deal carries, as they were given."""
    return [one["number"] for one in deal.value(FIELD) or []]


@dataclass(frozen=True, slots=True)
class Paper:
    """A quote or an invoice with a number of its own that lies on no deal, and where it was found."""

    number: str
    kind: str
    interaction: UUID
    subject: str
    at: datetime


def without_a_deal(member: Member) -> list[Paper]:
    """Return the papers with a number that lie on no deal, newest first, as far as the member may see them."""
    rows = Interaction.objects.visible_to(member).filter(deal__isnull=True, parts__has_key="documents")
    rows = rows.filter(set_aside_at__isnull=True).order_by("-happened_at", "-id")[:MOST]
    given = dict(GivenNumber.objects.values_list("number", "deal_id"))
    return [paper for row in rows for paper in _papers(row, given)]


def _papers(row: Interaction, given: dict[str, UUID]) -> Iterable[Paper]:
    for told in row.parts["documents"]:
        number = str(told.get("number") or "")
        if number and told.get("kind") in PAPERS and number not in given:
            yield Paper(number, told["kind"], row.pk, row.subject, row.happened_at)


def given_lately(member: Member) -> list[tuple[GivenNumber, str]]:
    """Return the numbers given out last with their deals, as far as the member sees those."""
    rows = list(GivenNumber.objects.select_related("given_by").order_by("-given_at")[:MOST])
    titles = dict(Deal.objects.visible_to(member).filter(pk__in={r.deal_id for r in rows}).values_list("pk", "title"))
    return [(row, titles[row.deal_id]) for row in rows if row.deal_id in titles]
