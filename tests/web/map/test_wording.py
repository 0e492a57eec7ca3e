"""What the map says in words, in the language of who reads it."""

from datetime import time

import pytest
from django.utils import translation

from baton.map.elements import FIELD_TYPES, Cadence
from baton.web.map.wording import EVERY, HOLDS, rhythm


def test_every_type_of_field_and_every_rhythm_has_words():
    assert set(HOLDS) == set(FIELD_TYPES)
    assert all(rhythm(Cadence(every, None, None)) for every in EVERY)


@pytest.mark.parametrize(
    ("language", "cadence", "said"),
    [
        ("en-gb", Cadence("week", 0, time(10)), "Monday 10:00"),
        ("de", Cadence("week", 0, time(10)), "Montag 10:00"),
        ("hr", Cadence("week", 4, time(15, 30)), "Petak 15:30"),
        ("en-gb", Cadence("month", 16, time(16, 30)), "every month on day 16, 16:30"),
        ("en-gb", Cadence("quarter", None, None), "every quarter"),
    ],
)
def test_a_rhythm_is_read_in_ones_own_language(language, cadence, said):
    with translation.override(language):
        assert rhythm(cadence) == said
