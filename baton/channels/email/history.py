"""Where earlier messages begin inside a text: separators, header blocks, `… wrote:` lines, Lotus Notes blocks.

One reading of these marks serves replies, forwards and the list of what was quoted.
"""

import bisect
import re
from dataclasses import dataclass
from itertools import accumulate

from baton.channels.email.phrases import (
    AROUND_LABELS,
    DATE_FIRST,
    DATE_NAME_LINE,
    DIGIT_OR_SIGN,
    ENDS_ATTRIBUTION,
    FIELD_OF,
    FORWARDED_BY,
    LONGEST_LABEL,
    MOST_CONTINUATION_LINES,
    NOTES_DATE,
    OPENING,
    QUOTE_SIGNS,
    RULE_LINE,
    SENTENCE,
    SEPARATOR,
    SEPARATOR_STEMS,
    SOMEONE,
    VERB,
    VERB_STEMS,
    YAHOO_ORDER,
)


@dataclass(slots=True)
class Mark:
    """The start of an earlier message: its lines (end exclusive) and what they say about it.

    `shape` is "forward" (the words say so), "original", "headers", "wrote" or "notes".
    """

    start: int
    end: int
    shape: str
    from_: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    date: str = ""
    quoted: bool = False


class Lines:
    """A text by lines, with the line number of any position."""

    __slots__ = ("lowered", "starts", "text", "texts")

    def __init__(self, text: str):
        self.text = text
        self.lowered = text.lower()
        self.texts = text.split("\n")
        self.starts = [0, *accumulate(len(line) + 1 for line in self.texts[:-1])]

    def number(self, position: int) -> int:
        return bisect.bisect_right(self.starts, position) - 1

    def plain(self, number: int) -> str:
        """The line without quote signs and indentation."""
        return QUOTE_SIGNS.sub("", self.texts[number]).strip(" \t\xa0\ufeff*")

    def has_any(self, stems: tuple[str, ...]) -> bool:
        """A quick look before a slow pattern."""
        return any(stem in self.lowered for stem in stems)

    def is_blank(self, number: int) -> bool:
        return not self.texts[number].strip(AROUND_LABELS)

    def is_quoted(self, number: int) -> bool:
        return self.texts[number].lstrip(" \t")[:1] in (">", "|")


def find_marks(lines: Lines) -> list[Mark]:
    """Every mark in the order of the text, overlapping ones joined."""
    blocks = _header_blocks(lines)
    marks = _separators(lines, blocks)
    taken = {number for mark in marks for number in range(mark.start, mark.end)}
    marks += [mark for mark in (_block_mark(lines, block) for block in blocks) if mark and mark.start not in taken]
    taken |= {number for mark in marks for number in range(mark.start, mark.end)}
    marks += [mark for mark in _attributions(lines) if not taken & set(range(mark.start, mark.end))]
    return sorted(marks, key=lambda mark: mark.start)


# ---- header blocks -------------------------------------------------------------------------------------------------

Block = list[tuple[int, str, str]]  # line number, field, value


def _header_blocks(lines: Lines) -> list[Block]:
    blocks: list[Block] = []
    for number, line in enumerate(lines.texts):
        colon = line.find(":", 0, LONGEST_LABEL)
        field = FIELD_OF.get(line[:colon].strip(AROUND_LABELS).lower()) if colon > 0 else None
        if field is None or line.startswith("//", colon + 1):
            continue
        value = line[colon + 1 :].strip(" \t*\r\xa0")
        if blocks and _continues(lines, blocks[-1], number, field):
            blocks[-1].append((number, field, value))
        else:
            blocks.append([(number, field, value)])
    return [_with_continuations(lines, block) for block in blocks if _is_history(block)]


def _continues(lines: Lines, block: Block, number: int, field: str) -> bool:
    """A block goes on over wrapped recipients and one blank line, and names no field twice."""
    last, last_field, value = block[-1]
    if any(field == known and field != "other" for _, known, _ in block):
        return False
    between = range(last + 1, number)
    if len(between) == 0:
        return True
    if last_field in ("to", "cc", "bcc") and len(between) <= MOST_CONTINUATION_LINES:
        return not any(lines.is_blank(each) for each in between)
    return (len(between) <= 2 and not all(lines.plain(each) for each in between[:1])) or (
        len(between) <= 2
        and last_field in ("subject", "from", "date")
        and bool(value)
        and not any(lines.is_blank(each) for each in between)
    )


def _is_history(block: Block) -> bool:
    fields = {field for _, field, _ in block}
    if "from" in fields:
        return len(fields & {"date", "to", "subject"}) >= 2
    return {"to", "subject"} <= fields


def _with_continuations(lines: Lines, block: Block) -> Block:
    whole = []
    for index, (number, field, value) in enumerate(block):
        until = block[index + 1][0] if index + 1 < len(block) else _end_of_last(lines, number, field, value)
        more = [lines.plain(each) for each in range(number + 1, until)]
        whole.append((number, field, " ".join([value, *filter(None, more)]).strip()))
        end = until
    return [*whole, (end, "end", "")]


def _end_of_last(lines: Lines, number: int, field: str, value: str) -> int:
    """Recipients wrap after a separator; a subject doesn't."""
    while field in ("to", "cc") and value.endswith((",", ";")) and number + 1 < len(lines.texts):
        number += 1
        value = lines.plain(number)
    return number + 1


def _block_mark(lines: Lines, block: Block) -> Mark | None:
    start, end = block[0][0], block[-1][0]
    mark = Mark(start, end, "headers", quoted=lines.is_quoted(start), **_values(block))
    if not mark.from_ and not _name_notes_sender(lines, mark):
        return None
    above = mark.start - 1
    while above >= 0 and (lines.is_blank(above) or RULE_LINE.match(lines.texts[above])):
        if RULE_LINE.match(lines.texts[above]):
            mark.start = above
        above -= 1
    return mark


def _values(block: Block) -> dict[str, str]:
    names = {"from": "from_", "to": "to", "cc": "cc", "subject": "subject", "date": "date"}
    return {names[field]: value for _, field, value in block if field in names}


def _name_notes_sender(lines: Lines, mark: Mark) -> bool:
    """Lotus Notes puts the sender and the local time on lines above `To:` (`Ina Rangel`, `10/16/2000 11:03 AM`)."""
    for above in range(mark.start - 1, max(mark.start - 7, -1), -1):
        found = NOTES_DATE.search(lines.plain(above))
        if found:
            mark.shape, mark.date = "notes", found[0].strip()
            mark.start, mark.from_ = _notes_name(lines, above, found.start())
            return bool(mark.from_)
    return False


def _notes_name(lines: Lines, number: int, date_at: int) -> tuple[int, str]:
    before = lines.plain(number)[:date_at].strip()
    if before:
        name = re.sub(r"\s+on$", "", before)
        return number, name.removeprefix("From:").strip()
    name: list[str] = []
    above = number - 1
    while above >= 0 and len(name) < 2 and not lines.is_blank(above):
        name.insert(0, lines.plain(above))
        above -= 1
        if not name[0].startswith(("@", "ENRON")) and "@" not in name[0][:2] and not name[0].isupper():
            break
    return above + 1, " ".join(name)


# ---- separators ----------------------------------------------------------------------------------------------------


def _separators(lines: Lines, blocks: list[Block]) -> list[Mark]:
    marks: list[Mark] = []
    if not lines.has_any(SEPARATOR_STEMS):
        return marks
    for number, line in enumerate(lines.texts):
        found = SEPARATOR.match(line) if "--" in line or "__" in line or line.rstrip(" \t*").endswith(":") else None
        if not found:
            continue
        shape = "original" if found["original"] else "forward"
        mark = Mark(number, number + 1, shape, quoted=lines.is_quoted(number))
        _read_forwarded_by(lines, mark)
        if not _read_one_line(lines, mark):
            _read_following(lines, mark, blocks)
        marks.append(mark)
    return [mark for index, mark in enumerate(marks) if index == 0 or mark.start >= marks[index - 1].end]


def _read_forwarded_by(lines: Lines, mark: Mark) -> None:
    by = FORWARDED_BY.match(lines.text[lines.starts[mark.start] : lines.starts[mark.start] + 400])
    if by:
        mark.end = lines.number(lines.starts[mark.start] + by.end()) + 1
        if mark.end < len(lines.texts) and RULE_LINE.match(lines.texts[mark.end]):
            mark.end += 1


def _read_one_line(lines: Lines, mark: Mark) -> bool:
    """Yahoo writes the separator and all the headers on one line."""
    found = YAHOO_ORDER.search(lines.texts[mark.start])
    if not found:
        return False
    for name, value in found.groupdict(default="").items():
        setattr(mark, name, value.strip())
    return True


def _read_following(lines: Lines, mark: Mark, blocks: list[Block]) -> None:
    for block in blocks:
        if not mark.end <= block[0][0] <= mark.end + 8:
            continue
        between = [each for each in range(mark.end, block[0][0]) if not lines.is_blank(each)]
        values = _values(block)
        notes = Mark(block[0][0], block[-1][0], "notes")
        if (values.get("from_") and between) or len(between) > 5:
            return
        if not values.get("from_") and _name_notes_sender(lines, notes):
            values |= {"from_": notes.from_, "date": notes.date}
        for name, value in values.items():
            setattr(mark, name, value)
        mark.end = block[-1][0]
        return


# ---- "On … wrote:" -------------------------------------------------------------------------------------------------


def _attributions(lines: Lines) -> list[Mark]:
    marks: list[Mark] = []
    stems = [stem for stem in VERB_STEMS if stem in lines.lowered]
    for number, line in enumerate(lines.lowered.split("\n") if stems else ()):
        if not any(stem in line for stem in stems) or not VERB.search(line):
            continue
        if not marks or marks[-1].end <= number:
            mark = _attribution(lines, number)
            if mark:
                marks.append(mark)
    for first, line in enumerate(lines.texts):
        starts_with_a_date = line[:1] in DIGIT_OR_SIGN and DATE_FIRST.match(line)
        found = DATE_NAME_LINE.match("\n".join(lines.texts[first : first + 3])) if starts_with_a_date else None
        if not found:
            continue
        last = first + found[0].count("\n")
        if not any(mark.start <= first < mark.end or mark.start <= last < mark.end for mark in marks):
            marks.append(Mark(first, last + 1, "wrote", date=found[1], quoted=lines.is_quoted(first)))
    return marks


def _attribution(lines: Lines, verb: int) -> Mark | None:
    """The lines from `On …` to the colon around the line with the verb, if they read like an attribution."""
    for end in range(verb, min(verb + 3, len(lines.texts))):
        if end > verb and lines.is_blank(end):
            return None
        if ENDS_ATTRIBUTION.search(lines.texts[end].rstrip()):
            break
    else:
        return None
    starts = _possible_starts(lines, verb)
    for reads in (_opens_with_a_date, _opens_with_someone):
        for start in starts:
            said = " ".join(lines.plain(each) for each in range(start, end + 1))
            if len(said) <= 400 and reads(said):
                return _wrote_mark(lines, start, end + 1, said)
    return None


def _possible_starts(lines: Lines, verb: int) -> list[int]:
    """The verb's own line first, then lines above; over a blank one only inside a wrapped `< address >`."""
    starts, above = [verb], verb - 1
    while above >= 0 and verb - above <= 5:
        if lines.is_blank(above):
            if not lines.plain(above + 1).startswith("<"):
                break
        else:
            starts.append(above)
        above -= 1
    return starts


def _opens_with_a_date(said: str) -> bool:
    """`On Mon, Feb 1, 2016 …` and its like; a sentence that only begins with "On" has no digit or too many words."""
    verb = VERB.search(said)
    if not verb or not OPENING.match(said):
        return False
    around = said[: verb.start()] + said[verb.end() :]
    return bool(re.search(r"\d|you|@", around)) and not SENTENCE.search(said[: verb.start()])


def _opens_with_someone(said: str) -> bool:
    verb = VERB.search(said)
    if not verb or verb.start() > 200 or not SOMEONE.match(said):
        return False
    return "@" in said or (len(said) < 60 and said[verb.end() :].strip() == ":")


def _wrote_mark(lines: Lines, start: int, end: int, said: str) -> Mark:
    email = re.search(r"(?:\"?[^\"<>\d:,]{2,60}\"?)?\s*<\s*(?:mailto:)?[^<>]*@[^<>]*>", said)
    who = email[0].strip() if email else ""
    rest = VERB.sub("", said.replace(who, "") if who else said)
    return Mark(
        start,
        end,
        "wrote",
        from_=VERB.sub("", who).removeprefix("heeft ").strip(" ,"),
        date=rest.strip(" ,:-").strip(),
        quoted=lines.is_quoted(start),
    )
