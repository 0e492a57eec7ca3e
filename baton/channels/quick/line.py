"""Read one typed line: `Called Colin at Quayside, quote by Friday, about 12k, call back Tue 10:00`.

The line is cut where a person breathes. The first stretch says what happened with whom; each of the others is a
promise, a departure from the usual, an amount, a next step, an outcome, or else part of the note. Nothing is lost:
what isn't understood is the note, so that saving always works.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.capture.grammar.dates import Mention, dates_in
from baton.capture.grammar.prose import Prose, Sentence, cut_at, prepare
from baton.capture.grammar.reading import Reading, without_overlaps
from baton.capture.grammar.text import addresses, read_sentence

from .chips import Chip, chip_of, written_day
from .directory import Directory, Match
from .names import Named, find_company, find_person, of_company, split_who
from .openings import Opening, read_opening
from .stretches import read_outcome, read_promise, read_step

LONGEST_LINE = 4000
"""Characters that are read; a longer text is kept whole as the note."""


@dataclass(frozen=True, slots=True)
class QuickLine:
    """The line as typed, what was understood, and what remains as the note."""

    text: str
    chips: tuple[Chip, ...]
    note: str


def read_line(
    text: str, *, now: datetime, zone: str, language: str | None = None, currency: str, known: Directory
) -> QuickLine:
    """Understand a line typed at `now` (aware) by somebody in `zone`. Never raises for any text."""
    if len(text) > LONGEST_LINE or not text.strip():
        return QuickLine(text, (_note(text, (0, len(text))),), text.strip())
    prose = prepare(text, written_at=now, zone=zone, language=language, from_us=True, currency=currency, day_first=None)
    stretches = _stretches(prose)
    opening = read_opening(prose.folded, stretches[0].start, stretches[0].end) if stretches else None
    chips = _happened(prose, stretches[0], opening, known) if opening else []
    rest = _without_opening(prose, stretches, chips, opening.end) if opening and chips else stretches
    chips += [*(chip for stretch in rest for chip in _stretch_chips(prose, stretch)), *_address_chips(prose)]
    chips += _member_chips(prose, known)
    note = _left_over(prose, rest, chips)
    if note or not chips:
        chips.append(_note(note or text.strip(), (0, len(text))))
    return QuickLine(text, tuple(chips), note or ("" if chips[:-1] else text.strip()))


_BREATH = re.compile(r"[,;](?: |$)|\n+|: |\. (?=[a-z])| - | \+ ")


def _stretches(prose: Prose) -> list[Sentence]:
    """The line cut at commas and the like, but not inside an abbreviation or a date."""
    places = [match.end() for match in _BREATH.finditer(prose.folded) if not _joins(prose, match)]
    return cut_at(prose.folded, places)


_SAYS_WHAT = frozenset("lost won verloren gewonnen izgubljeno dobiveno next step schritt korak todo".split())


def _joins(prose: Prose, mark: re.Match[str]) -> bool:
    """`20. studenoga`, `Tsd. Euro`, `Fri, 20 Nov` go on."""
    before = re.search(r"[a-z0-9]+$", prose.folded[max(0, mark.start() - 12) : mark.start()])
    word = before.group() if before else ""
    if mark.group().startswith("."):
        return word.isdigit() or word in (
            "tsd",
            "tis",
            "mio",
            "ca",
            "cca",
            "mr",
            "mrs",
            "dr",
            "hr",
            "fr",
            "nr",
            "br",
            "npr",
            "no",
        )
    if mark.group() == ": ":
        return word in _SAYS_WHAT
    is_day = word in prose.language.weekdays or word in prose.language.short_weekdays
    return mark.group() == ", " and is_day and prose.folded[mark.end() : mark.end() + 1].isdigit()


def _happened(prose: Prose, stretch: Sentence, opening: Opening, known: Directory) -> list[Chip]:
    """The chips of the first stretch: interaction, contact, company, deal."""
    mentions = [m for m in dates_in(prose, stretch) if m.day <= prose.moment.date() and not m.due]
    who_end = min([opening.who_end, *(m.lead for m in mentions if m.lead > opening.who_start)])
    person_span, company_span = split_who(prose.raw, opening.who_start, who_end)
    person = find_person(prose.raw, person_span, known)
    if person is None:
        return []
    company = find_company(prose.raw, company_span, known) if company_span else None
    interaction = _interaction(prose, stretch, opening, mentions, person.start)
    return [interaction, *_people(person, company, known)]


def _interaction(prose: Prose, stretch: Sentence, opening: Opening, mentions: list[Mention], before: int) -> Chip:
    happened = _happened_at(prose, mentions)
    value = {"kind": opening.kind, "direction": opening.direction, "happened_at": happened.isoformat()}
    when = _("just now") if happened == prose.moment else written_day(happened.isoformat())
    end = before if opening.who_start > stretch.start else opening.end
    start = stretch.start if opening.who_start > stretch.start else opening.who_end
    return Chip("interaction", f"{_KIND_NAMES[opening.kind]()} ({when})", value, (start, max(start, end)), 0.9)


_KIND_NAMES = {
    "call": lambda: _("Call"),
    "meeting": lambda: _("Meeting"),
    "text": lambda: _("Text"),
    "chat": lambda: _("Chat"),
    "email": lambda: _("Email"),
}


def _happened_at(prose: Prose, mentions: list[Mention]) -> datetime:
    """Now, or the past moment that is named; a day without a time is its noon."""
    if not mentions or (mentions[0].day == prose.moment.date() and mentions[0].time is None):
        return prose.moment
    mention = mentions[0]
    noon = datetime.combine(mention.day, datetime.min.time(), tzinfo=prose.zone).replace(hour=12)
    return noon.replace(hour=mention.time.hour, minute=mention.time.minute) if mention.time else noon


def _people(person: Named, company: Named | None, known: Directory) -> list[Chip]:
    """Contact and company, or, where the company is none that is known, the deal of that name."""
    if company and company.matches:
        person = of_company(person, company.matches[0].label)
    elif company:
        person = of_company(person, company.text)
    contact_id = person.best.id if person.best and not person.is_unclear else None
    company_id = company.best.id if company and company.best else None
    deals = known.deals("" if company_id or not company else company.text, contact_id, company_id)
    if company and not company.matches and deals:
        return [_record("contact", person), _deal(deals, company)]
    found = [_record("contact", person), *([_record("company", company)] if company else [])]
    return [*found, _deal(deals, person)] if deals and (contact_id or company_id) else found


def _record(kind: str, named: Named) -> Chip:
    span = (named.start, named.end)
    if named.best is None:
        return Chip(kind, named.text, {"new": named.text}, span, 0.6)
    others = tuple(_option(match) for match in named.matches) if len(named.matches) > 1 else ()
    label = named.best.label
    if named.is_unclear:
        label = _("which %(name)s? %(count)d known") % {"name": named.text, "count": len(named.matches)}
    return Chip(kind, label, {"id": named.best.id}, span, 0.5 if named.is_unclear else 0.9, others)


def _deal(deals: list[Match], named: Named) -> Chip:
    ranked = sorted(deals, key=lambda match: -match.score)
    unclear = len(ranked) > 1 and ranked[0].score - ranked[1].score < 0.15
    options = tuple(_option(match) for match in ranked[:6]) if len(ranked) > 1 else ()
    label = _("which deal? %(count)d open") % {"count": len(ranked)} if unclear else ranked[0].label
    return Chip("deal", label, {"id": ranked[0].id}, (named.start, named.end), 0.5 if unclear else 0.85, options)


def _option(match: Match) -> dict[str, Any]:
    label = f"{match.label}, {match.company_label}" if match.company_label else match.label
    return {"id": match.id, "label": label}


def _without_opening(prose: Prose, stretches: list[Sentence], chips: list[Chip], verb_end: int) -> list[Sentence]:
    """What of the first stretch comes after the people and the time, and the other stretches."""
    first = stretches[0]
    end = max(verb_end, *(chip.span[1] for chip in chips))
    past = [m for m in dates_in(prose, first) if m.day <= prose.moment.date() and not m.due]
    end = max([end, *(m.end for m in past if m.lead - end < 4)])
    return [*cut_at(prose.folded[: first.end], [], start=end), *stretches[1:]]


def _stretch_chips(prose: Prose, stretch: Sentence) -> list[Chip]:
    """One stretch says one thing to do, and may name an amount, a departure or a day besides."""
    mentions = dates_in(prose, stretch)
    outcome = read_outcome(prose, stretch, mentions)
    if outcome:
        return [outcome]
    readings = [r for r in read_sentence(prose, stretch) if r.kind not in ("role",)]
    deed = read_step(prose, stretch, mentions) or read_promise(prose, stretch, mentions)
    if deed:
        readings = [r for r in readings if r.kind not in ("promise", "next_step", "document")] + [deed]
    elif any(r.kind == "promise" for r in readings):
        readings = [r for r in readings if r.kind != "next_step"]
    return [chip_of(r) for r in without_overlaps(_told_dates(prose, stretch, readings, mentions))]


def _told_dates(prose: Prose, stretch: Sentence, readings: list[Reading], mentions: list[Mention]) -> list[Reading]:
    """A day that belongs to no deed is told on its own, with the words before it: `start 1 Dec`."""
    deeds = [r for r in readings if r.kind in ("promise", "next_step", "exception", "ask")]
    kept = [r for r in readings if r.kind != "date"]
    for mention in mentions:
        if not any(deed.start <= mention.start < deed.end for deed in deeds):
            about = " ".join(prose.raw[stretch.start : mention.lead].split())[:60]
            value = mention.value(prose) | ({"about": about} if about else {})
            kept.append(prose.read("date", value, (stretch.start, mention.end), mention.confidence, stretch))
    return kept


def _address_chips(prose: Prose) -> list[Chip]:
    return [chip_of(reading) for reading in without_overlaps(addresses(prose))]


_MENTIONED = re.compile(r"(?:^|(?<=[ ,(]))@([^\W\d_][\w-]{1,30})")


def _member_chips(prose: Prose, known: Directory) -> list[Chip]:
    """Colleagues are named with an at sign: `@priya`."""
    found = []
    for match in _MENTIONED.finditer(prose.raw):
        matches = known.members(match[1])
        if matches:
            named = Named(match[1], match.start(), match.end(), tuple(sorted(matches, key=lambda m: -m.score)[:6]))
            found.append(_record("member", named))
    return found


def _left_over(prose: Prose, rest: list[Sentence], chips: list[Chip]) -> str:
    """The stretches, less what chips already say."""
    pieces = [_without_chips(prose, stretch, chips) for stretch in rest]
    return ", ".join(piece for piece in pieces if piece)


_EMPTY = re.compile(r"(?:and|und|i|te|the|a|on|at|by|about|circa|ca|oko|with|to|or so|ok|yes|from|bei|am|um|u)?")
_AROUND = re.compile(r"^(?:[ ,.;:\-\n\t]|\+(?![^\s]))+|[ ,.;:\-+\n\t]+$")
"""What stands between two pieces; the plus of `+£12k` belongs to what it says."""


def _without_chips(prose: Prose, stretch: Sentence, chips: list[Chip]) -> str:
    left, place = [], stretch.start - prose.raw.startswith("+", max(0, stretch.start - 1), stretch.start)
    for start, end in sorted(chip.span for chip in chips):
        if stretch.start <= start < stretch.end:
            left.append(prose.raw[place : max(place, start)])
            place = max(place, end)
    left.append(prose.raw[place : stretch.end])
    words = " ".join(bare for piece in left if (bare := _AROUND.sub("", piece)))
    return "" if _EMPTY.fullmatch(words.lower().strip(".")) else words


def _note(note: str, span: tuple[int, int]) -> Chip:
    return Chip("note", _("Note"), {"text": note}, span, 1.0)
