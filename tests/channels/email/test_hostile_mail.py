"""Whatever arrives, reading it ends in a message or in a sentence."""

import contextlib
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from baton.capture.untrusted import Unreadable
from baton.channels.email.html import clean_html, html_to_text
from baton.channels.email.reading import read_mail
from baton.channels.email.tnef import NotTnef, read_tnef

QUICKLY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def read_or_refuse(raw: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        assert read_mail(raw).fingerprint
    assert time.process_time() - started < 1


@QUICKLY
@given(some.binary(max_size=3000))
def test_random_bytes_never_crash_reading(raw):
    read_or_refuse(raw)


@QUICKLY
@given(some.binary(max_size=800))
def test_random_bodies_never_crash_reading(body):
    for head in (
        b"",
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n",
        b"Content-Type: application/ms-tnef\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
    ):
        read_or_refuse(b"From: a@x.com\n" + head + b"\n" + body)


@settings(QUICKLY, max_examples=300)
@given(some.data())
def test_damaged_real_mail_never_crashes_reading(archive, data):
    real = [
        *archive("helpdesk-redmine").values(),
        *archive("mime-torture").values(),
        *archive("bounces-sisimai").values(),
    ]
    raw = bytearray(data.draw(some.sampled_from([each for each in real if len(each) < 100_000])))
    for _ in range(data.draw(some.integers(1, 12))):
        at = data.draw(some.integers(0, len(raw)))
        raw[at : at + data.draw(some.integers(0, 40))] = data.draw(some.binary(max_size=40))
    read_or_refuse(bytes(raw))


@QUICKLY
@given(some.text(alphabet="<>/!-=\"' abpdiv&;#x\n", max_size=400))
def test_any_markup_is_cleaned_the_same_twice(html):
    once = clean_html(html).html

    assert clean_html(once).html == once
    assert "<script" not in once
    html_to_text(html)


@QUICKLY
@given(some.binary(max_size=400))
def test_any_tnef_is_read_or_refused(data):
    for raw in (
        data,
        b"\x78\x9f\x3e\x22\x00\x00" + data,
        b"\x78\x9f\x3e\x22\x00\x00\x02\x05\x90\x06\x00\x40\x00\x00\x00" + data,
    ):
        try:
            read_tnef(raw)
        except NotTnef:
            continue
