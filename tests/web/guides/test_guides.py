"""Guides stand in three languages, say the same in each, and are read where a person is."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from baton.web.guides.shelf import NAMES, SOURCE, guide, place
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LANGUAGES = ("de", "hr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_guide_is_there_in_every_language_part_by_part(name, language):
    assert place(name, language) != place(name, SOURCE), f"docs/users/{language}/{name}.md is missing"

    assert _parts(name, language) == _parts(name, SOURCE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_commands_and_settings_are_called_the_same_in_every_language(name, language):
    assert _commands(name, language) == _commands(name, SOURCE)


def test_a_guide_is_shown_in_the_language_of_its_reader():
    cast, client = Cast(), Client()
    client.force_login(cast.ana)
    english = client.get("/guides/people/").content.decode()
    cast.ana.language = "de"
    cast.ana.save(update_fields=["language"])

    german = client.get("/guides/people/").content.decode()

    assert guide("people", "en").title in english
    assert guide("people", "de").title in german != english


def test_every_guide_is_listed_and_opens():
    client = Client()
    client.force_login(Cast().bram)
    shown = client.get("/guides/").content.decode()

    for name in NAMES:
        assert f"/guides/{name}/" in shown
        assert client.get(f"/guides/{name}/").status_code == 200
    assert client.get("/guides/nothing/").status_code == 404


def test_a_link_to_another_guide_opens_its_page():
    assert 'href="/guides/phone/"' in guide("requests", "en").body


def _parts(name: str, language: str) -> list[tuple[str, int]]:
    """Return the shape of a guide: its headings by level, rows of tables and items of lists."""
    lines = place(name, language).read_text(encoding="utf-8").splitlines()
    kinds = [found[0] for line in lines if (found := re.match(r"#+(?= )|\|(?=.)|[-*](?= )|\d+(?=\. )|```", line))]
    return [(kind, kinds.count(kind)) for kind in dict.fromkeys(kind if kind[0] in "#|-*`" else "1" for kind in kinds)]


def _commands(name: str, language: str) -> set[str]:
    """Return what is typed as it stands: commands of `baton` and settings of the environment."""
    text = place(name, language).read_text(encoding="utf-8")
    return set(re.findall(r"`(?:baton|make) [a-z]+|BATON_[A-Z_]+", text))
