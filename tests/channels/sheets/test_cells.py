"""Days and amounts in the spelling of any country; whole columns decide what one cell leaves open."""

from decimal import Decimal

import pytest

from baton.channels.sheets.cells import Seen, Wrong, amount, currency, day, yes


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-12-01", "dm", "2026-12-01"),
        ("2010-10-14T12:00:00.000Z", "dm", "2010-10-14"),
        ("01/12/2026", "dm", "2026-12-01"),
        ("12/01/2026", "md", "2026-12-01"),
        ("3/31/2017", "dm", "2017-03-31"),
        ("1.12.2026.", "dm", "2026-12-01"),
        ("1. 12. 2026.", "dm", "2026-12-01"),
        ("1-Dec-26", "dm", "2026-12-01"),
        ("Dec 1, 2026", "dm", "2026-12-01"),
        ("1. Dezember 2026", "dm", "2026-12-01"),
        ("1. prosinca 2026.", "dm", "2026-12-01"),
        ("07/15/2009 02:14:45+0800", "dm", "2009-07-15"),
        ("43646", "dm", "2019-06-30"),
        ("43646.0", "dm", "2019-06-30"),
        ("20261201", "dm", "2026-12-01"),
        ("n/a", "dm", None),
        ("", "dm", None),
    ],
)
def test_a_day_is_read_however_it_is_written(text, order, expected):
    assert day(text, order) == expected


@pytest.mark.parametrize("text", ["soon", "31/02/2026", "2016-Q3", "99/99/2026", "12"])
def test_what_is_no_day_says_so(text):
    with pytest.raises(Wrong):
        day(text)


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("12500", "", "12500"),
        ("12,500", ".", "12500"),
        ("12,500", "", "12500"),
        ("12.500", ",", "12500"),
        ("12.500,75 €", "", "12500.75"),
        ("£12,500.75", "", "12500.75"),
        ("12 500,75", "", "12500.75"),
        ("12'500.75 CHF", "", "12500.75"),
        ("1.500", ".", "1.500"),
        ("12.5k", "", "12500.0"),
        ("1,2 Mio", ",", "1200000.0"),
        ("(1,250.00)", "", "-1250.00"),
        ("-3", "", "-3"),
        ("–", "", None),
        ("", "", None),
    ],
)
def test_an_amount_is_read_however_it_is_written(text, mark, expected):
    if text == "–":
        with pytest.raises(Wrong):
            amount(text, mark)
    else:
        assert amount(text, mark) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("text", [">= $1M and <$2M", "$25k - $100k", "a lot", "1,2,3 x 4"])
def test_a_range_is_no_amount_because_a_person_has_to_say_which_end(text):
    with pytest.raises(Wrong):
        amount(text)


def test_a_column_gives_away_what_one_of_its_cells_leaves_open():
    american, german = Seen(), Seen()
    american.look(["1/2/2017", "3/31/2017", "1,000.50"])
    german.look(["1.2.2017", "31.3.2017", "1.000,50", "1.000"])

    assert american.told() == {"order": "md", "mark": "."}
    assert german.told() == {"order": "dm", "mark": ","}


def test_currencies_and_yes_and_no_are_known_in_three_languages():
    assert [currency(text) for text in ("12 €", "CHF 3", "£1", "12")] == ["EUR", "CHF", "GBP", ""]
    assert [yes(word) for word in ("Ja", "da", "FALSE", "vielleicht")] == [True, True, False, None]
