"""Rebuilds duties from events, and says where the stored rows differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from baton.ledger.checking import Report, check_ledger, facts_of, plain
from baton.ledger.folding import fold
from baton.ledger.models import Event
from baton.ledger.recording import land
from baton.ledger.replaying import Replay, check_deals
from baton.work.models import Duty

CALLER = "work.duties"


def check() -> Report:
    """Compare everything that is derived with what the ledger gives, records first, then spans, then duties."""
    report = Report()
    replay = check_ledger(report)
    check_deals(report, replay)
    return report
