"""A map written to YAML reads back as the same map."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.map.reading import read_map
from baton.map.ready import READY, demonstration_map, ready_map
from baton.map.writing import write_map
from tests.map.conftest import SMALL

MAPS = {name: ready_map(name, "ana@firm.example", "Ana & Co", "Europe/Zagreb", holidays="HR") for name in READY}
MAPS |= {"demonstration": demonstration_map(), "small": SMALL}


@pytest.mark.parametrize("name", MAPS)
def test_a_map_comes_back_as_it_was_written(name):
    drawn, _ = read_map(MAPS[name])
    written = write_map(drawn)

    again, problems = read_map(written)

    assert problems == []
    assert again == drawn
    assert [list(getattr(again, group)) for group in ("desks", "stages", "fields")] == [
        list(getattr(drawn, group)) for group in ("desks", "stages", "fields")
    ]
    assert write_map(again) == written


@given(
    st.text(min_size=1).map(lambda text: " ".join(text.split())).filter(bool),
    st.text().map(lambda text: " ".join(text.split())),
)
def test_any_words_of_people_survive(words, others):
    drawn, _ = read_map(SMALL)
    field = replace(drawn.fields["start_date"], breaks=words, heard_as=tuple(each for each in (words, others) if each))
    changed = replace(drawn, business=words, fields={"start_date": field})

    again, problems = read_map(write_map(changed))

    assert problems == []
    assert again == changed


def test_what_is_as_usual_is_not_written():
    drawn, _ = read_map(SMALL)
    lines = write_map(drawn).splitlines()

    assert "  sales: {lead: ada}" in lines
    assert "  quoted: {desk: sales, entered_by: document out quote, weight: 40%}" in lines
    assert not any(line.startswith(("sharing", "deputy", "goals")) for line in lines)


HOURS = "{zone: Europe/London, mon-fri: 09:00-17:00}"
NIGHTS = "{zone: UTC, mon: [00:00-01:00, 23:00-24:00], closed: [2026-12-24], extra: {2026-12-19: 09:00-12:00}}"


def test_rare_settings_survive():
    text = SMALL.replace("weight: 40%", "weight: 12.5%, proof_for: nothing, id: offer")
    text = text.replace("type: date,", "type: date, on: company, read_from: nothing, fresh_for: 30 days, name: Begins,")
    text = text.replace(HOURS, NIGHTS).replace("hours:", "review: 2027-01-31\nhours:")
    drawn, problems = read_map(
        text
        + "\nsuccessors: {gone: quoted}\n"
        + "goals: [{metric: first_response_p80, baseline: 9 h, target: 2 h, by: 2027-03-31}]\n"
    )

    assert problems == []
    assert read_map(write_map(drawn)) == (drawn, [])
    assert drawn.review == date(2027, 1, 31)
    assert drawn.stages["quoted"].proof_for == ()
    assert drawn.fields["start_date"].read_from == ()
