"""Enter in a field presses the first submit button of its form, so that one must be what whoever types expects."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "baton/web/templates/baton"
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
SUBMITS = re.compile(r'<button\b(?![^>]*type="(?:button|reset)")[^>]*>|\{% act [^%]*%\}')
FIELDS = re.compile(
    r'<input\b(?![^>]*type="(?:hidden|checkbox|submit|file|range)")[^>]*>|\{% field|\{% control|<select'
)
HARMLESS = {
    "deal/composer.html": "Record: what is written, read as a line",
    "map/draft.html": "Check: changes nothing",
    "map/part.html": "the words are a text of several lines",
    "pocket/settings.html": "Keep: what was chosen",
}
"""Forms whose first button is neither the main one nor one that isn't seen and stands for what Enter does, and why."""


def test_in_a_form_with_several_buttons_enter_does_the_main_thing_or_what_is_said_to_stand_for_it():
    found = set()
    for page in sorted(TEMPLATES.rglob("*.html")):
        for form in FORM.findall(page.read_text()):
            buttons = SUBMITS.findall(form)
            told = len(buttons) > 1 and FIELDS.search(form)
            if told and 'class="unseen"' not in buttons[0] and 'data-kind="main"' not in buttons[0]:
                found.add(str(page.relative_to(TEMPLATES)))

    assert found - HARMLESS.keys() == set()
