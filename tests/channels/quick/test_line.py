import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.channels.quick.chips import Chip
from baton.channels.quick.line import QuickLine, read_line

from .address_book import AddressBook, NobodyKnown

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ZONES = {"en": "Europe/London", "de": "Europe/Berlin", "hr": "Europe/Zagreb"}
FRIDAY = "2026-11-20"


def typed(line: str, language: str | None = "en", known=None) -> QuickLine:
    zone = ZONES[language or "en"]
    return read_line(line, now=NOW, zone=zone, language=language, currency="GBP", known=known or AddressBook())


def chips(line: str, language: str | None = "en") -> dict[str, Chip]:
    return {chip.kind: chip for chip in typed(line, language).chips}


def kinds(line: str, language: str | None = "en") -> list[str]:
    return [chip.kind for chip in typed(line, language).chips]


def test_the_whole_line_becomes_chips_and_nothing_is_left_over():
    line = "Called Petra at Kestrel, quote by Friday, only outside tenant hours, about 12k, call back Tue 10:00"
    found = chips(line)

    assert found["interaction"].value == {"kind": "call", "direction": "out", "happened_at": NOW.isoformat()}
    assert (found["contact"].value, found["company"].value) == ({"id": "petra"}, {"id": "kestrel"})
    assert found["promise"].value == {"what": "quote", "due": FRIDAY, "who": "us"}
    assert found["exception"].value == {"category": "hours", "what": "only outside tenant hours"}
    assert found["amount"].value == {"minor": 1_200_000, "currency": "GBP", "about": True, "per": None}
    assert found["next_step"].value == {"what": "call back", "at": "2026-11-17T10:00:00+00:00"}
    assert typed(line).note == ""


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Mit Herrn Kurz telefoniert, Angebot bis Freitag, ca. 12.000 €, Rückruf Di 10 Uhr"),
        ("hr", "Zvao Anu iz Kestrela, ponuda do petka, oko 12 tisuća eura, nazvati u utorak u 10"),
    ],
)
def test_the_line_is_understood_in_german_and_croatian(language, line):
    found = chips(line, language)

    assert found["interaction"].value["kind"] == "call"
    assert found["contact"].value["id"] in ("hans", "ana")
    assert found["promise"].value["due"] == FRIDAY
    assert found["amount"].value == {"minor": 1_200_000, "currency": "EUR", "about": True, "per": None}
    assert found["next_step"].value["at"] == "2026-11-17T10:00:00+01:00"


@pytest.mark.parametrize(
    ("language", "line", "kind", "direction", "contact"),
    [
        ("en", "Called Dana", "call", "out", "dana"),
        ("en", "called dana", "call", "out", "dana"),
        ("en", "Dana rang, fine with evening crew", "call", "in", "dana"),
        ("en", "Spoke to Petra about the lobby", "call", "out", "petra"),
        ("en", "met Petra at Kestrel", "meeting", "out", "petra"),
        ("en", "texted Dana", "text", "out", "dana"),
        ("en", "emailed Petra the drawings", "email", "out", "petra"),
        ("en", "Dana emailed, wants uniforms", "email", "in", "dana"),
        ("en", "call from Hans Kurz", "call", "in", "hans"),
        ("de", "Frau Lang hat angerufen", "call", "in", "petra"),
        ("de", "Herrn Kurz angerufen", "call", "out", "hans"),
        ("de", "Treffen mit Petra Lang", "meeting", "out", "petra"),
        ("hr", "Petra je zvala", "call", "in", "petra"),
        ("hr", "Sastanak s Petrom", "meeting", "out", "petra"),
        ("hr", "Razgovarao s Anom", "call", "out", "ana"),
    ],
)
def test_what_happened_with_whom_and_who_began_it(language, line, kind, direction, contact):
    found = chips(line, language)

    assert (found["interaction"].value["kind"], found["interaction"].value["direction"]) == (kind, direction)
    assert found["contact"].value == {"id": contact}


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("met Petra at Kestrel yesterday at 3", "2026-11-15T15:00:00+00:00"),
        ("called Dana on Friday", "2026-11-13T12:00:00+00:00"),
        ("called Dana today", "2026-11-16T09:00:00+00:00"),
    ],
)
def test_it_happened_now_unless_the_line_says_when(line, moment):
    assert chips(line)["interaction"].value["happened_at"] == moment


def test_of_two_with_one_name_both_are_offered():
    contact = chips("Called Colin, quote by Friday")["contact"]

    assert [option["id"] for option in contact.alternatives] == ["colin-marsh", "colin-hart"]
    assert (contact.label, contact.confidence) == ("which Colin? 2 known", 0.5)


def test_the_company_decides_between_two_of_one_name():
    contact = chips("Called Colin at Alder House")["contact"]

    assert (contact.value, contact.alternatives) == ({"id": "colin-hart"}, ())


def test_a_place_that_is_no_company_may_be_a_deal():
    found = chips("Dana at Quayside rang: yes to evening crew")

    assert found["deal"].value == {"id": "quayside"}
    assert "company" not in found


def test_the_deal_of_the_contact_is_linked():
    assert chips("texted Dana")["deal"].value == {"id": "quayside"}


def test_whoever_is_not_known_yet_is_new():
    found = chips("emailed Greta Holm at Fernhill, price by Thu")

    assert (found["contact"].value, found["company"].value) == ({"new": "Greta Holm"}, {"new": "Fernhill"})


@pytest.mark.parametrize(
    ("line", "outcome", "because"),
    [
        ("won", "won", None),
        ("lost: went with cheaper", "lost", "went with cheaper"),
        ("done", "done", None),
        ("verloren, weil zu teuer", "lost", None),
        ("dobiveno", "won", None),
    ],
)
def test_an_outcome_is_one_word_and_its_reason(line, outcome, because):
    assert chips(line)["outcome"].value == {"outcome": outcome, "because": because}


def test_a_move_says_to_which_day():
    assert chips("moved to Friday")["move"].value == {"to": FRIDAY}


def test_what_the_customer_will_do_is_their_promise():
    assert chips("she signs by Friday")["promise"].value == {"what": "she signs", "due": FRIDAY, "who": "them"}
    assert chips("decide by Friday")["promise"].value == {"what": "decide", "due": FRIDAY, "who": "them"}
    assert chips("quote by Friday")["promise"].value["who"] == "us"


def test_a_colleague_is_named_with_an_at_sign():
    found = chips("ask about the keys @priya")

    assert found["member"].value == {"id": "priya"}


def test_a_day_that_nothing_is_owed_on_is_told_with_the_words_before_it():
    assert chips("Dana rang: evening crew is fine, crew begins 1 Dec")["date"].value["date"] == "2026-12-01"


def test_what_is_not_understood_is_the_note():
    line = typed("Dana rang, fine with evening crew, quote by Friday")

    assert line.note == "fine with evening crew"
    assert line.chips[-1].value == {"text": "fine with evening crew"}


def test_what_a_deal_grows_by_is_kept_in_the_note_and_not_taken_for_its_worth():
    line = typed("Dana rang: wants 3 more floors, +£12k")

    assert "amount" not in [chip.kind for chip in line.chips]
    assert "+£12k" in line.note


@pytest.mark.parametrize("line", ["asdf", "", "   ", "?!", "called the office, nobody there", "x" * 10_000])
def test_any_line_can_be_saved_at_least_as_a_note(line):
    assert kinds(line) == ["note"]


def test_an_empty_directory_stops_nothing():
    line = typed("Called Colin at Alder House, quote by Friday", known=NobodyKnown())

    assert [chip.value for chip in line.chips if chip.kind in ("contact", "company")] == [
        {"new": "Colin"},
        {"new": "Alder House"},
    ]


def test_the_language_is_guessed_where_none_is_given():
    assert chips("Mit Herrn Kurz telefoniert, Angebot bis Freitag", None)["promise"].value["due"] == FRIDAY


@pytest.mark.parametrize(
    ("line", "kind", "label"),
    [
        ("quote by Friday", "promise", "quote by Fri 20 Nov, you"),
        ("call back Tue 10:00", "next_step", "Next: call back, Tue 17 Nov, 10:00"),
        ("about £84,600 a year", "amount", "about 84,600 GBP a year"),
        ("only after 19:00", "hours", "After 19:00"),
        ("6% off the rate card", "exception", "Price: 6% off the rate card"),
    ],
)
def test_a_chip_says_in_words_what_was_understood(line, kind, label):
    assert chips(line)[kind].label == label


PIECES = st.sampled_from(
    "Called Dana rang at Kestrel , ; : quote by Friday about 12k € 1.250,00 do petka bis Di 10 Uhr won lost "
    "done @priya \n . moved to".split(" ")
)


@given(
    line=st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map(" ".join)),
    language=st.sampled_from(["en", "de", "hr", None]),
)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_chips_that_stand_in_it(line, language):
    understood = typed(line, language)

    assert understood.chips
    for chip in understood.chips:
        assert 0 <= chip.span[0] <= chip.span[1] <= len(line)
        assert json.loads(json.dumps(chip.value)) == chip.value
