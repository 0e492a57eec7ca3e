"""One-line questions: “what will close in Q4?”, “how many open deals has Nell?”, “what did we win last month?”.

Read with the words of a template's labels. What isn't understood whole is refused, with the words that weren't.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.decide.requests.figures import Deals, Figure
from baton.decide.requests.knowing import names_in
from baton.decide.requests.meaning import Ask
from baton.decide.requests.periods import Between, placed, to_date
from baton.decide.requests.together import UNKEPT_SAYS
from baton.decide.requests.words import Reading, read_label
from baton.kernel.money import digits, from_major
from baton.kernel.verdict import Refusal
from baton.kernel.words import day, money
from baton.ledger.text import folded

LONGEST = 300
CLOSING = re.compile(
    r"\b(?:will|going to|due to|expected to|likely to|wird|werden|ce|cemo|hoce|hocemo)?\s*\b(?:se\s+)?"
    r"(?:close|closes|closing|come in|land|lands|abgeschlossen|schliessen|schliesst|abschliessen|"
    r"zatvoriti|zatvara|zatvaramo|zatvaraju|zakljuciti|zakljucujemo)\b"
)
ASIDE = re.compile(r"\b(?:werden|wird|will|ce|cemo|ab|se)\b")
"""What stands apart from its verb: “was schließen wir in Q4 ab?”, “was wird in Q4 abgeschlossen?”."""
COUNTING = re.compile(r"\b(?:how many|number of|wie viele|wieviele|koliko)\b")
MEANT = (
    (re.compile(r"\b(?:did we win|have we won|we won|haben wir gewonnen|smo dobili|(?:je )?dobi(?:li|la|o))\b"), "won"),
    (
        re.compile(
            r"\b(?:did we lose|have we lost|we lost|haben wir verloren|smo izgubili|(?:je )?izgubi(?:li|la|o))\b"
        ),
        "lost",
    ),
    (re.compile(r"\b(?:in the pipeline|in der pipeline|u pipelineu)\b"), "open"),
)
ORDINALS = (
    r"first|erste[ns]?|prvom|prvog",
    r"second|zweite[ns]?|drugom|drugog",
    r"third|dritte[ns]?|trecem|treceg",
    r"fourth|vierte[ns]?|cetvrtom|cetvrtog",
)
QUARTERS = [
    (re.compile(rf"\b(?:{words})\s+(?:quarter|quartals?|kvartalu?a?|tromjesecj[ua])\b"), f"q{number}")
    for number, words in enumerate(ORDINALS, start=1)
]
FILLING = re.compile(
    r"\b(?:hi|hello|hey|baton|please|can you|could you|tell me|give me|show me|do we have|have we got|there|got|"
    r"whats|what s|what|which|who|do|did|can|s|bitte|zeige|"
    r"zeig|sag|mir|was|welche|welchen|haben|hat|wir|ist|sind|bei|kod|gibt es|wie viel|wieviel|wie hoch|wie gross|wie|"
    r"molim|sto|koji|koje|koliki|kolika|imamo|ima|smo|je|su)\b"
)


ASKING = re.compile(
    r"^(?:(?:hi|hello|hey|baton|please|bitte|molim)\b[ ,]*)*"
    r"(?:what|how (?:many|much)|which|was|wie ?viele?|wie|welche|koliko|koliki|kolika|sto|koji|koje)\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of an answer: what it is, what was asked, and its value with the deals behind it."""

    what: str
    ask: Ask
    figure: Figure


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words, and the figures that it says."""

    sentence: str
    lines: list[Line]


def answer_question(text: str, deals: Deals) -> Said:
    """Return the answer to a question in one line. Raises `Refusal` where Baton doesn't understand it whole."""
    question = " ".join(text.split())[:LONGEST].strip(" ?!.")
    if not question:
        raise Refusal(_("Ask for a figure, for example: what will close in Q4?"))
    closing, reading = _read(question, deals)
    between = _between(reading, deals)
    about = tuple(sorted(reading.about.items()))
    if closing:
        lines = _closing(about, between, deals)
    else:
        ask = Ask(reading.base or "amount", reading.status or "open", between, about, 1, reading.currency)
        lines = [_line(ask, deals)] + ([_line(replace(ask, base="amount"), deals)] if ask.base == "count" else [])
        lines += [_line(replace(ask, base="count"), deals)] if ask.base == "amount" else []
    return Said(_sentence(reading, lines, between), lines)


def is_question(text: str, deals: Deals) -> bool:
    """Whether one line asks Baton for a figure; anything else that a member writes is a line to record.

    What is understood whole does. What only speaks of figures does where it asks in so many words: then the answer says
    which words weren't understood.
    """
    question = " ".join(text.split())
    asks, marked = bool(ASKING.search(folded(question))), question.endswith("?")
    if "\n" in text.strip() or len(question) > LONGEST or not (asks or marked):
        return False
    closing, reading = _reading(question.strip(" ?!."), deals)
    if not (closing or reading.base or reading.status or reading.unkept):
        return False
    return not reading.left or (asks and marked)


def _read(question: str, deals: Deals) -> tuple[bool, Reading]:
    closing, reading = _reading(question, deals)
    _refuse(reading, closing)
    return closing, reading


def _reading(question: str, deals: Deals) -> tuple[bool, Reading]:
    """Return whether it asks what will close, and what else it says."""
    low = folded(question).replace("’", " ").replace("'", " ")
    for pattern, quarter in QUARTERS:
        low = pattern.sub(quarter, low)
    names = names_in(deals, [question])
    closing = bool(CLOSING.search(low))
    counting = bool(COUNTING.search(low))
    meant = next((status for pattern, status in MEANT if pattern.search(low)), "")
    for pattern, _status in MEANT:
        low = pattern.sub(" ", low)
    low = FILLING.sub(" ", COUNTING.sub(" ", ASIDE.sub(" ", CLOSING.sub(" ", low)) if closing else low))
    reading = read_label(low, names, deals.today)
    reading.text = question
    reading.status = meant or reading.status
    reading.base = "count" if counting and reading.base in {"", "count"} else reading.base
    return closing and not meant, reading


def _refuse(reading: Reading, closing: bool) -> None:
    if reading.unkept:
        raise Refusal(UNKEPT_SAYS[reading.unkept] % {"label": reading.text})
    if reading.left:
        told = {"words": ", ".join(f"“{word}”" for word in reading.left[:5])}
        raise Refusal(
            _("I didn’t understand %(words)s. Ask for what is open, weighted, won or lost, of whom, and when.") % told
        )
    if not (reading.base or reading.status or closing or (reading.about and reading.span)):
        raise Refusal(_("I didn’t understand which figure that asks for. For example: what will close in Q4?"))


def _between(reading: Reading, deals: Deals) -> Between | None:
    if reading.span is None:
        return None
    return (
        to_date(reading.span, deals.today) if reading.span.kind == "to date" else placed(reading.span, deals.today.year)
    )


def _closing(about: tuple[tuple[str, str], ...], between: Between | None, deals: Deals) -> list[Line]:
    """What will close: what is open and due then, what that weighs, and what is won in the same time already."""
    asks = [Ask("amount", "open", between, about), Ask("count", "open", between, about)]
    asks += [Ask("amount", "weighted", between, about), Ask("amount", "won", between, about)]
    return [_line(ask, deals) for ask in asks]


def _line(ask: Ask, deals: Deals) -> Line:
    return Line(what_is(ask), ask, deals.figure(ask))


STATUS_NAMES = {
    "open": gettext_lazy("open"),
    "won": gettext_lazy("won"),
    "lost": gettext_lazy("lost"),
    "weighted": gettext_lazy("weighted by evidence"),
    "likely": gettext_lazy("won and weighted"),
    "commit": gettext_lazy("commit"),
    "best case": gettext_lazy("best case"),
    "new": gettext_lazy("new"),
}
BASE_NAMES = {
    "amount": gettext_lazy("worth"),
    "count": gettext_lazy("number of deals"),
    "average": gettext_lazy("average"),
    "largest": gettext_lazy("largest deal"),
    "next_close": gettext_lazy("next close date"),
    "rate": gettext_lazy("share won"),
}


def what_is(ask: Ask) -> str:
    """Return a figure's name: “worth, open”."""
    base = str(BASE_NAMES[ask.base])
    return f"{base}, {STATUS_NAMES[ask.status]}" if ask.status else base


def in_words(figure: Figure) -> str:
    """Return a figure's value as people read it."""
    value = figure.value
    if value is None:
        return figure.why
    if figure.shows == "money" and isinstance(value, int | float):
        return money(from_major(f"{value:.{digits(figure.currency)}f}", figure.currency).minor, figure.currency)
    if figure.shows == "day":
        return day(value)  # type: ignore[arg-type]
    if figure.shows == "share" and isinstance(value, float):
        return f"{value:.0%}"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _sentence(reading: Reading, lines: list[Line], between: Between | None) -> str:
    when = _(" (%(first)s to %(last)s)") % {"first": day(between.first), "last": day(between.last)} if between else ""
    known = [one for one in lines if one.figure.value is not None]
    if not known:
        return lines[0].figure.why
    count = next((one.figure for one in lines if one.ask.base == "count" and one.figure.value is not None), None)
    worth = next((one for one in lines if one.ask.base == "amount" and one.figure.value is not None), None)
    if count is None or worth is None:
        return f"{in_words(known[0].figure)}{when}."
    number = int(float(str(count.value)))
    told = {"count": number, "worth": in_words(worth.figure), "status": what_is(worth.ask).partition(", ")[2]}
    found = ngettext(
        "%(count)d deal is %(status)s, worth %(worth)s", "%(count)d deals are %(status)s, worth %(worth)s", number
    )
    rest = [f"{one.what}: {in_words(one.figure)}" for one in known if one is not worth and one.ask.base != "count"]
    return "; ".join([found % told + when, *rest]) + "."
