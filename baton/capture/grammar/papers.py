"""What a quote or an invoice says on its face: its kind, its number, its total, its date; in English, German, Croatian.

Read line by line from the text of the paper, by the words that stand before each. Net and gross are kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from baton.kernel.money import from_major

from .languages import BY_CODE
from .prose import fold

MOST_CHARACTERS = 40_000
HEAD_LINES = 40
LONGEST_LINE = 300
_KINDS = {
    "invoice": "tax invoice|invoice|rechnung|racun(?:a)?|faktura|fakture",
    "quote": "quotation|quote|estimate|proposal|offer|angebots?|kostenvoranschlag|offerte|ponud[aeu]|predracun(?:a)?",
}
_WORD_OF = re.compile(
    "|".join(rf"(?<![a-z])(?P<{kind}>{words})(?![a-z])" for kind, words in _KINDS.items())
    + r"|(?P<invoices>rechnungs(?:nummer|nr|datum|betrag))|(?P<quotes>angebots(?:nummer|nr|datum))"
)
_NOT_A_TITLE = re.compile(
    r"(?:invoice|bill|rechnung)s? ?(?:to|address|anschrift|an\b)|rechnungs(?:anschrift|adresse)|adresa"
    r"|per invoice|on invoice|after invoice|by invoice|nach rechnung|auf rechnung|po racunu|special offer"
)
_NUMBER = r"(?P<number>(?:[a-z]{1,6}[-/ ]?){0,2}\d[a-z0-9]{0,11}(?:[-/.][a-z0-9]{1,11}){0,4})(?![\d%])"
_NUMBERED = re.compile(
    r"(?:(?:tax )?invoice|quotation|quote|estimate|proposal|offer|angebots?|kostenvoranschlag|rechnungs?|racun[a]?|"
    r"ponud[aeu]|predracun[a]?|faktur[ae])[ -]?(?:(?:number|nummer|no|nr|num|id|ref|reference|broj|br)\b\.?|#)"
    rf"[ .:#]{{0,4}}\n?[ ]*{_NUMBER}"
    r"|(?:broj|br\.?) (?:racuna|ponude|predracuna|fakture)[ .:#]{0,4}\n?[ ]*"
    + _NUMBER.replace("number>", "broj>")
    + r"|(?:invoice|quotation|quote|estimate|angebot|rechnung|ponuda|racun|predracun)[ .:#]{1,4}"
    + _NUMBER.replace("number>", "bare>")
    + r"|(?:our ref(?:erence)?|reference|document no|belegnummer|vorgang)[ .:#]{1,4}"
    + _NUMBER.replace("number>", "ref>")
)
_DATE_WORDS = re.compile(
    r"\b(?:date|dated|datum|issued|ausgestellt|izdano|izdavanja|dana)\b|(?:rechnungs|angebots)datum"
)
_OTHER_DATES = re.compile(
    r"due|valid|expir|payable|deliver|supply|faellig|fallig|gultig|liefer|leistung|zahlbar|dospijec|vrijedi|rok|isporuk"
)
_DAY = re.compile(
    r"(?<!\d)(?:(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"
    r"|(?P<d2>\d{1,2})[./] ?(?P<m2>\d{1,2})[./] ?(?P<y2>20\d\d)"
    r"|(?P<d3>\d{1,2})(?:st|nd|rd|th)?\.? (?P<word>[a-z]{3,10})\.?,? (?P<y3>20\d\d)"
    r"|(?P<word4>[a-z]{3,10})\.? (?P<d4>\d{1,2})(?:st|nd|rd|th)?, (?P<y4>20\d\d))(?!\d)"
)
_NET = re.compile(
    r"\b(?:sub ?-?total|net(?: total| amount)?|"
    r"total (?:net|ex(?:cl)?(?:uding|\.)? ?(?:of )?(?:vat|tax)|before (?:vat|tax))|"
    r"netto(?:betrag|summe)?|zwischensumme|summe netto|gesamt netto|osnovica|(?:ukupno|iznos) bez pdv-?a?|neto)\b"
)
_GROSS = re.compile(
    r"\b(?:grand total|total|amount due|balance due|gesamt(?:betrag|summe|preis)?|endbetrag|rechnungsbetrag|"
    r"brutto(?:betrag|summe)?|zu zahlen(?:der betrag)?|summe(?: brutto)?|ukupno(?: s pdv-?om| za platiti)?|sveukupno|"
    r"za platiti|ukupan iznos|za uplatu)\b"
)
_NO_TOTAL = re.compile(r"\b(?:total (?:hours|pages|items|qty|quantity)|vat total|total (?:vat|tax)|davon|page|seite)\b")
_MONEY = re.compile(
    r"(?<![\d.,])(?P<minus>- ?)?(?P<amount>\d{1,3}(?:[., ']\d{3})+(?:[.,]\d{2})?|\d+[.,]\d{2}|\d{2,9})"
    r"(?![\d%]|[.,]\d| ?%)"
)
_CURRENCIES = {"£": "GBP", "€": "EUR", "$": "USD", "gbp": "GBP", "eur": "EUR", "usd": "USD", "chf": "CHF", "hrk": "HRK"}
_CURRENCY = re.compile(r"[£€$]|\b(?:gbp|eur|usd|chf|hrk)\b")


@dataclass(frozen=True, slots=True)
class Paper:
    """What one paper says. `total` is what is to be paid, `net` without tax; {"minor", "currency"} or None.

    `dated` is ISO 8601, empty where it says no date; `words` is the line that the amount stands in.
    """

    kind: str
    number: str
    total: dict[str, Any] | None
    net: dict[str, Any] | None
    dated: str
    words: str

    def as_value(self) -> dict[str, Any]:
        """Return it as it is kept beside a message."""
        told = {"number": self.number, "total": self.total, "net": self.net, "dated": self.dated, "words": self.words}
        return {"kind": self.kind} | {name: value for name, value in told.items() if value}


def read_paper(text: str, *, kind: str = "", currency: str = "GBP") -> Paper | None:
    """Read a paper's text; `kind` is what its file name says already. None where it is no quote and no invoice."""
    raw = [line.strip()[:LONGEST_LINE] for line in text[:MOST_CHARACTERS].splitlines() if line.strip()]
    lines = [fold(line) for line in raw]
    kind = kind or _kind(lines)
    if kind not in _KINDS:
        return None
    money = _currency_of(lines, currency)
    net, gross = _sum(lines, _NET, money), _sum(lines, _GROSS, money, but=_NET)
    at = gross[0] if gross else net[0] if net else None
    words = " ".join(raw[at].split())[:200] if at is not None else ""
    return Paper(kind, _number(lines, raw), gross and gross[1], net and net[1], _dated(lines), words)


def _kind(lines: list[str]) -> str:
    """The first line of the head that names one, in a line of a few words: a heading, not a sentence."""
    for line in lines[:HEAD_LINES]:
        found = _WORD_OF.search(line)
        if found and len(line.split()) <= 8 and not _NOT_A_TITLE.search(line):
            return "invoice" if found["invoice"] or found["invoices"] else "quote"
    return ""


def _number(lines: list[str], raw: list[str]) -> str:
    folded, plain = "\n".join(lines[:HEAD_LINES]), "\n".join(raw[:HEAD_LINES])
    for found in _NUMBERED.finditer(folded):
        group = next(name for name in ("number", "broj", "bare", "ref") if found[name])
        told = plain[found.start(group) : found.end(group)] if len(folded) == len(plain) else found[group].upper()
        if not _DAY.fullmatch(found[group]):
            return told.strip(" .")[:40]
    return ""


def _dated(lines: list[str]) -> str:
    """The day beside the word for it; else the first day of the head that is no other day."""
    head = lines[:HEAD_LINES]
    for index, line in enumerate(head):
        if _DATE_WORDS.search(line) and not _OTHER_DATES.search(line):
            day = _day(line) or _day(" ".join(head[index + 1 : index + 2]))
            if day:
                return day
    return next((day for line in head if not _OTHER_DATES.search(line) and (day := _day(line))), "")


def _day(line: str) -> str:
    for found in _DAY.finditer(line):
        day = _as_iso(found)
        if day:
            return day
    return ""


def _as_iso(found: re.Match[str]) -> str:
    year = found["y"] or found["y2"] or found["y3"] or found["y4"]
    day = int(found["d"] or found["d2"] or found["d3"] or found["d4"])
    month = int(found["m"] or found["m2"] or 0) or _month(found["word"] or found["word4"] or "")
    return f"{year}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _month(word: str) -> int:
    return next((language.months[word] for language in BY_CODE.values() if word in language.months), 0)


def _sum(
    lines: list[str], label: re.Pattern[str], currency: str, but: re.Pattern[str] | None = None
) -> tuple[int, dict[str, Any]] | None:
    """The last line with such a label and an amount, on it or on the line below: totals stand at the end."""
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        found = label.search(line)
        if not found or _NO_TOTAL.search(line) or (but and but.search(line)):
            continue
        below = lines[index + 1] if index + 1 < len(lines) else ""
        minor = _last_amount(line[found.end() :], currency)
        if minor is None and _is_only_money(below):
            minor = _last_amount(below, currency)
        if minor is not None:
            return index, {"minor": minor, "currency": currency}
    return None


def _is_only_money(line: str) -> bool:
    return bool(line) and not re.search(r"[a-z]{4,}", line)


def _last_amount(text: str, currency: str) -> int | None:
    found = list(_amounts(text))
    return from_major(found[-1], currency).minor if found else None


def _amounts(text: str) -> Iterator[Decimal]:
    for found in _MONEY.finditer(text):
        number = re.sub(r"[ ']", "", found["amount"])
        whole, cents = (number[:-3], "." + number[-2:]) if number[-3:-2] in {".", ","} else (number, "")
        number = re.sub(r"[.,]", "", whole) + cents
        yield Decimal(number) * (-1 if found["minus"] else 1)


def _currency_of(lines: list[str], otherwise: str) -> str:
    found = [_CURRENCIES[one] for line in lines for one in _CURRENCY.findall(line)]
    return max(sorted(set(found)), key=found.count) if found else otherwise
