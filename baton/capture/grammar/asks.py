"""Asks: what somebody outside asked of us. An ask is never a promise; somebody has to answer it first."""

import re

from .clauses import clause_end, date_of, words_between
from .dates import Mention
from .prose import Prose, Sentence
from .reading import Reading

_REQUEST = {
    "en": re.compile(
        r"\b(?:(?:can|could|would|will) (?:you|u|someone|somebody|anyone)(?: guys| all)? "
        r"(?:(?:please|kindly|also|maybe|perhaps|possibly|just) )*"
        r"(?P<a>(?!like\b|be\b|believe|imagine|say\b|mind\b|have thought|see\b|not\b)[a-z])"
        r"|would you mind (?P<b>[a-z]+ing)|would it be possible (?:to|for) (?P<c>[a-z])|"
        r"(?:are you able|do you think you could) (?:to )?(?P<d>[a-z])"
        r"|(?:can|could|may) (?:we|i) (?:please )?(?P<e>have|get|see|start|move|change|"
        r"meet|ask|speak|book|arrange|postpone|reschedule)"
        r"|(?:i|we)(?:'d| would) (?:like|need|want) you to (?P<f>[a-z])|(?:i|we) (?:still "
        r"|also |urgently |just )?need (?P<g>you to|your?|an? |the |this|these|it|more|"
        r"some|confirmation|copies|[£€$\d])"
        r"|(?:i|we)(?:'d| would) (?:appreciate|be grateful)(?: it)? if you (?:could|would|can) (?P<h>[a-z]))"
    ),
    "de": re.compile(
        r"\b(?:(?:konnen|konnten|wurden|konntest|kannst|wurdest|wollen) (?:sie|du)(?: "
        r"(?:bitte|mir|uns|vielleicht|noch|auch))* (?P<a>[a-z\d])"
        r"|(?:wir|ich) (?:benotigen|benotige|brauchen|brauche|bitten(?: sie)?(?: um)?|"
        r"bitte(?: sie)? um) (?P<b>[a-z\d])"
        r"|bitte um (?P<c>[a-z])|(?:schicken|senden|rufen|geben|teilen|lassen|prufen|"
        r"melden|nennen|bestatigen|kontaktieren) sie (?P<d>[a-z])"
        r"|(?:schick|sende?|ruf|gib|melde?) (?:mir|uns|mich|dich) (?P<e>[a-z]))"
    ),
    "hr": re.compile(
        r"\b(?:(?:mozete|mozes|mogli|mogao|mogla|hocete) (?:li|biste)(?: (?:mi|nam|molim(?: "
        r"vas)?))* (?P<a>[a-z\d])|biste li (?:mi |nam )?(?:mogli |mogla )?(?P<b>[a-z])"
        r"|(?:trebamo|trebam|treba nam|trebao bih|trebala bih|zelimo|zelim|htjeli bismo) (?P<c>[a-z])"
        r"|(?:molim|molimo)(?: vas| te)?(?: da)?,? (?P<d>[a-z])|(?P<e>posaljite|javite|"
        r"nazovite|dostavite|potvrdite|pripremite|provjerite|recite) )"
    ),
}
_PLEASE = {
    "en": re.compile(r"\b(?:please|pls|plz|kindly) (?:also |just |do )?(?P<verb>[a-z]{2,})"),
    "de": re.compile(r"\bbitte (?P<verb>[a-z]{2,})"),
    "hr": re.compile(r"(?!x)x"),
}
_IMPERATIVE = re.compile(
    r"(?:^|[,;] (?:and )?|\band )(?P<verb>(?:send|call|ring|email|give|get|text|forward|"
    r"phone|let) (?:me|us)\b|confirm (?:the|that|your)|let me know|advise )"
)
_BOILERPLATE = re.compile(
    r"(?:find (?:attached|enclosed|below|the |my |our |a |an )|see (?:attached|below|the attached|enclosed|example|"
    r"page|"
    r"my|our)|note\b|be (?:advised|aware|informed|assured)|do not|don't|feel free|"
    r"hesitate|ignore|disregard|delete|accept (?:our|my|this|the invitation)|excuse|"
    r"forgive|contact (?:me|us|the sender) (?:if|should|with|at|for)|call (?:me )?(?:if|"
    r"with|should|at)|"
    r"let (?:me|us) know (?:if (?:you (?:have|need|would|want|should)|there|anything|"
    r"i|we)|should)|go ahead|proceed|consider the environment|visit\b|go to|respond "
    r"with|"
    r"click|unsubscribe|reply to this (?:e-?mail|message) (?:to|if)|beachten|entschuldigen|"
    r"nicht|sehr|finden sie|weitergeben|loschen|beauftragen)"
)
_QUIET_QUESTIONS = re.compile(
    r"(?:how are you|how's it going|how is it going|how are things|how do you do|"
    r"are you (?:well|ok)|what's up|right|ok|okay|huh|really|why not|who knows|"
    r"how have you been|how's (?:everything|life)|what's new|wie geht|alles gut|kako ste|kako si|sto ima|hope you|"
    r"who is this|is that so|you know|any questions)\b"
)


def asks_in(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Reading]:
    """The asks of one sentence: requests first, then any real question."""
    if prose.from_us:
        return []
    found = _requests(prose, sentence, mentions)
    if found or not sentence.asks or not _is_real_question(prose, sentence):
        return found
    return [_ask(prose, sentence, mentions, sentence.start, sentence.start, 0.55)]


def _is_real_question(prose: Prose, sentence: Sentence) -> bool:
    text = sentence.folded.lstrip("\"'(- ")
    return (
        2 <= sentence.folded.count(" ") <= 60
        and not _QUIET_QUESTIONS.match(text)
        and not prose.is_quoted(sentence.start)
    )


def _requests(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Reading]:
    found: list[Reading] = []
    for start, verb, sure in sorted(_candidates(prose, sentence)):
        if (not found or start >= found[-1].end) and not _is_empty(prose, sentence, start, verb):
            found.append(_ask(prose, sentence, mentions, start, verb, sure))
    return found


def _is_empty(prose: Prose, sentence: Sentence, start: int, verb: int) -> bool:
    """Courtesies that ask for nothing, and what is offered or quoted."""
    if _BOILERPLATE.match(prose.folded, verb) or prose.is_quoted(start):
        return True
    return bool(_IN_CASE.search(sentence.folded) and _TURN_TO_US.match(prose.folded, verb))


_IN_CASE = re.compile(
    r"\b(?:any (?:further |other |more |immediate |additional )*(?:questions?|concerns?|problems?|comments|issues|"
    r"trouble)|"
    r"(?:have|had|with|for other) (?:any )?questions|in error|for any reason|fragen|ruckfragen|pitanja)\b"
)
_TURN_TO_US = re.compile(
    r"(?:call|contact|give|let|e-?mail|ring|write|direct|feel|do|reply|ask|melden|rufen|wenden|kontaktieren|"
    r"javite|nazovite|kontaktirajte)\b"
)
"""`If you have any questions, please call` asks for nothing."""


def _candidates(prose: Prose, sentence: Sentence) -> list[tuple[int, int, float]]:
    code, start, end = prose.language.code, sentence.start, sentence.end
    found = []
    if not _REQUESTING[code].isdisjoint(sentence.vocabulary):
        found += [
            (m.start(), m.start(m.lastgroup or 0), 0.85) for m in _REQUEST[code].finditer(prose.folded, start, end)
        ]
    if not _VOCABULARY.isdisjoint(sentence.vocabulary):
        found += [(m.start(), m.start("verb"), 0.8) for m in _PLEASE[code].finditer(prose.folded, start, end)]
    if code == "en":
        found += [(start + m.start("verb"), start + m.start("verb"), 0.7) for m in _imperatives(sentence)]
    return found


_REQUESTING = {
    "en": frozenset("you u we i someone somebody anyone possible able".split()),
    "de": frozenset("sie du wir ich um mir uns mich dich".split()),
    "hr": frozenset(
        "li biste molim molimo trebamo trebam treba trebao trebala zelimo zelim htjeli "
        "posaljite javite nazovite dostavite "
        "potvrdite pripremite provjerite recite".split()
    ),
}
_VOCABULARY = frozenset("please pls plz kindly bitte".split())
_ASKING = frozenset("me us confirm advise".split())


def _imperatives(sentence: Sentence) -> list[re.Match[str]]:
    return [] if sentence.vocabulary.isdisjoint(_ASKING) else list(_IMPERATIVE.finditer(sentence.folded))


def _ask(prose: Prose, sentence: Sentence, mentions: list[Mention], start: int, verb: int, sure: float) -> Reading:
    end = clause_end(prose, verb, sentence.end)
    mention = date_of(mentions, verb, end, sentence.start)
    end = max(end, mention.end) if mention and mention.start >= start else end
    due = mention if mention and (mention.due or not sentence.asks or sure > 0.6) else None
    value = {"what": words_between(prose, verb, end, due), "by": due.moment(prose) if due else None}
    return prose.read("ask", value, (start, max(end, verb + 1)), sure, sentence)
