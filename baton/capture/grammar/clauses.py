"""Parts of a sentence: what is done, without the date and without the next thing that is said."""

import re

from .dates import Mention
from .prose import Prose

_ENDS = re.compile(
    r";|:(?!\d)|\.{2,}| - |\n\n|,? (?:but|because|since|so that|although|however|"
    r"aber|weil|damit|sondern|ali|jer|kako bi) "
    r"|, ok(?:ay)?\b|,? and (?:i|we|he|she|they|then i|then we)\b|, (?:which|so|and|then|und|wobei|te|pa|a|i) |"
    r"[.!?](?:$| )"
)
_EDGE = " ,.;:!?-\n\t\"'()"
_TRAILING = re.compile(
    r"(?<!come)(?<!stop)(?<!swing)(?<!drop)[ ,]+(?:by|on|at|before|until|for|the|in|and|latest|no later than|bis|"
    r"zum|am|"
    r"um|und|spatestens|do|u|za|najkasnije|i|to)$"
)


def clause_end(prose: Prose, start: int, limit: int) -> int:
    """Where the clause that begins at `start` ends, at most 220 characters on."""
    stop = min(limit, start + 220)
    end = _ENDS.search(prose.folded, start, stop)
    return end.start() if end else stop


def words_between(prose: Prose, start: int, end: int, mention: Mention | None) -> str:
    """The text from start to end without the date that stands in it, as it was written."""
    if mention is None or not start <= mention.lead < end:
        return _tidy(prose.raw[start:end])
    return _tidy(f"{_tidy(prose.raw[start : mention.lead])} {_tidy(prose.raw[min(mention.end, end) : end])}")


def _tidy(text: str) -> str:
    line = " ".join(text.split()).strip(_EDGE)
    while (trailing := _TRAILING.search(line.lower())) is not None:
        line = line[: trailing.start()].strip(_EDGE)
    return line


def date_of(mentions: list[Mention], start: int, end: int, sentence_start: int) -> Mention | None:
    """The date that a clause speaks of: a deadline in it, else its first date, else a deadline that leads it in."""
    inside = [mention for mention in mentions if start <= mention.start < end]
    due = next((mention for mention in inside if mention.due), None)
    leading = [mention for mention in mentions if sentence_start <= mention.start < start and start - mention.end < 40]
    return due or next(iter(inside), None) or next(reversed(leading), None)
