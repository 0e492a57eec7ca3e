"""How the tests of the grammar read: on Monday 16 November 2026 at nine, in the zone of the language."""

from datetime import UTC, datetime

from baton.capture.grammar import Reading, read_text

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ZONES = {"en": "Europe/London", "de": "Europe/Berlin", "hr": "Europe/Zagreb"}


def read(text: str, language: str = "en", *, from_us: bool = True, at: datetime = MONDAY) -> list[Reading]:
    """The readings of a text written by us (or not) in the zone of its language."""
    return read_text(text, written_at=at, zone=ZONES[language], language=language, from_us=from_us)


def of_kind(kind: str, text: str, language: str = "en", *, from_us: bool = True) -> list[Reading]:
    """The readings of one kind."""
    return [reading for reading in read(text, language, from_us=from_us) if reading.kind == kind]


def values(kind: str, text: str, language: str = "en", *, from_us: bool = True) -> list:
    """What was read of one kind."""
    return [reading.value for reading in of_kind(kind, text, language, from_us=from_us)]
