"""Every text is there in German and Croatian, with its plural forms and the values that it names."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from scripts.messages import LANGUAGES, catalog, collected

NAMED = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}")
"""What a text holds open for a value."""


@pytest.fixture(scope="module")
def sources() -> list[Message]:
    return [message for message in collected() if message.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_interface_is_untranslated(sources, language):
    told = catalog(language)

    left = [message.id for message in sources if not _said(told.get(message.id, message.context))]

    assert left == [], f"{len(left)} texts have no {language}: run `make messages` and translate what is empty"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_values_that_its_text_names(language):
    wrong = [
        message.id for message in catalog(language) if message.id and _said(message) and not _names_the_same(message)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_with_a_number_has_every_plural_form(language):
    told = catalog(language)
    forms = [len(message.string) for message in told if isinstance(message.id, tuple)]

    assert set(forms) <= {told.num_plurals}


def _said(message: Message | None) -> bool:
    said = message.string if message else ""
    return all(said) if isinstance(said, (tuple, list)) else bool(said)


def _names_the_same(message: Message) -> bool:
    """A plural form may leave the number out ("one deal"); nothing names what isn't there."""
    texts = message.id if isinstance(message.id, tuple) else (message.id,)
    allowed = {name for text in texts for name in NAMED.findall(text)}
    if isinstance(message.id, tuple):
        return all(set(NAMED.findall(form)) <= allowed for form in message.string)
    return set(NAMED.findall(message.string)) == allowed
