"""Approvals: a customer's yes in writing, and to what."""

import re

from .documents import documents_in
from .prose import Prose, Sentence
from .reading import Reading

_THING = (
    r"(?:quote|quotation|offer|proposal|estimate|price|prices|terms|revised|contract|"
    r"order|budget|work|figure|cost)"
)
_SURE = {
    "en": re.compile(
        rf"\b(?:we|i)(?:'re| are|'m| am)?(?: (?:hereby|gladly|happily|formally|also|have|"
        rf"now|can|are happy to|would like to|'d like to|d like to|happy to|pleased to))*"
        rf" (?:accept|accepted|approve|approved|agree to|agreed to|confirm our acceptance|"
        rf"sign off|signed off)(?: of| on| the| your| this| our| with)*(?: [a-z]+){{0,2}} "
        rf"{_THING}\b"
        r"|\b(?:please|pls|you can|you may|let's|do) (?:go ahead|proceed|start the work|"
        r"book (?:it|us) in)\b(?! if| only if)"
        r"|\b(?:we(?:'d| would) like|happy|we(?:'re| are) happy|pleased|good|fine) to "
        r"(?:go ahead|proceed|move forward)\b"
        rf"|^(?:yes[,.!]? |ok[,.!]? |all )?approved\b|\b(?:{_THING}|this|it) (?:is|has "
        rf"been|was) (?:approved|accepted|agreed|signed off)\b"
        rf"|\b(?:board|management|we|director|boss) (?:has|have) (?:approved|accepted|"
        rf"signed off|agreed)\b|\bhereby (?:accept|approve|order|instruct)\b|\bwe have "
        rf"a deal\b"
    ),
    "de": re.compile(
        r"\b(?:einverstanden|(?:nehmen|nehme) (?:wir |ich )?(?:ihr |das |dein |euer )?(?:angebot|"
        r"offerte)[^.!?\n]{0,40}\ban\b|hiermit beauftrage|beauftragen (?:wir )?sie|bitte "
        r"(?:beauftragen|ausfuhren|starten sie|beginnen sie)|"
        r"angebot (?:ist |wird |wurde |hiermit )?(?:angenommen|akzeptiert|freigegeben|"
        r"genehmigt)|freigegeben|genehmigt|auftrag (?:ist )?(?:hiermit )?erteilt|erteilen "
        r"(?:wir )?(?:ihnen )?(?:hiermit )?den auftrag|"
        r"wir akzeptieren|ich akzeptiere|wir bestatigen (?:den auftrag|die bestellung|ihr angebot))\b"
    ),
    "hr": re.compile(
        r"\b(?:prihvacamo|prihvacam|prihvatili smo|ponuda je prihvacena|ponuda prihvacena|"
        r"suglasni smo|suglasan sam|suglasna sam|slazemo se s|slazem se s|odobreno|odobravamo|"
        r"odobravam|odobrili smo|"
        r"mozete (?:krenuti|poceti|zapoceti)|krenite s|potvrdujemo (?:narudzbu|ponudu)|narucujemo)\b"
    ),
}
_TRIGGERS = {
    "en": frozenset(
        "accept accepted approve approved agree agreed confirm sign signed go proceed "
        "start book move hereby deal".split()
    ),
    "de": frozenset(
        "einverstanden nehmen nehme beauftrage beauftragen ausfuhren starten beginnen "
        "angebot freigegeben genehmigt auftrag "
        "akzeptieren akzeptiere bestatigen".split()
    ),
    "hr": frozenset(
        "prihvacamo prihvacam prihvatili prihvacena suglasni suglasan suglasna slazemo "
        "slazem odobreno odobravamo odobravam "
        "odobrili mozete krenite potvrdujemo narucujemo".split()
    ),
}
_DENIED = re.compile(
    r"\b(?:not|cannot|can't|never|don't|won't|unable|yet to|nor|until|before|once|"
    r"when|if|unless|whether|could|would have|need to|needs to|must|to be|waiting|"
    r"awaiting|nicht|kein|noch|wenn|falls|sobald|erst|ob|"
    r"ne|nije|nismo|jos|ako|kad|kada|cim|ukoliko|treba)\b"
)
_CONDITION = re.compile(
    r"\b(?:subject to|provided|on condition|if|unless|but|except|as long as|assuming|"
    r"conditional|vorbehaltlich|unter der bedingung|wenn|falls|sofern|aber|"
    r"uz uvjet|pod uvjetom|ako|ukoliko|ali|osim)\b"
)


def approvals_in(prose: Prose, sentence: Sentence) -> list[Reading]:
    """The approval in one sentence of somebody outside. A yes with a condition is unsure, a question is none."""
    if prose.from_us or sentence.asks or _TRIGGERS[prose.language.code].isdisjoint(sentence.vocabulary):
        return []
    match = _SURE[prose.language.code].search(sentence.folded)
    if match is None or prose.is_quoted(sentence.start + match.start()) or _is_denied(sentence, match):
        return []
    named = documents_in(prose, sentence)
    conditional = _CONDITION.search(sentence.folded, match.end())
    value = {"of": prose.raw[named[0].start : named[0].end] if named else None}
    span = (sentence.start + match.start(), sentence.start + match.end())
    return [prose.read("approval", value, span, 0.35 if conditional else 0.88 if named else 0.78, sentence)]


def _is_denied(sentence: Sentence, match: re.Match[str]) -> bool:
    before = sentence.folded[max(0, match.start() - 60) : match.start()]
    return bool(_DENIED.search(before)) or bool(re.search(r"\b(?:not|never|nicht|ne)\b", match.group()))
