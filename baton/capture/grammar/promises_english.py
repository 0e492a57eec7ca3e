"""How promises are made in English: `I'll`, `we will`, `will send it`, `let me check`, `you'll have it by Friday`.

After `I will` any doing is one unless it is on the list of what people only feel, have or go through; everywhere
else a verb counts only when it is on the list of things that people do for others.
"""

import re

from .dates import Mention
from .prose import Prose, Sentence

Candidate = tuple[int, int, float]
"""Where a promise begins, where the doing begins, and how sure it is."""

_VERBS = (
    "send|resend|forward|call|ring|phone|email|e-mail|mail|fax|text|message|check|double-check|confirm|prepare|draft|"
    "revise|update|review|provide|deliver|arrange|organi[sz]e|schedule|reschedule|book|order|follow[- ]up|look into|"
    "look at|look up|look to see|find out|find|come back to|get back|get in touch|get|give|submit|complete|finish|"
    "finali[sz]e|fix|correct|amend|change|add|remove|sign|pay (?:you|it|the|this|your)|transfer|wire|issue|invoice|"
    "refund|credit|quote|price|bring|drop|pick|collect|meet|visit|attend|join|speak|talk|discuss|ask|tell|inform|"
    "notify|remind|contact|reach out|let (?:you|them|him|her|everyone|[a-z]+) know|keep (?:you|everyone|them) "
    "(?:posted|informed|updated)|make sure|ensure|see to|take care|take it up|handle|set up|put|write|reply|respond|"
    "answer|return|report|share|upload|print|copy|cc|investigate|research|resolve|sort|chase|work on|work up|"
    "work with|coordinate|install|replace|repair|clean|hold|reserve|save|start|circulate|distribute|pass|ship|post|"
    "supply|include|attach|introduce|show|explain|process|approve|cancel|move|extend|honou?r|waive|match|cover|"
    "be in touch|be back (?:to|in touch)|do (?:it|that|this|so)\\b(?! my best)|have (?:it|them|that|this|the|your|an? "
    "[a-z]+)|go ahead and|address|incorporate|raise|escalate|advise|come (?:by|over|up|round|back to)|"
    "keep working on|do\\b(?= ?[.,!;]|$)|initiate|track|make (?:the|these|those|that|an?|your|any)|sort out|catch up|"
    "bill|stop by|swing by|pop (?:in|over)|pull together|put together|check back|compile|request|clear|run|test|"
    "implement|close"
)
_DOING = (
    r"(?!(?:be|have|need|want|like|love|hate|miss|know|think|feel|guess|assume|presume|believe|hope|expect|remember|"
    r"forget|go|stay|wait|sit|sleep|eat|drink|die|live|win|lose|beat|admit|say|agree|never|not|always|probably|bet|"
    r"arrive|travel|fly|drive|spend|enjoy|celebrate|graduate|retire|become|seem|appear|end|continue|worry|wonder|"
    r"watch|play|laugh|cry|regret|own|owe|gain|earn|benefit|experience|face|reach|fall|rise|rally|understand|respect|"
    r"appreciate|accept|notice|suffer|survive|allow|require|depend|concede|claim|deny|argue|pretend|turn|marry|only|"
    r"buy|sell|bid|pay|"
    r"likely|most|all|no|soon|of|also|then|just|now|still|again|personally|[a-z]+ly|at|use|see|look forward|leave|"
    r"do|make|have|take|keep my|keep our|occasionally)\b)[a-z]{3,}"
    r"|see (?:if|whether|what|to|about|that)\b|take (?:a look|care|it|them|this|that|the|over|up|on|you)\b"
    r"|make (?:the|these|those|that|an?|your|any|sure|it)\b|leave (?:you|the|a|it|them|your|my)\b"
    r"|have (?!to\b)(?:him|her|them|my|our|[a-z]+) (?:give|send|call|contact|look|get|email|bring|fax|provide|set|make|"
    r"schedule|check|do|take|put)\b|do (?:a|an|the|my|our|your|this|that|it|some|so|what)\b"
    r"|go (?:over|through|ahead and|and) [a-z]+|keep (?:you|on|after|it|them|this|looking|an eye|in touch)\b"
)
_GERUNDS = (
    r"(?!(?:being|going|having|looking forward|leaving|coming|staying|travel+ing|waiting|seeing|needing|attending|"
    r"flying|driving|taking|using|living|moving|thinking|watching|hoping|expecting|getting (?!you|back)|interviewing|"
    r"interesting|willing|exciting|amazing|outstanding|doing|working (?!on|with)|running|joining|switching|closing|"
    r"operating|trading|losing|missing)\b)[a-z]{3,}ing"
)
_LISTED_GERUNDS = (
    "sending|forwarding|calling|ringing|preparing|providing|delivering|contacting|emailing|faxing|submitting|"
    "meeting with|visiting|arranging|scheduling|updating|issuing|circulating|distributing|working with|working on|"
    "reviewing|following up|getting back|processing|posting|mailing|shipping|completing|in touch"
)
_ADVERBS = (
    r"(?:(?:also|then|just|certainly|definitely|gladly|happily|now|personally|quickly|immediately|both|first|still|"
    r"be (?:happy|glad|sure|able) to|try and|at least|surely|of course|in turn|go and|come and|again|try to|"
    r"attempt to|do my best to|do our best to|at once|be sure and|directly|gladly|simply|shortly) ){0,2}"
)
_OWN = re.compile(
    rf"(?:\b(?P<who>i|we)(?: ?'ll| will| shall)|\bi'?ll) {_ADVERBS}"
    rf"(?P<verb>be (?:{_GERUNDS})\b|(?:{_VERBS})\b|{_DOING})"
)
_LISTED = re.compile(rf"(?:{_VERBS})\b|be (?:{_LISTED_GERUNDS})\b")
_OTHER = re.compile(
    r"(?:\b(?:i|we)(?:'m going to| am going to|'re going to| are going to| promise to| promise i'll| guarantee to"
    r"| commit to| undertake to)|\blet me|(?P<bare>(?:\b(?:and|then|but) |, )?\bwill)) "
    rf"{_ADVERBS}(?P<verb>(?:{_VERBS})\b|be (?:{_GERUNDS})\b)"
)
_YOURS = re.compile(
    r"\b(?:you(?:'ll| will) (?P<verb>(?:have|get|receive) (?:it|them|the|your|a|an|our|my|this|that|everything)\b)"
    r"|(?:our|my|the) (?P<third>[a-z]+(?: [a-z]+)?|[a-z]+) will (?P<verb2>(?:call|"
    r"ring|send|contact|visit|email|be in touch|get back)\b)"
    r"|(?P<somebody>[a-z]+(?:, [a-z' ]{3,30},)?) (?:will|is going to) (?P<verb3>(?:[a-z]+ and )?(?:call|ring|send|"
    r"contact|email|get back to|deliver|bring|give|let) (?:to )?(?:you|your)\b))"
)
_DATED = re.compile(
    r"\b(?:i|we)(?: can|'m| am|'re| are| plan to| intend to| should be able to| aim to) ?"
    r"(?P<verb>(?:send|get|have|deliver|finish|complete|provide|let you|call|ring|"
    r"do|sending|calling|visiting|delivering|"
    r"finishing|getting)\b)"
)
_PURPOSE = re.compile(r"\bso (?:that )?$")
"""`So we can get it by Friday` says what for."""
_IDLE = re.compile(
    r"(?:have (?!(?!to\b)(?:him|her|them|my|our|[a-z]+) (?:give|send|call|contact|look|get|email|bring|fax|provide|"
    r"set|make|"
    r"schedule|check|do|take|put)\b)(?![^.]{0,60}\b(?:by|ready|to you|for you|sent|back)\b)|"
    r"do it (?:some other|another|next|again)|do (?:well|fine|better|great)|talk (?:(?:to|with|w/) ?you )?(?:later|"
    r"soon)|"
    r"get (?:fired|paid|killed|over|married|there|home|through|into|a lot|rich|drunk|to (?!you|it|them|this|every)|"
    r"some (?:sleep|rest)|used|better|worse|going|here|in (?!touch)|out|up|our|my|more)"
    r"|meet (?:our|their|the (?:target|need|require))|find (?:myself|ourselves|that|"
    r"it (?:hard|odd|strange|difficult|interesting))|give (?:up|in|away)|pass (?:out|away|on this)|hold (?:my|our) |"
    r"pay (?:for it|the price)|put (?:up with|down|money|my|it on(?! the| your| a))|start (?:to |by )|"
    r"tell you (?:what|that|this|the truth|one|something)|ask (?:again|you (?:this|to)|that|why)|"
    r"show up|move (?:on|to|up|down|lower|higher|into)|cover (?:my|our) (?:short|position)|"
    r"post (?:a (?:loss|profit))|raise (?:prices|rates|money)|report (?:earnings|a (?:loss|profit))|"
    r"work with the (?:sec)|return (?:to|on|from)|go ahead and (?:die)|let [a-z]+ know (?:if you)|"
    r"make (?:a (?:profit|living|fortune|difference|lot|big)|the (?:team|cut|most)|any (?:difference|money))|"
    r"arrange a (?:place|time) to|come back (?!to you)|hear|run (?:into|out|away|low|to|over|by)|buy|sell|bid)"
)
_LET_ME = re.compile(
    r"let me (?:\w+ )?(?:know|have|see|tell|ask you|say|explain|be|add|introduce|give you (?:an example|some "
    r"background)|get this|put it|remind|start|share|show|finish|write|discuss|speak|talk|update|include|sign|call|"
    r"run|do|make|just say|clean|return|report|quote|pass|hold|pick|put|set|close|test|clear|request|implement)"
)
_FUTURE = frozenset("ll ill will shall let going promise guarantee commit undertake".split())
_SUBJECT = re.compile(
    r"\b(?P<who>[a-z]+)(?:'ll|'m|'ve|'re|'s| will| am| are| is| have| has| had| can| could| would| should| was|"
    r" were| need| needs| want| wants| plan| got| did| do| does| received| spoke| sent| called| left)\b"
)


def english(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Candidate]:
    """Places of English promises: where they begin, where the doing begins, how sure."""
    text, start, end = prose.folded, sentence.start, sentence.end
    found = [] if sentence.vocabulary.isdisjoint(_FUTURE) else _future(prose, sentence, mentions)
    if mentions:
        found += [
            (m.start(), m.start("verb"), 0.55)
            for m in _DATED.finditer(text, start, end)
            if _has_deadline(mentions, m.end()) and not _idle(text, m) and not _PURPOSE.search(text, start, m.start())
        ]
    return sorted(found)


def _future(prose: Prose, sentence: Sentence, mentions: list[Mention]) -> list[Candidate]:
    text, start, end = prose.folded, sentence.start, sentence.end
    own = [_candidate(m) for m in _OWN.finditer(text, start, end) if not _idle(text, m) and _is_a_deed(text, m)]
    own += [
        _candidate(m)
        for m in _OTHER.finditer(text, start, end)
        if not _idle(text, m) and (m["bare"] is None or _is_own_will(text, m, sentence))
    ]
    return own + [_yours(m) for m in _YOURS.finditer(text, start, end) if _is_theirs(prose, m, mentions)]


def _is_a_deed(text: str, match: re.Match[str]) -> bool:
    """After `we` only what is on the list: a business says of itself what it will be, grow, launch and follow."""
    return match["who"] != "we" or bool(_LISTED.match(text, match.start("verb")))


def _yours(match: re.Match[str]) -> Candidate:
    verb = next(name for name in ("verb", "verb2", "verb3") if match[name])
    return match.start(), match.start(verb), 0.75


def _is_theirs(prose: Prose, match: re.Match[str], mentions: list[Mention]) -> bool:
    """`You'll have it by Friday`, `our engineer will call you`, `Susan will send you`: a name has a capital."""
    if match["verb"]:
        return _has_deadline(mentions, match.end())
    if match["verb2"]:
        return " you" in prose.folded[match.end() : match.end() + 12]
    return prose.raw[match.start()].isupper() and match["somebody"] not in _NOBODY


_NOBODY = frozenset("he she they it who which that this these those you we i someone somebody nobody".split())


def _is_own_will(text: str, match: re.Match[str], sentence: Sentence) -> bool:
    """`Will send it` at the head of a sentence, or carried on from an I or we that is the subject before it."""
    if match.start() == sentence.start:
        return True
    if match["bare"] == "will":
        return False
    subjects = [found["who"] for found in _SUBJECT.finditer(text, sentence.start, match.start())]
    return bool(subjects) and subjects[-1] in ("i", "we")


def _candidate(match: re.Match[str]) -> Candidate:
    lead = match.group().lstrip(" ,;.")
    sure = 0.65 if lead.startswith("let me") else 0.7 if lead.startswith(("will", "and will", "then will")) else 0.82
    weak = 0.15 if " try to " in lead or " attempt to " in lead or " best to " in lead else 0
    return match.end() - len(lead), match.start("verb"), sure - weak


def _idle(text: str, match: re.Match[str]) -> bool:
    """Verbs that promise nothing to anybody: get there, let me know, find it odd."""
    return bool(_IDLE.match(text, match.start("verb"))) or bool(_LET_ME.match(text, match.start()))


def _has_deadline(mentions: list[Mention], place: int) -> bool:
    return any(mention.start >= place for mention in mentions)
