"""A text made ready for reading: folded letter by letter, cut into words and sentences, with its moment and its zone.

Folding keeps the length, so that a place in the folded text is the same place in the text as it was given.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .history import where_history_begins
from .languages import BY_CODE, Language, guess_language
from .reading import Reading

READ_AT_MOST = 60_000
"""Characters of a text that are read; what a person wrote anew is far shorter, what follows is a log or a table."""

LONGEST_SENTENCE = 700
"""Characters. Work on a sentence may grow with its square, so the limit keeps the whole linear."""

_MARKS = str.maketrans(
    "áàâäãåčćçđéèêëíìîïñóòôöõšśúùûüýžźżßÁÀÂÄÃÅČĆÇĐÉÈÊËÍÌÎÏÑÓÒÔÖÕŠŚÚÙÛÜÝŽŹŻ’‘`´–—−‑\u00a0\u202f\u2009\t“”„»«",
    'aaaaaacccdeeeeiiiinooooossuuuuyzzzsAAAAAACCCDEEEEIIIINOOOOOSSUUUUYZZZ\'\'\'\'----    """""',
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[a-z0-9]+")
_CUT = re.compile(r"(?<![.!?])[.!?]{1,9}[\"')\]]{0,3}(?: {0,4}\n| )\s*|\n[ ]*\n\s*|\n")
_BULLET = re.compile(r"[ ]*(?:[-*•·o]|\d{1,2}[.)])[ ]")
_FIGURE = re.compile(r"[0-9]")
_QUOTED_LINE = re.compile(r"^[ ]{0,4}>.*$", re.MULTILINE)
_QUOTATION = re.compile(r"\"[^\"\n]{12,400}\"")
_SHORT_FORMS = frozenset(
    "mr mrs ms dr prof st no nr tel fax ext inc ltd co corp vs etc eg ie ca cca "
    "approx bzw inkl exkl zzgl evtl ggf tsd "
    "mio mrd tis mil npr tj itd br ul hr fr min std str jan feb mar apr jun jul aug sep sept oct okt nov dec dez "
    "mon tue wed thu fri sat sun mo di mi do pon uto sri cet sub ned a m p b z d "
    "u o g gosp gdin gda dipl ing mag".split()
)


class Word(NamedTuple):
    """One word of the text, folded, with its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its place, its different words, and whether it asks."""

    start: int
    end: int
    folded: str
    vocabulary: frozenset[str]
    has_figures: bool
    asks: bool

    def words(self) -> Iterator[Word]:
        """The words in order, with their places in the text."""
        for match in _WORD.finditer(self.folded):
            yield Word(match.group(), self.start + match.start(), self.start + match.end())


@dataclass(frozen=True, slots=True)
class Prose:
    """A text with what is needed to understand it: when and where it was written, by whom, and the money meant."""

    raw: str
    folded: str
    sentences: tuple[Sentence, ...]
    language: Language
    moment: datetime
    zone: ZoneInfo
    from_us: bool
    currency: str
    day_first: bool
    quotations: tuple[tuple[int, int], ...] = field(default=())

    def is_quoted(self, place: int) -> bool:
        """Whether the place lies in words that somebody else is quoted with."""
        return any(start <= place < end for start, end in self.quotations)

    def read(self, kind: str, value: object, span: tuple[int, int], confidence: float, sentence: Sentence) -> Reading:
        """A reading at this span of this text."""
        return Reading(
            kind=kind,
            value=value,
            start=span[0],
            end=span[1],
            sentence=" ".join(self.raw[sentence.start : sentence.end].split()),
            sentence_start=sentence.start,
            confidence=round(confidence, 2),
            language=self.language.code,
        )


def fold(text: str) -> str:
    """Lower case without marks, letter for letter: the length never changes."""
    plain = text if text.isascii() else _NOT_ASCII.sub(_plain_letter, text)
    return plain.lower().replace("\t", " ").replace("`", "'")


def _plain_letter(match: re.Match[str]) -> str:
    letter = match.group().translate(_MARKS)
    return "i" if len(letter.lower()) > 1 else letter


def language_of(text: str, otherwise: str = "en") -> str:
    """Return the language that a text is written in; `otherwise` when its words don't tell."""
    return guess_language(frozenset(_WORD.findall(fold(text[:4000]))), otherwise)


def prepare(
    text: str,
    *,
    written_at: datetime,
    zone: str,
    language: str | None,
    from_us: bool,
    currency: str,
    day_first: bool | None,
) -> Prose:
    """Make a text ready; quoted history below it is left out, and the language is guessed where it isn't known."""
    place = ZoneInfo(zone)
    folded = fold(text[:READ_AT_MOST])
    folded = _QUOTED_LINE.sub(lambda line: " " * len(line.group()), folded) if ">" in folded else folded
    folded = folded[: where_history_begins(folded)]
    code = language if language in BY_CODE else guess_language(frozenset(_WORD.findall(folded[:4000])))
    unwrapped = folded.replace("\n", " ")
    return Prose(
        raw=text,
        folded=unwrapped,
        sentences=tuple(_sentences(text, folded, unwrapped, code)),
        language=BY_CODE[code],
        moment=written_at.astimezone(place),
        zone=place,
        from_us=from_us,
        currency=currency,
        day_first=_is_day_first(zone) if day_first is None else day_first,
        quotations=tuple(m.span() for m in _QUOTATION.finditer(folded)) if '"' in folded else (),
    )


_MONTH_FIRST = frozenset(
    "America/New_York America/Chicago America/Denver America/Los_Angeles America/Phoenix America/Detroit "
    "America/Anchorage America/Boise Pacific/Honolulu".split()
)


def _is_day_first(zone: str) -> bool:
    """Only the United States write the month first."""
    return zone not in _MONTH_FIRST and not zone.startswith(("US/", "America/Indiana", "America/Kentucky"))


def _sentences(raw: str, folded: str, unwrapped: str, code: str) -> Iterator[Sentence]:
    """Cut where lines and stops say so; within a sentence a line break is a space, as it was only wrapped there."""
    begin = 0
    for end in _no_longer_than(LONGEST_SENTENCE, folded, [*_cuts(raw, folded, code), len(folded)]):
        vocabulary = frozenset(_WORD.findall(folded, begin, end))
        if vocabulary:
            yield sentence_at(unwrapped, begin, end, vocabulary)
        begin = end


def cut_at(folded: str, places: list[int], start: int = 0) -> list[Sentence]:
    """The text from `start` on as sentences cut at these places, leaving out those without a word."""
    edges = [start, *(place for place in places if place > start), len(folded)]
    spans = [(begin, end, frozenset(_WORD.findall(folded, begin, end))) for begin, end in pairwise(edges)]
    return [_trimmed(folded, begin, end, vocabulary) for begin, end, vocabulary in spans if vocabulary]


def _trimmed(folded: str, begin: int, end: int, vocabulary: frozenset[str]) -> Sentence:
    """Without the marks that cut it off; the question mark stays."""
    while end > begin and folded[end - 1] in " ,;:-+.\n":
        end -= 1
    return sentence_at(
        folded, begin + (len(folded[begin:end]) - len(folded[begin:end].lstrip(" ,;:-+.\n"))), end, vocabulary
    )


def _no_longer_than(limit: int, folded: str, cuts: list[int]) -> Iterator[int]:
    """The cuts, and more of them at spaces where a stretch without a stop is no sentence that anybody speaks."""
    begin = 0
    for cut in cuts:
        while cut - begin > limit:
            space = folded.rfind(" ", begin + limit // 2, begin + limit)
            begin = space + 1 if space > 0 else begin + limit
            yield begin
        yield cut
        begin = cut


def sentence_at(folded: str, begin: int, end: int, vocabulary: frozenset[str]) -> Sentence:
    """The stretch from begin to end as a sentence, without the space around it."""
    piece = folded[begin:end]
    start = begin + len(piece) - len(piece.lstrip())
    piece = piece.strip()
    return Sentence(
        start=start,
        end=start + len(piece),
        folded=piece,
        vocabulary=vocabulary,
        has_figures=_FIGURE.search(piece) is not None,
        asks=piece.rstrip("\"')] ").endswith("?"),
    )


def _cuts(raw: str, folded: str, code: str) -> list[int]:
    """The places after which a new sentence begins."""
    cuts = []
    line_start = 0
    for mark in _CUT.finditer(folded):
        if _ends_sentence(raw, folded, mark, line_start, code):
            cuts.append(mark.end())
        newline = folded.rfind("\n", mark.start(), mark.end())
        line_start = newline + 1 if newline >= 0 else line_start
    return cuts


def _ends_sentence(raw: str, folded: str, mark: re.Match[str], line_start: int, code: str) -> bool:
    sign = mark.group()
    if sign[0] in "!?" or sign.count("\n") > 1:
        return True
    if sign[0] == "\n":
        return _ends_line(raw, folded, mark, line_start)
    return len(sign.strip()) > 1 or not _is_short_form(raw, folded, mark, code)


def _ends_line(raw: str, folded: str, mark: re.Match[str], line_start: int) -> bool:
    """A line break ends a sentence before a list item, after a greeting, and after a short line before a capital."""
    line = folded[max(line_start, mark.start() - 120) : mark.start()].rstrip()
    if not line or (line[-1] in ":,;" and len(line) < 40) or _BULLET.match(folded, mark.end(), mark.end() + 6):
        return True
    following = raw[mark.end() : mark.end() + 20].lstrip()[:1]
    return len(line) < 45 and (following.isupper() or following.isdigit())


def _is_short_form(raw: str, folded: str, mark: re.Match[str], code: str) -> bool:
    """A full stop after an abbreviation, an ordinal or a year that the sentence goes on after."""
    before = _last_word(folded, mark.start())
    following = raw[mark.end() : mark.end() + 1]
    if before.isdigit():
        return following.islower() or following.isdigit() or (len(before) <= 2 and code != "en")
    return before in _SHORT_FORMS and not (len(before) == 1 and before not in "abzdug" and following.isupper())


def _last_word(folded: str, end: int) -> str:
    start = end
    while start > 0 and end - start < 12 and folded[start - 1].isalnum():
        start -= 1
    return folded[start:end]
