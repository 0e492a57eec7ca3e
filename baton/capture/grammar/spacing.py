"""A text without the space that means nothing, and the way back from a place in it to the place as it was written.

Mail is wrapped and padded: `I  \\n will` is `I will`. Patterns are written with one space, so runs become one.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

_RUN = re.compile(r"[ \t]+(?=\n)|(?<=[ \t\n])[ \t]+")


@dataclass(frozen=True, slots=True)
class Spacing:
    """Where characters were taken out: places in the short text, and how many were out by then."""

    places: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()

    def original(self, place: int) -> int:
        """Return where the character at this place of the short text stands in the text as it was given."""
        index = bisect_right(self.places, place)
        return place + (self.removed[index - 1] if index else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch of the short text as one of the text as it was given."""
        return self.original(start), self.original(end - 1) + 1 if end > start else self.original(start)


def squeezed(text: str) -> tuple[str, Spacing]:
    """Return the text with runs of space as one and none at the ends of lines, and the way back."""
    if "  " not in text and " \n" not in text and "\n " not in text and "\t" not in text:
        return text, Spacing()
    places, removed, out = [], [], 0
    for run in _RUN.finditer(text):
        places.append(run.start() - out)
        out += run.end() - run.start()
        removed.append(out)
    return _RUN.sub("", text), Spacing(tuple(places), tuple(removed))
