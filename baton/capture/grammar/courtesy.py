"""A bare thank-you: a mail that says thanks and nothing else, so that nobody owes an answer to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .prose import fold

MOST_WORDS = 25
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_THANKS = frozenset(
    "thanks thank thx ty tnx cheers ta danke dank dankeschon bedanke merci hvala zahvaljujem zahvaljujemo fala".split()
)
_BESIDE = frozenset(
    # English
    "hi hello hey dear morning good afternoon evening you so very much many lots million again ever indeed "
    "kindly a lot "
    "for the your this that it all and to both everyone team quick prompt fast swift speedy kind helpful reply "
    "response "
    "answer update info information message mail email e-mail help support note confirmation confirming "
    "sending letting "
    "me us know great perfect super lovely wonderful brilliant excellent fantastic noted received got ok okay "
    "fine nice "
    "have day weekend too best kind warm regards wishes sincerely yours really appreciate appreciated i we in "
    "advance "
    # German
    "hallo liebe lieber guten tag morgen moin sehr geehrte geehrter frau herr vielen besten herzlichen lieben "
    "schonen "
    "schnelle schnellen rasche raschen antwort ruckmeldung nachricht info infos information unterlagen fur die "
    "den das "
    "ihre ihren deine deinen dir ihnen euch prima toll bestens wunderbar alles gut klar erhalten wochenende schones "
    "mit freundlichen grussen freundliche viele beste liebe grusse gruss gruesse grusen gruse grus mfg lg vg "
    "und auch wir uns ich im voraus "
    # Croatian
    "bok postovani postovana postovanje dobar dan dobro jutro lijepa lijep puno vam ti vama na za i vas tvoj "
    "vasem vasoj "
    "brzom brz brzi odgovoru odgovor odgovora informaciji informacijama poruci poruka pomoci pomoc javljanju u redu "
    "odlicno super sve primljeno primili smo lijepo srdacan srdacno pozdrav pozdravi lp ugodan vikend unaprijed".split()
)


def is_bare_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether somebody's own words thank and say nothing else; `names` are those of the people of the mail.

    One word that is neither thanks nor courtesy, a question mark or a figure, and it may ask something: then it isn't.
    """
    folded = fold(text)
    if "?" in folded or any(sign.isdigit() for sign in folded):
        return False
    words = _WORD.findall(folded)
    if not words or len(words) > MOST_WORDS or _THANKS.isdisjoint(words):
        return False
    named = {word for name in names for word in _WORD.findall(fold(name))}
    return all(word in _THANKS or word in _BESIDE or word in named for word in words)


def is_courtesy(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a line is only a greeting, thanks, a closing or a name: nothing in it says or asks anything."""
    folded = fold(text)
    words = _WORD.findall(folded)
    named = {word for name in names for word in _WORD.findall(fold(name))}
    known = all(word in _THANKS or word in _BESIDE or word in named for word in words)
    return known and "?" not in folded and not any(sign.isdigit() for sign in folded)
