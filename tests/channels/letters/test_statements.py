"""An answer is cut into what it says about each thing of the letter."""

import pytest

from baton.channels.letters.statements import statements_in

NAMES = ["Quayside Tower", "Kestrel House", "Send the quote"]


def cut(text, names=NAMES):
    return [(one.place, one.text) for one in statements_in(text, names, ["Ana Horvat", "Baton"])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 done", [(1, "done")]),
        ("1. done\n3) moved to Friday", [(0, "done"), (2, "moved to Friday")]),
        ("#2: 12.5k", [(1, "12.5k")]),
        (
            "Hi Baton,\n\n2 moved to Friday\nshe is on holiday\n\nThanks, Ana",
            [(1, "moved to Friday\nshe is on holiday")],
        ),
        ("Kestrel: done", [(1, "done")]),
        ("quayside moved to Friday", [(0, "quayside moved to Friday")]),
        ("done", [(None, "done")]),
        ("12 500", [(None, "12 500")]),
        ("9 done", [(None, "9 done")]),
        ("Thanks!", []),
        ("", []),
    ],
)
def test_each_line_is_about_what_its_number_or_name_says(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("done", [(0, "done")]),
        ("12.5k", [(0, "12.5k")]),
        ("12 days are fine", [(0, "12 days are fine")]),
        ("Hello,\nCalled her.\nShe is fine with it.\nBest, Ana", [(0, "Called her.\nShe is fine with it.")]),
    ],
)
def test_about_the_only_thing_there_is_no_number_is_needed(text, expected):
    assert cut(text, ["Quayside Tower"]) == expected
