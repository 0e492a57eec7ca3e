import pytest

from .reading import values


@pytest.mark.parametrize(
    ("language", "text", "category", "what"),
    [
        ("en", "only outside tenant hours", "hours", "only outside tenant hours"),
        ("en", "The crew comes only after 19:00.", "hours", "only after 19:00"),
        ("en", "evening crew only", "hours", "evening crew only"),
        ("en", "6% off the rate card", "price", "6% off the rate card"),
        ("en", "a discount of 10 %", "price", "discount of 10 %"),
        ("en", "no access on Fridays", "access", "no access on Fridays"),
        ("en", "Keys with Colin", "access", "Keys with Colin"),
        ("en", "excluding the car park", "scope", "excluding the car park"),
        ("en", "payment within 60 days", "payment", "payment within 60 days"),
        ("en", "only on Mondays", "schedule", "only on Mondays"),
        ("de", "nur nach 18 Uhr", "hours", "nur nach 18 Uhr"),
        ("de", "außerhalb der Bürozeiten", "hours", "außerhalb der Bürozeiten"),
        ("de", "6 % Rabatt", "price", "6 % Rabatt"),
        ("de", "kein Zutritt freitags", "access", "kein Zutritt freitags"),
        ("hr", "samo nakon 18 sati", "hours", "samo nakon 18 sati"),
        ("hr", "6% popusta", "price", "6% popusta"),
        ("hr", "samo vikendom", "schedule", "samo vikendom"),
    ],
)
def test_a_departure_from_the_usual_is_an_exception(language, text, category, what):
    assert values("exception", text, language) == [{"category": category, "what": what}]


@pytest.mark.parametrize("text", ["£500 excluding VAT", "we only have one question", "the office is open after 9"])
def test_the_usual_is_no_exception(text):
    assert values("exception", text) == []


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("only after 19:00", "19:00", None),
        ("the crew only comes after seven", "19:00", None),
        ("only between 07:00 and 19:00", "07:00", "19:00"),
        ("only before 8am", None, "08:00"),
    ],
)
def test_the_window_of_hours_is_read_beside_the_exception(text, after, before):
    assert values("hours", text) == [{"after": after, "before": before}]
