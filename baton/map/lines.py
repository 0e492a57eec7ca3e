"""The lines of a YAML text: which of them belong to an entry, its comments included."""

from __future__ import annotations

from baton.map.marked import Listing, Mapped, Node, Word


class Lines:
    """Places are offsets in characters; the text ends with a line break."""

    def __init__(self, text: str) -> None:
        self.text = text

    def start(self, at: int) -> int:
        """The beginning of the line that a place is in."""
        return self.text.rfind("\n", 0, at) + 1

    def next(self, at: int) -> int:
        """The beginning of the line after the one that a place is in."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def begin(self, node: Mapped | Listing) -> int:
        """The first line of a block, with the comment right above it."""
        first = next(iter(node.keys.values())).start if isinstance(node, Mapped) else node.start
        return self.attached(0, self.start(first))

    def end(self, node: Node) -> int:
        """Where the lines of a node end, comments that are set deeper than it included."""
        return self.with_comments(self.last(node, node), node.column - 1)

    def last(self, key: Node, value: Node) -> int:
        """Where the lines of the last thing in an entry end."""
        if isinstance(value, Word) or value.flow:
            return self.next(max(self.trimmed(value) - 1, key.start))
        if isinstance(value, Listing):
            return self.end(value.items[-1]) if value.items else self.next(value.start)
        words = list(value.keys)
        return self.with_comments(self.last(value.keys[words[-1]], value.items[words[-1]]), value.column - 1)

    def trimmed(self, node: Node) -> int:
        """The end of a node without the empty lines that YAML counts with a block of text."""
        return max(len(self.text[: node.end].rstrip()), node.start)

    def attached(self, floor: int, start: int) -> int:
        """Go up over the comment that stands right above a line, but not above `floor`."""
        while start > floor:
            above = self.start(start - 1)
            if above < floor or not self.text[above:start].lstrip().startswith("#"):
                break
            start = above
        return start

    def with_comments(self, end: int, depth: int) -> int:
        """Go down over comments that are set deeper than `depth` columns."""
        at = end
        while at < len(self.text):
            line = self.text[at : self.next(at)]
            bare = line.lstrip(" ")
            if bare.startswith("#") and len(line) - len(bare) > depth:
                end = self.next(at)
            elif line.strip():
                break
            at = self.next(at)
        return end
