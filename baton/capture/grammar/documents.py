"""Quotes, invoices, orders, contracts and reports: which one a file name, a subject or a sentence speaks of."""

import re
from dataclasses import dataclass

from .prose import Prose, Sentence, fold
from .reading import Reading

_KINDS = {
    "quote": "quote quotation estimate proposal offer angebot angebots kostenvoranschlag "
    "offerte offert ponuda ponude ponudu ponudi predracun",
    "invoice": "invoice bill rechnung rechnungs faktura racun racuna credit gutschrift",
    "order": "order po auftrag auftragsbestatigung bestellung narudzba narudzbe narudzbenica narudzbu",
    "contract": "contract agreement vertrag mietvertrag werkvertrag wartungsvertrag ugovor ugovora sla",
    "report": "report bericht protokoll izvjestaj izvjesce zapisnik",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_KIND = "|".join(sorted(_KIND_OF, key=len, reverse=True))
_NUMBER = r"(?P<number>(?:[a-z]{1,6}[-/ ]?)?\d{1,8}(?:[-/.]\d{1,8}){0,3})"
_TITLE = re.compile(
    rf"(?<![a-z])(?P<kind>{_KIND})s?(?![a-z])(?:[ _]?(?:number|nummer|broj|number:|"
    rf"no|nr|br|ref|#)(?![a-z])\.?:?)?[ _#:.-]{{0,3}}"
    rf"(?:{_NUMBER}(?![a-z\d]))?"
)
_IN_TEXT = re.compile(
    rf"\b(?P<kind>{_KIND})(?: (?:number|nummer|broj|no|nr|br|ref)\b\.?:?)? ?#?"
    rf"(?P<number>(?:[a-z]{{1,5}}-)?\d{{2,8}}(?:[-/]\d{{1,6}}){{0,2}})(?![\d%]|"
    rf"[.,:]\d| ?(?:k|%|€|eur|days|hours)\b)"
)
_NUMBER_FIRST = re.compile(r"(?<![a-z\d-])(?P<number>[a-z]{1,4}-?\d{3,8})(?![a-z\d])")
_NOT_KIND = re.compile(r"(?:in order|order to|offer you|report to|bill (?:gates|[a-z]+@)|credit card)")
_FIRST_LETTER = {
    "q": "quote",
    "an": "quote",
    "ag": "quote",
    "inv": "invoice",
    "re": "invoice",
    "rg": "invoice",
    "po": "order",
}
_WORDS = frozenset(_KIND_OF)


@dataclass(frozen=True, slots=True)
class Document:
    """What kind of document it is, and its number where it carries one."""

    kind: str
    number: str | None
    confidence: float


def read_document(name: str, subject: str = "") -> Document | None:
    """Tell the document from its file name first, and from the subject of the mail where the name is silent."""
    own = _read_title(_without_ending(name[:300]))
    told = _read_title(subject[:300])
    if own is None:
        return told and Document(told.kind, told.number, 0.6 if name else told.confidence)
    if own.number is None and told and told.kind == own.kind:
        return Document(own.kind, told.number, own.confidence)
    return own


def _without_ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and len(ending) <= 5 and not ending.isdigit() else name


def _read_title(title: str) -> Document | None:
    folded = fold(title).replace("_", " ")
    plain = [m for m in _TITLE.finditer(folded) if not _NOT_KIND.search(folded[max(0, m.start() - 3) : m.end() + 4])]
    match = next((m for m in plain if m["number"]), None) or next(iter(plain), None)
    if match is None:
        return _read_bare_number(title, folded)
    number = _as_written(title, match, "number") or _number_elsewhere(title, folded)
    return Document(_KIND_OF[match["kind"]], number, 0.95 if number else 0.75)


def _as_written(title: str, match: re.Match[str], group: str) -> str | None:
    return title[match.start(group) : match.end(group)].strip(" _-") if match[group] else None


def _number_elsewhere(title: str, folded: str) -> str | None:
    match = _NUMBER_FIRST.search(folded)
    return _as_written(title, match, "number") if match else None


def _read_bare_number(title: str, folded: str) -> Document | None:
    """`Q-0412.pdf` and `INV-2291` say by their letters what they are."""
    match = _NUMBER_FIRST.search(folded)
    kind = _FIRST_LETTER.get(match["number"].rstrip("0123456789").rstrip("-")) if match else None
    return Document(kind, _as_written(title, match, "number"), 0.6) if match and kind else None


def documents_in(prose: Prose, sentence: Sentence) -> list[Reading]:
    """The documents that a sentence names with their numbers."""
    if _WORDS.isdisjoint(sentence.vocabulary):
        return []
    return [
        prose.read(
            "document",
            {"kind": _KIND_OF[match["kind"]], "number": prose.raw[match.start("number") : match.end("number")]},
            match.span(),
            0.85,
            sentence,
        )
        for match in _IN_TEXT.finditer(prose.folded, sentence.start, sentence.end)
    ]
