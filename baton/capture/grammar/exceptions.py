"""Departures from the usual: hours, price, access, scope, payment, schedule; and windows of working hours."""

import re

from .clauses import words_between
from .prose import Prose, Sentence
from .reading import Reading

_WORD_HOURS = "one two three four five six seven eight nine ten eleven twelve".split()
_H = (
    (
        r"(?:\d{1,2}(?:[:.]\d\d)?(?: ?(?:am|pm|a\.m\.|p\.m\.|uhr|h|sati|o'clock))?|noon|"
        r"midnight|mittag|podne|"
    )
    + "|".join(_WORD_HOURS)
    + r")"
)
_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|weekdays|montags?|dienstags?|"
    r"mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|wochenenden?|"
    r"vikend(?:om|a|ima)?|ponedjeljkom|utorkom|srijedom|cetvrtkom|petkom|subotom|nedjeljom"
)
_PATTERNS: list[tuple[str, str, str, float]] = [
    (
        "hours",
        "outside hours ausserhalb auserhalb izvan",
        (
            r"(?:only |strictly |always )?outside (?:of )?(?:the )?(?:[a-z]+ )?hours|out "
            r"of (?:office |business |working |normal )?hours(?: only)?|after hours only"
        ),
        0.88,
    ),
    (
        "hours",
        "only nur samo strictly iskljucivo ausschliesslich ausschlieslich",
        (
            rf"(?:only|nur|samo|strictly|iskljucivo|ausschliess?lich) (?:comes? |works? |possible "
            rf"|moglich |zwischen |between |from |nach |ab |vor |after |before |nakon |poslije "
            rf"|prije |od |izmedu |until |bis |do )+{_H}(?:(?: and | und | i | to | do | bis "
            rf"|-){_H})?"
        ),
        0.88,
    ),
    (
        "hours",
        "only nur samo",
        (
            rf"(?:after|not before|nach|nicht vor|nakon|poslije|ne prije) {_H} (?:only|nur|"
            rf"samo)"
        ),
        0.88,
    ),
    ("hours", "not never nicht ne", rf"(?:not|never|nicht|ne) (?:before|after|vor|nach|prije|nakon|poslije) {_H}", 0.8),
    (
        "hours",
        "ausserhalb auserhalb izvan",
        (
            r"(?:nur )?auss?erhalb (?:der )?(?:[a-z]+zeiten|[a-z]+zeit|[a-z]+stunden)|(?:samo "
            r")?izvan (?:radnog vremena|radnih sati)"
        ),
        0.88,
    ),
    (
        "hours",
        "only nur samo",
        (
            r"(?:evening|night|weekend) (?:crew|work|shift)s? only|only (?:evenings|nights|"
            r"at night|in the evening)|nur (?:abends|nachts)|samo (?:navecer|nocu)"
        ),
        0.85,
    ),
    (
        "schedule",
        "only nur samo except ausser auser osim not never nicht ne",
        (
            rf"(?:only on|only|nur an|nur am|nur|samo|except(?: on)?|auss?er an|auss?er|osim|"
            rf"not on|never on|nicht|ne) (?:{_DAYS})(?: (?:and|und|i) (?:{_DAYS}))?"
        ),
        0.8,
    ),
    (
        "price",
        "off discount rabatt nachlass skonto popust popusta reduction less below manje unter gunstiger",
        (
            r"\d{1,2}(?:[.,]\d{1,2})? ?(?:%|percent|prozent|posto) (?:off|discount|rabatt|"
            r"nachlass|skonto|popusta?|reduction|less|below|manje|unter|gunstiger)(?: (?:the "
            r"|our |your |na |auf )?(?:rate card|list price|listenpreis|cjenik|cijenu|price|"
            r"rates?|alles|sve))?"
        ),
        0.9,
    ),
    (
        "price",
        "discount rabatt nachlass popust popusta skonto reduction",
        (
            r"(?:discount|rabatt|nachlass|popusta?|skonto|reduction) (?:of |von |od |in hohe "
            r"von )?\d{1,2}(?:[.,]\d{1,2})? ?(?:%|percent|prozent|posto)"
        ),
        0.9,
    ),
    (
        "price",
        "price prices rate rates sonderpreis festpreis cijena",
        (
            r"(?:special|fixed|reduced|old|last year's) (?:price|rate)s?|(?:price|rate)s? "
            r"(?:held|fixed|frozen|capped) (?:until|till|for)|sonderpreis|festpreis|posebna "
            r"cijena|fiksna cijena|price match(?:ed)?"
        ),
        0.7,
    ),
    (
        "access",
        "no access kein keinen nema bez zugang zutritt pristup ulaz key keys",
        (
            r"no (?:site )?access(?: (?:to|on|before|after|until|at|during|from) [^,.;\n]{1,40})?|"
            r"access only [^,.;\n]{1,40}|(?:kein|keinen) (?:zugang|zutritt)(?: [^,.;\n]{1,40})?|"
            r"(?:nema|bez) (?:pristupa|ulaza)(?: [^,.;\n]{1,40})?|(?:zugang|zutritt) nur "
            r"[^,.;\n]{1,40}|(?:pristup|ulaz) samo [^,.;\n]{1,40}|keys? (?:are |is )?(?:with|"
            r"at) [^,.;\n]{2,30}"
        ),
        0.85,
    ),
    (
        "scope",
        "excluding including excludes include scope enthalten angebot exklusive ukljuceno ukljucuje",
        (
            r"(?:excluding|not including|excludes|does not include|doesn't include|out of "
            r"scope|not in scope|nicht enthalten|nicht im angebot|exklusive|nije ukljuceno|"
            r"ne ukljucuje)(?! ?(?:vat|tax|mwst|pdv))(?: [^,.;\n]{1,50})?"
        ),
        0.75,
    ),
    (
        "payment",
        (
            "net netto payment zahlungsziel placanja pay paid zahlung zahlbar placanje placa "
            "upfront up deposit advance anzahlung vorab unaprijed predujma predujam terms"
        ),
        (
            r"(?:net|netto) (?:30|45|60|90|120)(?: days| tage| dana)?|(?:30|45|60|90|120)[- "
            r"]days?'? (?:terms|payment|net)|payment (?:within|in|after|terms of) \d{1,3} "
            r"days|zahlungsziel (?:von )?\d{1,3} tagen?|rok placanja (?:od )?\d{1,3} dana|"
            r"(?:pay|paid|payment|zahlung|zahlbar|placanje|placa) (?:in|u) (?:\w+ )?(?:instal?lments|"
            r"raten|rata|rate|parts)|\d{2} ?% (?:upfront|up front|deposit|in advance|anzahlung|"
            r"vorab|unaprijed|predujma?)"
        ),
        0.85,
    ),
]
_COMPILED = [
    (category, frozenset(triggers.split()), re.compile(rf"\b(?:{pattern})(?![a-z0-9])"), sure)
    for category, triggers, pattern, sure in _PATTERNS
]
_WINDOW = re.compile(
    rf"\b(?:(?P<after>after|from|not before|nach|ab|nakon|poslije|od|ne prije) (?P<a>{_H})|"
    rf"(?:between|zwischen|izmedu) (?P<b>{_H}) (?:and|und|i) (?P<c>{_H})"
    rf"|(?P<before>before|until|vor|prije|do|bis) (?P<d>{_H})|(?P<e>\d\d:\d\d) ?- "
    rf"?(?P<f>\d\d:\d\d))(?![a-z0-9:%€£$]|[.,/]\d)"
)


def exceptions_in(prose: Prose, sentence: Sentence) -> list[Reading]:
    """The departures of one sentence, with the window of hours where one is told."""
    found = []
    for category, triggers, pattern, sure in _COMPILED:
        if triggers.isdisjoint(sentence.vocabulary):
            continue
        for match in pattern.finditer(prose.folded, sentence.start, sentence.end):
            what = words_between(prose, match.start(), match.end(), None)
            confidence = sure - (0.25 if sentence.asks else 0)
            found.append(
                prose.read("exception", {"category": category, "what": what}, match.span(), confidence, sentence)
            )
    return [*found, *(window for reading in found for window in _windows(prose, sentence, reading))]


def _windows(prose: Prose, sentence: Sentence, reading: Reading) -> list[Reading]:
    if reading.value["category"] != "hours":
        return []
    return [
        prose.read("hours", value, match.span(), 0.8, sentence)
        for match in _WINDOW.finditer(prose.folded, reading.start, reading.end)
        if (value := _window(match))
    ]


def _window(match: re.Match[str]) -> dict[str, str | None] | None:
    first = match["a"] or match["b"] or match["e"]
    last = match["d"] or match["c"] or match["f"]
    after, before = _hour(first), _hour(last)
    return {"after": after, "before": before} if after or before else None


def _hour(written: str | None) -> str | None:
    """`seven`, `7pm`, `19`, `18 Uhr`: between one and seven without more is the evening or afternoon."""
    if written is None:
        return None
    if written in ("noon", "mittag", "podne", "midnight"):
        return "00:00" if written == "midnight" else "12:00"
    digits = re.match(r"(\d{1,2})(?:[:.](\d\d))?", written)
    hour = int(digits[1]) if digits else _WORD_HOURS.index(written) + 1
    minute = int(digits[2] or 0) if digits else 0
    if ("p" in written and digits and hour < 12) or (hour <= 7 and not re.search(r"a\.?m|uhr|sati|^0|:", written)):
        hour += 12
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None
