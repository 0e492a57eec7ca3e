"""Next steps: the one thing that is to happen next, with its day: a call back, a visit, a meeting."""

import re
from datetime import timedelta

from .clauses import clause_end, date_of, words_between
from .dates import Mention
from .prose import Prose, Sentence
from .reading import Reading

_LABELED = re.compile(
    r"(?<![a-z])(?:next steps?|nachster? schritte?|sljedeci korak|iduci korak|todo|"
    r"to do)(?: is| ist| je)? ?[:=-] ?(?P<what>\S)"
)
_DAYS = "tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MEETING = {
    "en": re.compile(
        r"\b(?:call (?:you|me|us|him|her|them|[a-z]+)(?: back)?(?= (?:on|at|today|tonight|next|this|late|early)\b|"
        r" <DAY>)|(?:re)?call (?:you|me|us|back)\b|call(?= (?:on|at|today|tonight|next|this)\b| <DAY>)|"
        r"ring(?: you| me| us)?(?: back)?|phone you|speak|talk|chat|get back to you|contact you|check (?:back|in) with|"
        r"give (?:you|me|us|him|her|them) a (?:call|ring)|meet(?: you| up)?|visit(?: you| the site)?|"
        r"see (?:all of |both of )?you|catch up|get together|follow[- ]up(?! to\b)|"
        r"(?:come|stop|swing|drop|pop) (?:by|in (?=and|for|on|to)|over|round|down|up|around|and see)|"
        r"(?:come|go)(?: up| over| down| and)* (?:collect|look|see|meet|say hello|pick)|walk-?through|"
        r"(?P<event>(?:phone|video|conference|quick|short|follow-up|introductory|a|the|our|your|this|"
        r"another) call(?!-)|"
        r"call-?back|(?:site |team |staff )?meeting|mtg|site visit|demo|site survey|survey|inspection|"
        r"(?<!at )(?<!after )(?<!before )(?<!during )(?<!free )lunch|dinner|breakfast|drinks|coffee|"
        r"(?<!third )(?<!other )party|interview|appointment(?! of\b)|presentation|workshop|seminar|webinar|"
        r"kick-?off|handover|boat ride|open day)(?! (?:dates?|days?|room|notes|minutes|purpose|agenda|results|"
        r"requests?|"
        r"invitation|number|schedules?|info\w*|list|point|line)\b))\b".replace("<DAY>", rf"(?:{_DAYS})\\b")
    ),
    "de": re.compile(
        r"\b(?:ruckruf|rufe(?:n)?|anrufen|telefonat|telefonieren|termin|treffen|besprechung|"
        r"besichtigung|besuch|vorbeikommen|ortstermin|"
        r"meeting|begehung|sehen uns|horen uns|sprechen|melde(?:n)?)\b"
    ),
    "hr": re.compile(
        r"\b(?:nazvati|nazovite|nazvat|nazovem|zvati|poziv|sastanak|sastanka|vidimo se|"
        r"cujemo se|obilazak|posjet|posjetiti|nadjemo se|naci se|javiti se|javit|dolazak)\b"
    ),
}
_PAST = re.compile(
    r"\b(?:earlier|past|finished|suggested|thank you for|thanks for|became|presented|explained|"
    r"(?<!be )(?<!being )held|good to|great to|nice to|enjoyed|told|announced|hosted|attended|(?:meeting|call|"
    r"visit) (?!scheduled|planned|arranged|agreed|booked|moved|rescheduled)[a-z]+ed|called|rang|met|spoke|talked|"
    r"visited|was|were|had|went|seen|discussed|"
    r"said|did|telefoniert|gesprochen|getroffen|war|zvao|zvala|razgovarali|bio|bili|"
    r"nazvao)\b"
)
_UNSURE = re.compile(
    r"\b(?:if(?! you (?:could|would|can|still|have time|have a))|unless|not|can't|cannot|won't|wenn|falls|nicht|"
    r"kein|ako|ukoliko|ne|"
    r"every|each|usually|jeden|svaki)\b"
)


def steps_in(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Reading]:
    """The next steps of one sentence: named as such, or something to meet over on a day to come."""
    labeled = _LABELED.search(prose.folded, sentence.start, sentence.end)
    if labeled:
        return [_step(prose, sentence, mentions, labeled.start("what"), 0.9)]
    coming = [mention for mention in mentions if _is_to_come(prose, mention)]
    if not coming or prose.is_quoted(sentence.start):
        return []
    return _meetings(prose, sentence, coming)


def _meetings(prose: Prose, sentence: Sentence, coming: list[Mention]) -> list[Reading]:
    """The meeting that stands nearest to a day to come, where the words around both neither look back nor doubt."""
    near = [
        (_apart(match, mention), match, mention)
        for match in _MEETING[prose.language.code].finditer(prose.folded, sentence.start, sentence.end)
        for mention in coming
        if _apart(match, mention) <= _reach(match) and _is_meant(prose, sentence, match, mention)
    ]
    if not near:
        return []
    _distance, match, mention = min(near, key=lambda each: (each[0], each[1].start()))
    sure = (0.7 if mention.time else 0.6) - (0.1 if sentence.asks else 0)
    return [_step(prose, sentence, [mention], match.start(), sure)]


FARTHEST_AHEAD = timedelta(days=180)
"""A visit or a call is seldom agreed longer ahead; a day and month read as next year's was rather meant as past."""


def _is_to_come(prose: Prose, mention: Mention) -> bool:
    """A day, not only a time, that lies ahead and is no deadline; `this morning` is mostly over when it is written."""
    today = prose.moment.date()
    return (
        today <= mention.day <= today + FARTHEST_AHEAD
        and mention.confidence > 0.5
        and not mention.due
        and not prose.folded.startswith("this morn", mention.start)
    )


FURTHEST = 60
"""Characters between what is to happen and its day."""


def _reach(match: re.Match[str]) -> int:
    """A meeting that is only named must stand beside its day; what people do may stand further off."""
    return FURTHEST // 2 if match.groupdict().get("event") else FURTHEST


def _apart(match: re.Match[str], mention: Mention) -> int:
    return max(match.start() - mention.end, mention.lead - match.end(), 0)


def _is_meant(prose: Prose, sentence: Sentence, match: re.Match[str], mention: Mention) -> bool:
    if _ABOUT.search(prose.folded, max(0, mention.lead - 12), mention.lead):
        return False
    if _WHOSE.match(prose.folded, mention.end) and match.start() - mention.end > 16:
        return False
    start = max(sentence.start, min(match.start(), mention.lead) - 50)
    around = prose.folded[start : max(match.end(), mention.end)]
    before = prose.folded[start : match.start()]
    return not (_PAST.search(around) or _UNSURE.search(around) or _ELSEWHERE.search(before))


_WHOSE = re.compile(r"'s ")
"""`Tomorrow's meeting` is one; `this week's report` names no day to meet on."""
_ABOUT = re.compile(r"\b(?:about|regarding|re) (?:the )?$")
_ELSEWHERE = re.compile(
    r"\b(?:i|we|he|she|they)(?:'ll| will|'m| am|'re| are| is)? (?:still )?(?:be |been |tied up )?(?:in|at|out of|on) "
    r"(?:(?:an?|the|my|our) )?(?:[a-z]+ ){0,2}$"
)
"""`I will be in the PRC meeting`: where somebody is, and so not to be reached; nothing to do together."""


def _step(prose: Prose, sentence: Sentence, mentions: list[Mention], start: int, sure: float) -> Reading:
    end = clause_end(prose, start, sentence.end)
    mention = date_of(mentions, start, end, sentence.start) or next(iter(mentions), None)
    if mention and mention.start >= start:
        end = max(min(end, sentence.end), mention.end)
    value = {"what": words_between(prose, start, end, mention), "at": mention.moment(prose) if mention else None}
    return prose.read("next_step", value, (start, end), sure, sentence)
