"""Amounts of money in free text, in minor units with their currency.

A number counts as money when a currency or a magnitude (k, Tsd., tisuca) stands with it. Numbers that belong to
references, dates, phones, percentages or things that are counted ("5k people") are left alone.
"""

import re
from decimal import Decimal

from baton.kernel.money import from_major

from .prose import Prose, Sentence
from .reading import Reading

_SIGNS = {
    "£": "GBP",
    "€": "EUR",
    "$": "USD",
    "us$": "USD",
    "c$": "CAD",
    "ca$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "¥": "JPY",
}
_CODES = {
    code.lower(): code
    for code in "GBP EUR USD CHF HRK CAD AUD NZD JPY SEK NOK DKK PLN CZK HUF RSD BAM RON BGN "
    "TRY INR CNY AED SGD HKD ZAR".split()
}
_NAMES = {
    "pounds": "GBP", "pound": "GBP", "quid": "GBP", "sterling": "GBP", "euro": "EUR", "euros": "EUR", "eura": "EUR",
    "euri": "EUR", "eur": "EUR", "dollars": "USD", "dollar": "USD", "bucks": "USD", "dolara": "USD", "franken": "CHF",
    "franaka": "CHF", "sfr": "CHF", "fr": "CHF", "kn": "HRK", "kuna": "HRK", "kune": "HRK", "km": "BAM",
}  # fmt: skip
_MAGNITUDES = {
    "k": 3, "thousand": 3, "grand": 3, "tsd": 3, "tausend": 3, "tis": 3, "tisuca": 3, "tisuce": 3, "tisucu": 3, "t": 3,
    "m": 6, "mn": 6, "mm": 6, "mil": 6, "mio": 6, "million": 6, "millions": 6, "millionen": 6, "milijuna": 6,
    "milijun": 6,
    "bn": 9, "billion": 9, "mrd": 9, "milliarden": 9, "milijardi": 9,
}  # fmt: skip
_LOOSE_MAGNITUDES = frozenset({"k", "grand", "tsd", "tis", "tisuca", "tisuce", "m", "mio", "million", "thousand"})

_NUMBER = (
    r"\d{1,3}(?:[., ']\d{3}){1,4}(?:[.,]\d{1,2}|[.,]-)?(?![\d]|[.,'-]\d)|\d{1,12}(?:[.,]\d{1,3})?(?:[.,]-)?(?![\d]|"
    r"[.,'/:]\d|-\d{3})"
)
_AMOUNT = re.compile(
    rf"(?P<number>{_NUMBER})"
    rf"(?: ?(?:-|to|bis|do) ?(?P<upper>{_NUMBER}))?"
    r"(?: ?(?P<magnitude>k|tsd|tausend|tisuc[aeu]|tis|thousand|grand|t(?=[€])|millionen|"
    r"millions?|milijun[a]?|milijardi|mio|mil|mn|mm|m"
    r"|billion|bn|mrd|milliarden)(?![a-z0-9])\.?)?"
    r"(?: ?(?P<currency>[£€¥]|\$(?!\d)|(?:" + "|".join([*_CODES, *_NAMES]) + r")(?![a-z0-9])))?"
)
_BEFORE_CURRENCY = re.compile(
    r"(?:^|[^a-z0-9])(?P<currency>us ?\$|ca?\$|au?\$|[£€$¥]|(?:" + "|".join([*_CODES, "fr", "sfr", "kn"]) + r")\.?) ?$"
)
_ABOUT = re.compile(
    r"(?:^|[^a-z])(?:about|around|approx\.?|approximately|circa|cca\.?|ca\.?|c\.|"
    r"roughly|some|nearly|almost|etwa|ungefahr|rund|knapp"
    r"|oko|otprilike|cirka|gotovo|~|say|probably|up to|bis zu) ?(?:us ?)?(?:[£€$¥]|[a-z]{3} )?$|~ ?[£€$¥]?$"
)
_PER = re.compile(
    r" ?(?:(?:or so|ish|net|netto|neto|gross|brutto|bruto|ex(?:cl)?\.? vat|plus vat|"
    r"\+ ?vat|zzgl\.? mwst\.?|\+ ?pdv),? ?)?"
    r"(?:(?:/|per |a |an |each |every |pro |je |im |na |po |za |p\.? ?)(?P<unit>year|"
    r"annum|yr|month|mth|visit|hour|hr|day|week"
    r"|jahr|monat|stunde|besuch|einsatz|tag|woche|a\b|h\b|godin[ui]|mjesec[u]?|sat[u]?|"
    r"dan[u]?|posjet[u]?|tjed(?:an|nu)|dolask[ua])"
    r"|(?P<adverb>yearly|annually|monthly|weekly|daily|hourly|pa\b|pcm|p\.a\.?|jahrlich|"
    r"monatlich|wochentlich|taglich|godisnje|mjesecno|tjedno))"
)
_UNITS = {
    "year": "year annum yr jahr a godini godinu yearly annually pa p.a. p.a jahrlich godisnje",
    "month": "month mth monat mjesec mjesecu monthly pcm monatlich mjesecno",
    "visit": "visit besuch einsatz posjet posjetu dolasku dolaska",
    "hour": "hour hr h stunde sat satu hourly",
    "day": "day tag dan danu daily taglich",
    "week": "week woche tjedan tjednu weekly wochentlich tjedno",
}
_PERIODS = {word: period for period, words in _UNITS.items() for word in words.split()}
_ON_TOP = re.compile(r"(?:^|[\s(,])\+ ?$|(?:^|[^a-z])(?:another|an extra|additional|weitere|zusatzlich|jos|dodatnih) $")
_MORE = re.compile(r" (?:more|extra|on top|mehr|zusatzlich|dazu|vise|dodatno)(?![a-z])")
"""Said of a part that comes on top: the whole is another amount."""
_FIRST_FIGURE = re.compile(r"(?<![0-9])[0-9]")
_COUNTED = re.compile(
    r"[- ]?(?:people|persons|users|miles|km\b|run\b|race|steps|members|employees|"
    r"staff|units|pieces|pcs|copies|words|mw|mwh|kwh|bcf|mmbtu|"
    r"lots?\b|shares|contracts|followers|views|tonnes|tons|kg|sq|m2|x\b|mal\b|stuck|"
    r"menschen|mitarbeiter|ljudi|komada|kom\b|"
    r"long|wide|high|deep|away|of cable|ohm|resolution|display|monitor|feet|ft|metres?|"
    r"meters?|liters?|litres?|barrels|cubic|a day|volumes?)"
)


def amounts_in(prose: Prose, sentence: Sentence, taken: list[tuple[int, int]]) -> list[Reading]:
    """The amounts of one sentence; `taken` are places that are already known to be dates."""
    found: list[Reading] = []
    free_from = sentence.start
    for figure in _FIRST_FIGURE.finditer(prose.folded, sentence.start, sentence.end) if sentence.has_figures else ():
        place = figure.start()
        if place < free_from or _within(place, taken):
            continue
        reading = _amount_at(prose, sentence, place, free_from)
        if reading:
            found.append(reading)
            free_from = reading.end
    return found


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _amount_at(prose: Prose, sentence: Sentence, place: int, free_from: int) -> Reading | None:
    match = _AMOUNT.match(prose.folded, place, sentence.end)
    if match is None or not _stands_free(prose.folded, place):
        return None
    floor = max(free_from, place - 8)
    before = _BEFORE_CURRENCY.search(prose.folded[floor:place])
    start = floor + before.start("currency") if before else place
    code = _currency(before["currency"] if before else match["currency"])
    if code is None and not _is_loose_amount(prose, match):
        return None
    if _comes_on_top(prose.folded, start, match.end()):
        return None
    return _reading(prose, sentence, match, start, code)


def _stands_free(folded: str, place: int) -> bool:
    """Not the tail of a reference, a path, a version or an address."""
    before = folded[place - 1 : place]
    if before in ("-", ".", ",", "/", "#", "@", "_", ":", "'", "=", "+", "%"):
        return before in (",", ":", "/", "-") and folded[place - 2 : place - 1] == " "
    return not before.isalpha() or bool(_BEFORE_CURRENCY.search(folded[max(0, place - 8) : place]))


def _comes_on_top(folded: str, start: int, end: int) -> bool:
    """`+£12k` or `another 12k` is what changes, not what the whole is worth."""
    return bool(_ON_TOP.search(folded[max(0, start - 14) : start]) or _MORE.match(folded, end))


def _currency(written: str | None) -> str | None:
    if written is None:
        return None
    name = written.replace(" ", "").rstrip(".")
    return _SIGNS.get(name) or _CODES.get(name) or _NAMES.get(name)


def _is_loose_amount(prose: Prose, match: re.Match[str]) -> bool:
    """A magnitude without a currency is money unless it counts something."""
    magnitude = (match["magnitude"] or "").rstrip(".")
    if magnitude not in _LOOSE_MAGNITUDES or _COUNTED.match(prose.folded, match.end()):
        return False
    before = prose.folded[max(0, match.start() - 18) : match.start()]
    if magnitude == "m" and match["number"].isdigit() and not _ABOUT.search(before):
        return False
    following = prose.folded[match.end() : match.end() + 1]
    return not following.isalnum() and following not in ("²", "/", "-", "%")


def _reading(prose: Prose, sentence: Sentence, match: re.Match[str], start: int, code: str | None) -> Reading | None:
    currency = code or prose.currency
    number = _number(match["number"], prose.language.code)
    upper = _number(match["upper"], prose.language.code) if match["upper"] else None
    scale = Decimal(10) ** _MAGNITUDES.get((match["magnitude"] or "").rstrip("."), 0)
    if upper is not None and upper < number:
        return None
    per = _PER.match(prose.folded, match.end(), match.end() + 40)
    about = bool(_ABOUT.search(prose.folded[max(0, start - 18) : start])) or "or so" in (per.group() if per else "")
    value: dict[str, object] = {
        "minor": from_major((number if upper is None else upper) * scale, currency).minor,
        "currency": currency,
        "about": about or upper is not None,
        "per": _PERIODS.get((per["unit"] or per["adverb"]).rstrip(".")) if per else None,
    }
    if upper is not None:
        value["from"] = from_major(number * (scale if number < 1000 else 1), currency).minor
    end = per.end() if per else _trimmed(prose.folded, match)
    return prose.read("amount", value, (start, end), _confidence(prose, match, code), sentence)


def _trimmed(folded: str, match: re.Match[str]) -> int:
    """The full stop of `Tsd.` is part of the amount, that of the sentence isn't."""
    end = match.end()
    return end - 1 if folded[end - 1] in ".-" and match["magnitude"] in ("k", "m", "k.", "m.") else end


def _confidence(prose: Prose, match: re.Match[str], code: str | None) -> float:
    if code:
        return 0.95
    return 0.55 if (match["magnitude"] or "").startswith("m") else 0.75


def _number(written: str, code: str) -> Decimal:
    """Read the digits: the last mark before one or two digits is the decimal mark, marks before three digits group."""
    plain = written.rstrip("-").rstrip(".,").replace(" ", "").replace("'", "")
    marks = [sign for sign in plain if sign in ".,"]
    if not marks:
        return Decimal(plain)
    last = plain.rfind(marks[-1])
    decimals = len(plain) - last - 1
    if decimals == 3 and not _is_decimal_mark(marks, code, plain):
        return Decimal(plain.replace(".", "").replace(",", ""))
    return Decimal(plain[:last].replace(".", "").replace(",", "") + "." + plain[last + 1 :])


def _is_decimal_mark(marks: list[str], code: str, plain: str) -> bool:
    """`1.250` groups in every language here when it is money; `0.125` does not."""
    return len(marks) == 1 and plain.startswith("0")
