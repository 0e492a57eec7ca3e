"""A number that bears its country is written as the library would write it, without asking it."""

import random

import phonenumbers
import pytest

from baton.kernel.phones import e164


def by_the_library(text: str) -> str:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else ""


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
def test_the_numbers_of_each_country_are_those_of_the_library(code):
    draw = random.Random(code)
    digits = ["".join(draw.choices("0123456789", k=draw.randint(5, 13))) for _ in range(12)]
    texts = [f"+{code}{draw.choice(('', ' ', '-', ' (0)', '0'))}{one[:3]} {one[3:]}" for one in digits]

    assert [e164(text, "GB") for text in texts] == [by_the_library(text) for text in texts]


def test_a_prefix_that_only_stands_inside_the_country_is_left_out():
    assert e164("+44 (0)20 7946 0001", "") == "+442079460001"
