"""The words that stand beside cells to fill, in English, German and Croatian: what figure is asked, about whom, when.
Pure.

A label is understood when every word of it is. What Baton keeps nothing of (targets, costs, headcount) is known by
name too, so that a cell can say why it stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from baton.decide.requests.periods import UNPLACED, Span, read_span
from baton.ledger.text import folded

_TOKEN = re.compile(r"[a-z0-9]+|[#%€£$]")

BASES = {
    "count": (
        "deals|deal count|number of deals|number|count|no of deals|opportunities|opportunity count|opps|jobs|"
        "anzahl|anzahl "
        "deals|anzahl auftrage|auftrage|chancen|vorgange|broj|broj poslova|broj prilika|poslovi|poslova|"
        "prilike|prilika|poslove|#"
    ),
    "amount": "amount|value|worth|volume|total value|deal value|betrag|wert|auftragswert|volumen|iznos|vrijednost",
    "average": "average|avg|mean|average deal|average deal size|deal size|durchschnitt|prosjek|prosjecno",
    "largest": "largest|largest deal|biggest|biggest deal|top deal|grosster|grosster deal|najveci|najveci posao",
    "next_close": "closes|next close|next closing|nachster abschluss|sljedece zatvaranje",
    "rate": "win rate|hit rate|close rate|abschlussquote|gewinnquote|erfolgsquote|stopa uspjeha|uspjesnost",
}
STATUSES = {
    "open": (
        "open|pipeline|open pipeline|pipe|in progress|offen|offene|offener|offenes|laufend|laufende|otvoren|"
        "otvoreni|otvoreno|"
        "otvorene|otvorenih|u tijeku"
    ),
    "won": (
        "won|win|closed won|signed|booked|bookings|new bookings|orders|order intake|wins|sold|gewonnen|gewonnene|"
        "auftragseingang|"
        "unterschrieben|dobiveno|dobiveni|dobivenih|potpisano|ugovoreno|prodano"
    ),
    "lost": "lost|closed lost|losses|verloren|verlorene|izgubljeno|izgubljeni|izgubljenih",
    "weighted": (
        "weighted|weighted pipeline|weighted value|probability weighted|risk adjusted|gewichtet|gewichtete|gewichteter|"
        "ponderirano|ponderirani|ponderirana"
    ),
    "likely": (
        "likely|forecast|sales forecast|forecasted|expected|projection|projected|outlook|prognose|vertriebsprognose|"
        "erwartet|vorschau|prognoza|ocekivano|predvidanje"
    ),
    "commit": "commit|committed|commitment|zugesagt|obvezano",
    "best case": "best case|bestcase|upside|bester fall|najbolji slucaj",
    "new": "new|new deals|created|added|neu|neue|novi|nove|novih",
}
WEAK = {
    "won": (
        "revenue|sales|turnover|income|actual|actuals|closed|umsatz|erlose|ist|abgeschlossen|prihod|prihodi|promet|prodaja|"
        "ostvareno|zakljuceno|zatvoreno"
    ),
}
"""Words that may mean what was won, and may mean what the books say: a person decides."""
TOTALS = (
    "total|totals|sum|summe|gesamt|gesamtsumme|insgesamt|ukupno|sveukupno|zbroj|suma|grand total|overall|all|team total"
)
UNITS = {
    1000: "k|thousand|thousands|in thousands|000|000s|tsd|teur|keur|tis|tisuca|u tisucama|in tausend|tausend",
    1_000_000: "mio|million|millions|in millions|mil|milijuna|in millionen|millionen",
}
CURRENCIES = {
    "EUR": "eur|euro|euros|€|eura",
    "GBP": "gbp|£|sterling|pounds",
    "USD": "usd|$|us|dollars",
    "CHF": "chf|fr|franken",
}
NOISE = frozenset(
    "of the in by per for and from to at on our as a an with all der die das den dem von im je pro und nach "
    "zum zur fur bis "
    "za po u i od do s na iz figures figure please report sheet table current month monthly quarterly weekly year "
    "is are we be will how many much what does has have us this".split()
)
UNKEPT = {
    "target": "target|targets|quota|quotas|budget|budgeted|plan|planned|ziel|ziele|soll|zielwert|cilj|ciljevi|proracun",
    "cost": (
        "cost|costs|cogs|expense|expenses|opex|capex|overhead|salaries|kosten|ausgaben|troskovi|rashodi|cost "
        "of goods sold|"
        "operating expenses|gross profit|gross margin|margin|profit|net income|ebitda|marge|gewinn|dobit|marza|tax"
    ),
    "headcount": "headcount|fte|employees|mitarbeiter|zaposlenici|hc",
    "cash": "cash|cash flow|balance|opening balance|closing balance|kassenbestand|saldo|stanje racuna|receivables",
    "variance": "variance|delta|difference|abweichung|razlika|odstupanje",
    "prior": "prior year|previous year|vorjahr|prosla godina|yoy|growth",
}
FIELDS = {
    "title": (
        "deal|deal name|deals|opportunity|opportunity name|project|project name|job|name of deal|title|auftrag|"
        "projekt|vorgang|"
        "bezeichnung|titel|naziv|posao|naziv posla|naziv projekta|prilika"
    ),
    "company": "company|client|customer|account|account name|customer name|kunde|firma|kupac|klijent|tvrtka",
    "contact": "contact|contact name|ansprechpartner|kontakt|kontaktperson|kontakt osoba",
    "stage": "stage|deal stage|sales stage|phase|verkaufsphase|faza|faza prodaje",
    "owner": (
        "owner|deal owner|rep|sales rep|salesperson|sales person|account manager|responsible|person|name|who|verkaufer|"
        "vertriebler|verantwortlich|bearbeiter|zustandig|prodavac|vlasnik|odgovorna osoba|komercijalist|member"
    ),
    "desk": "desk|team|abteilung|tim|odjel",
    "amount": "amount|value|worth|deal value|price|contract value|betrag|wert|auftragswert|iznos|vrijednost|cijena",
    "weighted": "weighted|weighted value|weighted amount|gewichtet|gewichteter wert|ponderirano|ponderirani iznos",
    "chance": "probability|chance|likelihood|prob|wahrscheinlichkeit|vjerojatnost|%",
    "close_date": (
        "close date|expected close|expected close date|closing date|close|closes|due|abschluss|abschlussdatum|"
        "erwarteter abschluss|datum zatvaranja|ocekivano zatvaranje|zatvaranje|datum"
    ),
    "next_step": "next step|next action|nachster schritt|sljedeci korak|iduci korak",
    "next_step_at": "next step date|next step due|follow up|wiedervorlage|datum sljedeceg koraka",
    "service": "service|product|service line|leistung|produkt|dienstleistung|usluga|proizvod",
    "source": "source|lead source|quelle|herkunft|izvor",
    "category": "category|forecast category|kategorie|kategorija",
    "currency": "currency|wahrung|valuta",
    "status": "status|state|zustand|stanje|outcome",
    "evidence": "evidence|proof|proven|beleg|nachweis|dokaz",
    "number": "no|nr|#|pos|rb|redni broj|lfd nr|line",
    "opened": "created|opened|created on|start date|erstellt|angelegt|otvoreno|kreirano",
}
GROUPS = frozenset({"owner", "stage", "service", "source", "company", "desk", "category"})
"""Fields that deals can be grouped by: one row a person, one row a stage."""


def _table(words: Mapping[object, str]) -> dict[str, object]:
    return {phrase: meaning for meaning, phrases in words.items() for phrase in phrases.split("|")}


_BASES, _STATUSES, _WEAK, _UNITS = _table(BASES), _table(STATUSES), _table(WEAK), _table(UNITS)
_CURRENCIES, _UNKEPT, _FIELDS = _table(CURRENCIES), _table(UNKEPT), _table(FIELDS)
_TOTALS = frozenset(TOTALS.split("|"))
LONGEST = 5
STRONG, FAIR, WEAKLY = 0.95, 0.75, 0.45


@dataclass(slots=True)
class Reading:
    """What a label says. `left` are words that nobody understood; `sure` is how sure the rest is, 0 to 1."""

    text: str
    base: str = ""
    status: str = ""
    span: Span | None = None
    about: dict[str, str] = field(default_factory=dict)
    total: bool = False
    unit: int = 1
    currency: str = ""
    field: str = ""
    unkept: str = ""
    unplaced: bool = False
    left: tuple[str, ...] = ()
    sure: float = STRONG

    @property
    def says(self) -> bool:
        """Whether it says anything about a figure."""
        return bool(self.base or self.status or self.span or self.about or self.total)

    @property
    def understood(self) -> bool:
        """Whether it says something, and nothing beyond it."""
        return self.says and not self.left and not self.unkept and not self.unplaced

    @property
    def empty(self) -> bool:
        """Whether it is only a unit or a mark, and names nothing."""
        return not (self.says or self.left or self.unkept or self.unplaced or self.field)


@dataclass(frozen=True, slots=True)
class Names:
    """Who and what a business knows by name: folded words → (kind, value): ("owner", id), ("stage", id)."""

    known: Mapping[str, tuple[str, str]]
    fields: Mapping[str, str] = field(default_factory=dict)
    """Folded names of the map's own fields → their keys."""


def tokens(text: str) -> list[str]:
    """Return the words of a label, folded; amounts of space, marks and case don't matter."""
    return _TOKEN.findall(folded(text.replace("_", " ")))


def read_label(text: str, names: Names, today: date) -> Reading:
    """Return what a label says."""
    found = Reading(text[:200])
    plain = " ".join(tokens(text))
    found.field = str(names.fields.get(plain) or _FIELDS.get(plain) or "")
    folded_text = folded(text[:200])
    if UNPLACED.fullmatch(folded_text.strip()):
        found.unplaced = True
        return found
    if plain in names.known:
        kind, value = names.known[plain]
        found.about[kind] = value
        return found
    span = read_span(folded_text, today)
    words = tokens(span[1] if span else folded_text)
    found.span = span[0] if span else None
    _take(found, words, names)
    return found


def _take(found: Reading, words: list[str], names: Names) -> None:
    left: list[str] = []
    place = 0
    while place < len(words):
        size = next(
            (n for n in range(min(LONGEST, len(words) - place), 0, -1) if _is(found, words, place, n, names)), 0
        )
        if not size:
            left += [words[place]] if words[place] not in NOISE else []
        place += size or 1
    found.left = tuple(left)


def _is(found: Reading, words: list[str], place: int, size: int, names: Names) -> bool:
    """Take a phrase into the reading. Return whether it is one."""
    phrase = " ".join(words[place : place + size])
    if phrase in names.known:
        kind, value = names.known[phrase]
        found.about.setdefault(kind, value)
    elif phrase in _UNKEPT:
        found.unkept = found.unkept or str(_UNKEPT[phrase])
    elif phrase in _STATUSES:
        found.status = found.status or str(_STATUSES[phrase])
    elif phrase in _BASES:
        found.base = found.base or str(_BASES[phrase])
    elif phrase in _TOTALS:
        found.total = True
    elif phrase in _WEAK:
        found.status, found.sure = found.status or str(_WEAK[phrase]), min(found.sure, WEAKLY)
    elif phrase in _UNITS:
        found.unit = int(str(_UNITS[phrase]))
    elif phrase in _CURRENCIES:
        found.currency = str(_CURRENCIES[phrase])
    else:
        return False
    return True


def is_common(phrase: str) -> bool:
    """Whether a phrase means a figure of its own, so that a desk or a service of that name doesn't take it."""
    tables = (_BASES, _STATUSES, _WEAK, _UNITS, _CURRENCIES, _UNKEPT)
    return phrase in _TOTALS or any(phrase in table for table in tables)
