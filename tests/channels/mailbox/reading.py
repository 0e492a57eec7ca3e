"""What every test of mailboxes does: listen once, read what came, and say what is recorded."""

from datetime import datetime

from baton.capture import connections
from baton.capture.models import Connection
from baton.capture.reading import read_waiting
from baton.ledger.models import Interaction


def hear(at: datetime) -> None:
    """Listen to every connection as if it were due, and read what came in."""
    Connection.objects.unscoped("tests").filter(due_at__isnull=False).update(due_at=at)
    connections.listen(at)
    while read_waiting(at, limit=100):
        pass


def subjects() -> list[str]:
    return sorted(Interaction.objects.unscoped("tests").values_list("subject", flat=True))
