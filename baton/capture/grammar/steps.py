"""Next steps: the one thing that is to happen next, with its day: a call back, a visit, a meeting."""

import re

from .clauses import clause_end, date_of, words_between
from .dates import Mention
from .prose import Prose, Sentence
from .reading import Reading

_LABELED = re.compile(
    r"(?<![a-z])(?:next steps?|nachster? schritte?|sljedeci korak|iduci korak|todo|"
    r"to do)(?: is| ist| je)? ?[:=-] ?(?P<what>\S)"
)
_MEETING = {
    "en": re.compile(
        r"\b(?:call(?: you| me| us| him| her| them)?(?: back)?|ring(?: you| me| us)?(?: "
        r"back)?|phone you|speak|talk|meet(?: you| up)?|meeting|site visit|visit(?: you|"
        r" the site)?|"
        r"see you|catch up|come (?:by|over|round)|call-?back|follow[- ]up|demo|survey|"
        r"walk-?through|pop in|drop by|get together|conference call|lunch)\b"
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
    r"\b(?:called|rang|met|spoke|talked|visited|was|were|had|went|seen|discussed|"
    r"said|did|telefoniert|gesprochen|getroffen|war|zvao|zvala|razgovarali|bio|bili|"
    r"nazvao)\b"
)
_UNSURE = re.compile(
    r"\b(?:if|unless|not|can't|cannot|won't|wenn|falls|nicht|kein|ako|ukoliko|ne|"
    r"every|each|usually|jeden|svaki)\b"
)


def steps_in(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Reading]:
    """The next steps of one sentence: named as such, or something to meet over on a day to come."""
    labeled = _LABELED.search(prose.folded, sentence.start, sentence.end)
    if labeled:
        return [_step(prose, sentence, mentions, labeled.start("what"), 0.9)]
    coming = [
        mention
        for mention in mentions
        if mention.day >= prose.moment.date() and mention.confidence > 0.45 and not mention.due
    ]
    if not coming or prose.is_quoted(sentence.start) or _PAST.search(sentence.folded):
        return []
    return _meetings(prose, sentence, coming)


def _meetings(prose: Prose, sentence: Sentence, coming: list[Mention]) -> list[Reading]:
    match = _MEETING[prose.language.code].search(prose.folded, sentence.start, sentence.end)
    if match is None or _UNSURE.search(sentence.folded):
        return []
    mention = min(coming, key=lambda m: abs(m.start - match.end()))
    if max(match.start() - mention.end, mention.lead - match.end()) > 60:
        return []
    sure = (0.7 if mention.time else 0.55) - (0.15 if sentence.asks else 0)
    return [_step(prose, sentence, [mention], match.start(), sure)]


def _step(prose: Prose, sentence: Sentence, mentions: list[Mention], start: int, sure: float) -> Reading:
    end = clause_end(prose, start, sentence.end)
    mention = date_of(mentions, start, end, sentence.start) or next(iter(mentions), None)
    if mention and mention.start >= start:
        end = max(min(end, sentence.end), mention.end)
    value = {"what": words_between(prose, start, end, mention), "at": mention.moment(prose) if mention else None}
    return prose.read("next_step", value, (start, end), sure, sentence)
