"""What follows from paid statements, worked out anew and compared: the uses of what their lines rested on."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from baton.decide.commission.models import Statement, StatementLine
from baton.decide.commission.statements import RESTS_ON
from baton.ledger.checking import Report, compare_rows, facts_of, rebuild, slices
from baton.ledger.kinds import kind_named
from baton.ledger.models import Deal
from baton.work.models import Use
from baton.work.uses import facts_read, uses_noted

CALLER = "ledger.checking"
USED_IN = "commission"


def check_uses(report: Report) -> None:
    """Compare the uses that closed statements mean, by what was recorded of their deals when they were closed."""
    for ids in slices(Statement.objects.order_by("pk").values_list("pk", flat=True)):
        stored = {use.pk: use for use in Use.objects.unscoped(CALLER).filter(used_in=USED_IN, used_in_id__in=ids)}
        expected = {use.pk: use for one in Statement.objects.filter(pk__in=ids) for use in _uses(one)}
        for pk in expected.keys() & stored.keys():
            expected[pk].called = stored[pk].called  # in the words of whoever closed it
        compare_rows("use", expected, stored, report)
    _check_strays(report)


def _uses(statement: Statement) -> Iterator[Use]:
    paid = StatementLine.objects.filter(statement=statement).exclude(amount=0)
    facts = [fact for deal in _as_closed(set(paid.values_list("deal_id", flat=True)), statement) for fact in deal]
    return uses_noted(USED_IN, statement.pk, "", facts, by=statement.closed_by_id, at=statement.closed_at)


def _as_closed(deals: set[UUID], statement: Statement) -> Iterator[list[UUID]]:
    """Yield what a statement rests on in each deal, by the facts that were there when it was closed."""
    rows, told = Deal.objects.unscoped(CALLER).in_bulk(list(deals)), facts_of("deal", deals)
    for pk, row in rows.items():
        by_then = [one for one in told[pk] if one.recorded_at <= statement.closed_at]
        then, _events = rebuild(kind_named("deal"), row, by_then)
        yield facts_read(then, RESTS_ON)


def _check_strays(report: Report) -> None:
    """Uses in a statement that there isn't."""
    strays = Use.objects.unscoped(CALLER).filter(used_in=USED_IN)
    for use in strays.exclude(used_in_id__in=Statement.objects.values("pk"))[:100]:
        report.differs("use", use.pk, "row", "a statement that it was used in", "none")
