"""How a line begins: who was called, met or written to, or who rang, and when."""

import re
from typing import NamedTuple

_WHO = r"(?P<who>\S.*)"
_CALL, _TEXT, _EMAIL, _MEETING, _CHAT = "call", "text", "email", "meeting", "chat"
_KINDS = {
    _CALL: "called|call with|call to|phoned|rang|spoke to|spoke with|spoke|talked to|talked "
    "with|phone call with|left (?:a )?(?:voicemail|message) (?:for|with)|"
    "telefonat mit|anruf bei|angerufen bei|zvao|zvala|nazvao|nazvala|razgovarao "
    "sa?|razgovarala sa?|poziv sa?|cuo se sa?|cula se sa?",
    _MEETING: "met with|met|visited|saw|meeting with|site visit with|site visit at|coffee "
    "with|lunch with|treffen mit|besuch bei|termin mit|getroffen|"
    "sastanak sa?|sreo|srela|posjetio|posjetila|nasao se sa?|nasla se sa?",
    _TEXT: "texted|text to|sms to|sms an|poruka|poslao poruku|poslala poruku",
    _CHAT: "messaged|whatsapped|whatsapp to|whatsapp an",
    _EMAIL: "emailed|e-mailed|mailed|wrote to|email to|mail an|e-mail an|pisao|pisala|poslao mail|poslala mail",
}
_FROM = {
    _CALL: "call from|anruf von|poziv od",
    _EMAIL: "email from|e-mail from|mail from|mail von|e-mail von|mail od",
    _TEXT: "text from|sms from|sms von|poruka od",
    _CHAT: "whatsapp from|whatsapp von|message from",
}
_WAYS = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
_BACK = {
    _CALL: "rang|called|phoned|rings|calls|hat angerufen|rief an|ruft an|je zvao|je zvala|"
    "zvao|zvala|je nazvao|je nazvala|nazvao|nazvala|javio se|javila se",
    _TEXT: "texted|sent a text|hat gesimst|hat eine sms geschickt|poslao poruku|poslala poruku",
    _CHAT: "messaged|whatsapped",
    _EMAIL: "emailed|e-mailed|wrote|mailed|replied|hat geschrieben|hat gemailt|schrieb|je "
    "pisao|je pisala|pisao|pisala|je odgovorio|je odgovorila",
    _MEETING: "came by|dropped in|came in|kam vorbei|war da|svratio|svratila|dosao|dosla",
}


class Opening(NamedTuple):
    """What happened: the kind of interaction, who began it, where the words for whom stand, and where its verb ends."""

    kind: str
    direction: str
    who_start: int
    who_end: int
    end: int


def _alternatives(groups: dict[str, str]) -> str:
    """One named group for each kind."""
    return "|".join(f"(?P<{kind}>{words})" for kind, words in groups.items())


_OUT = re.compile(
    rf"(?:i |we |just |ich |habe |hab |ja |have |had a |had |a |quick )*(?:{_alternatives(_KINDS)}) "
    rf"{_WHO}"
)
_IN = re.compile(rf"(?:a |an |got |missed |had |ein |eine )*(?:{_alternatives(_FROM)}) {_WHO}")
_MIT = re.compile(
    r"(?:ich |habe |hab |heute |gerade )*mit (?P<who>\S.{0,90}?) (?P<verb>telefoniert|"
    r"gesprochen|getroffen)\b"
)
_THEY = re.compile(
    rf"(?P<who>\S.{{0,70}}?) (?:just |has |gerade |upravo )?(?:{_alternatives(_BACK)})\b(?: "
    rf"me| us| back| mich| uns| zuruck| me je)*"
)
_ANGERUFEN = re.compile(r"(?P<who>(?:herrn?|frau)? ?\S.{0,60}?) angerufen\b")


def read_opening(folded: str, start: int, end: int) -> Opening | None:
    """The interaction that a stretch begins with, if it does."""
    out = _OUT.match(folded, start, end)
    if out:
        return _opening(out, "out", out.start("who"))
    begun = _IN.match(folded, start, end)
    if begun:
        return _opening(begun, "in", begun.start("who"))
    return _german_opening(folded, start, end) or _their_opening(folded, start, end)


def _german_opening(folded: str, start: int, end: int) -> Opening | None:
    mit = _MIT.match(folded, start, end)
    if mit:
        kind = _MEETING if mit["verb"] == "getroffen" else _CALL
        return Opening(kind, "out", mit.start("who"), mit.end("who"), mit.end())
    called = _ANGERUFEN.match(folded, start, end)
    if called and not called["who"].endswith((" hat", " haben")):
        return Opening(_CALL, "out", called.start("who"), called.end("who"), called.end())
    return None


def _their_opening(folded: str, start: int, end: int) -> Opening | None:
    they = _THEY.match(folded, start, end)
    return _opening(they, "in", they.end()) if they else None


def _opening(match: re.Match[str], direction: str, end: int) -> Opening:
    kind = next(name for name in _KINDS if name in match.groupdict() and match[name])
    return Opening(kind, direction, match.start("who"), match.end("who"), end)
