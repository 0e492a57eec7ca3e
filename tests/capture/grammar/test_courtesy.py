"""A bare thank-you opens no duty; one that says anything else does."""

import pytest

from baton.capture.grammar.courtesy import is_bare_thanks

NAMES = ["Dana Whitlock", "dana", "Ana Horvat"]


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "Hi Ana,\n\nThank you so much for the quick reply.\n\nBest regards,\nDana",
        "Perfect, thank you.",
        "Great, thanks Ana. Have a nice weekend!",
        "Received, many thanks\nDana Whitlock",
        "Hallo Ana,\nvielen Dank für die schnelle Antwort!\nMit freundlichen Grüßen\nDana",
        "Besten Dank",
        "Hvala!",
        "Poštovana Ana,\nhvala vam na brzom odgovoru.\nSrdačan pozdrav",
        "U redu, hvala lijepa.",
    ],
)
def test_thanks_and_nothing_else(text):
    assert is_bare_thanks(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, when can you start?",
        "Thanks. Please send the invoice.",
        "Thanks, go ahead.",
        "Thanks, agreed.",
        "Thank you, but it is too expensive.",
        "Thanks, 12 is fine.",
        "Great.",
        "Danke, bitte schicken Sie das Angebot.",
        "Hvala, može.",
        "Hvala, javite kada dolazite.",
        "",
    ],
)
def test_anything_else_may_ask_for_something(text):
    assert not is_bare_thanks(text, NAMES)
