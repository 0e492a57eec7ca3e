"""What a phone asks for to install Baton, and what it keeps: the same for everybody, and nobody's."""

import re
import zlib

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def test_the_app_is_called_as_the_business_and_opens_on_the_line_to_be_typed(cast, client):
    told = client.get("/app.webmanifest").json()

    assert (told["name"], told["start_url"], told["display"]) == ("Lime & Co · Baton", "/quick/", "standalone")
    assert [one["url"] for one in told["shortcuts"]] == ["/quick/", "/today/", "/inbox/", "/search/"]
    assert told["share_target"]["action"] == "/share/"
    assert {".vcf", "image/*", ".zip", ".eml", ".xlsx"} <= set(told["share_target"]["params"]["files"][0]["accept"])


def test_a_business_that_isn_t_founded_yet_is_called_baton(client):
    assert client.get("/app.webmanifest").json()["name"] == "Baton"


@pytest.mark.parametrize("size", [180, 192, 512])
def test_an_icon_is_drawn_whole_with_its_sign_inside_what_every_phone_shows(client, size):
    picture = client.get(f"/app-icons/{size}.png").content
    pixels = zlib.decompress(picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8])
    rows = [pixels[y * (3 * size + 1) + 1 : (y + 1) * (3 * size + 1)] for y in range(size)]
    signed = [(x, y) for y in range(size) for x in range(size) if rows[y][3 * x] > 0x80]

    middle, farthest = size / 2, max(((x - size / 2) ** 2 + (y - size / 2) ** 2) ** 0.5 for x, y in signed)
    assert (picture[:8], int.from_bytes(picture[16:20])) == (b"\x89PNG\r\n\x1a\n", size)
    assert farthest <= 0.8 * middle


def test_an_icon_of_any_other_size_is_not_drawn(client):
    assert client.get("/app-icons/100000.png").status_code == 404


def test_the_worker_looks_after_everything_under_a_policy_of_its_own(cast, client):
    answer = client.get("/worker.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Content-Security-Policy"] == "default-src 'none'; script-src 'self'; connect-src 'self'"
    assert answer["Cache-Control"] == "no-cache"


def test_all_that_the_worker_keeps_is_there_and_nothing_of_it_is_a_page_of_somebody(cast, client):
    client.force_login(cast.ana)
    worker = client.get("/worker.js").content.decode()
    files = re.search(r'"files": \[(.*?)\]', worker)[1].replace('"', "").split(", ")

    assert all(file.startswith("/static/") for file in files)
    assert [file for file in files if client.get(file).status_code != 200] == []
    assert {"main", "line", "kept", "offline", "theme"} <= {re.search(r"/([\w-]+)\.[^/]*$", file)[1] for file in files}


def test_the_page_without_a_line_is_the_same_for_everybody(cast):
    pages = []
    for member in (cast.ana, cast.tomas, None):
        client = Client()
        if member:
            client.force_login(member)
        pages.append(client.get("/offline/").content.decode())

    without_keys = {re.sub(r'(value="[0-9a-f-]{36}"|"X-CSRFToken": "\w*")', "", page) for page in pages}
    assert len(without_keys) == 1
    assert "Ana" not in pages[0]
