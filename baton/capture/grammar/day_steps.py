"""Which day a pattern means, seen from the moment of writing; the patterns themselves stand in `day_patterns`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .days import after_working_days, full_year, month_end, months_on, safe_date
from .languages import Language
from .prose import Prose, Word


@dataclass(frozen=True, slots=True)
class Found:
    """A day read at a place, before its surroundings are looked at."""

    day: date
    end: int
    confidence: float
    until: date | None = None
    turns: bool = False
    """Without year or week: looks back where the words look back."""
    due: bool = False
    """Says itself that it is a deadline: within three days."""
    is_today_too: bool = False
    """A day of the week that today is as well: with a time that is still ahead, today is meant by who types it."""


def _upcoming(prose: Prose, month: int, day: int, confidence: float, end: int) -> Found | None:
    """A day and month without a year: this year's, or the next where it has passed."""
    today = prose.moment.date()
    this_year = safe_date(today.year, month, day)
    if this_year and this_year >= today:
        return Found(this_year, end, confidence - (0.15 if (this_year - today).days > 240 else 0), turns=True)
    following = next(filter(None, (safe_date(today.year + n, month, day) for n in range(1, 9))), None)
    return Found(following, end, confidence - 0.25, turns=True) if following else None


def _weekday_after(prose: Prose, weekday: int) -> date:
    today = prose.moment.date()
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


Step = Callable[["DateGrammar", Prose, re.Match[str]], Found | None]


class DateGrammar:
    """The date patterns of one language, tried in order at a word that can begin a date."""

    def __init__(self, language: Language, phrases: list[tuple[str, str, Step]]):
        self.language = language
        self.short = language.short_weekdays
        days = "|".join(sorted([*language.weekdays, *self.short], key=len, reverse=True))
        months = "|".join(sorted(language.months, key=len, reverse=True))
        words = {"DAY": days, "MONTH": months, "N": r"\d{1,3}|" + "|".join(language.numbers)}
        self.steps: dict[str, list[tuple[re.Pattern[str], Step]]] = {}
        for triggers, pattern, step in phrases:
            for name, alternatives in words.items():
                pattern = pattern.replace(f"<{name}>", f"(?:{alternatives})")
            compiled = re.compile(pattern)
            for trigger in self._expand(triggers):
                self.steps.setdefault(trigger, []).append((compiled, step))
        self.starts = frozenset(self.steps) - {"0"}
        self.anchors = frozenset([*language.weekdays, *self.short, *language.months, *language.days_away]) | _UNIT_WORDS

    def _expand(self, triggers: str) -> list[str]:
        groups = {
            "DAY": [*self.language.weekdays, *self.short],
            "MONTH": list(self.language.months),
            "AWAY": list(self.language.days_away),
            "NUMBER": list(self.language.numbers),
        }
        return [word for trigger in triggers.split() for word in groups.get(trigger, [trigger])]

    def read(self, prose: Prose, word: Word) -> Found | None:
        """The first pattern that fits at this word."""
        trigger = "0" if word.text[0].isdigit() else word.text
        if trigger == "0" and not _may_begin_figures(prose.folded, word.start):
            return None
        for pattern, step in self.steps.get(trigger, ()):
            match = pattern.match(prose.folded, word.start, word.start + 70)
            found = step(self, prose, match) if match else None
            if found is not None:
                return found
        return None

    def number(self, text: str) -> int:
        """A number in figures or in words."""
        return int(text) if text.isdigit() else self.language.numbers[text]


def _may_begin_figures(folded: str, place: int) -> bool:
    """Not the tail of a number, a reference or a path."""
    return (
        place == 0
        or folded[place - 1] in " \n(\"'["
        or (folded[place - 1] == "," and folded[place - 2 : place - 1] > "9")
    )


def iso(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    day = safe_date(int(match[1]), int(match[2]), int(match[3]))
    return Found(day, match.end(), 0.97) if day else None


def figures(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """12/1/2026, 1.12.2026, 1-12-26. Points are read day first everywhere; strokes as the place has it."""
    first, second, year = int(match[1]), int(match[3]), full_year(int(match[4]))
    day_first = prose.day_first or match[2].strip() == "."
    day, month = (first, second) if day_first else (second, first)
    if month > 12:
        day, month = month, day
    found = safe_date(year, month, day)
    unsure = first <= 12 and second <= 12 and first != second and match[2].strip() != "."
    return Found(found, match.end(), 0.6 if unsure and grammar.language.code == "en" else 0.93) if found else None


def figures_without_year(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """1.12. is a date; 12/1 only where the words before say so."""
    first, second, mark = int(match[1]), int(match[3]), match[2].strip()
    before = prose.folded[max(0, match.start() - 12) : match.start()]
    if mark == "/" and not re.search(r"(?:on|by|until|from|of|through|day,?|[a-z]{3},|am|bis|do|u) $", before):
        return None
    day, month = (first, second) if prose.day_first or mark == "." else (second, first)
    day, month = (month, day) if month > 12 else (day, month)
    return _upcoming(prose, month, day, 0.85 if mark == "." else 0.6, match.end()) if 1 <= month <= 12 else None


def day_month(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    return _written_out(grammar, prose, match, match["d"], match["mo"], match["y"])


def _written_out(
    grammar: DateGrammar, prose: Prose, match: re.Match[str], day: str, month: str, year: str | None
) -> Found | None:
    number = grammar.language.months[month]
    if year is None:
        return _upcoming(prose, number, int(day), 0.9, match.end())
    found = safe_date(full_year(int(year)), number, int(day))
    return Found(found, match.end(), 0.97) if found else None


def roman(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    month = "i ii iii iv v vi vii viii ix x xi xii".split().index(match["mo"]) + 1
    found = safe_date(int(match["y"]), month, int(match["d"]))
    return Found(found, match.end(), 0.93) if found else None


def weekday(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    name = match["day"]
    if name in grammar.short and not _is_clear_short_day(grammar, prose, match):
        return None
    found = _weekday_after(prose, _weekday_number(grammar, match))
    again = found == prose.moment.date() + timedelta(days=7)
    return Found(found, match.end(), 0.7 if again else 0.86, turns=True, is_today_too=again)


_UNCLEAR = frozenset("sat sun mon wed mo di mi do fr sa so pon uto ut sri cet pet sub ned".split())
_AFTER_SHORT = re.compile(r"\.?,? (?:at |um |u )?\d{1,2}(?:[:.]\d\d| ?(?:am|pm|uhr|h\b|sati)|\b)|\.(?= |$)|$|[,;)]")
_BEFORE_SHORT = re.compile(r"(?:by|on|until|next|this|bis|am|nachsten|do|u|iduci) $")


def _is_clear_short_day(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> bool:
    """`sat`, `so` and `pet` are words too: they need a capital or a time, and a preposition helps."""
    name = match["day"]
    if name not in _UNCLEAR:
        return True
    led = bool(_BEFORE_SHORT.search(prose.folded[max(0, match.start() - 10) : match.start()]))
    followed = bool(_AFTER_SHORT.match(prose.folded, match.end()))
    if grammar.language.code == "hr":
        return (led and followed and name != "pet") or (followed and prose.folded[match.end() : match.end() + 1] == ".")
    capital = prose.raw[match.start()].isupper()
    return (capital and (led or followed)) or (led and followed)


def weekday_with_date(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """Friday, 13 November: the date counts; a day of the week that disagrees costs confidence."""
    rest = match.end()
    for pattern, step in grammar.steps["0"] + grammar.steps.get(next(iter(grammar.language.months)), []):
        inner = pattern.match(prose.folded, rest, rest + 40) if step in _WITH_DAY else None
        found = step(grammar, prose, inner) if inner else None
        if found:
            return _on_weekday(prose, found, _weekday_number(grammar, match))
    return None


def _on_weekday(prose: Prose, found: Found, weekday: int) -> Found:
    """A day of the week tells the year; where it fits none of three years it costs confidence."""
    years = (found.day.year, prose.moment.year, found.day.year + 1) if found.turns else (found.day.year,)
    days = (safe_date(year, found.day.month, found.day.day) for year in years)
    fitting = next((day for day in days if day and day.weekday() == weekday), None)
    if fitting:
        return replace(found, day=fitting, confidence=0.97, turns=False)
    return replace(found, confidence=0.6)


def _weekday_number(grammar: DateGrammar, match: re.Match[str]) -> int:
    return grammar.language.weekdays.get(match["day"], grammar.short.get(match["day"], 0))


def next_weekday(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """The one in the coming week. Said early in a week some mean the nearest, so that is less sure."""
    weekday = _weekday_number(grammar, match)
    today = prose.moment.date()
    coming = today - timedelta(days=today.weekday()) + timedelta(days=7 + weekday)
    return Found(coming, match.end(), 0.85 if (coming - today).days <= 7 else 0.65)


def this_weekday(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    weekday = _weekday_number(grammar, match)
    today = prose.moment.date()
    return Found(today + timedelta(days=(weekday - today.weekday()) % 7), match.end(), 0.9)


def last_weekday(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    weekday = _weekday_number(grammar, match)
    return Found(_weekday_after(prose, weekday) - timedelta(days=7), match.end(), 0.8)


def away(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    before = prose.folded[max(0, match.start() - 7) : match.start()]
    if before.endswith(("guten ", "am ", "einen ")) and match[1] == "morgen":
        return None
    return Found(prose.moment.date() + timedelta(days=grammar.language.days_away[match[1]]), match.end(), 0.93)


def days_from_now(count: int) -> Step:
    def step(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found:
        return Found(prose.moment.date() + timedelta(days=count), match.end(), 0.93)

    return step


def in_units(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """In two weeks, within 3 working days, 2 months ago."""
    count, unit = grammar.number(match["n"]), match["unit"]
    sign = -1 if "past" in match.groupdict() and match["past"] else 1
    today = prose.moment.date()
    due = match.group().startswith(("within", "innerhalb", "binnen", "roku"))
    if match["work"]:
        return Found(after_working_days(today, count), match.end(), 0.85, due=due) if sign > 0 else None
    if unit[:1] in ("w",) or unit.startswith("tj"):
        return Found(today + timedelta(weeks=sign * count), match.end(), 0.85, due=due)
    if unit[:1] in ("d", "t"):
        return Found(today + timedelta(days=sign * count), match.end(), 0.88, due=due)
    return Found(months_on(today, sign * count), match.end(), 0.75, due=due)


def week(weeks: int) -> Step:
    def step(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found:
        today = prose.moment.date()
        monday = today + timedelta(days=7 * weeks - today.weekday())
        start = max(monday, today) if weeks >= 0 else monday
        return Found(start, match.end(), 0.6, until=max(start, monday + timedelta(days=4)))

    return step


def weekend(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found:
    """Saturday and Sunday of this week; "next weekend", said before Thursday, may mean either, and is less sure."""
    today = prose.moment.date()
    saturday = today + timedelta(days=5 - today.weekday())
    if match["next"]:
        return Found(saturday + timedelta(days=7), match.end(), 0.55, until=saturday + timedelta(days=8))
    return Found(max(saturday, today), match.end(), 0.7, until=saturday + timedelta(days=1))


def week_from_weekday(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """A week from Tuesday."""
    coming = _weekday_after(prose, _weekday_number(grammar, match))
    return Found(coming + timedelta(days=7), match.end(), 0.75)


def month(months: int) -> Step:
    def step(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found:
        first = months_on(prose.moment.date().replace(day=1), months)
        return Found(first, match.end(), 0.5, until=month_end(first.year, first.month))

    return step


def end_of(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found:
    """The end of this (or the next) day, week, month, quarter or year."""
    today, unit = prose.moment.date(), match["unit"]
    following = 1 if match.groupdict().get("next") else 0
    if unit[0] == "d" or unit == "tages":
        return Found(today, match.end(), 0.9)
    if unit[0] == "w" or unit.startswith("tj"):
        friday = today + timedelta(days=4 - today.weekday() + 7 * following)
        return Found(max(friday, today), match.end(), 0.8)
    return _end_of_longer(today, unit, following, match.end())


def _end_of_longer(today: date, unit: str, following: int, end: int) -> Found:
    if unit[0] == "m":
        first = months_on(today.replace(day=1), following)
        return Found(month_end(first.year, first.month), end, 0.9)
    if unit[0] in "qk":
        quarter = today.month + (-today.month) % 3
        last = months_on(date(today.year, quarter, 1), 3 * following)
        return Found(month_end(last.year, last.month), end, 0.85)
    return Found(date(today.year + following, 12, 31), end, 0.9)


def part_of_month(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """End of November, Mitte Dezember, pocetkom prosinca."""
    month = grammar.language.months[match["mo"]]
    today = prose.moment.date()
    year = int(match["y"]) if match["y"] else today.year + (month < today.month)
    part = match["part"][0] if match["part"] else ""
    last = month_end(year, month)
    if part in ("e", "k"):
        return Found(last, match.end(), 0.85)
    if part in ("m", "s"):
        return Found(date(year, month, 15), match.end(), 0.6)
    if part:
        return Found(date(year, month, 1), match.end(), 0.55, until=date(year, month, 10))
    return Found(date(year, month, 1), match.end(), 0.6 if match["y"] else 0.5, until=last)


def calendar_week(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """Weeks are numbered as in ISO 8601; the working week, Monday to Friday, is meant."""
    number, today = int(match["n"]), prose.moment.date()
    if not 1 <= number <= 53:
        return None
    year = today.year + (number < today.isocalendar().week)
    try:
        monday = date.fromisocalendar(int(match["y"] or year), number, 1)
    except ValueError:
        return None
    return Found(monday, match.end(), 0.85, until=monday + timedelta(days=4))


def day_of_month(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """On the 19th: of this month, or the next where it has passed."""
    number, today = int(match["d"]), prose.moment.date()
    for months in range(3):
        first = months_on(today.replace(day=1), months)
        day = safe_date(first.year, first.month, number)
        if day and day >= today:
            return Found(day, match.end(), 0.75)
    return None


def end_of_code(_: DateGrammar, prose: Prose, match: re.Match[str]) -> Found:
    """EOD and COB, EOW, EOM."""
    today = prose.moment.date()
    ends = {"w": max(today, today + timedelta(days=4 - today.weekday())), "m": month_end(today.year, today.month)}
    return Found(ends.get(match["unit"], today), match.end(), 0.85)


def led_day(grammar: DateGrammar, prose: Prose, match: re.Match[str]) -> Found | None:
    """`am 19.` is a day of the month; a bare `19.` is a number in a list."""
    before = prose.folded[max(0, match.start() - 8) : match.start()]
    return day_of_month(grammar, prose, match) if before.endswith((" am ", "zum ", "bis ", " den ")) else None


_WITH_DAY = (iso, figures, figures_without_year, day_month, roman)
_UNIT_WORDS = frozenset(
    "day days week weeks weekend weekends wknd morning morn afternoon evening night month months quarter year "
    "eod cob eow eom tag tage tagen wochenende vikend vikenda "
    "woche wochen monat monate monaten monats jahres jahr "
    "quartals tages werktag werktage werktagen arbeitstage arbeitstagen monatsende "
    "jahresende quartalsende dan dana tjedan "
    "tjedna tjedana mjesec mjeseca mjeseci godine kvartala".split()
)
"""Without one of these, the name of a day or month, or a figure, a sentence holds no date."""
