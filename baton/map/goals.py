"""Goals that can be missed: a metric that Baton measures, where it stands, where it should be, and by when.

What can't be measured is no goal. It is sent back with those that can, found by the words in it; the table of words is
all there is to it, so that anybody can see why “we want control” is answered as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.map.elements import Goal
from baton.map.section import Notes

Unit = Literal["hours", "percent", "count"]
MEASURING = re.compile(r"measuring until (\S+)", re.IGNORECASE)
AMOUNT = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?)\s*(\S*)")
UNITS: dict[Unit, tuple[str, ...]] = {"hours": ("h", "hour", "hours"), "percent": ("%",), "count": ("",)}
MOST_PERCENT = 100
NEAR = 3
"""How many goals are offered in the place of one that can't be measured."""


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that Baton measures by itself. `less` says that less of it is better; hours are working hours."""

    key: str
    name: str
    unit: Unit
    how: str
    less: bool = False


_ALL = (
    Metric(
        "first_response_p80",
        gettext_lazy("First answer to a customer, 8 of 10 within"),
        "hours",
        gettext_lazy("From a customer’s message to our answer, in working hours."),
        less=True,
    ),
    Metric(
        "customers_waiting",
        gettext_lazy("Customers who wait longer than they should"),
        "count",
        gettext_lazy("Answers that are late at this moment."),
        less=True,
    ),
    Metric(
        "duties_on_time",
        gettext_lazy("Duties kept on time"),
        "percent",
        gettext_lazy("Of all that fell due, how much was done by then."),
    ),
    Metric(
        "promises_kept",
        gettext_lazy("Promises to customers that were kept"),
        "percent",
        gettext_lazy("Of the promises that came due."),
    ),
    Metric(
        "handoffs_first_time",
        gettext_lazy("Handoffs right the first time"),
        "percent",
        gettext_lazy("Accepted as they were first offered, without being returned."),
    ),
    Metric(
        "stage_evidence",
        gettext_lazy("Stages that something shows"),
        "percent",
        gettext_lazy("Moves of deals that an event shows, of all moves."),
    ),
    Metric(
        "next_step_set",
        gettext_lazy("Open deals with a next step"),
        "percent",
        gettext_lazy("Of all open deals, at this moment."),
    ),
    Metric(
        "captured_at_source",
        gettext_lazy("Captured as it happened"),
        "percent",
        gettext_lazy("By a channel or typed within the hour, of all that was recorded."),
    ),
    Metric(
        "side_channel_deals",
        gettext_lazy("Deals first seen when they were won"),
        "percent",
        gettext_lazy("Of all new deals: somebody sold beside Baton."),
        less=True,
    ),
    Metric(
        "decisions_here",
        gettext_lazy("Decisions taken from Baton"),
        "percent",
        gettext_lazy("Of those and the requests for figures outside it."),
    ),
)
METRICS: dict[str, Metric] = {metric.key: metric for metric in _ALL}
"""What a goal can be about, in the order in which it is offered."""

WORDS: dict[str, tuple[str, ...]] = {
    "first_response_p80": (
        "answer", "respon", "reply", "fast", "quick", "speed", "service", "lead", "enquir", "satisf",
        "antwort", "schnell", "reagier", "anfrag", "zufrieden", "brz", "odgovor", "odgovar", "upit", "zadovolj",
    ),
    "customers_waiting": (
        "wait", "forg", "lost", "ignored", "backlog", "complain", "wart", "vergess", "liegen", "beschwer",
        "ček", "cek", "zaborav", "žal", "zaosta",
    ),
    "duties_on_time": (
        "control", "disciplin", "time", "reliab", "responsib", "accountab", "overview", "efficien", "productiv",
        "kontroll", "diszipl", "pünkt", "verlässl", "verantwort", "überblick", "effizien", "produktiv",
        "kontrol", "nadzor", "pouzdan", "odgovornost", "pregled", "učinkovit", "rok",
    ),
    "promises_kept": (
        "promise", "trust", "reliab", "commit", "loyal", "versprech", "vertrau", "zusag", "verlässl",
        "obeć", "obec", "povjer", "pouzdan",
    ),
    "handoffs_first_time": (
        "handoff", "handover", "hand-over", "together", "team", "communicat", "mistake", "quality", "error", "smooth",
        "übergab", "zusammen", "kommunik", "fehler", "qualit", "predaj", "primopredaj", "suradnj", "timsk", "komunik",
        "grešk", "kvalitet",
    ),
    "stage_evidence": (
        "control", "forecast", "pipeline", "transparen", "visib", "clear", "data", "truth", "honest", "predict",
        "kontroll", "prognos", "klar", "sichtbar", "daten", "wahr", "ehrlich", "planbar",
        "kontrol", "prognoz", "jasno", "vidljiv", "podac", "podat", "istin", "predvid",
    ),
    "next_step_set": (
        "follow", "sell", "sales", "win", "revenue", "growth", "grow", "clos", "deal", "control",
        "nachfass", "verkauf", "umsatz", "wachs", "abschl", "gewinn", "kontroll",
        "prodaj", "prihod", "rast", "posao", "poslov", "kontrol",
    ),
    "captured_at_source": (
        "enter", "typing", "admin", "data", "record", "document", "know", "paper", "automat", "digital",
        "erfass", "eingeb", "büro", "daten", "dokument", "wissen", "papier", "digital",
        "unos", "bilje", "podac", "podat", "dokument", "znanj", "papir", "digital",
    ),
    "side_channel_deals": (
        "adopt", "use the crm", "everyone", "side", "spreadsheet", "excel", "nutz", "alle", "tabelle",
        "koris", "tablic", "svi",
    ),
    "decisions_here": (
        "decision", "decide", "report", "meeting", "manage", "excel", "entscheid", "bericht", "besprech", "führ",
        "odlu", "izvješ", "izvjes", "sastan", "upravlj",
    ),
}  # fmt: skip
"""Beginnings of words that speak of a metric, in English, German and Croatian."""

USUAL = ("first_response_p80", "duties_on_time", "handoffs_first_time")
"""What is offered where no word is known."""


def nearest_metrics(wish: str) -> list[Metric]:
    """Return the metrics nearest to a wish in anybody's words, the nearest first: those that most words speak of."""
    said = re.findall(r"[\w-]+", wish.casefold())
    hits = Counter({key: sum(_speaks(word, key) for word in said) for key in METRICS})
    found = [key for key in sorted(METRICS, key=lambda key: -hits[key]) if hits[key]]
    return [METRICS[key] for key in (found or USUAL)[:NEAR]]


def _speaks(word: str, key: str) -> bool:
    return any(word.startswith(beginning) for beginning in WORDS[key])


def metric_named(name: str) -> Metric:
    """Return a metric of the catalog; raises `ValueError` with the nearest ones for what isn't in it."""
    known = METRICS.get(name.strip().lower().replace(" ", "_").replace("-", "_"))
    if known:
        return known
    near = "; ".join(f"`{metric.key}` ({metric.name})" for metric in nearest_metrics(name))
    raise ValueError(
        _("“{wish}” can’t be measured, so nobody could say whether it was reached. Nearest: {near}").format(
            wish=name, near=near
        )
    )


def amount_in(text: str, unit: Unit) -> float:
    """Return the number in `9 h`, `71%` or `12`; raises `ValueError` with how it is written."""
    found = AMOUNT.fullmatch(text.strip())
    number = float(found[1].replace(",", ".")) if found else 0.0
    if found is None or found[2].lower() not in UNITS[unit] or (unit == "percent" and number > MOST_PERCENT):
        raise ValueError(_("“{text}” isn’t {what}.").format(text=text, what=EXAMPLES[unit]))
    return number


EXAMPLES: dict[Unit, object] = {
    "hours": gettext_lazy("a time like `4 h`"),
    "percent": gettext_lazy("a share like `90%`"),
    "count": gettext_lazy("a number like `5`"),
}


def amount_written(amount: float, unit: Unit) -> str:
    """Return a number as a goal is written: `9 h`, `71%`, `12`."""
    number = f"{amount:.1f}".removesuffix(".0")
    return {"hours": f"{number} h", "percent": f"{number}%", "count": number}[unit]


def measuring_until(baseline: str) -> date | None:
    """Return the day until which the baseline is still measured, None where it is known."""
    found = MEASURING.fullmatch(baseline.strip())
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def share_of_way(goal: Goal, measured: float) -> float | None:
    """Return how much of the way from baseline to target is gone, 0 to 1; None where no baseline is known yet."""
    metric = METRICS.get(goal.metric)
    if metric is None or measuring_until(goal.baseline):
        return None
    try:
        start, end = amount_in(goal.baseline, metric.unit), amount_in(goal.target, metric.unit)
    except ValueError:
        return None
    return max(0.0, min(1.0, (measured - start) / (end - start))) if end != start else None


def reached(goal: Goal, measured: float) -> bool:
    """Return whether the target is met by what is measured."""
    metric = METRICS[goal.metric]
    target = amount_in(goal.target, metric.unit)
    return measured <= target if metric.less else measured >= target


def objections(goal: Goal) -> list[tuple[str, str]]:
    """Return (entry, sentence) for each thing that keeps this from being a goal."""
    try:
        metric = metric_named(goal.metric)
    except ValueError as why:
        return [("metric", str(why))]
    found = [*_amounts(goal, metric)]
    return found or [*_direction(goal, metric)]


def _amounts(goal: Goal, metric: Metric) -> Iterable[tuple[str, str]]:
    until = measuring_until(goal.baseline)
    if until and until >= goal.by:
        yield "baseline", _("what is measured until {day} leaves no time until {by}").format(day=until, by=goal.by)
    for entry, text in (("baseline", "" if until else goal.baseline), ("target", goal.target)):
        try:
            if text:
                amount_in(text, metric.unit)
        except ValueError as why:
            also = _("Or write `measuring until` and a date.") if entry == "baseline" else ""
            yield entry, f"{why} {also}".strip()


def _direction(goal: Goal, metric: Metric) -> Iterable[tuple[str, str]]:
    if measuring_until(goal.baseline):
        return
    start, end = amount_in(goal.baseline, metric.unit), amount_in(goal.target, metric.unit)
    if start == end or (end < start) != metric.less:
        better = _("less") if metric.less else _("more")
        yield (
            "target",
            _("{target} is no better than {baseline}: here {better} is better").format(
                target=goal.target, baseline=goal.baseline, better=better
            ),
        )


def check_goals(goals: Iterable[Goal], notes: Notes) -> None:
    """Note whatever keeps a goal from being one, at its line."""
    known: set[str] = set()
    for number, goal in enumerate(goals):
        path = ("goals", str(number))
        if not (goal.metric and goal.target and goal.baseline):
            continue
        for entry, sentence in objections(goal):
            notes.at((*path, entry), sentence)
        if goal.metric in known:
            notes.at((*path, "metric"), _("two goals are about `{metric}`").format(metric=goal.metric))
        known.add(goal.metric)
