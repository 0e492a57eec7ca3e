"""What stands in brackets (`[a, b]`, `{a: 1}`), taken apart and put together with its line breaks and comments."""

from __future__ import annotations

from dataclasses import dataclass

from baton.map.marked import Listing, Mapped, Node, Word


@dataclass(frozen=True, slots=True)
class _Item:
    """Where an item stands; `lead` are the line break and comments before it, `trail` the comment behind its comma."""

    lead: str
    trail: str


NEW = _Item("", "")


class Flow:
    def __init__(self, text: str, node: Node) -> None:
        self.text, self.node = text, node
        self.opening, self.closing, self.trailing_comma = "", "", False
        self.items: dict[str, _Item] = {}
        if not isinstance(node, Word) and node.flow:
            self._take_apart(node)

    def written(self, pieces: list[tuple[str | None, str]]) -> str:
        """The brackets around these pieces, each with the key (or number) of the item that it takes the place of."""
        done, closing, remark = self.text[self.node.start], "", False
        for number, (key, body) in enumerate(pieces):
            item = self.items.get(key, NEW) if key is not None else NEW
            done += self._lead(item, remark, first=not number) + body
            done += "," if number < len(pieces) - 1 or self.trailing_comma else ""
            done, closing, remark = done + item.trail, self.closing, bool(item.trail)
        if remark and "\n" not in closing:
            closing = f"\n{' ' * self.node.column}"
        return done + closing + self.text[self.node.end - 1]

    def _lead(self, item: _Item, remark: bool, *, first: bool) -> str:
        if first:
            return item.lead if "#" in item.lead else self.opening
        lead = item.lead or self._usual_lead()
        return f"\n{' ' * (self.node.column + 1)}{lead.lstrip()}" if remark and "\n" not in lead else lead

    def _usual_lead(self) -> str:
        broken = [item.lead for item in self.items.values() if "\n" in item.lead]
        return f"\n{' ' * (len(broken[0]) - len(broken[0].rstrip(' ')))}" if broken else " "

    def _take_apart(self, node: Mapped | Listing) -> None:
        spans = _spans(node)
        if not spans:
            return
        keys = list(spans)
        self.opening = self.text[node.start + 1 : spans[keys[0]][0]]
        lead = ""
        for number, key in enumerate(keys):
            last = number == len(keys) - 1
            after = self.text[spans[key][1] : node.end - 1 if last else spans[keys[number + 1]][0]]
            comma, trail, rest = _gap(after)
            self.items[key] = _Item(lead, trail)
            lead = rest
            if last:
                self.closing, self.trailing_comma = rest, comma


def _spans(node: Mapped | Listing) -> dict[str, tuple[int, int]]:
    if isinstance(node, Listing):
        return {str(number): (item.start, item.end) for number, item in enumerate(node.items)}
    return {key: (word.start, max(word.end, node.items[key].end)) for key, word in node.keys.items()}


def _gap(between: str) -> tuple[bool, str, str]:
    """What stands behind an item: whether a comma, the comment up to the end of the line, and the rest."""
    comma = _comma(between)
    after = between if comma < 0 else between[:comma].rstrip(" ") + between[comma + 1 :]
    first, broken, rest = after.partition("\n")
    if "#" in first:
        return comma >= 0, first, broken + rest
    return comma >= 0, "", after


def _comma(between: str) -> int:
    at = 0
    while at < len(between):
        if between[at] == ",":
            return at
        if between[at] == "#":
            at = between.find("\n", at)
            if at < 0:
                return -1
        at += 1
    return -1
