"""A calendar that lies elsewhere is read when it changed; what has no customer stays there."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from baton.capture import connections
from baton.capture.models import Connection, Delivery
from baton.capture.reading import read_waiting
from baton.capture.untrusted import Unreadable
from baton.channels.calendar.multistatus import read_multistatus
from baton.channels.calendar.remote import address_of
from baton.channels.calendar.settings import CalendarForm
from baton.kernel.verdict import Refusal
from baton.work.models import Meeting
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh
from tests.channels.calendar.invitations import ANA, DANA, THURSDAY, ics, meetings, the_time

pytestmark = pytest.mark.django_db
OURS = ics("PUBLISH", organizer=ANA, people={DANA: "ACCEPTED"})
DENTIST = ics("PUBLISH", uid="2", organizer=ANA, people={}, subject="Dentist")
RESPONSE = "<d:response><d:href>{href}</d:href><d:propstat><d:prop>{prop}</d:prop></d:propstat></d:response>"
NAMES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'


class Shelf:
    """A web server with calendars on it: one at an address, and the same by CalDAV for ana:secret."""

    def __init__(self) -> None:
        self.events, self.status, self.asked = [OURS, DENTIST], 200, []
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mark = f'"{hash(tuple(shelf.events))}"'
                unchanged = self.headers.get("If-None-Match") == mark
                shelf.asked.append("304" if unchanged else "200")
                self.answer(304 if unchanged else shelf.status, "" if unchanged else shelf.text, etag=mark)

            def do_PROPFIND(self) -> None:
                shelf.asked.append(f"PROPFIND {self.path}")
                self.by_caldav(shelf.found(self.path, self.headers.get("Depth")))

            def do_REPORT(self) -> None:
                shelf.asked.append(f"REPORT {self.path}")
                self.by_caldav(
                    [(f"{self.path}{n}.ics", f"<c:calendar-data>{e}</c:calendar-data>") for n, e in shelf.each()]
                )

            def by_caldav(self, found: list[tuple[str, str]]) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.headers.get("Authorization") != "Basic " + base64.b64encode(b"ana:secret").decode():
                    return self.answer(401, "")
                inside = "".join(RESPONSE.format(href=href, prop=prop) for href, prop in found)
                return self.answer(207, f"<d:multistatus {NAMES}>{inside}</d:multistatus>")

            def answer(self, status: int, text: str, etag: str = "") -> None:
                self.send_response(status)
                if etag:
                    self.send_header("ETag", etag)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.host = f"127.0.0.1:{self.server.server_port}"

    def each(self):
        return enumerate(self.events)

    @property
    def text(self) -> str:
        inside = "".join(one.partition("METHOD:PUBLISH\r\n")[2].replace("END:VCALENDAR\r\n", "") for one in self.events)
        return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n"

    def found(self, path: str, depth: str | None) -> list[tuple[str, str]]:
        mark = f"<d:sync-token>{hash(tuple(self.events))}</d:sync-token>"
        calendar = f"<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>{mark}"
        if path == "/work/":
            return [("/work/", calendar)]
        if path == "/home/" and depth == "1":
            tasks = '<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>'
            return [("/home/", ""), ("/work/", calendar), ("/tasks/", calendar + tasks)]
        if path == "/me/":
            return [("/me/", "<c:calendar-home-set><d:href>/home/</d:href></c:calendar-home-set>")]
        return [(path, "<d:current-user-principal><d:href>/me/</d:href></d:current-user-principal>")]


@pytest.fixture
def shelf(settings) -> Iterator[Shelf]:
    shelf = Shelf()
    settings.BATON_INSIDE = [shelf.host]
    yield shelf
    shelf.server.shutdown()
    shelf.server.server_close()


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def connect(shelf: Shelf, by, path: str = "/mine.ics", how: str = "address", password: str = "secret") -> Connection:
    secret, told = {"address": f"http://{shelf.host}{path}"}, {"how": how}
    if how == "caldav":
        secret["password"], told["user"] = password, "ana"
    return connections.make("calendar", "Mine", told, secret, by=by, at=MONDAY, of=by)


def listen(at) -> int:
    kept = connections.listen(at, apart=True)
    read_waiting(at)
    return kept


def test_what_has_a_customer_comes_in_and_all_else_stays_there(shelf, cast, deal):
    one = connect(shelf, cast.ana)

    assert listen(MONDAY) == 1

    (meeting,) = meetings()
    assert (meeting.deal_id, meeting.subject) == (deal.pk, "Site visit")
    one = fresh(one)
    assert (one.state, one.kept, one.passed_over) == ("on", 1, {"meetings without a customer": 1})
    assert "Dentist" not in str(list(Delivery.objects.unscoped("tests").values_list("raw__body", flat=True)))


def test_what_is_as_it_was_is_not_even_given(shelf, cast, deal):
    connect(shelf, cast.ana)
    listen(MONDAY)

    assert listen(MONDAY + HOUR) == 0
    assert shelf.asked[-2:] == ["200", "304"]


def test_what_was_moved_there_is_moved_here(shelf, cast, deal):
    connect(shelf, cast.ana)
    listen(MONDAY)

    shelf.events = [
        ics("PUBLISH", organizer=ANA, people={DANA: ""}, starts=THURSDAY + HOUR, seq=1, stamp=TUESDAY),
        DENTIST,
    ]

    assert listen(TUESDAY) == 1
    assert the_time().starts == THURSDAY + HOUR


def test_what_vanished_there_before_its_time_is_called_off(shelf, cast, deal):
    connect(shelf, cast.ana)
    listen(MONDAY)

    shelf.events = [DENTIST]
    listen(TUESDAY)

    assert [row.cancelled for row in Meeting.objects.visible_to(cast.ana)] == [True]


def test_an_empty_calendar_calls_nothing_off(shelf, cast, deal):
    connect(shelf, cast.ana)
    listen(MONDAY)

    shelf.events = []
    listen(TUESDAY)
    listen(WEDNESDAY)

    assert [row.cancelled for row in Meeting.objects.visible_to(cast.ana)] == [False]


def test_what_is_marked_as_private_stays_there(shelf, cast, deal):
    shelf.events = [ics("PUBLISH", organizer=ANA, people={DANA: ""}, more=("CLASS:PRIVATE",))]
    one = connect(shelf, cast.ana)

    assert listen(MONDAY) == 0
    one = fresh(one)
    assert (meetings(), one.passed_over) == ([], {"marked as private": 1})


@pytest.mark.parametrize("path", ["/work/", "/"])
def test_by_caldav_at_its_own_address_or_found_from_the_server_s(shelf, cast, deal, path):
    connect(shelf, cast.ana, path, "caldav")

    assert listen(MONDAY) == 1
    assert listen(TUESDAY) == 0

    assert len(meetings()) == 1
    assert [one for one in shelf.asked if one.startswith("REPORT")] == ["REPORT /work/"] * 2  # tried first, then read


def test_a_wrong_password_is_said_before_anything_is_kept(shelf, cast):
    with pytest.raises(Refusal, match="doesn’t let us in"):
        connect(shelf, cast.ana, "/work/", "caldav", password="guess")

    assert Connection.objects.unscoped("tests").count() == 0


@pytest.mark.parametrize(("status", "why"), [(404, "no calendar at that address"), (500, "answers 500")])
def test_what_is_wrong_at_the_address_is_said(shelf, cast, status, why):
    shelf.status = status

    with pytest.raises(Refusal, match=why):
        connect(shelf, cast.ana)


def test_a_page_is_no_calendar(shelf, cast):
    shelf.events = []
    Shelf.text, kept = "<html>Sign in</html>", Shelf.text
    try:
        with pytest.raises(Refusal, match="no calendar"):
            connect(shelf, cast.ana)
    finally:
        Shelf.text = kept


def test_nothing_inside_the_network_is_read(cast):
    secret = {"address": "http://127.0.0.1:9/mine.ics"}
    with pytest.raises(Refusal):
        connections.make("calendar", "Mine", {"how": "address"}, secret, by=cast.ana, at=MONDAY, of=cast.ana)


def test_the_credentials_are_sealed(shelf, cast):
    one = connect(shelf, cast.ana, "/work/", "caldav")

    assert "secret" not in str(Connection.objects.unscoped("tests").values_list("settings", "position", "name"))
    assert one.secret.opened()["password"] == "secret"


def test_webcal_is_https_by_another_name():
    assert address_of(" webcal://example.org/a.ics ") == "https://example.org/a.ics"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/a.ics", "a.ics"])
def test_nothing_but_the_web_is_an_address(address):
    form = CalendarForm({"name": "x", "how": "address", "address": address})

    assert "address" in form.errors


@pytest.mark.parametrize("raw", [b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", b"<html></html>", b"no xml", b""])
def test_an_answer_that_is_none_is_refused(raw):
    with pytest.raises(Unreadable):
        read_multistatus(raw)
