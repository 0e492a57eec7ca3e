"""What follows from what management called, asked for and paid, worked out anew and compared."""

from __future__ import annotations

from baton.decide.commission import checking as commission
from baton.decide.forecast import checking as forecast
from baton.decide.requests import checking as requests
from baton.ledger.checking import Report


def check_uses(report: Report) -> None:
    """Compare the receipts of called numbers, answered requests and paid statements."""
    for each in (forecast, requests, commission):
        each.check_uses(report)
