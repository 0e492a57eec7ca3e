import pytest

from .reading import of_kind, values


@pytest.mark.parametrize(
    ("language", "text", "of"),
    [
        ("en", "We accept your quote Q-0412.", "quote Q-0412"),
        ("en", "approved, please go ahead", None),
        ("en", "We are happy to go ahead with this.", None),
        ("en", "The board has approved the budget.", None),
        ("de", "einverstanden, bitte beauftragen", None),
        ("de", "Wir nehmen Ihr Angebot 2026-114 an.", "Angebot 2026-114"),
        ("hr", "Prihvaćamo ponudu 45-2026.", "ponudu 45-2026"),
        ("hr", "Suglasni smo, možete krenuti.", None),
    ],
)
def test_a_customers_yes_is_an_approval(language, text, of):
    assert values("approval", text, language, from_us=False) == [{"of": of}]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We cannot accept your quote."),
        ("en", "We have not yet approved the budget."),
        ("en", "Once approved we will sign."),
        ("en", "Can we go ahead?"),
        ("de", "Wir sind noch nicht einverstanden."),
        ("hr", "Ponuda nije prihvaćena."),
    ],
)
def test_a_no_a_not_yet_and_a_question_are_no_approval(language, text):
    assert values("approval", text, language, from_us=False) == []


def test_a_yes_with_a_condition_is_unsure():
    [reading] = of_kind("approval", "Approved subject to the survey.", from_us=False)

    assert reading.confidence < 0.5


def test_our_own_yes_approves_nothing():
    assert values("approval", "We accept your quote Q-0412.") == []
