"""Enter in a field presses the first submit button of its form, so that one must be what whoever types expects."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "baton/web/templates"
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
SUBMITS = re.compile(r'<button\b(?![^>]*type="(?:button|reset)")[^>]*>(.*?)</button>|\{% act [^%]*%\}', re.DOTALL)
FIELDS = re.compile(
    r'<input\b(?![^>]*type="(?:hidden|checkbox|submit|file|range)")[^>]*>|<textarea|\{% field|\{% control|<select'
)
EXPECTED = {
    "deal/composer.html": "Record",  # in the few fields beside the words, which are a text of several lines
    "inbox/message.html": "",  # a conflict is decided by pressing one of the two; else it is filed where the dot is
    "map/draft.html": "Check",  # changes nothing
    "pipeline/list.html": "",  # gives the next step that is typed
    "pocket/settings.html": "Keep",
    "sheets/rows.html": "Read it again",
    "today/later.html": "",  # until what is typed, not the first of the offers
    "today/record.html": "",  # what is written, not the first of the outcomes
}
"""What the first button of a form says that has several, and fields to type into; empty: one that isn't seen."""


def test_in_every_form_with_several_buttons_enter_does_what_is_expected():
    found = {}
    for page in sorted(TEMPLATES.rglob("*.html")):
        for form in FORM.findall(page.read_text()):
            buttons = list(SUBMITS.finditer(form))
            if len(buttons) > 1 and FIELDS.search(form):
                words = re.findall(r'{% translate "([^"]*)"', buttons[0][1] or "")
                found[str(page.relative_to(TEMPLATES / "baton"))] = words[0] if words else ""

    assert found == EXPECTED
