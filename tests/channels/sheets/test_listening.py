"""A sheet at an address is read again by itself; what is unchanged isn't read twice, and what is wrong is said."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from baton.capture import connections
from baton.capture.models import Connection
from baton.channels.sheets.listening import address_of
from baton.kernel.verdict import Refusal
from baton.ledger.models import Contact
from tests.cast import MONDAY, TUESDAY, WEDNESDAY, Cast

pytestmark = pytest.mark.django_db
SHEET = "Name,Email\nDana Whitlock,dana@marlowe.example\n"


class Shelf:
    """A web server with one sheet on it."""

    def __init__(self) -> None:
        self.text, self.kind, self.status, self.given = SHEET, "text/csv", 200, 0
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = shelf.text.encode()
                mark = f'"{hash(shelf.text)}"'
                unchanged = self.headers.get("If-None-Match") == mark
                self.send_response(304 if unchanged else shelf.status)
                self.send_header("ETag", mark)
                self.send_header("Content-Type", shelf.kind)
                self.send_header("Content-Length", "0" if unchanged else str(len(body)))
                self.end_headers()
                if not unchanged:
                    shelf.given += 1
                    self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.host = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def shelf(settings) -> Iterator[Shelf]:
    shelf = Shelf()
    settings.BATON_INSIDE = [shelf.host]
    yield shelf
    shelf.server.shutdown()
    shelf.server.server_close()


def connect(shelf: Shelf, by) -> Connection:
    secret = {"address": f"http://{shelf.host}/people.csv"}
    return connections.make("sheets", "People", {"kind": "contacts"}, secret, by=by, at=MONDAY, of=by)


def names() -> set[str]:
    return set(Contact.objects.unscoped("tests").values_list("name", flat=True))


def test_what_changed_at_the_address_comes_in_and_what_is_as_it_was_is_not_even_given(shelf):
    cast = Cast()
    one = connect(shelf, cast.ana)

    assert connections.listen(MONDAY) == 1
    given = shelf.given
    assert connections.listen(TUESDAY) == 0
    assert shelf.given == given
    shelf.text += "Tobias Lang,tobias@marlowe.example\n"
    assert connections.listen(WEDNESDAY) == 1

    assert names() == {"Dana Whitlock", "Tobias Lang"}
    one = Connection.objects.unscoped("tests").get(pk=one.pk)
    assert (one.state, one.kept) == (Connection.State.ON, 2)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": 403}, "The address answers 403 instead of giving a sheet."),
        (
            {"kind": "text/html"},
            "There is a page at that address, not a sheet. Is it shared with whoever has the link?",
        ),
        ({"text": "a,b\n1,2\n"}, "No column of it says what a row is called."),
    ],
)
def test_an_address_that_gives_no_sheet_is_not_connected_and_says_why(shelf, change, sentence):
    cast = Cast()
    for name, value in change.items():
        setattr(shelf, name, value)

    with pytest.raises(Refusal) as refused:
        connect(shelf, cast.ana)

    assert refused.value.sentence.startswith(sentence)


def test_an_address_inside_the_network_is_not_read(settings):
    cast = Cast()
    settings.BATON_INSIDE = []

    with pytest.raises(Refusal):
        connections.make("sheets", "x", {}, {"address": "http://127.0.0.1/x.csv"}, by=cast.ana, at=MONDAY, of=cast.ana)


def test_a_link_to_look_at_a_google_sheet_becomes_the_one_that_gives_it():
    link = "https://docs.google.com/spreadsheets/d/1AbC_d-9/edit?gid=42#gid=42"

    assert address_of(link) == "https://docs.google.com/spreadsheets/d/1AbC_d-9/export?format=csv&gid=42"
    assert address_of(" https://x.example/a.xlsx ") == "https://x.example/a.xlsx"
