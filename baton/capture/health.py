"""Whether what comes in is being read, for the side of every page."""

from __future__ import annotations

from datetime import datetime, timedelta

from baton.capture.models import Delivery

CALLER = "capture"
PATIENCE = timedelta(minutes=5)


def waiting_since(at: datetime) -> datetime | None:
    """Return when the oldest message came in that should have been read by now; None where none waits."""
    late = Delivery.objects.unscoped(CALLER).due(at - PATIENCE).order_by("due_at").first()
    return late.received_at if late else None
