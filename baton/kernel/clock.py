"""The clock. Rules take the time as an argument; only the edges ask what time it is."""

from datetime import UTC, datetime
from functools import lru_cache

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now().astimezone(UTC)


@lru_cache(maxsize=1024)
def stamp(moment: datetime) -> str:
    """Write an aware moment as ISO 8601 in UTC with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def unstamp(text: str) -> datetime:
    """Read back what `stamp` wrote."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
