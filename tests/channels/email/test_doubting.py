"""Signs that a mail isn't from whom it says: they take trust away, and nothing in a mail gives any."""

import pytest

from baton.channels.email.doubting import doubt_of
from baton.channels.email.reading import read_mail

RESULTS = b"Authentication-Results: "
HEAD = b"From: Dana Whitlock <dana@marlowe.example>\r\nTo: hello@lime.example\r\nSubject: Windows\r\n"


@pytest.mark.parametrize(
    ("headers", "doubt"),
    [
        (b"", ""),
        (b"Authentication-Results: mx.lime.example; dmarc=fail header.from=marlowe.example\r\n", "failed"),
        (b"Authentication-Results: mx.lime.example; spf=fail; dkim=pass header.d=marlowe.example\r\n", ""),
        (b"Authentication-Results: mx.lime.example; spf=softfail; dkim=none\r\n", "failed"),
        (RESULTS + b"mx.lime.example; dmarc=fail\r\n" + RESULTS + b"forged.example; dmarc=pass\r\n", "failed"),
        (b"Authentication-Results: mx.lime.example; spf=pass; dkim=pass; dmarc=pass\r\n", ""),
    ],
)
def test_a_server_that_says_forged_is_believed_whatever_else_is_said(headers, doubt):
    assert doubt_of(read_mail(headers + HEAD + b"\r\nHello")) == doubt


def test_a_name_that_shows_another_address_than_the_mail_came_from_is_a_sign():
    forged = HEAD.replace(b"Dana Whitlock <dana@marlowe.example>", b'"Dana at dana@marlowe.example" <x@evil.example>')

    assert doubt_of(read_mail(forged + b"\r\nHello")) == "name"
