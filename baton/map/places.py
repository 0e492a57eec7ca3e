"""Where each element stands in a text, so that what is said of a line can be shown at the element."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from baton.map.lines import Lines
from baton.map.marked import Mapped, Problem, Unreadable, parse

GROUPS = ("desks", "stages", "fields", "handoffs", "behaviors", "decisions")


class Places:
    """The lines of a text by element, a pair of group and key; for other sections the key is empty."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._elements: list[tuple[str, str]] = []
        self._spans: dict[tuple[str, str], tuple[int, int]] = {}
        self._text = text
        for line, end, element in _walked(text):
            self._starts.append(line)
            self._elements.append(element)
            self._spans[element] = (line, end)

    def at(self, line: int) -> tuple[str, str]:
        """The element that a line (from 1) belongs to; two empty words where it has none."""
        number = bisect_right(self._starts, line)
        return self._elements[number - 1] if number and line else ("", "")

    def lines(self, group: str, key: str) -> tuple[int, str]:
        """The first line (from 1) of an element and its text."""
        line, end = self._spans.get((group, key), (0, 0))
        return line, "\n".join(self._text.splitlines()[line - 1 : end]) if line else ""

    def problems(self, found: list[Problem]) -> dict[tuple[str, str], list[Problem]]:
        """Problems by the element that they concern."""
        sorted_out: dict[tuple[str, str], list[Problem]] = {}
        for problem in found:
            sorted_out.setdefault(self.at(problem.line), []).append(problem)
        return sorted_out


def _walked(text: str) -> Iterator[tuple[int, int, tuple[str, str]]]:
    try:
        root = parse(text)
    except Unreadable:
        return
    lines = Lines(text if text.endswith("\n") else f"{text}\n")
    for section, word in root.keys.items() if isinstance(root, Mapped) else ():
        yield word.line, word.line, (section, "")
        group = root.items[section]
        for key, name in group.keys.items() if section in GROUPS and isinstance(group, Mapped) else ():
            end = lines.last(name, group.items[key])
            yield name.line, lines.text.count("\n", 0, end), (section, key)
