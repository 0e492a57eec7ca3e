"""One stretch of a quick line: an outcome, something promised, or the next step."""

import re

from django.utils.translation import gettext as _

from baton.capture.grammar.clauses import words_between
from baton.capture.grammar.dates import Mention
from baton.capture.grammar.prose import Prose, Sentence
from baton.capture.grammar.reading import Reading

from .chips import Chip, written_day

_OUTCOMES = re.compile(
    r"(?:(?:deal |we |auftrag |posao |we've )?(?:(?P<won>won(?: it)?|gewonnen|dobiveno|"
    r"dobili|dobiven)|(?P<lost>lost(?: it)?|verloren|izgubljeno|izgubili|izgubljen))"
    r"|(?P<done>done|all done|kept|erledigt|fertig|gotovo|obavljeno|rijeseno|odradeno))"
    r"(?: ?(?::|-|,|because|weil|jer|to|an) ?(?P<because>\S.*))?[.! ]*$"
)
_MOVED = re.compile(
    r"(?:\w+ ){0,3}?(?P<verb>moved to|pushed to|postponed to|postponed until|put "
    r"off to|put off until|rescheduled to|rescheduled for|"
    r"verschoben auf|verlegt auf|pomaknuto na|odgodeno do|odgodeno na|prebaceno na)\b"
)
_DELIVERABLES = re.compile(
    r"\b(?:quote|quotation|offer|proposal|estimate|price|prices|pricing|contract|"
    r"invoice|report|drawings?|photos?|pictures|samples?|survey|plans?|"
    r"method statement|risk assessment|rams|answer|reply|figures|numbers|draft|details|"
    r"documents?|paperwork|schedule|programme|references|brochure|"
    r"agenda|minutes|certificate|po|order|list|specs?|terms|dates|names?|costs?|"
    r"angebot\w*|preis\w*|rechnung|vertrag\w*|unterlagen|fotos|bilder|bericht|antwort|"
    r"plane?|muster|entwurf|kostenvoranschlag|protokoll|ruckmeldung|liste|"
    r"ponud\w*|cijen\w*|ugovor\w*|racun\w*|izvjestaj\w*|izvjesce|slike|odgovor\w*|"
    r"nacrt\w*|uzorak|uzorke|troskovnik\w*|prijedlog\w*|dokument\w*|popis)\b"
)
_SENDS = re.compile(
    r"(?:to |must |need to |have to )?(?:send|get|give|prepare|draft|revise|deliver|"
    r"provide|promised|promise|owe|schicken|senden|posalji|poslati|pripremiti|zugesagt|"
    r"versprochen|obecao|obecala|obecano)\b"
)
_STEPS = re.compile(
    r"(?:next(?: step)?:? |then |and |to |must |need to |i'll |will |nachster schritt:? |dann |onda |sljedece:? )*"
    r"(?P<verb>call(?:[ -]back)?|ring(?: back)?|phone|callback|call-back|visit|site "
    r"visit|meet(?:ing)?|chase|follow[- ]up|check|remind|speak|talk|survey|go back|"
    r"come back|ask|lunch|coffee|demo|"
    r"ruckruf|anrufen|zuruckrufen|telefonat|termin|treffen|besuch|besichtigung|nachfassen|"
    r"nachhaken|ortstermin|melden|besprechung|"
    r"nazvati|nazovi|zvati|poziv|sastanak|posjet|posjetiti|obilazak|javiti se|podsjetiti|provjeriti|obici|naci se)\b"
)
_THEIRS = re.compile(
    r"(?:he|she|they|customer|client|er|sie|kunde|kundin|on|ona|oni|kupac)(?:'ll|"
    r" will| signs?| sends?| wird| werden| schickt| ce)?\b"
)
_CUSTOMERS_DO = re.compile(
    r"(?:to |will |must |has to |have to )?(?:decides?|signs?(?: off)?|approves?|pays?|entscheid(?:en|et)|"
    r"unterschreib(?:en|t)|freigeben|zahl(?:en|t)|odluciti|odlucuje|potpisati|potpisuje|odobriti|platiti)\b"
)
"""What customers do and we wait for: “decide by Friday” is nothing that we owe."""


def read_outcome(prose: Prose, stretch: Sentence, mentions: list[Mention]) -> Chip | None:
    """Won, lost and why, done, or moved to a day."""
    moved = _MOVED.match(stretch.folded)
    if moved and mentions:
        return _moved(prose, stretch, mentions[0])
    match = _OUTCOMES.match(stretch.folded)
    if match is None:
        return None
    outcome = next(name for name in ("won", "lost", "done") if match[name])
    because = prose.raw[stretch.start + match.start("because") : stretch.end] if match["because"] else None
    label = {"won": _("Won"), "lost": _("Lost"), "done": _("Done")}[outcome]
    value = {"outcome": outcome, "because": because}
    return Chip("outcome", f"{label}: {because}" if because else label, value, (stretch.start, stretch.end), 0.9)


def _moved(prose: Prose, stretch: Sentence, mention: Mention) -> Chip:
    to = mention.moment(prose)
    label = _("Moved to %(day)s") % {"day": written_day(to)}
    return Chip("move", label, {"to": to}, (stretch.start, max(mention.end, stretch.start)), mention.confidence)


_NAMED_STEP = re.compile(
    r"(?:next(?: step)?|nachster schritt|sljedeci korak|iduci korak|todo) ?(?::|is|"
    r"ist|je)? (?P<verb>\S)(?!\S*day\b)"
)
_COLLEAGUE = re.compile(r"\s*@\w+")


def _without_colleagues(what: str) -> str:
    """`@priya` is a chip of its own."""
    return _COLLEAGUE.sub("", what)


def read_step(prose: Prose, stretch: Sentence, mentions: list[Mention]) -> Reading | None:
    """`call back Tue 10:00`: begins with what to do next. Without a day it must say that it is next."""
    match = _NAMED_STEP.match(stretch.folded) or _STEPS.match(stretch.folded)
    if match is None or (not mentions and match.re is not _NAMED_STEP and match["verb"] not in _CLEAR):
        return None
    mention = mentions[0] if mentions else None
    start = stretch.start + match.start("verb")
    what = _without_colleagues(words_between(prose, start, stretch.end, mention))
    value = {"what": what, "at": mention.moment(prose) if mention else None}
    sure = min(0.9, mention.confidence + 0.05) if mention else 0.6
    return prose.read("next_step", value, (stretch.start, stretch.end), sure, stretch)


_CLEAR = frozenset(
    ("call back", "call-back", "callback", "ruckruf", "zuruckrufen", "follow up", "follow-up", "chase", "nachfassen")
)


def read_promise(prose: Prose, stretch: Sentence, mentions: list[Mention]) -> Reading | None:
    """`quote by Friday`: something to deliver and a day. Whoever types promises, unless it says who else does."""
    sends = _SENDS.match(stretch.folded)
    delivers = _DELIVERABLES.search(stretch.folded)
    mention = next((m for m in mentions if m.due), mentions[0] if mentions else None)
    if not ((mention and (delivers or mention.due or sends)) or (sends and delivers)):
        return None
    theirs = _THEIRS.match(stretch.folded) or _CUSTOMERS_DO.match(stretch.folded)
    value = {
        "what": _without_colleagues(words_between(prose, stretch.start, stretch.end, mention)),
        "due": mention.moment(prose) if mention else None,
        "who": "them" if theirs else "us",
    }
    if not value["what"]:
        return None
    sure = 0.9 if mention and mention.due and delivers else 0.7 if delivers else 0.6
    return prose.read("promise", value, (stretch.start, stretch.end), sure, stretch)
