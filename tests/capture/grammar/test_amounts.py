import pytest

from .reading import of_kind, values

AMOUNTS = [
    ("en", "12k", 1_200_000, "GBP", False, None),
    ("en", "about 12k", 1_200_000, "GBP", True, None),
    ("en", "~£12k", 1_200_000, "GBP", True, None),
    ("en", "£84,600 a year", 8_460_000, "GBP", False, "year"),
    ("en", "£84600pa", 8_460_000, "GBP", False, "year"),
    ("en", "£1.2m.", 120_000_000, "GBP", False, None),
    ("en", "1.2m", 120_000_000, "GBP", False, None),
    ("en", "USD 5,000", 500_000, "USD", False, None),
    ("en", "$5k", 500_000, "USD", False, None),
    ("en", "US$ 1,500", 150_000, "USD", False, None),
    ("en", "$85K allocation", 8_500_000, "USD", False, None),
    ("en", "CHF 1'200.50", 120_050, "CHF", False, None),
    ("en", "12,000.50 GBP", 1_200_050, "GBP", False, None),
    ("en", "£450 per visit", 45_000, "GBP", False, "visit"),
    ("en", "€45/hour", 4_500, "EUR", False, "hour"),
    ("en", "£900 pcm", 90_000, "GBP", False, "month"),
    ("en", "around £5,400 + VAT", 540_000, "GBP", True, None),
    ("en", "500 pounds", 50_000, "GBP", False, None),
    ("en", "$1 billion", 100_000_000_000, "USD", False, None),
    ("en", "JPY 5000", 5_000, "JPY", False, None),
    ("en", "£0.50", 50, "GBP", False, None),
    ("de", "€ 1.250,00", 125_000, "EUR", False, None),
    ("de", "1.250,00 €", 125_000, "EUR", False, None),
    ("de", "1.250,00 EUR", 125_000, "EUR", False, None),
    ("de", "12 Tsd. Euro", 1_200_000, "EUR", False, None),
    ("de", "12.000 €", 1_200_000, "EUR", False, None),
    ("de", "12.000,- €", 1_200_000, "EUR", False, None),
    ("de", "ca. 12.000 € im Jahr", 1_200_000, "EUR", True, "year"),
    ("de", "1,5 Mio. €", 150_000_000, "EUR", False, None),
    ("de", "45 € pro Stunde", 4_500, "EUR", False, "hour"),
    ("de", "Fr. 250.-", 25_000, "CHF", False, None),
    ("de", "rund 3.500 Euro monatlich", 350_000, "EUR", True, "month"),
    ("hr", "12 tis. eura", 1_200_000, "EUR", False, None),
    ("hr", "oko 12 tisuća eura", 1_200_000, "EUR", True, None),
    ("hr", "84.600 kn", 8_460_000, "HRK", False, None),
    ("hr", "1.250,00 EUR godišnje", 125_000, "EUR", False, "year"),
    ("hr", "12 000 eura", 1_200_000, "EUR", False, None),
    ("hr", "45,50 € po satu", 4_550, "EUR", False, "hour"),
    ("hr", "150 eura mjesečno", 15_000, "EUR", False, "month"),
]
NO_AMOUNTS = [
    "quote Q-0412",
    "call +44 20 7946 0812",
    "SW1A 2AA",
    "6% off",
    "on 12/1/2026 at 10:00",
    "5k people came",
    "a 10k run",
    "3m of cable",
    "invoice 12.000",
    "room 12, floor 3",
    "version 1.2",
]


@pytest.mark.parametrize(("language", "text", "minor", "currency", "about", "per"), AMOUNTS)
def test_an_amount_is_read_in_minor_units(language, text, minor, currency, about, per):
    expected = {"minor": minor, "currency": currency, "about": about, "per": per}

    assert values("amount", text, language) == [expected]


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_numbers_that_are_no_money_are_left_alone(text):
    assert values("amount", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "3 more floors, +£12k",
        "+ £12k for the lobby",
        "another £12k",
        "£12,000 more",
        "noch weitere 12.000 €",
        "još 12.000 €",
    ],
)
def test_what_comes_on_top_is_not_what_the_whole_is_worth(text):
    assert values("amount", text) == []


def test_a_tax_on_top_leaves_the_amount_what_it_is():
    [value] = values("amount", "£12k + VAT")

    assert (value["minor"], value["currency"]) == (1_200_000, "GBP")


def test_a_range_keeps_both_ends():
    assert values("amount", "10-12k") == [
        {"minor": 1_200_000, "currency": "GBP", "about": True, "per": None, "from": 1_000_000}
    ]


def test_money_without_a_currency_is_less_sure():
    [bare], [written] = of_kind("amount", "12k"), of_kind("amount", "£12k")

    assert bare.confidence < written.confidence


def test_the_sign_belongs_to_the_words_that_were_read():
    text = "the price is € 1.250,00 net"
    [reading] = of_kind("amount", text, "de")

    assert text[reading.start : reading.end] == "€ 1.250,00"
