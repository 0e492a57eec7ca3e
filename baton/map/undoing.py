"""What was done to a text, step by step, so that each step can be taken back to the letter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True, slots=True)
class Step:
    """At `start` (in characters) `before` gave way to `after`."""

    start: int
    before: str
    after: str

    @classmethod
    def between(cls, before: str, after: str) -> Step:
        """The shortest step from one text to the other."""
        start = _alike(before, after)
        rest = min(len(before), len(after)) - start
        same = _alike(before[::-1][:rest], after[::-1][:rest])
        return cls(start, before[start : len(before) - same], after[start : len(after) - same])

    def done(self, text: str) -> str:
        """The text after this step."""
        return text[: self.start] + self.after + text[self.start + len(self.before) :]

    def undone(self, text: str) -> str:
        """The text before this step."""
        return text[: self.start] + self.before + text[self.start + len(self.after) :]


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
