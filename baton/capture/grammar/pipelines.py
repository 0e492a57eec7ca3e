"""A sheet that is the pipeline under another name: told from the words in its first rows, in three languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .prose import fold

ROWS_LOOKED_AT = 15
MOST_COLUMNS = 80
FEWEST = 3
_WHAT = {
    "deal": "deals?|accountid|opportunit(?:y|ies)|opps?|projects?|accounts?|customers?|clients?|company|"
    "prospects?|leads?|"
    "kunden?|projekte?|auftrag|vorgang|firma|chance|kupac|klijent|projekt|posao|tvrtka|prilika",
    "amount": "amounts?|values?|revenue|acv|arr|mrr|tcv|price|total|worth|budget|betrag|wert|umsatz|summe|volumen|"
    "iznos|vrijednost|prihod|cijena",
    "stage": "stages?|stagename|dealstage|status|phases?|pipeline|category|forecast|commit|"
    "best case|stufe|prognose|kategorie|faza|stadij|"
    "prognoza",
    "chance": "prob(?:ability)?|chance|likelihood|confidence|weighted|win|wahrscheinlichkeit|gewichtet|vjerojatnost|"
    "ponderirano",
    "when": "clos(?:e|es|ing|ed)|closedate|expected|due|eta|sign(?:ed|ing)?|quarter|month|abschluss|"
    "erwartet|quartal|monat|"
    "zatvaranje|ocekivano|kvartal|mjesec",
    "who": "owner|rep|salesperson|seller|account manager|am|ae|verantwortlich(?:er)?|zustandig|betreuer|vlasnik|"
    "zaduzen|prodavac",
    "next": "next|step|action|nachster|schritt|sljedeci|korak",
}
_HEARD = {name: re.compile(rf"\b(?:{words})\b") for name, words in _WHAT.items()}
_MARKS = re.compile(r"[_/()%#.:-]+")


def pipeline_columns(rows: Sequence[Sequence[object]]) -> tuple[int, list[str]] | None:
    """Return where the heads of the columns stand and what they are, if they are those of a pipeline or a forecast.

    It names what is sold or to whom, what it is worth, and how it stands: a stage, a chance or a day of closing.
    """
    for index, row in enumerate(rows[:ROWS_LOOKED_AT]):
        heads = [" ".join(str(cell).split())[:60] for cell in row[:MOST_COLUMNS] if _is_head(cell)]
        if len(heads) >= FEWEST and _is_pipeline(heads):
            return index, heads
    return None


def _is_head(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell.strip()) and len(cell) <= 120


def _is_pipeline(heads: list[str]) -> bool:
    plain = [_MARKS.sub(" ", fold(head)) for head in heads]
    found = {name for name, words in _HEARD.items() if any(words.search(head) for head in plain)}
    return {"deal", "amount"} <= found and len(found & {"stage", "chance", "when"}) >= 1 and len(found) >= 4
