"""Names in a line: whom the directory knows by them, who is new, and which of several may be meant."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from baton.capture.grammar.prose import fold

from .directory import Directory, Match

LookUp = Callable[[str], list[Match]]
_TITLE = re.compile(
    r"(?:(?:mr|mrs|ms|dr|herrn|herr|frau|gospodin[au]?|gospodu?|gospodj[au]|gdin|"
    r"gda|gosp)\.? )+",
    re.I,
)
_AT = re.compile(r" (?:at|from|of|@|with|bei|von|aus|iz|kod|u) ")
_STOP = re.compile(
    r" (?:about|regarding|re|re:|because|who|that|to|for|on|in|wegen|zu|zbog|oko|"
    r"vezano|and|und|i|yesterday|today|this|last|gestern|heute|jucer|danas) |[:;,(]|"
    r" - "
)
_CLOSE = 0.15
"""Two matches nearer than this in score are both offered."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it stands in the line, and what it may mean, best first."""

    text: str
    start: int
    end: int
    matches: tuple[Match, ...]

    @property
    def best(self) -> Match | None:
        """The first match, if any."""
        return self.matches[0] if self.matches else None

    @property
    def is_unclear(self) -> bool:
        """Whether another is nearly as likely."""
        return len(self.matches) > 1 and self.matches[0].score - self.matches[1].score < _CLOSE


def split_who(line: str, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """The stretch of the person and, after `at`, `bei` or `iz`, that of the company."""
    title = _TITLE.match(line, start, end)
    start = title.end() if title else start
    folded = fold(line)
    at = _AT.search(folded, start, end)
    stop = _STOP.search(folded, at.end() if at else start, end)
    stop_at = stop.start() if stop else end
    return ((start, at.start()), (at.end(), stop_at)) if at and at.end() < stop_at else ((start, stop_at), None)


def find_person(line: str, span: tuple[int, int], known: Directory) -> Named | None:
    """The longest run of leading words that names a contact; else the capitalised words, as somebody new."""
    return _find(line, span, known.contacts)


def find_company(line: str, span: tuple[int, int], known: Directory) -> Named | None:
    """The longest run of leading words that names a company; else the capitalised words, as a new one."""
    return _find(line, span, known.companies)


def _find(line: str, span: tuple[int, int], look_up: LookUp) -> Named | None:
    words = list(re.finditer(r"\S+", line[span[0] : span[1]]))[:5]
    for count in range(len(words), 0, -1):
        end = span[0] + words[count - 1].end()
        text = line[span[0] : end].strip(" .,")
        matches = _looked_up(text, look_up)
        if matches:
            return Named(text, span[0], span[0] + len(text), tuple(matches[:6]))
    return _new(line, span[0], words)


def _looked_up(text: str, look_up: LookUp) -> list[Match]:
    """Croatian declines names: `Anu` is Ana, `Kestrela` is Kestrel."""
    for spelling in _spellings(text):
        matches = look_up(spelling)
        if matches:
            return sorted(matches, key=lambda match: -match.score)
    return []


_ENDINGS = (("u", "a"), ("om", "a"), ("om", ""), ("em", ""), ("a", ""), ("e", "a"), ("i", "a"), ("u", ""))


def _spellings(text: str) -> list[str]:
    words = text.split()
    found = [text]
    for ending, basic in _ENDINGS:
        found.append(" ".join(_with_ending(word, ending, basic) for word in words))
    return list(dict.fromkeys(found))


def _with_ending(word: str, ending: str, basic: str) -> str:
    return word[: -len(ending)] + basic if len(word) > len(ending) + 1 and word.endswith(ending) else word


def _new(line: str, start: int, words: list[re.Match[str]]) -> Named | None:
    """Somebody not known yet: the words with a capital that the stretch begins with."""
    end = start
    for word in words[:4]:
        if not word.group()[0].isupper():
            break
        end = start + word.end()
    text = line[start:end].strip(" .,:")
    return Named(text, start, start + len(text), ()) if text else None


def of_company(person: Named, company_words: str) -> Named:
    """Prefer those of the contacts who belong to the company that is named."""
    wanted = set(fold(company_words).split())
    fitting = tuple(
        m for m in person.matches if any(word[:5] in fold(m.company_label) for word in wanted if len(word) > 2)
    )
    return Named(person.text, person.start, person.end, fitting) if fitting else person
