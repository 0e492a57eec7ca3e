"""What a person newly wrote, apart from what they quote and how they sign."""

import re
from dataclasses import dataclass

from baton.channels.email.history import Lines, Mark, find_marks
from baton.channels.email.phrases import RULE_LINE

MOST_SIGNATURE_LINES = 15
FEWEST_LINES_OF_AN_ANSWER_BELOW = 7  # fewer unquoted lines below a quote are a footer, not an answer
SIGNATURE_LINE = re.compile(r"^(?:--|—|–)[ \t\xa0]*$")
DELIMITER_LINE = re.compile(r"^[\s\-_*#~=+ᐧ—]*$")
QUOTED_LINE = re.compile(r"^[ \t]*(?:[A-Z][\w.]{0,12})?>")
SENT_FROM = re.compile(
    r"^\W*(?:sent (?:from|via|with|by)\b|from my \w|get (?:\[)?outlook for|gesendet (?:von|mit)|von meinem "
    r".{1,60} gesendet|"
    r"diese nachricht wurde von meinem .{1,80} gesendet|envoyé (?:depuis|de) |enviado (?:desde|do|de) (?:mi|meu)|"
    r"inviato da|"
    r"verzonden (?:met|vanaf|van)|sendt fra|skickat från|poslano s |wysłane z |отправлено с|надіслано з|"
    r"從我的 .{1,30} 傳送|"
    r"someone from mobile)[^\n]{0,120}$",
    re.IGNORECASE,
)
SIGN_OFF = re.compile(
    r"^(?:(?:kind|best|warm|many|with (?:kind|best))?\s?(?:regards|wishes|thanks)|thanks?(?: you)?(?: and "
    r"regards| very much| again)?|"
    r"cheers|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|best|mit (?:freundlichen|besten|lieben|"
    r"herzlichen) grü(?:ß|ss)en|"
    r"(?:freundliche|viele|beste|liebe|herzliche) grü(?:ß|ss)e|mfg|lg|vg|(?:lijep |srdačan |lp|s poštovanjem|"
    r"pozdrav|hvala|"
    r"srdačno|ugodan dan).{0,20})[\s,.!]*$",
    re.IGNORECASE,
)
CONTACT_DETAIL = re.compile(
    r"\+?\d[\d ()/.-]{6,}\d|\bwww\.|https?://|[\w.+-]+@[\w-]+\.\w|\b(?:tel|phone|mobile|mob|cell|fax|telefon|"
    r"mobitel|handy|oib|ust-?id)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """`shown` keeps the quotes that are answered in place; `own` holds none."""

    own: str
    shown: str
    quoted: str
    signature: str


def split_reply(text: str) -> Reply:
    lines = Lines(text)
    return split_lines(lines, find_marks(lines))


def split_lines(lines: Lines, marks: list[Mark]) -> Reply:
    kept = _kept_lines(lines, marks)
    kept, signature = _without_signature(lines, kept)
    kept = _without_closing_quote(lines, kept)
    kept_numbers, signed = set(kept), set(signature)
    own = [number for number in kept if not _is_quote(lines, number)]
    own, details = _without_contact_details(lines, own)
    quoted = [number for number in range(len(lines.texts)) if number not in kept_numbers and number not in signed]
    quoted += [number for number in kept if _is_quote(lines, number)]
    return Reply(
        own=_joined(lines, own),
        shown=_joined(lines, kept),
        quoted=_joined(lines, sorted(quoted)),
        signature=_joined(lines, signature or details),
    )


def _kept_lines(lines: Lines, marks: list[Mark]) -> list[int]:
    """The numbers of the lines before the history, or around it where the answers stand between the quotes."""
    dropped: set[int] = set()
    for mark in marks:
        above = any(_is_text(lines, number) for number in range(mark.start) if number not in dropped)
        below = _answers_below(lines, mark) if mark.shape == "wrote" else None
        if below is None or (above and not _is_inline(lines, mark, below)):
            return [number for number in range(mark.start) if number not in dropped]
        dropped |= set(range(mark.start, mark.end))
        if not above:
            dropped |= set(range(mark.end, below))
    return [number for number in range(len(lines.texts)) if number not in dropped]


def _answers_below(lines: Lines, mark: Mark) -> int | None:
    """The first line below the quote that follows the mark, where there is something to read there."""
    number = mark.end
    while number < len(lines.texts) and (lines.is_blank(number) or _is_quote(lines, number)):
        number += 1
    return (
        number
        if number < len(lines.texts) and any(_is_text(lines, each) for each in range(number, len(lines.texts)))
        else None
    )


def _is_inline(lines: Lines, mark: Mark, below: int) -> bool:
    """Answers stand between quotes, or are long; a mail footer under the quote is neither."""
    first = below - 1
    while first >= mark.end and not lines.texts[first].strip():
        first -= 1
    if first < mark.end or not _is_quote(lines, first):
        return False
    rest = range(below, len(lines.texts))
    texts = [number for number in rest if _is_text(lines, number)]
    quotes_again = any(_is_quote(lines, number) for number in rest if number > texts[0])
    return quotes_again or len(texts) >= FEWEST_LINES_OF_AN_ANSWER_BELOW


def _is_quote(lines: Lines, number: int) -> bool:
    line = lines.texts[number]
    return (">" in line[:14] and bool(QUOTED_LINE.match(line))) or line.lstrip(" \t")[:1] == "|"


def _is_text(lines: Lines, number: int) -> bool:
    line = lines.texts[number]
    return bool(line.strip(" \t\xa0\ufeff")) and not _is_quote(lines, number) and not DELIMITER_LINE.match(line)


def _without_signature(lines: Lines, kept: list[int]) -> tuple[list[int], list[int]]:
    for index in range(len(kept)):
        if _starts_signature(lines, kept, index):
            rest = [each for each in kept[index + 1 :] if lines.texts[each].strip()]
            if len(rest) <= MOST_SIGNATURE_LINES and any(_is_text(lines, each) for each in kept[:index]):
                body, devices = _without_device_lines(lines, kept[:index])
                return body, [*devices, *kept[index:]]
    return _without_device_lines(lines, kept)


def _starts_signature(lines: Lines, kept: list[int], index: int) -> bool:
    line = lines.texts[kept[index]]
    if SIGNATURE_LINE.match(line):
        return True
    if not RULE_LINE.match(line):
        return False
    return sum(1 for each in kept[index + 1 :] if lines.texts[each].strip()) <= 3


def _without_device_lines(lines: Lines, kept: list[int]) -> tuple[list[int], list[int]]:
    """`Sent from my phone` and rules at the very end."""
    end = len(kept)
    while end and (DELIMITER_LINE.match(lines.texts[kept[end - 1]]) or SENT_FROM.match(lines.texts[kept[end - 1]])):
        end -= 1
    cut = [number for number in kept[end:] if not DELIMITER_LINE.match(lines.texts[number])]
    return kept[:end], cut


def _without_closing_quote(lines: Lines, kept: list[int]) -> list[int]:
    """Quotes at the end answer nothing, unless there is nothing else."""
    end = len(kept)
    while end and (not lines.texts[kept[end - 1]].strip() or _is_quote(lines, kept[end - 1])):
        end -= 1
    return kept[:end] if any(_is_text(lines, number) for number in kept[:end]) else kept


def _without_contact_details(lines: Lines, own: list[int]) -> tuple[list[int], list[int]]:
    """Below `Best regards` and the name: title, company, telephone."""
    filled = [number for number in own if lines.texts[number].strip()]
    for number in reversed(filled[-MOST_SIGNATURE_LINES:]):
        if SIGN_OFF.match(lines.plain(number)):
            below = [each for each in filled if each > number]
            if len(below) >= 2 and any(CONTACT_DETAIL.search(lines.texts[each]) for each in below):
                return [each for each in own if each <= below[0]], below
            return own, []
    return own, []


def _joined(lines: Lines, numbers: list[int]) -> str:
    return "\n".join(lines.texts[number].rstrip(" \t\r") for number in numbers).strip("\n\ufeff")
