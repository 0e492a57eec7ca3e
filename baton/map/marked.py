"""YAML read with the place of every word, so that each problem can name its line.

Only plain mappings, lists and words: anchors and aliases (a few lines of them can grow beyond any memory), tags and
second documents are refused, as are keys written twice, nesting below `DEPTH` and files above `SIZE` bytes. Words
stay words: `no`, `08:00` and `1.10` are read as they are written.
"""

from dataclasses import dataclass, field

import yaml
from django.utils.translation import gettext_lazy as _

SIZE = 1_000_000
DEPTH = 12
NULL = ("", "~", "null")
QUOTES = ("'", '"', "|", ">")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a map, where (counted from 1; 0 where it has no place), and what would put it right."""

    line: int
    column: int
    sentence: str
    hint: str = ""

    def __str__(self) -> str:
        said = f"{self.sentence}: {self.hint}" if self.hint else self.sentence
        return _("line {line}: {said}").format(line=self.line, said=said) if self.line else said


class Unreadable(Exception):
    """The text isn't YAML of the kind that a map may be; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(slots=True)
class Word:
    """`start` and `end` of every node are its place in the text, in characters."""

    text: str
    line: int
    column: int
    quoted: bool = False
    start: int = 0
    end: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.quoted and self.text.lower() in NULL


@dataclass(slots=True)
class Listing:
    """`flow`: written in brackets. The `end` of one that isn’t lies somewhere before what follows it."""

    line: int
    column: int
    items: list["Node"] = field(default_factory=list)
    flow: bool = False
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Mapped:
    line: int
    column: int
    items: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Word] = field(default_factory=dict)
    flow: bool = False
    start: int = 0
    end: int = 0


Node = Word | Listing | Mapped


def parse(text: str) -> Node:
    """The tree of a document. Raises `Unreadable` with the first problem."""
    if len(text.encode()) > SIZE:
        raise Unreadable(Problem(0, 0, _("This file is larger than a map may be: {size} bytes.").format(size=SIZE)))
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_syntax(error)) from error
    except yaml.YAMLError as error:
        raise Unreadable(Problem(1, 1, _("This isn’t text that a map can be read from"), str(error))) from error
    return builder.root or Mapped(1, 1)


def _syntax(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(line, column, _("This line isn’t YAML"), error.problem or str(error))


class _Builder:
    """Puts the stream of YAML's events together, without recursion."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Listing | Mapped] = []
        self.key: list[Word | None] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(event, _("Anchors and aliases (`&`, `*`) have no place in a map: write it out."))
        if getattr(event, "tag", None):
            raise _refused(event, _("Tags (`!`) have no place in a map."))
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _refused(event, _("A map is one document: leave out the second `---`."))
        if isinstance(event, yaml.ScalarEvent):
            self._add(_word(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop().end = _offset(event.end_mark)
            self.key.pop()

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.open) >= DEPTH:
            raise _refused(event, _("This is nested deeper than a map ever is."))
        kind = Mapped if isinstance(event, yaml.MappingStartEvent) else Listing
        node = kind(*_place(event), flow=bool(event.flow_style), start=_offset(event.start_mark))
        self._add(node)
        self.open.append(node)
        self.key.append(None)

    def _add(self, node: Node) -> None:
        if not self.open:
            self.root = node
        elif isinstance(self.open[-1], Listing):
            self.open[-1].items.append(node)
        elif self.key[-1] is None:
            self.key[-1] = _key(self.open[-1], node)
        else:
            key, self.key[-1] = self.key[-1], None
            self.open[-1].items[key.text] = node
            self.open[-1].keys[key.text] = key


def _key(mapping: Mapped, node: Node) -> Word:
    if not isinstance(node, Word):
        raise Unreadable(Problem(node.line, node.column, _("A name is expected here, before the colon.")))
    if node.text in mapping.keys:
        first = mapping.keys[node.text].line
        sentence = _("“{key}” stands here twice, first in line {first}.").format(key=node.text, first=first)
        raise Unreadable(Problem(node.line, node.column, sentence))
    return node


def _word(event: yaml.ScalarEvent) -> Word:
    return Word(
        event.value,
        *_place(event),
        quoted=event.style in QUOTES,
        start=_offset(event.start_mark),
        end=_offset(event.end_mark),
    )


def _refused(event: yaml.Event, sentence: object) -> Unreadable:
    return Unreadable(Problem(*_place(event), str(sentence)))


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _offset(mark: yaml.Mark | None) -> int:
    return mark.index if mark else 0
