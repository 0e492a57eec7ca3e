"""What the documentation shows as YAML can be published as it stands there."""

import re

import pytest
from django.conf import settings

from baton.map.reading import read_map
from baton.map.ready import ready_map

PAGES = ("docs/users/map.md", "docs/developers/behaviors.md")
SAMPLE = re.compile(r"^```yaml\n(.+?)^```$", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^(?=\w+:\n)", re.MULTILINE)


def samples():
    for page in PAGES:
        for number, sample in enumerate(SAMPLE.findall((settings.BASE_DIR / page).read_text()), 1):
            yield pytest.param(sample, id=f"{page} {number}")


def with_sample(sample: str) -> str:
    """A ready map with the sample's entries in their sections."""
    text = ready_map("facilities", "owner@example.org", "Vidik", "Europe/Zagreb")
    for section in filter(None, SECTION.split(sample)):
        head, body = section.split("\n", 1)
        text = text.replace(f"\n{head}\n", f"\n{head}\n{body}\n") if f"\n{head}\n" in text else f"{text}\n{section}"
    return text


@pytest.mark.parametrize("sample", samples())
def test_a_sample_of_the_documentation_is_a_map_without_problems(sample):
    _drawn, problems = read_map(with_sample(sample))

    assert [str(problem) for problem in problems] == []


def test_both_pages_have_samples():
    assert {param.id.split()[0] for param in samples()} == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_name_in_the_documentation_is_one_in_the_code(page):
    text = (settings.BASE_DIR / page).read_text()
    files = re.findall(r"`((?:work|map|ledger|baton/map)/\w+\.py)`", text)

    assert [name for name in files if not (settings.BASE_DIR / "baton" / name.removeprefix("baton/")).exists()] == []
