"""Everything that the grammar reads out of one text, in one pass over its sentences."""

from dataclasses import replace
from datetime import datetime

from .amounts import amounts_in
from .approvals import approvals_in
from .asks import asks_in
from .dates import date_readings, dates_in
from .documents import documents_in
from .exceptions import exceptions_in
from .people import emails_in, phones_in, region_of, roles_in, urls_in
from .promises import promises_in
from .prose import Prose, Sentence, prepare
from .reading import Reading, without_overlaps
from .spacing import Spacing, squeezed
from .steps import steps_in


def read_text(
    text: str,
    *,
    written_at: datetime,
    zone: str,
    language: str | None,
    from_us: bool,
    currency: str = "GBP",
    day_first: bool | None = None,
) -> list[Reading]:
    """Read dates, amounts, promises, asks and the rest out of a text, sorted by place, none of a kind overlapping.

    `written_at` (aware) is what relative dates are counted from, in `zone`; `from_us` says whose words they are.
    Quoted history below the new text is not read. `day_first` None follows the zone. Asks and approvals are read
    only from others. Never raises for any text; takes time linear in its length.
    """
    short, spacing = squeezed(text)
    prose = prepare(
        short,
        written_at=written_at,
        zone=zone,
        language=language,
        from_us=from_us,
        currency=currency,
        day_first=day_first,
    )
    found = [reading for sentence in prose.sentences for reading in read_sentence(prose, sentence)]
    readings = without_overlaps([*found, *addresses(prose)])
    return [_as_given(reading, spacing) for reading in readings] if spacing.places else readings


def _as_given(reading: Reading, spacing: Spacing) -> Reading:
    start, end = spacing.span(reading.start, reading.end)
    return replace(reading, start=start, end=end, sentence_start=spacing.original(reading.sentence_start))


def read_sentence(prose: Prose, sentence: Sentence) -> list[Reading]:
    """All readings of one sentence, in no order."""
    mentions = dates_in(prose, sentence)
    places = [(mention.start, mention.end) for mention in mentions]
    return [
        *date_readings(prose, sentence, mentions),
        *amounts_in(prose, sentence, places),
        *promises_in(prose, sentence, mentions),
        *asks_in(prose, sentence, mentions),
        *steps_in(prose, sentence, mentions),
        *approvals_in(prose, sentence),
        *documents_in(prose, sentence),
        *exceptions_in(prose, sentence),
        *roles_in(prose, sentence),
    ]


def addresses(prose: Prose) -> list[Reading]:
    """Phones, mail and web addresses: they keep to no sentence, so they are looked for in the whole text."""
    if not prose.sentences:
        return []
    text = prose.raw[: len(prose.folded)]
    found = [("phone", *phone) for phone in phones_in(text, region_of(prose.zone.key, prose.language.code))]
    if "@" in text:
        found += [("email", *email) for email in emails_in(text)]
    if "www." in prose.folded or "http" in prose.folded:
        found += [("url", *url) for url in urls_in(text)]
    return [prose.read(kind, value, (start, end), 0.9, _sentence_at(prose, start)) for kind, value, start, end in found]


def _sentence_at(prose: Prose, place: int) -> Sentence:
    return next((s for s in prose.sentences if s.start <= place < s.end), prose.sentences[-1])
