"""Folding of words, in Python for both databases: “Đurić” is found by “duric”, and lists sort as people expect."""

import re
import unicodedata

_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def folded(text: str) -> str:
    """Return the text case-folded, without accents and with one blank between words."""
    lowered = " ".join(text.casefold().split())
    if lowered.isascii():
        return lowered
    return _BEYOND_ASCII.sub(_without_accent, unicodedata.normalize("NFKD", lowered.translate(_LETTERS)))


def _without_accent(letter: re.Match[str]) -> str:
    return "" if unicodedata.combining(letter[0]) else letter[0]


def words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return _WORD.findall(folded(text))
