"""What follows from calls, worked out anew and compared: the uses of the facts that they rest on."""

from __future__ import annotations

from uuid import UUID

from baton.decide.forecast.kinds import CALLED, uses_of
from baton.decide.forecast.models import Call
from baton.ledger.checking import Report, compare_rows
from baton.ledger.models import Fact
from baton.work.models import Use

CALLER = "ledger.checking"


def check_uses(report: Report) -> None:
    """Compare the uses that called numbers mean; a fact that is called on again was used by the first call."""
    calls = Call.objects.unscoped(CALLER).order_by("pk").values_list("pk", flat=True)
    for ids in report.slices("uses: call", calls):
        rests = Fact.objects.unscoped(CALLER).filter(record_kind="call", field="rests_on", record_id__in=ids)
        expected: dict[UUID, Use] = {}
        for use in uses_of(rests.order_by("recorded_at", "seq")):
            expected.setdefault(use.pk, use)
        stored = Use.objects.unscoped(CALLER).filter(used_in=CALLED, used_in_id__in=ids)
        compare_rows("use", expected, {use.pk: use for use in stored}, report)
