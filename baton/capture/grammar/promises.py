"""Promises: what the writer says that they will do for the reader.

Who wrote decides whose promise it is. What is denied, asked, hoped, reported, quoted or made to depend on something
is none. Precision goes before recall: a verb counts only when it is on the list of things that people do for others.
"""

import re

from .clauses import clause_end, date_of, words_between
from .dates import Mention
from .promises_english import Candidate, english
from .prose import Prose, Sentence
from .reading import Reading

_GERMAN_VERBS = (
    r"schick(?:e|en)|sende?n?|ubersende?n?|maile?n?|melde?n?|rufe?n?|kummer(?:e|n)|"
    r"prufe?n?|klare?n?|erstelle?n?|liefer(?:e|n)|"
    r"bestatige?n?|leite?n?|gebe?n?|komme?n? (?:auf sie|am|um)|uberarbeite?n?|reiche?n?|"
    r"bringe?n?|informiere?n?|organisiere?n?|"
    r"veranlasse?n?|ubernehmen?|ubernehme|bereite?n?|vereinbare?n?|besorge?n?|erledige?n?|"
    r"reservier(?:e|en)|stelle?n?|lasse?n?|"
    r"lege?n?|korrigiere?n?|zahle?n?|uberweise?n?|unterschreibe?n?|unterzeichne?n?|kalkuliere?n?|passe?n?|trage?n?"
)
_GERMAN_DOING = (
    r"(?:zu)?(?:schicken|senden|ubersenden|mailen|melden|anrufen|ruckmelden|kummern|"
    r"prufen|klaren|erstellen|liefern|bestatigen|"
    r"weiterleiten|geben|uberarbeiten|nachreichen|einreichen|bringen|informieren|"
    r"organisieren|veranlassen|ubernehmen|vorbereiten|"
    r"vereinbaren|besorgen|erledigen|reservieren|bereitstellen|erstellen|zukommen "
    r"lassen|vorlegen|korrigieren|uberweisen|"
    r"bezahlen|zahlen|unterschreiben|unterzeichnen|kalkulieren|anpassen|nachtragen|"
    r"besprechen|kontaktieren|beauftragen|vorbeikommen)"
)
_GERMAN = re.compile(
    rf"\b(?P<verb>(?:ich|wir) (?:{_GERMAN_VERBS})|(?:{_GERMAN_VERBS}) (?:ich|wir))\b"
    rf"|\b(?P<will>(?:ich werde|wir werden|werde ich|werden wir)) [^.;!?\n]{{0,120}}?\b(?P<doing>{_GERMAN_DOING})\b"
    r"|\b(?P<yours>(?:erhalten|bekommen) sie|sie (?:erhalten|bekommen))\b"
    r"|(?P<bare>\b(?:schicke|sende|melde|rufe|prufe|klare|kummere|erledige) (?:ihnen|"
    r"dir|euch|mich|das|sie|dich|es))\b"
)
_CROATIAN_STEMS = (
    "posla|salj|javi|nazva|dostavi|pripremi|pripremat|provjeri|potvrdi|proslijedi|"
    "odgovori|ispravi|dogovori|organizira|rijesi|"
    "napravi|izradi|isporuci|plati|uplati|potpisa|donije|obavijesti|kontaktira|izmijeni|"
    "dopuni|azurira|doci|doc|popravi|posjeti|"
    "pobrinu|napisa|razmotri|proba|predloži|predlozi|vrati|zavrsi|uputi|preda"
)
_CROATIAN = re.compile(
    rf"\b(?P<verb>(?:{_CROATIAN_STEMS})[a-z]{{0,3}} (?:cu|cemo))\b"
    rf"|\b(?P<will>cu|cemo) (?:(?:vam|ti|vas|te|to|se|ga|je|ih|im|mu|joj|i|rado|odmah|"
    rf"svakako|jos) ){{0,4}}(?P<doing>(?:{_CROATIAN_STEMS})[a-z]{{0,3}}t?i)\b"
    r"|\b(?P<now>(?:saljem|saljemo|javljam|javljamo|zovem|dostavljam|dostavljamo|"
    r"pripremam|pripremamo|provjeravam) (?:vam|ti|se|vas|te)?)"
    r"|\b(?P<yours>(?:cete (?:je |ga |ih |ju )?(?:dobiti|primiti)|dobit cete|primit cete|imat cete))\b"
)
_TRIGGERS = {
    "en": frozenset(
        "ll ill will shall let promise going can plan intend guarantee aim m re undertake commit am are should".split()
    ),
    "de": frozenset("ich wir erhalten bekommen schicke sende melde rufe prufe klare kummere erledige".split()),
    "hr": frozenset(
        "cu cemo cete saljem saljemo javljam javljamo zovem dostavljam dostavljamo pripremam "
        "pripremamo provjeravam".split()
    ),
}
_CONDITION_BEFORE = {
    "en": re.compile(r"\b(?:if|unless|whether|in case|should you|provided|assuming|suppose|would|could|might|had)\b"),
    "de": re.compile(r"\b(?:wenn|falls|sofern|sollten|ob|konnte|konnten|wurde|wurden|hatte|hatten)\b"),
    "hr": re.compile(r"\b(?:ako|ukoliko|kad bi|bismo|bih|da li|hoce li|mogu li)\b"),
}
_CONDITION_AFTER = {
    "en": re.compile(r"\b(?:if (?!anything)|unless|in case|provided that|assuming|as long as)"),
    "de": re.compile(r"\b(?:wenn|falls|sofern)\b"),
    "hr": re.compile(r"\b(?:ako|ukoliko)\b"),
}
_FINDS_OUT = re.compile(
    r"(?:check|see|find out|ask|look into|look to see|let [a-z]+ know (?:if|whether)|attempt to find|test|"
    r"prufe?n?|klare?n?|provjerit?i?)\b"
)
_TAG = re.compile(r",? (?:ok|okay|alright|all right|right|gut|ja|oder|vazi|moze|u redu) ?\?+$")
_COURTEOUS_IF = re.compile(
    r"(?:if|wenn|falls|ako) (?:(?:that|it|this|das|es|vam|ihnen)(?:'s| is| ist|s)? )?"
    r"(?:ok|okay|alright|all right|fine|works|suits|possible|you don't mind|recht|passt|moglich|odgovara|moguce)\b"
)
_NEXT_CONSEQUENCE = re.compile(r", (?:then )?(?:i|we)(?:'ll| will| can| could| would|'d)\b")
_HEDGE = {
    "en": re.compile(
        r"\b(?:said|says|told|tell|hopes?|hoping|thinks?|believes?|guess|assum\w+|wish|"
        r"doubt|maybe|perhaps|probably|possibly|expects?|"
        r"hopefully|not sure|don't know|no idea|suggest\w*|suppose|sure that|how|what|"
        r"why|whether|who|whom|claims?|asked|when|where|because|as|like|until|before|"
        r"after|promised|agreed) ?(?:that )?[a-z', ]{0,14}$"
    ),
    "de": re.compile(
        r"\b(?:hoffe|glaube|denke|vielleicht|eventuell|meinte|sagte|vermutlich|wahrscheinlich|"
        r"dass|weil|warum|wie|was)\b[^,.]{0,20}$"
    ),
    "hr": re.compile(r"\b(?:nadam se|mislim|mozda|vjerojatno|rekao|rekla|kaze|da|kako|sto|zasto)\b[^,.]{0,20}$"),
}
_DENIED = {
    "en": re.compile(r"\b(?:not|never|n't|won't|no longer)\b"),
    "de": re.compile(r"\b(?:nicht|kein|keine|keinen|nie|niemals)\b"),
    "hr": re.compile(r"\b(?:ne|necu|necemo|nikad|nikada|nemojte)\b"),
}


def promises_in(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Reading]:
    """The promises of one sentence."""
    if _only_asks(sentence) or sentence.vocabulary.isdisjoint(_TRIGGERS[prose.language.code]):
        return []
    found: list[Reading] = []
    for start, verb, sure in _CANDIDATES[prose.language.code](prose, sentence, mentions):
        if (not found or start >= found[-1].end) and _is_meant(prose, sentence, start, verb):
            found.append(_promise(prose, sentence, mentions, start, verb, sure))
    return found


def _promise(prose: Prose, sentence: Sentence, mentions: list[Mention], start: int, verb: int, sure: float) -> Reading:
    end = clause_end(prose, verb, sentence.end)
    mention = date_of(mentions, verb, end, sentence.start)
    end = max(end, mention.end) if mention and mention.start >= start else end
    value = {
        "what": words_between(prose, verb, end, mention),
        "due": mention.moment(prose) if mention else None,
        "who": "us" if prose.from_us else "them",
    }
    confidence = min(0.97, sure + (0.1 if mention else 0)) if not mention or mention.confidence > 0.5 else sure
    return prose.read("promise", value, (start, _trim(prose, start, end)), confidence, sentence)


def _trim(prose: Prose, start: int, end: int) -> int:
    return start + len(prose.raw[start:end].rstrip(" ,;:.!-\n"))


def _is_meant(prose: Prose, sentence: Sentence, start: int, verb: int) -> bool:
    """Not denied, not conditional, not hoped, reported or quoted."""
    code = prose.language.code
    before = prose.folded[max(sentence.start, start - 160) : start]
    end = clause_end(prose, verb, sentence.end)
    after = prose.folded[verb:end]
    if prose.is_quoted(start) or _CONDITION_BEFORE[code].search(_main_clause(before)) or _HEDGE[code].search(before):
        return False
    if "hopefully" in after or _DENIED[code].search(after if code != "en" else prose.folded[start : verb + 12]):
        return False
    return not _depends(prose.folded[verb : sentence.end], code, end + 60 - verb)


def _only_asks(sentence: Sentence) -> bool:
    """A question, but not one that only wants a nod: `I'll come by at ten, OK?`."""
    return sentence.asks and not _TAG.search(sentence.folded)


def _depends(after: str, code: str, limit: int) -> bool:
    """Whether it depends on something; an `if` that finds out, asks leave or begins the next thing is none."""
    condition = _CONDITION_AFTER[code].search(after, 0, limit)
    if condition is None or _FINDS_OUT.match(after) or _COURTEOUS_IF.match(after, condition.start()):
        return False
    return not (condition.start() > 0 and _NEXT_CONSEQUENCE.search(after, condition.end()))


def _main_clause(before: str) -> str:
    """What was said before the last stop between clauses that ends a condition: `let me know if not and`."""
    return before.rpartition(";")[2].rpartition(" - ")[2]


_TOWARDS_READER = re.compile(
    r"\b(?:ihnen|sie|ihr|ihre|ihren|dir|dich|euch|mich|uns darum|darum|bescheid|zuruck|"
    r"ruckmeldung)\b"
)
_HABIT = re.compile(r"\b(?:seit|immer|stets|grundsatzlich|jeden|jede|regelmass?ig|taglich|gewohnlich|in der regel)\b")


def _german(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Candidate]:
    """German uses the present for promises: it must turn to the reader or name a day."""
    found = []
    for match in _GERMAN.finditer(prose.folded, sentence.start, sentence.end):
        clause = prose.folded[sentence.start : clause_end(prose, match.end(), sentence.end)]
        if _HABIT.search(clause) or (match["yours"] and not mentions):
            continue
        if match["bare"] and match.start() != sentence.start:
            continue
        if (
            match["will"]
            or match["bare"]
            or mentions
            or _TOWARDS_READER.search(clause[match.start() - sentence.start :])
        ):
            start = _clause_start(prose, sentence, match.start())
            found.append((start, start, 0.8 if match["will"] or mentions else 0.7))
    return found


_OPENING = re.compile(r"^(?:ja|gut|ok|okay|danke|gerne|super|dobro|hvala|moze|u redu|vielen dank|alles klar)[,!. ]+")


def _clause_start(prose: Prose, sentence: Sentence, place: int) -> int:
    """German and Croatian put the object first: the clause begins after the last comma."""
    before = prose.folded[sentence.start : place]
    comma = max(
        before.rfind(", "), before.rfind("; "), before.rfind(": "), before.rfind(" und "), before.rfind(" aber ")
    )
    start = sentence.start + (before.index(" ", comma + 1) + 1 if comma >= 0 else 0)
    opening = _OPENING.match(prose.folded[start:place])
    return start + opening.end() if opening else start


def _croatian(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Candidate]:
    """Croatian promises: the future with cu and cemo, or the present towards the reader with a day."""
    found = []
    for match in _CROATIAN.finditer(prose.folded, sentence.start, sentence.end):
        if match["now"] and not any(mention.start > match.start() for mention in mentions):
            continue
        start = _clause_start(prose, sentence, match.start())
        found.append((start, start, 0.8 if not match["now"] else 0.65))
    return found


_CANDIDATES = {"en": english, "de": _german, "hr": _croatian}
