"""A map's YAML changed to say something else, only where it must: what stays the same keeps its letters.

`patched` is given the whole of what the text shall say and works out where that differs. Comments go with the entry
that they stand above or in; what is removed takes its own along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.map.flowing import Flow
from baton.map.lines import Lines
from baton.map.marked import Listing, Mapped, Node, Unreadable, Word, parse
from baton.map.section import Path
from baton.map.writing import WIDTH, Written, is_flat, written_entry, written_inline, written_word

Renamed = Mapping[Path, str]


def plain(node: Node) -> Written:
    """What a node says, without its place and its letters."""
    if isinstance(node, Mapped):
        return {key: plain(value) for key, value in node.items.items()}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return "" if node.is_empty else _words(node.text.strip())


def _words(text: str) -> str:
    """A text of one line without what is said by no letter; one of several keeps its lines, as a letter has to."""
    lines = text.splitlines()
    return "\n".join(line.rstrip() for line in lines) if len(lines) > 1 else " ".join(text.split())


def said(text: str) -> dict[str, Written]:
    """What a text says. Raises `Refusal` where it isn't YAML of the kind that a map may be."""
    try:
        root = parse(text)
    except Unreadable as why:
        raise Refusal(str(why.problem)) from why
    found = plain(root)
    if isinstance(found, dict):
        return found
    raise Refusal(_("A map begins with `business:` and its name."))


def patched(text: str, target: dict[str, Written], renamed: Renamed | None = None) -> str:
    """The text, changed so that it says `target`. `renamed` says which entry (by its path today) has another key there.

    Raises `Refusal` where the text can't be read.
    """
    if same(said(text), target):
        return text
    text = text if text.endswith("\n") else f"{text}\n"
    done = _Patch(text, renamed or {}).whole(target)
    if _says(done, target):
        return done
    return _by_section(text, target)


def _says(text: str, target: dict[str, Written]) -> bool:
    try:
        return same(said(text), target)
    except Refusal:
        return False


def same(one: Written, other: Written) -> bool:
    """Whether two say the same in the same order, which is the order of work."""
    return _in_order(one) == _in_order(other)


def _in_order(value: Written) -> list:
    if isinstance(value, dict):
        return [(key, _in_order(each)) for key, each in value.items()]
    return [_in_order(each) for each in value] if isinstance(value, list) else [value]


def _by_section(text: str, target: dict[str, Written]) -> str:
    """For a text that can't be changed piece by piece, as it is written: its sections anew, where they differ."""
    patch = _Patch(text, {}, whole_entries=True)
    done = patch.whole(target)
    if _says(done, target):
        return done
    raise Refusal(
        _("This part of the map is written in a way that only its text can be changed. Change it in the YAML.")
    )


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The lines of one entry, from `start` to `end`. `gap` stands apart above it, `lead` is its own comment."""

    gap: str
    lead: str
    start: int
    end: int


class _Patch:
    def __init__(self, text: str, renamed: Renamed, *, whole_entries: bool = False) -> None:
        self.text, self.renamed, self.whole_entries = text, renamed, whole_entries
        self.lines = Lines(text)

    def whole(self, target: dict[str, Written]) -> str:
        root = parse(self.text)
        if not isinstance(root, Mapped) or not root.keys:
            return self.text + "".join(written_entry(key, value, 0) for key, value in target.items())
        if root.flow:
            return self.text[: root.start] + self._flow(root, target, ()) + self.text[root.end :]
        begin, end = self.lines.begin(root), self.lines.end(root)
        return self.text[:begin] + self._block(root, target, ()) + self.text[end:]

    def _block(self, node: Mapped, target: Mapping[str, Written], path: Path) -> str:
        """The lines of a mapping, from its first key's own comments to its last entry."""
        chunks = self._chunks(node)
        source = {self.renamed.get((*path, old), old): old for old in node.keys}
        kept = {source[key]: key for key in target if key in source}
        usual = self._usual_gap(list(chunks.values()))
        gaps, rest = self._gaps(chunks, kept)
        pieces: list[tuple[str | None, str]] = []
        for key, value in target.items():
            if key in source:
                old = source[key]
                pieces.append((gaps.pop(0), chunks[old].lead + self._entry(node, old, key, value, chunks[old], path)))
            else:
                pieces.append((None, written_entry(key, value, node.column - 1)))
        return _joined(pieces, usual, root=not path) + rest

    def _chunks(self, node: Mapped) -> dict[str, _Chunk]:
        chunks: dict[str, _Chunk] = {}
        before = self.lines.begin(node)
        for key, word in node.keys.items():
            start = self.lines.start(word.start)
            above = self.lines.attached(before, start)
            end = self.lines.with_comments(self.lines.last(word, node.items[key]), node.column - 1)
            chunks[key] = _Chunk(self.text[before:above], self.text[above:start], start, end)
            before = end
        return chunks

    def _usual_gap(self, chunks: list[_Chunk]) -> str:
        later = [chunk.gap for chunk in chunks[1:]]
        return "\n" if later and all(not gap.strip() and gap for gap in later) else ""

    def _gaps(self, chunks: dict[str, _Chunk], kept: Mapping[str, str]) -> tuple[list[str], str]:
        """The gaps of the entries that stay, in order; comments that stood apart above one that goes are handed on."""
        gaps, handed = [], ""
        for key, chunk in chunks.items():
            if key in kept:
                gaps.append(handed + chunk.gap)
                handed = ""
            elif chunk.gap.strip():
                handed += chunk.gap
        if gaps:
            gaps[0] = gaps[0].lstrip("\r\n")
        return gaps, handed

    def _entry(self, node: Mapped, old: str, key: str, value: Written, chunk: _Chunk, path: Path) -> str:
        word, child = node.keys[old], node.items[old]
        name = self.text[word.start : word.end] if key == old else written_word(key)
        head = self.text[chunk.start : word.start] + name
        if same(plain(child), value):
            return head + self.text[word.end : chunk.end]
        changed = None if self.whole_entries else self._changed(word, child, value, chunk, (*path, old))
        if changed is None or self._grew_too_long(head + changed, child, value):
            return written_entry(key, value, node.column - 1)
        return head + changed

    def _changed(self, word: Word, child: Node, value: Written, chunk: _Chunk, path: Path) -> str | None:
        """What stands behind the key, up to the end of its lines; `None` where it has to be written anew."""
        if isinstance(child, Word) or child.flow:
            middle, end = self.text[word.end : child.start], self.lines.trimmed(child)
            if ":" not in middle or (isinstance(value, dict) and not isinstance(child, Mapped)):
                return None
            new = self._inline(child, value, path)
            space = " " if middle.endswith(":") else ""
            return middle + space + new + self.text[end : chunk.end]
        begin, end = self.lines.begin(child), self.lines.end(child)
        if begin < word.end:
            return None
        if isinstance(child, Mapped) and isinstance(value, dict) and value:
            return self.text[word.end : begin] + self._block(child, value, path) + self.text[end : chunk.end]
        if isinstance(child, Listing) and isinstance(value, list) and value:
            return self.text[word.end : begin] + self._items(child, value) + self.text[end : chunk.end]
        return None

    def _inline(self, child: Node, value: Written, path: Path) -> str:
        if isinstance(child, Word) and isinstance(value, str):
            return written_word(value, commas=True) if value else '""'
        return self._flow(child, value, path)

    def _flow(self, node: Node, value: Written, path: Path) -> str:
        """A value within brackets, or one that gets them."""
        flow = Flow(self.text, node)
        if isinstance(node, Mapped) and node.flow and isinstance(value, dict):
            source = {self.renamed.get((*path, old), old): old for old in node.keys}
            return flow.written(
                [(source.get(key), self._flow_entry(node, source.get(key), key, value[key], path)) for key in value]
            )
        if isinstance(node, Listing) and node.flow and isinstance(value, list):
            return flow.written(self._matched(node, value))
        return self.text[node.start : node.end] if same(plain(node), value) else written_inline(value)

    def _flow_entry(self, node: Mapped, old: str | None, key: str, value: Written, path: Path) -> str:
        if old is None:
            return f"{written_word(key)}: {written_inline(value)}"
        word, child = node.keys[old], node.items[old]
        middle = self.text[word.end : child.start]
        name = self.text[word.start : word.end] if key == old else written_word(key)
        if ":" not in middle:
            return f"{name}: {written_inline(value)}"
        space = " " if middle.endswith(":") and not same(plain(child), value) else ""
        return name + middle + space + self._flow(child, value, (*path, old))

    def _matched(self, node: Listing, values: list[Written]) -> list[tuple[str | None, str]]:
        """Each value with the item of the list that says it already, if one does, and its letters."""
        free = {str(number): item for number, item in enumerate(node.items)}
        matched: list[tuple[str | None, str]] = []
        for value in values:
            at = next((number for number, item in free.items() if same(plain(item), value)), None)
            item = free.pop(at) if at is not None else None
            matched.append((at, self.text[item.start : item.end] if item else written_inline(value)))
        return matched

    def _items(self, node: Listing, values: list[Written]) -> str:
        """The lines of a list with one item a line."""
        spans, before = {}, self.lines.begin(node)
        for number, item in enumerate(node.items):
            end = self.lines.with_comments(self.lines.last(item, item), node.column - 1)
            spans[str(number)] = self.text[before:end]
            before = end
        dash = f"{' ' * (node.column - 1)}- "
        return "".join(spans[at] if at is not None else f"{dash}{new}\n" for at, new in self._matched(node, values))

    def _grew_too_long(self, entry: str, child: Node, value: Written) -> bool:
        """A line of brackets that is wider than a map is written is taken apart, unless it has a comment."""
        if isinstance(value, str) or isinstance(child, Word) or not child.flow:
            return False
        was = self.text[self.lines.start(child.start) : self.lines.next(child.end)]
        one_line = entry.count("\n") == 1 and "#" not in entry and is_flat(value)
        return one_line and len(entry) > WIDTH + 1 >= len(was)


def _joined(pieces: list[tuple[str | None, str]], usual: str, *, root: bool) -> str:
    """Entries below each other: those that stay keep their gaps in place, a new one gets what is usual there."""
    done, first = "", True
    waiting: list[str] = []
    for gap, body in pieces:
        own = gap if gap is not None else ("\n" if root and body.count("\n") > 1 else usual)
        if first and gap is None:
            waiting.append(own)
            own = ""
        elif gap == "" and waiting:
            own = waiting.pop()
        done += own + body
        first = False
    return done
