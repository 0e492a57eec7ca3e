"""Rules for any text at all: places lie inside it, nothing is raised, and time grows no faster than the text."""

import json
import pickle
from datetime import UTC, datetime
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.capture.grammar import Reading, read_document, read_signature, read_text, split_person_name
from baton.capture.grammar.prose import fold

from .reading import read

PIECES = st.sampled_from(
    [
        *"I'll send by Friday 12k £ 1.250,00 € am 1. Dezember bis do petka u 10 \n > -- , . ? ! 12/1/2026".split(" "),
        *"+44 20 7946 0812 Can you please only after 19:00 quote Q-0412 approved ich schicke Ihnen".split(" "),
        *'poslat ću vam Dana@x.y İ ß Č 6% off KW 48 "'.split(" "),
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=40).map(" ".join))
LANGUAGES = st.sampled_from(["en", "de", "hr"])


@given(text=TEXTS, language=LANGUAGES, from_us=st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_reading_stands_in_the_text(text, language, from_us):
    for reading in read(text, language, from_us=from_us):
        assert 0 <= reading.start < reading.end <= len(text)
        assert 0 <= reading.confidence <= 1
        assert json.loads(json.dumps(reading.value)) == reading.value


@given(text=TEXTS, language=LANGUAGES)
@settings(max_examples=100, deadline=None)
def test_readings_of_a_kind_never_overlap_and_are_in_order(text, language):
    readings = read(text, language, from_us=False)

    assert [r.start for r in readings] == sorted(r.start for r in readings)
    for kind in {r.kind for r in readings}:
        ends = [(r.start, r.end) for r in readings if r.kind == kind]
        assert all(before[1] <= after[0] for before, after in pairwise(ends))


@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_names_signatures_and_files_of_any_kind_raise_nothing(text):
    signature = read_signature(text, sender_name=text[:30], sender_email=text[:20])

    assert all(0 <= part.start <= part.end <= len(text) for part in signature.parts)
    assert len(split_person_name(text)) == 2
    assert read_document(text, text) is None or read_document(text, text).kind


@given(text=st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_folding_keeps_every_letter_in_its_place(text):
    assert len(fold(text)) == len(text)


@given(moment=st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2080, 1, 1)))
@settings(max_examples=60, deadline=None)
def test_every_day_of_the_calendar_can_be_the_day_of_writing(moment):
    text = "by Friday, 29 February, the 31st, end of month, in 6 months, week 53, next quarter, last Monday, 30/12"

    assert read(text, at=moment.replace(tzinfo=UTC))


def test_a_reading_can_be_sent_to_another_process():
    readings = read("I'll send the revised quote by Friday, about 12k")

    assert pickle.loads(pickle.dumps(readings)) == readings
    assert all(isinstance(reading, Reading) for reading in readings)


def test_the_language_is_guessed_where_it_isnt_known():
    guessed = {
        text: read_text(text, written_at=datetime(2026, 11, 16, 9, tzinfo=UTC), zone="UTC", language=None, from_us=True)
        for text in (
            "I'll send the revised quote by Friday",
            "ich schicke Ihnen das Angebot bis Freitag",
            "poslat ću vam ponudu do petka",
        )
    }

    assert [readings[0].language for readings in guessed.values()] == ["en", "de", "hr"]


LONG = {
    "dots": ".",
    "figures": "1",
    "grouped figures": "1,",
    "figures apart": "12 ",
    "days": "friday ",
    "quotation marks": '"a ',
    "at signs": "@a",
    "brackets": "(",
    "line breaks": "\n",
    "promises": "i'll send it to ",
    "asks": "can you please ",
    "one word": "a",
    "German promises": "ich werde ",
    "phones": "020 7946 0812 ",
    "amounts": "€12k ",
    "hours": "only after 12 ",
    "dashes": "-",
    "quoted lines": ">",
    "versions": "1.1.1-",
    "rules": "\n-- ",
    "heads": "from: a\n",
    "Croatian promises": "cu vam vas ",
    "questions": "? ",
    "addresses": "a.b-c@d.e.",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_a_hostile_text_takes_time_in_proportion_to_its_length(piece):
    """Four times the text may take eight times as long, and a tenth of a second, before anything is wrong."""
    short, long = (piece * (size // len(piece)) for size in (12_500, 50_000))

    assert _seconds(long) < 8 * _seconds(short) + 0.1


def _seconds(text: str) -> float:
    start = process_time()
    read(text, "en", from_us=False)
    read_signature(text, sender_name="Nell Harrow", sender_email="nell@harbourlime.example")
    return process_time() - start


def test_a_hundred_kilobytes_are_read_in_a_few_seconds_at_worst():
    assert max(_seconds(piece * (100_000 // len(piece))) for piece in LONG.values()) < 6
