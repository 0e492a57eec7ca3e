"""People: their names split in two, their phones in E.164, the roles that they are given."""

import re
from functools import lru_cache
from typing import NamedTuple

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

from .companies import is_company_name
from .prose import Prose, Sentence, fold
from .reading import Reading

_REGIONS = {
    "Europe/London": "GB", "Europe/Dublin": "IE", "Europe/Berlin": "DE", "Europe/Vienna": "AT", "Europe/Zurich": "CH",
    "Europe/Zagreb": "HR", "Europe/Paris": "FR", "Europe/Rome": "IT", "Europe/Madrid": "ES", "Europe/Amsterdam": "NL",
    "Europe/Brussels": "BE", "Europe/Ljubljana": "SI", "Europe/Belgrade": "RS", "Europe/Sarajevo": "BA",
    "Europe/Prague": "CZ",
    "Europe/Warsaw": "PL", "America/Toronto": "CA", "Australia/Sydney": "AU",
}  # fmt: skip
_BY_LANGUAGE = {"en": "GB", "de": "DE", "hr": "HR"}
_PHONE_LIKE = re.compile(r"[+(]?\d[\d ()/.\-]{5,24}\d")


def region_of(zone: str, language: str) -> str:
    """The country that a number without a prefix belongs to (ISO 3166)."""
    if zone.startswith(("America/", "US/")):
        return _REGIONS.get(zone, "US")
    return _REGIONS.get(zone) or _BY_LANGUAGE.get(language, "GB")


class Phone(NamedTuple):
    """A phone number in E.164 with its place."""

    number: str
    start: int
    end: int


def phones_in(text: str, region: str) -> list[Phone]:
    """The valid phone numbers of a text. Only stretches that look like one are given to the library."""
    found = []
    for match in _PHONE_LIKE.finditer(text):
        if 7 <= sum(letter.isdigit() for letter in match.group()) <= 17 and not _is_attached(text, match):
            found += _valid(match.group(), match.start(), region)
    return found


def _is_attached(text: str, match: re.Match[str]) -> bool:
    """The tail of a reference (`ID000123456789`) or of an address on the web is no phone."""
    before = text[match.start() - 1 : match.start()]
    return before.isalnum() or before in ("-", "_", "=", "/", ".", "#", "%", "@", "£", "€", "$")


def _valid(candidate: str, offset: int, region: str) -> list[Phone]:
    return [
        Phone(phone.number, offset + phone.start, offset + phone.end) for phone in _known_numbers(candidate, region)
    ]


@lru_cache(maxsize=4096)
def _known_numbers(candidate: str, region: str) -> tuple[Phone, ...]:
    """The library takes half a millisecond for a number, and the same signature comes again with every mail."""
    matcher = PhoneNumberMatcher(candidate, region, leniency=Leniency.VALID, max_tries=3)
    return tuple(Phone(format_number(m.number, PhoneNumberFormat.E164), m.start, m.end) for m in matcher)


_LOCAL = re.compile(r"[\w.+-]+$")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']{3,200}")


def emails_in(text: str) -> list[tuple[str, int, int]]:
    """The mail addresses of a text, in lower case."""
    found = []
    place = text.find("@")
    while place >= 0:
        local, domain = _LOCAL.search(text, max(0, place - 64), place), _DOMAIN.match(text, place + 1)
        if local and domain:
            found.append((text[local.start() : domain.end()].lower(), local.start(), domain.end()))
        place = text.find("@", place + 1)
    return found


def urls_in(text: str) -> list[tuple[str, int, int]]:
    """The web addresses of a text, without the full stop of the sentence."""
    found = [(m.group().rstrip(".,;:!?)"), m.start()) for m in _URL.finditer(text)]
    return [(address, start, start + len(address)) for address, start in found]


_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev herr herrn frau "
    "fr hr gospodin gospoda gospodja gdin gda g dipl ing "
    "mag dott don mba phd esq jr sr ii iii iv vi univ oec iur bsc msc md dds rn bsn cpa".split()
)
_PARTICLES = frozenset("von van de der den del della di da dos du la le al el bin ibn ter zu zum zur mac".split())


class PersonName(NamedTuple):
    """Given and family name; either may be empty."""

    given: str
    family: str


def split_person_name(name: str) -> PersonName:
    """Split a name as people write it: titles fall away, `Last, First` is turned, `van der Berg` stays together.

    The name of a company is nobody's: both parts are empty.
    """
    plain = re.sub(r"\([^)]{0,80}\)|\"[^\"]{0,80}\"|<[^>]{0,120}>|/.{0,200}", " ", " ".join(name[:200].split()))
    if "@" in plain or is_company_name(plain):
        return PersonName("", "")
    if "," in plain:
        family, given = (part.strip() for part in plain.split(",", 1))
        if _untitled(given):
            return PersonName(" ".join(_untitled(given)), " ".join(_untitled(family)))
        plain = family
    return _split_words(_untitled(plain))


def _split_words(words: list[str]) -> PersonName:
    if not words:
        return PersonName("", "")
    place = next((i for i, word in enumerate(words) if i and word.lower() in _PARTICLES), len(words) - 1)
    return PersonName(words[0], "") if len(words) == 1 else PersonName(" ".join(words[:place]), " ".join(words[place:]))


def _untitled(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if not _is_title(word)]


def _is_title(word: str) -> bool:
    return fold(word).replace(".", "") in _TITLES


_ROLES = (
    "manager director owner partner head chief officer president founder engineer "
    "architect solicitor lawyer attorney consultant "
    "assistant secretary accountant bookkeeper bursar superintendent caretaker concierge "
    "supervisor coordinator administrator buyer "
    "trader analyst associate counsel principal lead specialist advisor adviser "
    "representative executive controller clerk paralegal "
    "planner surveyor foreman receptionist developer designer editor producer ceo cfo coo cto vp "
    "geschaftsfuhrer geschaftsfuhrerin leiter leiterin inhaber inhaberin prokurist "
    "prokuristin hausmeister hausmeisterin hausverwalter "
    "hausverwalterin assistentin sekretarin buchhalter buchhalterin rechtsanwalt "
    "rechtsanwaltin ingenieur einkaufer vorstand sachbearbeiter "
    "sachbearbeiterin projektleiter projektleiterin bauleiter objektleiter objektleiterin "
    "einkauf vertrieb verwalter verwalterin "
    "direktor direktorica voditelj voditeljica vlasnik vlasnica upravitelj upraviteljica "
    "odvjetnik odvjetnica racunovoda tajnica tajnik "
    "referent referentica inzenjer arhitekt domar komercijalist komercijalistica "
    "predsjednik predsjednica menadzer menadzerica"
).split()
_ROLE_WORDS = frozenset(_ROLES)
_ROLE_ENDINGS = (
    "leiter",
    "leiterin",
    "manager",
    "managerin",
    "verwalter",
    "verwalterin",
    "berater",
    "beraterin",
    "fuhrer",
    "assistenz",
)
_NAMED = re.compile(
    r"(?P<person>[A-ZČĆŠŽĐÄÖÜ][a-zčćšžđäöüßé'-]+(?: [A-ZČĆŠŽĐÄÖÜ][a-zčćšžđäöüßé'-]+){0,2})"
    r"(?:, (?:our |the |your |unser |unsere |nas |naš |naša )?"
    r"| (?:is|ist|je)(?: now| jetzt| sada)? (?:our |the |your |my |unser |unsere |der |die |naš |naša |vaš |vaša )?)"
    r"(?P<role>[\w&' -]{3,50})"
)


def is_role(line: str) -> bool:
    """Whether a short line names what somebody does."""
    words = re.findall(r"[^\W\d_]+", fold(line[:80]))
    return 1 <= len(words) <= 8 and any(word in _ROLE_WORDS or word.endswith(_ROLE_ENDINGS) for word in words)


def roles_in(prose: Prose, sentence: Sentence) -> list[Reading]:
    """`Colin Marsh is our facilities manager`, `Petra Lang, Objektleiterin`: who does what."""
    if sentence.vocabulary.isdisjoint(_ROLE_WORDS) or sentence.asks:
        return []
    found = []
    for match in _NAMED.finditer(prose.raw, sentence.start, sentence.end):
        role = _role_words(match["role"])
        if role and match["person"].split()[0].lower() not in _NOT_NAMES:
            end = match.start("role") + len(role)
            found.append(
                prose.read("role", {"role": role, "person": match["person"]}, (match.start(), end), 0.65, sentence)
            )
    return found


_NOT_NAMES = frozenset(
    "i he she we they it the this that there here who what our your my dear please "
    "thanks hi hello so but and for when ask as if "
    "er sie wir das die der es ihr on ona to ovo".split()
)
_NOT_IN_ROLES = frozenset(
    "a an and but for if in is of on or so the to was when where which who with und oder mit i s za".split()
)


def _role_words(text: str) -> str | None:
    """The words up to and including the last one that names a role, when it is soon enough."""
    words = text.split(" ")
    last = max((i for i, word in enumerate(words[:4]) if fold(word) in _ROLE_WORDS), default=None)
    if last is None or not _NOT_IN_ROLES.isdisjoint(fold(word) for word in words[:last]):
        return None
    return " ".join(words[: last + 1])
