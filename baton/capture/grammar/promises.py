"""Promises: what the writer says that they will do for the reader.

Who wrote decides whose promise it is. What is denied, asked, hoped, reported, quoted or made to depend on something
is none. Precision goes before recall: a verb counts only when it is on the list of things that people do for others.
"""

import re

from .clauses import clause_end, date_of, words_between
from .dates import Mention
from .prose import Prose, Sentence
from .reading import Reading

_VERBS = (
    "send|resend|forward|call|ring|phone|email|e-mail|mail|fax|text|message|check|"
    "double-check|confirm|prepare|draft|revise|update|"
    "review|provide|deliver|arrange|organi[sz]e|schedule|reschedule|book|order|follow[- "
    "]up|look into|look at|look up|find out|find|"
    "come back to|get back|get in touch|get|give|submit|complete|finish|finali[sz]e|"
    "fix|correct|amend|change|add|remove|sign|pay (?:you|it|the|this|your)|"
    "transfer|wire|issue|invoice|refund|credit|quote|price|bring|drop|pick|collect|meet|visit|attend|join|speak|talk|"
    "discuss|ask|tell|inform|notify|remind|contact|reach out|let (?:you|them|him|her|everyone|[a-z]+) know|"
    "keep (?:you|everyone|them) (?:posted|informed|updated)|make sure|ensure|see "
    "to|take care|take it up|handle|set up|put|write|"
    "reply|respond|answer|return|report|share|upload|print|copy|cc|investigate|research|"
    "resolve|sort|chase|work on|work up|work with|"
    "coordinate|install|replace|repair|clean|hold|reserve|save|start|circulate|distribute|"
    "pass|ship|post|supply|include|attach|"
    "introduce|show|explain|process|approve|cancel|move|extend|honou?r|waive|match|"
    "cover|be in touch|be back (?:to|in touch)|"
    "do (?:it|that|this|so)\\b(?! my best)|have (?:it|them|that|this|the|your|an? "
    "[a-z]+)|go ahead and"
    r"|address|incorporate|raise|escalate|advise|come (?:by|over|up|round|back to)|"
    r"keep working on|do\b(?= ?[.,!;]|$)|initiate|track|make (?:the|these|those|that|"
    r"an?|your|any)|sort out|catch up|bill"
)
_GERUNDS = (
    "sending|forwarding|calling|ringing|preparing|providing|delivering|contacting|"
    "emailing|faxing|submitting|meeting with|"
    "visiting|arranging|scheduling|updating|issuing|circulating|distributing|working "
    "with|working on|reviewing|following up|getting"
)
_ADVERBS = (
    r"(?:(?:also|then|just|certainly|definitely|gladly|happily|now|personally|quickly|immediately|both|first|still|"
    r"be (?:happy|glad|sure|able) to|try and|at least|surely|of course|in turn|go "
    r"and|come and|again|try to|attempt to|do my best to|do our best to) ){0,2}"
)
_ENGLISH = re.compile(
    r"(?:\b(?P<who>i|we)(?: ?'ll| will| shall|'m going to| am going to|'re going "
    r"to| are going to| promise to| promise i'll"
    r"| guarantee to| commit to| undertake to)|\bi'?ll|\blet me|(?P<bare>\b(?:(?:and|then) )?will)) "
    rf"{_ADVERBS}(?P<verb>(?:{_VERBS})\b|be (?:{_GERUNDS})\b)"
)
_ENGLISH_YOURS = re.compile(
    r"\b(?:you(?:'ll| will) (?P<verb>(?:have|get|receive) (?:it|them|the|your|a|an|our|my|this|that|everything)\b)"
    r"|(?:our|my|the) (?P<third>[a-z]+(?: [a-z]+)?|[a-z]+) will (?P<verb2>(?:call|"
    r"ring|send|contact|visit|email|be in touch|get back)\b))"
)
_ENGLISH_DATED = re.compile(
    r"\b(?:i|we)(?: can|'m| am|'re| are| plan to| intend to| should be able to| aim to) ?"
    r"(?P<verb>(?:send|get|have|deliver|finish|complete|provide|let you|call|ring|"
    r"do|sending|calling|visiting|delivering|"
    r"finishing|getting)\b)"
)
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
_FINDS_OUT = re.compile(r"(?:check|see|find out|ask|look into|prufe?n?|klare?n?|provjerit?i?)\b")
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
_IDLE = re.compile(
    r"(?:have (?![^.]{0,60}\b(?:by|ready|to you|for you|sent|back)\b)|"
    r"do it (?:some other|another|next|again)|talk (?:later|soon)|start [a-z]+ing|"
    r"get (?:fired|paid|killed|over|married|there|home|through|into|a lot|rich|"
    r"drunk|to |some (?:sleep|rest)|used|better|worse|going|here|in (?!touch)|out|"
    r"up|our|my|more)"
    r"|meet (?:our|their|the (?:target|need|require))|find (?:myself|ourselves|that|"
    r"it (?:hard|odd|strange|difficult|interesting))|give (?:up|in|away)|pass (?:out|"
    r"away|on this)|hold (?:my|our) |pay (?:for it|the price)|"
    r"talk (?:about it later$|soon)|put (?:up with|down|money|my|it on)|start (?:to "
    r"|by )|tell you (?:what|that|this|the truth|one|something)|ask (?:again|you "
    r"(?:this|to)|that|why)|have (?:the (?:chance|opportunity|pleasure|right|ability)|"
    r"a (?:good|great|lot|chance|problem|party|hard|tough|look at))|"
    r"show up|move (?:on|to|up|down|lower|higher|into)|cover (?:my|our) (?:short|"
    r"position)|post (?:a (?:loss|profit))|raise (?:prices|rates|money)|report (?:earnings|"
    r"a (?:loss|profit))|work with the (?:sec)|return (?:to|on|from)|go ahead and "
    r"(?:die)|"
    r"let [a-z]+ know (?:if you)|make (?:a (?:profit|living|fortune|difference|lot|"
    r"big)|the (?:team|cut|most)|any (?:difference|money)))"
)
_LET_ME = re.compile(
    r"let me (?:\w+ )?(?:know|have|see|tell|ask you|say|explain|be|add|introduce|"
    r"give you (?:an example|some background)|get this|put it|remind|start|share|"
    r"show|finish|write|discuss|speak|talk|update|include|sign|call|run|do|make|just "
    r"say|clean|return|report|quote|pass|hold|pick|put|set)"
)


def promises_in(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Reading]:
    """The promises of one sentence."""
    if sentence.asks or sentence.vocabulary.isdisjoint(_TRIGGERS[prose.language.code]):
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
    return not _CONDITION_AFTER[code].search(prose.folded[verb : min(sentence.end, end + 60)]) or bool(
        _FINDS_OUT.match(prose.folded, verb)
    )


def _main_clause(before: str) -> str:
    """What was said before the last stop between clauses that ends a condition: `let me know if not and`."""
    return before.rpartition(";")[2].rpartition(" - ")[2]


Candidate = tuple[int, int, float]


def _english(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Candidate]:
    """Places of English promises: where they begin, where the doing begins, how sure."""
    text, start, end = prose.folded, sentence.start, sentence.end
    found = [] if sentence.vocabulary.isdisjoint(_FUTURE) else _future(prose, sentence, mentions)
    if mentions:
        found += [
            (m.start(), m.start("verb"), 0.55)
            for m in _ENGLISH_DATED.finditer(text, start, end)
            if _has_deadline(mentions, m.end()) and not _idle(text, m)
        ]
    return sorted(found)


_FUTURE = frozenset("ll ill will shall let going promise guarantee commit undertake".split())


def _future(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Candidate]:
    text, start, end = prose.folded, sentence.start, sentence.end
    own = [
        _english_candidate(m)
        for m in _ENGLISH.finditer(text, start, end)
        if not _idle(text, m) and (m["bare"] is None or _is_own_will(text, m, sentence))
    ]
    yours = [
        (m.start(), m.start("verb") if m["verb"] else m.start("verb2"), 0.75)
        for m in _yours(text, start, end)
        if m["verb2"] or _has_deadline(mentions, m.end())
    ]
    return own + yours


def _is_own_will(text: str, match: re.Match[str], sentence: Sentence) -> bool:
    """`Will send it` at the head of a sentence, or carried on from an I or we that is the only subject."""
    if match.start() == sentence.start:
        return True
    carried = match["bare"] != "will"
    own = not sentence.vocabulary.isdisjoint(("i", "we")) and sentence.vocabulary.isdisjoint(_OTHERS)
    return carried and own


_OTHERS = frozenset("he she they it you who which that this team".split())


def _yours(text: str, start: int, end: int) -> list[re.Match[str]]:
    return [m for m in _ENGLISH_YOURS.finditer(text, start, end) if m["verb"] or " you" in text[m.end() : m.end() + 12]]


def _english_candidate(match: re.Match[str]) -> Candidate:
    lead = match.group().lstrip(" ,;.\n")
    sure = 0.65 if lead.startswith("let me") else 0.7 if lead.startswith(("will", "and will", "then will")) else 0.82
    weak = 0.15 if " try to " in lead or " attempt to " in lead or " best to " in lead else 0
    return match.end() - len(lead), match.start("verb"), sure - weak


def _idle(text: str, match: re.Match[str]) -> bool:
    """Verbs that promise nothing to anybody: get there, let me know, find it odd."""
    return bool(_IDLE.match(text, match.start("verb"))) or bool(_LET_ME.match(text, match.start()))


def _has_deadline(mentions: list[Mention], place: int) -> bool:
    return any(mention.start >= place for mention in mentions)


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


_CANDIDATES = {"en": _english, "de": _german, "hr": _croatian}
