"""What Baton refuses, with the sentence that says why (RFC 9457)."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """Baton won't do it, and says why. `told` is the whole answer; `reference` in it finds a fault in the log."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told.get("detail", ""))
        self.told = told

    @property
    def status(self) -> int:
        return int(self.told.get("status", 0))

    @property
    def errors(self) -> list[dict[str, str]]:
        """What isn't right in what was sent: `at` is where, `detail` what."""
        return self.told.get("errors", [])


class Conflict(Problem):
    """Somebody changed the record meanwhile; nothing was written."""

    @property
    def version(self) -> int | None:
        """The record's version as it is now."""
        return self.told.get("version")

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What was recorded since the version that you read: field, value, who said so, when."""
        return self.told.get("changes", [])


def problem(told: dict[str, Any]) -> Problem:
    """Return the error for an answer."""
    return (Conflict if told.get("status") == 409 else Problem)(told)
