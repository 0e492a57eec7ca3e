"""Styles and scripts are asked for once, small, and never stale."""

import pytest
from django.templatetags.static import static
from django.test import Client

from baton.web import assets

FOREVER = "max-age=315360000, public, immutable"


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": "gzip"})


@pytest.mark.parametrize("name", ["css/all.css", "js/main.js", "vendor/htmx.min.js", "icons.svg"])
def test_a_style_or_script_comes_compressed_and_may_be_kept_for_ever(client, name):
    answer = client.get(static(name))

    assert (answer.status_code, answer["Content-Encoding"], answer["Cache-Control"]) == (200, "gzip", FOREVER)


def test_the_name_of_a_file_changes_with_what_is_in_it(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "collected"

    names = []
    for content in ("a {}", "a {}", "b {}"):
        (source / "some.css").write_text(content)
        assets.collect()
        names.append(static("some.css"))

    assert names[0] == names[1]
    assert names[0] != names[2]


def test_modules_import_each_other_by_their_lasting_names(client):
    main = b"".join(client.get(static("js/main.js"), headers={"accept-encoding": "identity"}).streaming_content)

    assert static("js/rows.js").rsplit("/", 1)[1] in main.decode()


def test_what_a_phone_loads_before_it_shows_today_leaves_half_the_budget_to_the_page(client):
    needed = ["css/all.css", "vendor/htmx.min.js", "icons.svg", "fonts/instrument-sans-latin.woff2"]

    assert sum(int(client.get(static(name))["Content-Length"]) for name in needed) < 60_000
