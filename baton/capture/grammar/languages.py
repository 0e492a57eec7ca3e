"""The words that English, German and Croatian use for days, months and numbers, and how to guess one.

All words are folded: lower case, without marks on letters (see `prose.fold`): `cetvrtak` and `četvrtak` are one.
"""

from dataclasses import dataclass

LANGUAGES = ("en", "de", "hr")


def _numbered(groups: str) -> dict[str, int]:
    """Number the space-separated groups from 0; the words of a group are joined by `|`."""
    return {word: index for index, group in enumerate(groups.split()) for word in group.split("|")}


def _from_one(groups: str) -> dict[str, int]:
    return {word: index + 1 for word, index in _numbered(groups).items()}


@dataclass(frozen=True, slots=True)
class Language:
    """What the date and time patterns of one language are built from."""

    code: str
    weekdays: dict[str, int]
    short_weekdays: dict[str, int]
    months: dict[str, int]
    numbers: dict[str, int]
    days_away: dict[str, int]
    common: frozenset[str]


ENGLISH = Language(
    code="en",
    weekdays=_numbered("monday tuesday wednesday thursday friday saturday sunday"),
    short_weekdays=_numbered("mon tue|tues wed|weds thu|thur|thurs fri sat sun"),
    months=_from_one(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep "
        "october|oct november|nov december|dec"
    ),
    numbers=_from_one("one|a|an two|couple three four five six seven eight nine ten eleven twelve"),
    days_away={
        "today": 0,
        "tonight": 0,
        "tomorrow": 1,
        "tmrw": 1,
        "tomorow": 1,
        "tommorow": 1,
        "tommorrow": 1,
        "yesterday": -1,
    },
    common=frozenset(
        "the and of to you your for is are we i it that this with on be have will can please from by not as at or if "
        "would was they thanks regards call called rang met quote next only about said".split()
    ),
)

GERMAN = Language(
    code="de",
    weekdays=_numbered("montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag"),
    short_weekdays=_numbered("mo di mi do fr sa so"),
    months=_from_one(
        "januar|janner|jan februar|feber|feb marz|maerz|mar april|apr mai juni|jun juli|jul august|aug "
        "september|sept|sep oktober|okt november|nov dezember|dez"
    ),
    numbers=_from_one(
        "ein|eine|einen|einem|einer zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn"
    ),
    days_away={"heute": 0, "morgen": 1, "ubermorgen": 2, "gestern": -1, "vorgestern": -2},
    common=frozenset(
        "der die das und ich sie wir ist nicht mit fur ihnen ihr ihre den dem ein eine einen auf bis am um uhr bitte "
        "zu zum wird werden haben hat sich auch als aus bei nach nur vom von herr herrn "
        "frau angebot gruss telefoniert "
        "danke mochten konnen gesprochen heute im einverstanden".split()
    ),
)

CROATIAN = Language(
    code="hr",
    weekdays=_numbered(
        "ponedjeljak|ponedjeljka|ponedjeljku utorak|utorka|utorku srijeda|srijedu|srijede|srijedi "
        "cetvrtak|cetvrtka|cetvrtku petak|petka|petku subota|subotu|subote|suboti nedjelja|nedjelju|nedjelje|nedjelji"
    ),
    short_weekdays=_numbered("pon uto|ut sri cet pet sub ned"),
    months=_from_one(
        "sijecanj|sijecnja|sijecnju veljaca|veljace|veljaci ozujak|ozujka|ozujku travanj|travnja|travnju "
        "svibanj|svibnja|svibnju lipanj|lipnja|lipnju srpanj|srpnja|srpnju kolovoz|kolovoza|kolovozu "
        "rujan|rujna|rujnu listopad|listopada|listopadu studeni|studenog|studenoga|studenom "
        "prosinac|prosinca|prosincu"
    ),
    numbers=_from_one("jedan|jednog dva|dvije tri cetiri pet sest sedam osam devet deset jedanaest dvanaest"),
    days_away={"danas": 0, "veceras": 0, "sutra": 1, "prekosutra": 2, "jucer": -1, "prekjucer": -2},
    common=frozenset(
        "je i u na se da za su od do sa s li ne vam vas nam mi smo ste cu cemo cete molim molimo hvala ponuda ponudu "
        "kako koji koja sto ali ili kao sutra danas bi biste mozete lijep pozdrav postovani oko iz tisuca eura zvao "
        "zvala nazvao nazvala razgovarao samo nakon prije moze".split()
    ),
)

BY_CODE = {language.code: language for language in (ENGLISH, GERMAN, CROATIAN)}


def guess_language(words: frozenset[str], otherwise: str = "en") -> str:
    """The language with most of its everyday words among these; `otherwise` when nothing tells."""
    return max(LANGUAGES, key=lambda code: (len(words & BY_CODE[code].common), code == otherwise))
