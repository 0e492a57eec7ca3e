"""What follows from answered requests, worked out anew and compared: the uses of the facts behind their answers."""

from __future__ import annotations

from baton.decide.requests.keeping import facts_behind
from baton.decide.requests.models import Request
from baton.ledger.checking import Report, compare_rows, slices
from baton.work.models import Use
from baton.work.uses import uses_noted

CALLER = "ledger.checking"
USED_IN = "request"


def check_uses(report: Report) -> None:
    """Compare the uses that answers mean; those of a request whose answer is still on its way out come later."""
    for ids in slices(Request.objects.filter(noted=True).order_by("pk").values_list("pk", flat=True)):
        stored = {use.pk: use for use in Use.objects.unscoped(CALLER).filter(used_in=USED_IN, used_in_id__in=ids)}
        expected = {use.pk: use for one in Request.objects.filter(pk__in=ids) for use in _uses(one, stored)}
        compare_rows("use", expected, stored, report)
    _check_strays(report)


def _uses(request: Request, stored: dict) -> list[Use]:
    """An answer that was corrected keeps when each fact was used first: between the question and the last answer."""
    answered = request.answered_at or request.asked_at
    facts = facts_behind(request)
    made = list(uses_noted(USED_IN, request.pk, request.title, facts, by=request.asked_by_id, at=answered))
    for use in made:
        there = stored.get(use.pk)
        if there is not None and request.asked_at <= there.used_at <= answered:
            use.used_at = there.used_at
    return made


def _check_strays(report: Report) -> None:
    """Uses in a request that there isn't."""
    strays = Use.objects.unscoped(CALLER).filter(used_in=USED_IN).exclude(used_in_id__in=Request.objects.values("pk"))
    for use in strays[:100]:
        report.differs("use", use.pk, "row", "a request that it was used in", "none")
