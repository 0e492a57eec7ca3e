"""Nothing that somebody types makes Baton connect to the inside of the network."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from baton.kernel import connecting
from baton.kernel.connecting import NoAddress, Unreachable, addresses, connect, http, is_outside

INSIDE = """
localhost 127.0.0.1 127.1 127.0.0.2 0 0.0.0.0 2130706433 0x7f000001 017700000001 10.0.0.1 172.16.5.4 192.168.1.1
169.254.169.254 100.64.0.1 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 fe80::1 fc00::1 fd12::1 64:ff9b::7f00:1 2002:7f00:1::
224.0.0.1 240.0.0.1 255.255.255.255 198.18.0.1 192.0.2.1
""".split()


@pytest.mark.parametrize("host", INSIDE)
def test_no_spelling_of_an_inner_address_is_connected_to(host):
    with pytest.raises(Unreachable):
        connect(host, 80, seconds=1)


@pytest.mark.parametrize(("number", "outside"), [("8.8.8.8", True), ("2a00:1450::1", True), ("10.1.1.1", False)])
def test_addresses_of_the_open_internet_are_outside(number, outside):
    assert is_outside(number) is outside


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(Unreachable):
        addresses("8.8.8.8", port)


@pytest.mark.parametrize(
    "address",
    [
        "https://[::1",
        "https://a.example:x/",
        "https://a\n.example/",
        "https://xn--\ud800/",
        "https://①②⑦.⓪.⓪.①/",
        "x" * 70_000,
    ],
)
def test_what_is_no_address_at_all_is_refused_in_words(address):
    with http() as client, pytest.raises(NoAddress):
        client.get(address)


def test_a_key_with_letters_that_no_header_takes_is_refused_in_words():
    with http() as client, pytest.raises(Unreachable):
        client.get("https://a.example/", headers={"Authorization": "Bearer “x”"})


def test_a_name_that_leads_nowhere_is_told_as_such():
    with pytest.raises(Unreachable) as refused:
        connect("nothing.invalid", 80)

    assert refused.value.sentence == "There is no host called “nothing.invalid”."


def test_one_inner_address_among_several_refuses_the_name(monkeypatch):
    answers = [(2, 1, 6, "", ("8.8.8.8", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(connecting.socket, "getaddrinfo", lambda *_args, **_more: answers)

    with pytest.raises(Unreachable):
        addresses("two.example", 80)


class Redirecting(BaseHTTPRequestHandler):
    """Sends whoever asks on to where `Location` says, and counts who came."""

    asked: list[str] = []
    location = ""

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(302 if self.path == "/away" else 200)
        if self.path == "/away":
            self.send_header("Location", self.location)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), Redirecting)
    Redirecting.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_host_that_the_operator_named_is_connected_to(server, settings):
    settings.BATON_INSIDE = [f"127.0.0.1:{server.server_port}"]

    with http() as client:
        assert client.get(f"http://127.0.0.1:{server.server_port}/here").status_code == 200


def test_a_redirect_to_the_inside_is_not_followed(server, settings):
    settings.BATON_INSIDE = [f"127.0.0.1:{server.server_port}"]
    Redirecting.location = f"http://localhost:{server.server_port}/secret"

    with http() as client, pytest.raises(Unreachable):
        client.get(f"http://127.0.0.1:{server.server_port}/away")

    assert Redirecting.asked == ["/away"]
