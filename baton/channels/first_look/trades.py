"""Which trade the words of headings speak of, so that the nearest ready map is offered with its reason. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

WORDS: dict[str, tuple[str, ...]] = {
    "facilities": (
        "site", "clean", "crew", "key", "survey", "install", "repair", "maintenance", "contractor", "building", "roof",
        "access", "waste", "heating", "window",
        "baustelle", "reinigung", "wartung", "reparatur", "montage", "schlüssel",
        "gebäude", "heizung", "dach", "gradili", "čišćen", "odrzavan", "održavan", "popravak", "montaž", "ključ",
        "zgrad", "krov",
    ),
    "law-firm": (
        "claim", "court", "hearing", "matter", "lawsuit", "legal", "counsel", "settlement", "plaintiff", "appeal",
        "power of attorney", "klage", "gericht", "verhandlung", "mandat", "rechtsstreit", "vollmacht", "urteil",
        "tužb", "sud", "ročišt", "punomoć", "presud", "odvjetni",
    ),
    "agency": (
        "campaign", "brief", "design", "website", "logo", "concept", "creative", "brand", "launch", "content", "social",
        "kampagne", "entwurf", "konzept", "gestaltung", "kampanj", "dizajn", "oglas", "koncept", "tekstov",
    ),
}  # fmt: skip
"""Beginnings of words by ready map, in English, German and Croatian."""
MOST_WORDS = 5


def trades_in(subjects: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return ready map → its words that headings speak of, with how many headings; the most frequent first."""
    counted: dict[str, Counter[str]] = {trade: Counter() for trade in WORDS}
    for subject in set(subjects):
        folded = subject.casefold()
        for trade, beginnings in WORDS.items():
            counted[trade].update({each for each in beginnings if re.search(rf"(?<!\w){re.escape(each)}", folded)})
    return {trade: dict(words.most_common(MOST_WORDS)) for trade, words in counted.items() if words}


def nearest_trade(trades: dict[str, dict[str, int]]) -> str:
    """Return the ready map that most headings speak for, empty where none does or two do alike."""
    ranked = sorted(((sum(words.values()), trade) for trade, words in trades.items()), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return ""
    return ranked[0][1]
