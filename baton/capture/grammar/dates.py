"""Dates in free text: written out, in figures, as days of the week, and relative to the moment of writing.

A day of the week or a date without a year that has passed means the next one, unless the words look back
("last Friday", "your invoice of 5 November", "we met on Tuesday"). What could be read in two ways costs confidence.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from .day_patterns import GRAMMARS
from .day_steps import Found
from .days import safe_date
from .prose import Prose, Sentence, Word
from .reading import Reading
from .times import read_time


@dataclass(frozen=True, slots=True)
class Mention:
    """A date as it stands in a text: `lead` is where its preposition begins, `due` says that it is a deadline."""

    start: int
    end: int
    lead: int
    day: date
    until: date | None
    time: time | None
    confidence: float
    due: bool

    def value(self, prose: Prose) -> dict[str, str]:
        """The JSON value of the reading."""
        if self.time:
            return {"at": self.moment(prose)}
        span = {"until": self.until.isoformat()} if self.until and self.until != self.day else {}
        return {"date": self.day.isoformat()} | span

    def moment(self, prose: Prose) -> str:
        """The last moment meant: with its time in the zone of the text where it has one, else the (last) day."""
        if self.time:
            return datetime.combine(self.day, self.time, tzinfo=prose.zone).isoformat()
        return (self.until or self.day).isoformat()


def date_readings(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Reading]:
    """The dates of a sentence as readings."""
    return [prose.read("date", m.value(prose), (m.start, m.end), m.confidence, sentence) for m in mentions]


def dates_in(prose: Prose, sentence: Sentence) -> list[Mention]:
    """All dates of one sentence, in order."""
    grammar = GRAMMARS[prose.language.code]
    if not sentence.has_figures and grammar.anchors.isdisjoint(sentence.vocabulary):
        return []
    mentions: list[Mention] = []
    free_from = sentence.start
    for word in sentence.words():
        if word.start < free_from:
            continue
        found = grammar.read(prose, word) if word.text in grammar.starts or word.text[0].isdigit() else None
        if found is not None:
            mentions.append(_in_context(prose, sentence, word.start, found, free_from))
            free_from = mentions[-1].end
    return mentions or _bare_times(prose, sentence)


_LEADS = {
    "en": r"(?P<due>no later than|not later than|latest by|(?<!come )(?<!stop )(?<!swing )(?<!drop )by|until|untill|"
    "till|before|"
    r"due on|due by|due|deadline:?|within|in under)"
    r"|(?P<past>dated|of|from|since|last)|(?P<on>on|for|to|in|at|this|is|starting|start|after)",
    "de": r"(?P<due>bis spatestens|spatestens bis(?: zum)?|spatestens am|spatestens|bis "
    r"zum|bis|vor dem|innerhalb von|binnen|fallig am)"
    r"(?: (?:am|zum|den))?|(?P<past>vom|seit|letzten|letzter|letzte)|(?P<on>am|zum|"
    r"ab dem|ab|im|in|den|der|dem|fur|auf|ist|diesen|nach)",
    "hr": r"(?P<due>najkasnije do|do|prije|u roku od|najkasnije)|(?P<past>od|prosli|proslog|"
    r"prosle|proslu)|(?P<on>u|za|na|dana|je|ovaj|ovu|nakon|poslije)",
}
_BEFORE = {code: re.compile(rf"(?:^|[^a-z0-9])({leads})(?: the)? $") for code, leads in _LEADS.items()}
_LOOKS_BACK = {
    "en": frozenset(
        "was were met spoke talked called had sent received did came went said ago discussed visited wrote".split()
    ),
    "de": frozenset(
        "war waren hatte hatten wurde wurden habe haben gesprochen telefoniert getroffen geschickt".split()
    ),
    "hr": frozenset("bio bila bilo bili smo razgovarali poslao poslala nazvao nazvala zvao zvala bismo".split()),
}
_LOOKS_AHEAD = {
    "en": frozenset("will ll would could can shall should going want need if be let".split()),
    "de": frozenset("werde werden wird konnen konnten mochten wollen bis sollen soll bitte".split()),
    "hr": frozenset("cu cemo ce cete do mozemo mozete trebamo treba molim".split()),
}


def _in_context(prose: Prose, sentence: Sentence, start: int, found: Found, free_from: int) -> Mention:
    """Add what stands around a day: a preposition, a time, a look back."""
    code = prose.language.code
    floor = max(free_from, start - 28)
    before = _BEFORE[code].search(prose.folded[floor:start])
    due = found.due or bool(before and before["due"])
    if found.turns and not due and _is_past(sentence, code, before):
        found = _turned_back(prose, found)
    mention = Mention(
        start=start,
        end=found.end,
        lead=floor + before.start(1) if before else start,
        day=found.day,
        until=found.until,
        time=None,
        confidence=min(found.confidence + (0.05 if before else 0), 0.99),
        due=due,
    )
    return _today_if_ahead(prose, found, _with_time(prose, mention, free_from))


def _today_if_ahead(prose: Prose, found: Found, mention: Mention) -> Mention:
    """`Thu 14:00`, typed by us on a Thursday morning, is this afternoon; without a time it is next week's."""
    ahead = mention.time is not None and mention.time > prose.moment.time()
    if found.is_today_too and prose.from_us and ahead and found.day > prose.moment.date():
        return replace(mention, day=prose.moment.date())
    return mention


def _is_past(sentence: Sentence, code: str, before: re.Match[str] | None) -> bool:
    if before and before["past"]:
        return True
    words = sentence.vocabulary
    return not words.isdisjoint(_LOOKS_BACK[code]) and words.isdisjoint(_LOOKS_AHEAD[code]) and not sentence.asks


def _turned_back(prose: Prose, found: Found) -> Found:
    """The last one before the day of writing instead of the next one after it."""
    today = prose.moment.date()
    if found.day <= today:
        return found
    away = (found.day - today).days
    if away <= 13:
        return replace(
            found, day=found.day - timedelta(days=7 if away <= 7 else 14), confidence=found.confidence - 0.15
        )
    earlier = safe_date(found.day.year - 1, found.day.month, found.day.day)
    return replace(found, day=earlier, confidence=found.confidence - 0.15) if earlier else found


_MAY_HOLD_TIME = re.compile(r"\d|noon|midday")
_PLAIN_LEAD = re.compile(r" (?:at |@ ?|um |u |from |od |ab )")
_GAP = re.compile(r"[,;]? ?(?:(?:in the )?(?:morning|afternoon|evening),? )?(?:\n)?")
_TIME_BEFORE = re.compile(
    r"(?:^|[^\d:.,/a-z-])(noon|midday|(?:(?:at|um|u|@) ?)?\d{1,2}(?:[:.][0-5]\d)?(?: "
    r"?(?:a\.?m\.?|p\.?m\.?|am|pm|uhr|sati|h|o'clock))?"
    r"(?: ?- ?\d{1,2}(?:[:.][0-5]\d)?(?: ?(?:am|pm|uhr|h))?)?)(?: on|,| am| u)? ?$"
)


def _with_time(prose: Prose, mention: Mention, free_from: int) -> Mention:
    """Join the time of day that stands right behind, else right in front of the day."""
    gap = _GAP.match(prose.folded, mention.end, mention.end + 24)
    hour = read_time(prose.folded, gap.end(), prose.language.code) if gap and gap.end() > mention.end else None
    if hour and (not hour.is_plain or _PLAIN_LEAD.match(prose.folded, mention.end)):
        sure = min(mention.confidence, hour.confidence)
        return replace(mention, time=hour.time, end=hour.end, confidence=sure, until=None)
    return _with_time_before(prose, mention, free_from)


def _with_time_before(prose: Prose, mention: Mention, free_from: int) -> Mention:
    floor = max(free_from, mention.lead - 24)
    slice_ = prose.folded[floor : mention.lead]
    before = _TIME_BEFORE.search(slice_) if _MAY_HOLD_TIME.search(slice_) else None
    hour = read_time(prose.folded, floor + before.start(1), prose.language.code) if before else None
    if before is None or hour is None:
        return mention
    start = floor + before.start(1)
    lead = _BEFORE[prose.language.code].search(prose.folded[max(free_from, start - 28) : start])
    return replace(
        mention,
        time=hour.time,
        start=start,
        lead=max(free_from, start - 28) + lead.start(1) if lead else start,
        confidence=min(mention.confidence, hour.confidence),
        until=None,
        due=mention.due or bool(lead and lead["due"]),
    )


def _bare_times(prose: Prose, sentence: Sentence) -> list[Mention]:
    """A time without a day means the next such moment; it is not sure."""
    for word in sentence.words() if sentence.has_figures else ():
        if word.text in _TIME_LEADS[prose.language.code]:
            hour = read_time(prose.folded, word.start, prose.language.code)
            if hour and not hour.is_plain and hour.end > word.end + 1:
                return [_bare_time(prose, word, hour.time, hour.end)]
        if word.text in _TIME_LIMITS:
            hour = read_time(prose.folded, word.end + 1, prose.language.code)
            if hour and not hour.is_plain:
                return [replace(_bare_time(prose, word, hour.time, hour.end), due=True)]
    return []


_TIME_LIMITS = frozenset(("by", "until", "bis", "do"))
_TIME_LEADS = {"en": ("at",), "de": ("um",), "hr": ("u",)}


def _bare_time(prose: Prose, word: Word, at: time, end: int) -> Mention:
    passed = at <= prose.moment.time()
    day = prose.moment.date() + timedelta(days=1 if passed else 0)
    return Mention(word.start, end, word.start, day, None, at, 0.5, False)
