"""Address headers, as mail programs really write them."""

import pytest

from baton.channels.email.addresses import read_addresses
from baton.channels.email.message import Address


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ana@x.com", [("", "ana@x.com")]),
        ("Ana Kovač <Ana@X.com>", [("Ana Kovač", "ana@x.com")]),
        ('"Kovač, Ana" <ana@x.com>', [("Ana Kovač", "ana@x.com")]),
        ("Fraser, Jennifer <jf@x.com>, Bob <b@x.com>", [("Jennifer Fraser", "jf@x.com"), ("Bob", "b@x.com")]),
        ('"Acme, Inc." <info@acme.com>', [("Acme, Inc.", "info@acme.com")]),
        ("=?utf-8?q?Kova=C4=8D=2C_Ana?= <ana@x.com>", [("Ana Kovač", "ana@x.com")]),
        ("e-mail <.angie@enron.com>", [("", ".angie@enron.com")]),
        ("m..schmidt@enron.com", [("", "m..schmidt@enron.com")]),
        ('"AEDC Members":;', []),
        ("Team: a@x.com, Ben <b@x.com>;", [("", "a@x.com"), ("Ben", "b@x.com")]),
        ("ana@x.com (Ana Kovač)", [("Ana Kovač", "ana@x.com")]),
        ("ana@x.com <ana@x.com>", [("", "ana@x.com")]),
        ("'ana@x.com' <ana@x.com>; ben@x.com", [("", "ana@x.com"), ("", "ben@x.com")]),
        (
            "Werner <IMCEANOTES-Alexander+2EWERNER+40us+2Esocgen+2Ecom+40ENRON@ENRON.com>",
            [("Werner", "alexander.werner@us.socgen.com")],
        ),
        ("John Arnold/HOU/ECT@ECT", [("John Arnold", "")]),
        ("a@x.com, A@x.com", [("", "a@x.com")]),
        ("<>", []),
        ("", []),
        (",,;", []),
        ("undisclosed-recipients:;", []),
        ("Ana <ana@x.com", [("Ana", "ana@x.com")]),
    ],
)
def test_people_are_read_out_of_an_address_header(value, expected):
    assert read_addresses(value) == tuple(Address(*each) for each in expected)


@pytest.mark.parametrize(
    "value",
    ['"' * 60_000, "<" * 60_000, "(" * 60_000, "a@b," * 15_000, '"\\' * 30_000, "=?" * 30_000, "x" * 60_000 + "@"],
)
def test_headers_made_to_be_slow_are_read_quickly(value):
    import time

    started = time.process_time()
    read_addresses(value)

    assert time.process_time() - started < 1
