"""The fingerprint: one message, however it arrives."""

import pytest

from baton.channels.email.reading import read_mail
from baton.channels.email.subjects import says_forward, says_reply, subject_stem

SENT = (
    b"Message-ID: <1@x>\r\nDate: Mon, 4 Dec 2000 03:01:00 -0800\r\nFrom: Ana <ana@firm.com>\r\nTo: ben@client.com\r\n"
    b"Subject: Quote\r\n\r\nHello Ben,\r\n\r\nas agreed.\r\n"
)


def fingerprint(raw: bytes) -> str:
    return read_mail(raw).fingerprint


def test_a_copy_over_another_transport_is_the_same_message():
    delivered = (
        b"Return-Path: <ana@firm.com>\r\nReceived: from a by b\r\nDelivered-To: ben@client.com\r\n"
        b"DKIM-Signature: v=1\r\n" + SENT
    )
    stored = SENT.replace(b"\r\n", b"\n")

    assert fingerprint(delivered) == fingerprint(stored) == fingerprint(SENT)


def test_another_message_id_is_the_same_message():
    assert fingerprint(SENT.replace(b"<1@x>", b"<2@x>")) == fingerprint(SENT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"as agreed", b"as we agreed"),
        (b"ana@firm.com", b"ana@fake.com"),
        (b"Quote", b"Quotes"),
        (b"03:01:00", b"03:02:00"),
    ],
)
def test_the_same_message_id_with_other_content_is_another_message(old, new):
    assert fingerprint(SENT.replace(old, new)) != fingerprint(SENT)


def test_another_attachment_makes_another_message():
    whole = (
        b"From: a@x.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n"
        b"--b\r\nContent-Type: application/pdf\r\n\r\nONE\r\n--b--\r\n"
    )

    assert fingerprint(whole) != fingerprint(whole.replace(b"ONE", b"TWO"))


def test_the_same_words_encoded_otherwise_are_the_same_message():
    plain = b"From: a@x.com\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "Grüße".encode()
    encoded = (
        b"From: a@x.com\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nR3LDvMOfZQ==\r\n"
    )

    assert fingerprint(plain) == fingerprint(encoded)


@pytest.mark.parametrize(
    ("subject", "stem"),
    [
        ("Re: Leak on 3rd floor", "Leak on 3rd floor"),
        ("RE: Fw: AW: WG: Leak", "Leak"),
        ("Odg: Proslijeđeno: Ponuda", "Ponuda"),
        ("SV: VS: Antw: Tilbud", "Tilbud"),
        ("Re[2]: Leak", "Leak"),
        ("RE (3): Leak", "Leak"),
        ("[sales-list] Re: Leak", "Leak"),
        ("Re: [#4] Leak", "[#4] Leak"),
        ("[Fwd: Leak]", "Leak"),
        ("Leak (fwd)", "Leak"),
        ("Reminder: rent", "Reminder: rent"),
        ("", ""),
        ("Re:", ""),
        ("I: Preventivo", "Preventivo"),
    ],
)
def test_a_subject_without_what_replying_puts_in_front(subject, stem):
    assert subject_stem(subject) == stem


def test_replies_and_forwards_are_told_apart_by_their_prefix():
    assert [says_reply(each) for each in ("AW: x", "WG: x", "Reality", "[list] Re: x")] == [True, False, False, True]
    assert [says_forward(each) for each in ("AW: x", "WG: x", "Forward planning", "x (fwd)")] == [
        False,
        True,
        False,
        True,
    ]
