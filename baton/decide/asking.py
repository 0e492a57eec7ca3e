"""“What does Baton say?”: a question about the pipeline as filters of the deals list, read word by word.

What isn't understood is named and refused, and nothing is guessed around it. The words are English, whatever language
the pages are in; stages, desks, people and choices go by their names in the map.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from baton.decide.registry import registry
from baton.decide.spans_of_time import Period, period_in
from baton.decide.views import Filter, View
from baton.kernel.verdict import Refusal
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.members.models import Member

GROUPED = re.compile(r"\b(?:by|per|each|for each) (stage|owner|person|member|desk|service|source|month|status)\b")
MORE = re.compile(r"\b(?:over|above|more than|at least|from) ((?:[£$€]\s?)?\d[\d.,]*\s?[km]?)\b")
LESS = re.compile(r"\b(?:under|below|less than|at most|up to) ((?:[£$€]\s?)?\d[\d.,]*\s?[km]?)\b")
MISSING = re.compile(r"\b(?:without|with no|lacking|no|missing|have no|has no) (?:an? )?")
EVENTS = {"won": "deal.won", "lost": "deal.lost", "opened": "deal.opened", "new": "deal.opened"}
ENDED = {"won": ("won", "done"), "lost": ("lost",), "done": ("done",), "finished": ("done",), "open": ("open",)}
SAID = {"said": "no", "unproven": "no", "not shown": "no", "without evidence": "no", "shown": "yes", "proven": "yes"}
CLOSING = re.compile(r"\b(?:clos(?:e|es|ing)|due to close|expected|forecast)\b")
COUNTING = re.compile(r"\b(?:how many|number of|count)\b")
FILLERS = set(
    "what which who whose how many much is are was were will would do does did we us our have has had the a an of in "
    "at on for to with and all any deal deals pipeline sum total amount amounts worth value money there show me list "
    "give tell baton say says please currently now still number count be been that this by get got expect expected "
    "going it s they their stage desk owner owned owns has standing stand stands status month".split()
)
"""Words that say nothing about which deals are meant."""
GROUPS = {"person": "owner", "member": "owner", "month": "close_date"}


@dataclass(slots=True)
class Question:
    """A question as it was read: which deals, in how many groups. `understood` says it back, one phrase each.

    `happened` are events that the deals must have had in a period, as (kind, period): that is no filter of the list.
    """

    text: str
    filters: list[Filter] = field(default_factory=list)
    happened: list[tuple[str, Period]] = field(default_factory=list)
    group: str = ""
    counts: bool = False
    understood: list[str] = field(default_factory=list)

    @property
    def view(self) -> View:
        """Return the deals that are meant, as the list shows them."""
        return View(filters=tuple(self.filters), sort="-amount")

    @property
    def opens_in_list(self) -> bool:
        """Whether the deals list can show exactly these deals: it filters by what is, not by what happened when."""
        return not self.happened

    def add(self, name: str, operator: str, *typed: str, said: str) -> None:
        self.filters.append(Filter(name, operator, typed))
        self.understood.append(said)


Reader = Callable[[str, Question, date], str]


def read_question(text: str, *, at: datetime) -> Question:
    """Read a question; raises `Refusal` with what wasn't understood and what could be asked."""
    question = Question(" ".join(text.split())[:400])
    rest = _plain(question.text)
    if not rest:
        raise Refusal(_("Ask something about the pipeline: %(examples)s.") % {"examples": examples()})
    today = at.astimezone(current_map().hours.tz).date()
    for reader in _READERS:
        rest = reader(" ".join(rest.split()), question, today)
    left = [word for word in re.findall(r"[\w£$€&-]+", rest) if word.lower() not in FILLERS and len(word) > 1]
    if left:
        told = {"words": ", ".join(f"“{word}”" for word in left), "examples": examples()}
        raise Refusal(_("I don’t know what %(words)s means here, so I don’t guess. I can answer: %(examples)s.") % told)
    _usually_open(question)
    return question


def examples() -> str:
    """Return questions that are understood, in the words of this map."""
    stages = list(current_map().stages.values())
    stage = stages[min(1, len(stages) - 1)].name.lower()
    return _("“how many deals at %(stage)s by owner”, “what closes this quarter”, “won last month”, “no next step”") % {
        "stage": stage
    }


def _plain(text: str) -> str:
    return re.sub(r"[?!;:“”\"]+|[’']s\b", " ", text).strip()


def _usually_open(question: Question) -> None:
    """Deals that nobody has decided, where the question says nothing of how they stand."""
    names = {one.name for one in question.filters}
    if not question.happened and not names & {"status", "stage"}:
        question.add("status", "any", "open", said=_("open"))


# Reading, part by part. Each returns what is left.


def _grouped(text: str, question: Question, today: date) -> str:
    found = GROUPED.search(text.lower())
    if not found:
        return text
    question.group = GROUPS.get(found[1], found[1])
    question.understood.append(_("by %(what)s") % {"what": found[1]})
    return _without(text, found)


def _counted(text: str, question: Question, today: date) -> str:
    found = COUNTING.search(text.lower())
    question.counts = bool(found)
    return _without(text, found) if found else text


def _amounts(text: str, question: Question, today: date) -> str:
    for pattern, operator, said in ((MORE, "from", _("from %(sum)s")), (LESS, "to", _("up to %(sum)s"))):
        found = pattern.search(text.lower())
        if found:
            question.add("amount", operator, found[1], said=said % {"sum": found[1].strip()})
            text = _without(text, found)
    return text


def _evidence(text: str, question: Question, today: date) -> str:
    for words, yes in SAID.items():
        found = re.search(rf"\b{words}\b", text.lower())
        if found:
            said = _("their stage is shown") if yes == "yes" else _("nothing shows their stage")
            question.add("shown", "is", yes, said=said)
            return _without(text, found)
    return text


def _missing(text: str, question: Question, today: date) -> str:
    found = MISSING.search(text.lower())
    names = {folded(one.label): one for one in registry().values() if "empty" in one.operators}
    for label in sorted(names, key=len, reverse=True) if found else ():
        rest = folded(text[found.end() :])
        if rest.startswith(label):
            question.add(names[label].name, "empty", said=_("no %(what)s") % {"what": label})
            return f"{text[: found.start()]} {text[found.end() + len(label) :]}"
    return text


def _dated(text: str, question: Question, today: date) -> str:
    """A period belongs to the verb beside it: what closes in it, or what was won, lost or opened in it."""
    period, rest = period_in(text, today)
    verb = next((word for word in EVENTS if re.search(rf"\b{word}\b", rest.lower())), "")
    closing = CLOSING.search(rest.lower())
    if period and verb and not closing:
        question.happened.append((EVENTS[verb], period))
        question.filters.append(Filter("status", "any", ENDED[verb]) if verb in ENDED else _any_status())
        question.understood.append(f"{verb} {period}")
        return re.sub(rf"\b{verb}\b", " ", rest, flags=re.I)
    if period:
        question.add("close_date", "from", period.first.isoformat(), said=_("closing %(when)s") % {"when": period})
        question.filters.append(Filter("close_date", "to", (period.last.isoformat(),)))
    return _without(rest, closing) if closing else rest


def _any_status() -> Filter:
    return Filter("status", "any", ("open", "won", "done", "lost"))


def _status(text: str, question: Question, today: date) -> str:
    for word, values in ENDED.items():
        found = re.search(rf"\b{word}\b", text.lower())
        if found and not any(one.name == "status" for one in question.filters):
            question.add("status", "any", *values, said=word)
            return _without(text, found)
    return text


def _named(text: str, question: Question, today: date) -> str:
    """Stages, desks, people and the choices of the map's own fields, by their names."""
    chosen: dict[str, list[str]] = {}
    for name, value, label, called in _names():
        found = re.search(rf"(?<!\w){re.escape(called)}(?!\w)", folded(text))
        if found and len(folded(text)) == len(text):
            chosen.setdefault(name, []).append(value)
            question.understood.append(label)
            text = " ".join(_without(text, found).split())
    for name, values in chosen.items():
        question.filters.append(Filter(name, "any", tuple(values)))
        if name == "stage" and not any(one.name == "status" for one in question.filters):
            question.filters.append(_any_status())
    return text


def _names() -> list[tuple[str, str, str, str]]:
    """Return (filter, value, label, what it is called), the longest first, so that no name hides in another."""
    known = registry()
    names = [
        (one.name, value, str(label), folded(str(label)))
        for one in known.values()
        if one.type == "choice" and one.name != "status"
        for value, label in one.choices
    ]
    names += list(_people())
    return sorted(names, key=lambda one: -len(one[3]))


def _people() -> Iterator[tuple[str, str, str, str]]:
    rows = list(Member.objects.values_list("pk", "name"))
    firsts = [name.split(" ")[0] for _pk, name in rows if name]
    for pk, name in rows:
        if name:
            yield "owner", str(pk), name, folded(name)
            first = name.split(" ")[0]
            if firsts.count(first) == 1:
                yield "owner", str(pk), name, folded(first)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


_READERS: tuple[Reader, ...] = (_grouped, _counted, _amounts, _missing, _evidence, _dated, _named, _status)
