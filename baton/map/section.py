"""One mapping of the file while it is read: asks for its entries, and notes what is missing, wrong or unknown."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from baton.map.marked import Listing, Mapped, Node, Problem, Word

T = TypeVar("T")
Path = tuple[str, ...]
KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}")
YES = ("yes", "true", "on")
NO = ("no", "false", "off")


@dataclass
class Notes:
    """What was found wrong so far, and where everything stands in the file."""

    problems: list[Problem] = field(default_factory=list)
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def add(self, node: Node, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem(node.line, node.column, str(sentence), str(hint)))

    def at(self, path: Path, sentence: str, hint: str = "") -> None:
        """Note something about an element that was read before, at its nearest known place."""
        while path and path not in self.places:
            path = path[:-1]
        self.problems.append(Problem(*self.places.get(path, (0, 0)), str(sentence), str(hint)))


class Section:
    """A mapping at its path. `called` is how sentences speak of it: “stage “quoted””."""

    def __init__(self, node: Mapped, path: Path, called: str, notes: Notes) -> None:
        self.node, self.path, self.called, self.notes = node, path, called, notes
        notes.places.setdefault(path, (node.line, node.column))  # where its name stands, if it has one
        for key, word in node.keys.items():
            notes.places[(*path, key)] = (word.line, word.column)

    def has(self, key: str) -> bool:
        node = self.node.items.get(key)
        return node is not None and not (isinstance(node, Word) and node.is_empty)

    def text(self, key: str, needed: str = "") -> str:
        """The words under this key; "" where there are none. `needed` is the hint if they may not be missing."""
        node = self._node(key, needed)
        if node is None:
            return ""
        if isinstance(node, Word):
            return " ".join(node.text.split())
        self._refuse(node, key, _("is one thing, not a list"))
        return ""

    def texts(self, key: str, needed: str = "") -> tuple[str, ...]:
        """A list of words; a single word is a list of one."""
        return tuple(" ".join(word.text.split()) for word in self._words(key, needed))

    def parsed(self, key: str, parse: Callable[[str], T], default: T, needed: str = "") -> T:
        """The text under this key as `parse` reads it; its `ValueError` becomes the problem."""
        text = self.text(key, needed)
        return self._parse(self.node.items[key], text, parse, default) if text else default

    def each_parsed(self, key: str, parse: Callable[[str], T], needed: str = "") -> tuple[T, ...]:
        """Every word of a list as `parse` reads it, without those it can't read."""
        read = (self._parse(word, " ".join(word.text.split()), parse, None) for word in self._words(key, needed))
        return tuple(one for one in read if one is not None)

    def choice(self, key: str, among: Iterable[T], default: T, needed: str = "") -> T:
        return self.parsed(key, lambda text: choose(text, among), default, needed)

    def yes(self, key: str) -> bool:
        return self.choice(key, (*YES, *NO), "no") in YES

    def section(self, key: str, called: str, needed: str = "") -> "Section | None":
        node = self._node(key, needed)
        if node is None:
            return None
        if isinstance(node, Mapped):
            return Section(node, (*self.path, key), called, self.notes)
        self._refuse(node, key, _("is a group of entries: write them indented below it"))
        return None

    def named(self, key: str, called: str, needed: str = "") -> Iterator[tuple[str, "Section"]]:
        """The elements under this key, each with its own key and section; `called` contains “{key}”."""
        group = self.section(key, key, needed)
        if group is None:
            return
        for name in group.node.items:
            each = group.section(name, called.format(key=name), _("say what it is"))
            if not KEY.fullmatch(name):
                self.notes.add(group.node.keys[name], _NO_KEY.format(key=name))
            elif each:
                yield name, each

    def listed(self, key: str, called: str) -> Iterator["Section"]:
        """The mappings of a list."""
        node = self._node(key, "")
        items = node.items if isinstance(node, Listing) else []
        if node is not None and not isinstance(node, Listing):
            self._refuse(node, key, _("is a list: begin each entry with `-`"))
        for number, item in enumerate(items):
            if isinstance(item, Mapped):
                yield Section(item, (*self.path, key, str(number)), called, self.notes)
            else:
                self._refuse(item, key, _("is a list of groups: `- {metric: …, target: …}`"))

    def only(self, *known: str) -> None:
        """Note every key that isn't one of these."""
        for key, word in self.node.keys.items():
            if key not in known:
                hint = _("nothing reads it here; known are {known}").format(known=", ".join(f"`{k}`" for k in known))
                sentence = _("{called} has an unknown entry `{key}`").format(called=self.called, key=key)
                self.notes.add(word, sentence, nearest(key, known) or hint)

    def _node(self, key: str, needed: str) -> Node | None:
        if self.has(key):
            return self.node.items[key]
        if needed:
            place = (*self.path, key) if key in self.node.keys else self.path
            self.notes.at(place, _("{called} has no `{key}`").format(called=self.called, key=key), needed)
        return None

    def _words(self, key: str, needed: str) -> list[Word]:
        node = self._node(key, needed)
        items = node.items if isinstance(node, Listing) else [] if node is None else [node]
        for item in items:
            if not isinstance(item, Word):
                self._refuse(item, key, _("is a list of words"))
        return [item for item in items if isinstance(item, Word) and not item.is_empty]

    def _parse(self, node: Node, text: str, parse: Callable[[str], T], default: T) -> T:
        try:
            return parse(text)
        except ValueError as why:
            self.notes.add(node, _("{called}: {why}").format(called=self.called, why=why))
            return default

    def _refuse(self, node: Node, key: str, why: str) -> None:
        self.notes.add(node, _("{called}: `{key}` {why}.").format(called=self.called, key=key, why=why))


_NO_KEY = _("“{key}” can’t be a key: use small letters, digits, `_` and `-`, at most 60, a letter first.")


def choose(text: str, among: Iterable[T]) -> T:
    """The one of `among` that is written so. Raises `ValueError` with a sentence that lists them."""
    known = list(among)
    for one in known:
        if str(one) == text.lower():
            return one
    listed = ", ".join(f"`{one}`" for one in known)
    raise ValueError(_("“{text}” is none of {listed}.").format(text=text, listed=listed))


def nearest(word: str, known: Iterable[str]) -> str:
    """“did you mean …”, or "" where nothing is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return _("did you mean `{near}`?").format(near=near[0]) if near else ""
