"""What a message says, as it is read from its bytes."""

import json
import time
from datetime import UTC, datetime

import pytest

from baton.capture.untrusted import Unreadable
from baton.channels.email.message import Address, MailMessage
from baton.channels.email.reading import read_mail

ALL_ARCHIVES = (
    "bounces-flufl",
    "bounces-sisimai",
    "forwards-by-client-and-language",
    "helpdesk-redmine",
    "mime-cpython",
    "mime-torture",
    "mime-webmail",
    "reply-email_reply_trimmer",
    "reply-misc",
    "threads-notmuch",
    "tnef",
)


def mail(*headers: str, body: str = "Hello.\n") -> bytes:
    return ("\r\n".join(headers) + "\r\n\r\n" + body).encode()


def read(raw: bytes) -> MailMessage | str:
    try:
        return read_mail(raw)
    except Unreadable as why:
        return str(why)


@pytest.mark.parametrize("name", ALL_ARCHIVES)
def test_every_sample_file_is_read_or_refused_with_a_sentence_within_a_second(archive, name):
    for member, raw in archive(name).items():
        started = time.process_time()
        found = read(raw)
        if isinstance(found, str):
            assert found in ("The file is empty.", "The file holds binary data, not a mail message."), member
        else:
            assert found.kind in ("person", "auto-reply", "bounce", "list", "bulk"), member
        assert time.process_time() - started < 1, member


@pytest.mark.parametrize("name", ["helpdesk-redmine", "bounces-flufl", "bounces-sisimai", "mime-webmail"])
def test_no_real_mail_is_unreadable(archive, name):
    for raw in archive(name).values():
        assert read_mail(raw).fingerprint


@pytest.mark.parametrize(
    ("box", "files", "distinct"),
    [
        ("arnold-j", 4769, 2582),
        ("arora-h", 642, 484),
        ("stokley-c-settlements", 237, 237),
    ],
)
def test_the_known_copies_in_the_enron_mailboxes_collapse(enron, shared, box, files, distinct):
    facts = json.loads((shared / "email" / "enron" / "facts.json").read_text())[box]
    messages = [read_mail(each.raw) for each in enron(box)]

    assert (len(messages), len({each.fingerprint for each in messages})) == (files, distinct)
    assert (facts["messages"], facts.get("distinct_messages", distinct)) == (files, distinct)


def test_null_dates_are_no_dates(enron):
    messages = [read_mail(each.raw) for each in enron("arnold-j")]

    undated = [each for each in messages if each.date is None]

    assert {each.date_raw for each in undated} == {"Mon, 31 Dec 1979 16:00:00 -0800 (PST)"}
    assert len(undated) == 8


def test_the_date_is_kept_in_utc_and_as_written():
    message = read_mail(mail("From: ana@x.hr", "Date: Mon, 4 Dec 2000 03:01:00 -0800 (PST)"))

    assert message.date == datetime(2000, 12, 4, 11, 1, tzinfo=UTC)
    assert message.date_raw == "Mon, 4 Dec 2000 03:01:00 -0800 (PST)"


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "Mon, 99 Foo 2001 99:99:99", "Thu, 1 Jan 1970 00:00:00 +0000", "Sat, 1 Jan 9999 00:00:00 -2300"],
)
def test_a_date_that_cant_be_true_is_none_and_named_as_a_defect(value):
    message = read_mail(mail("From: a@x.com", f"Date: {value}"))

    assert message.date is None
    assert any("date" in each for each in message.defects)


def test_a_folded_message_id_is_put_together_again():
    message = read_mail(
        b"From: a@x.com\r\nIn-Reply-To: <abc\r\n def@x.com>\r\nReferences: <1@x> <2@x>\r\n\t<3@x>\r\n\r\nhi"
    )

    assert (message.in_reply_to, message.references) == ("abcdef@x.com", ("1@x", "2@x", "3@x"))


def test_two_in_reply_to_headers_answer_the_first_and_refer_to_the_second():
    message = read_mail(mail("From: a@x.com", "In-Reply-To: <1@x>", "In-Reply-To: <2@x>"))

    assert (message.in_reply_to, message.references) == ("1@x", ("2@x",))


def test_nul_bytes_and_line_ends_are_taken_out_of_a_subject():
    assert read_mail(b"From: a@x.com\r\nSubject: off\x00er\r\n for Monday\r\n\r\nhi").subject == "offer for Monday"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?iso-8859-1?q?Gr=FC=DFe?= aus =?utf-8?b?xIxha292ZWM=?=", "Grüße aus Čakovec"),
        (b"=?utf-8?b?xI0=?= =?utf-8?b?xIc=?=", "čć"),
        (b"=?utf-8?b?xA==?=\r\n =?utf-8?b?jQ==?=", "č"),
        (b"Gr\xfc\xdfe", "Grüße"),
        ("Čaj".encode(), "Čaj"),
        (b"=?no-such-charset?q?abc?=", "abc"),
        (b"=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
    ],
)
def test_subjects_are_decoded_whatever_the_mailer_did(raw, subject):
    assert read_mail(b"From: a@x.com\r\nSubject: " + raw + b"\r\n\r\nhi").subject == subject


def test_the_html_twin_speaks_only_where_the_plain_text_is_empty(archive):
    empty = read_mail(archive("helpdesk-redmine")["redmine/empty_text_part.eml"])
    both = read_mail(archive("helpdesk-redmine")["redmine/empty_text_and_html_part.eml"])
    different = read_mail(archive("helpdesk-redmine")["redmine/different_contents_in_text_and_html.eml"])

    assert "The html part." in empty.text
    assert both.text.strip() == ""
    assert "text part" in different.text.lower()


def test_html_only_mail_keeps_paragraphs_links_and_quotes():
    html = (
        '<p>Dear Ana,</p><p>see <a href="https://x.com/q">the quote</a>.<br>Best</p>'
        "<blockquote><p>Can you?</p></blockquote>"
    )
    message = read_mail(mail("From: a@x.com", "Content-Type: text/html; charset=utf-8", body=html))

    assert message.text == "Dear Ana,\n\nsee the quote <https://x.com/q>.\nBest\n\n> Can you?"
    assert message.own_text == "Dear Ana,\n\nsee the quote <https://x.com/q>.\nBest"


def test_leftovers_of_quoted_printable_are_undone_in_a_body_that_says_7bit(enron):
    damaged = [each for each in enron("arnold-j") if b"=20\n" in each.raw or b"\n=09" in each.raw]

    texts = [read_mail(each.raw).text for each in damaged]

    assert len(damaged) > 80
    assert not any("=20\n" in text or "\n=09" in text for text in texts)


def test_an_address_with_an_equals_sign_in_a_plain_body_is_left_alone():
    assert read_mail(mail("From: a@x.com", body="https://x.com/?id=20&b=3D\n")).text == "https://x.com/?id=20&b=3D"


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("ks_c_5601-1987", "안녕하세요".encode("cp949"), "안녕하세요"),
        ("iso-2022-jp", "こんにちは".encode("iso2022_jp"), "こんにちは"),
        ("no-such-charset", "Žao mi je".encode(), "Žao mi je"),
        ("us-ascii", "Grüße".encode("cp1252"), "Grüße"),
        ("utf-8", b"caf\xe9 au lait", "café au lait"),
        ("unicode_escape", b"\\u0041", "\\u0041"),
    ],
)
def test_a_body_is_read_in_its_charset_or_the_likeliest(charset, data, text):
    raw = f"From: a@x.com\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode() + data

    assert read_mail(raw).text == text


def test_attachment_names_are_found_in_pieces_and_lose_their_folders():
    raw = mail(
        "From: a@x.com",
        "Content-Type: multipart/mixed; boundary=b",
        body="--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n"
        "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*0*=utf-8''pon;\r\n"
        " filename*1*=uda%20%C4%8D.pdf\r\n\r\nA\r\n"
        '--b\r\nContent-Type: application/pdf; name="../../etc/quote.pdf"\r\n\r\nB\r\n'
        "--b\r\nContent-Type: image/png\r\nContent-ID: <logo@x>\r\n\r\nC\r\n--b--\r\n",
    )
    message = read_mail(raw)

    assert [(each.name, each.inline, each.content_id) for each in message.attachments] == [
        ("ponuda č.pdf", False, ""),
        ("quote.pdf", False, ""),
        ("attachment.png", True, "logo@x"),
    ]
    assert [(each.size, len(each.content)) for each in message.attachments] == [(1, 1)] * 3


def test_a_multipart_without_its_last_boundary_is_read():
    raw = mail(
        "From: a@x.com",
        "Content-Type: multipart/mixed; boundary=b",
        body="--b\r\nContent-Type: text/plain\r\n\r\nstill here\r\n",
    )

    assert read_mail(raw).text == "still here"


def test_broken_base64_is_read_as_far_as_possible_and_named(archive):
    message = read_mail(archive("bounces-flufl")["flufl.bounce/groupwise_03.txt"])

    assert any("transfer encoding" in each for each in message.defects)


def test_an_attached_message_is_read_and_counts_as_forwarded():
    inner = (
        "From: Jane Doe <jane@client.com>\r\nTo: ana@firm.com\r\nSubject: Leak\r\nMessage-ID: <in@x>\r\n\r\nWater!\r\n"
    )
    raw = mail(
        "From: ana@firm.com",
        "Subject: please see",
        "Content-Type: multipart/mixed; boundary=b",
        body="--b\r\nContent-Type: text/plain\r\n\r\nCan you take this?\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n",
    )
    (forwarded,) = read_mail(raw).forwarded

    assert (forwarded.from_, forwarded.subject, forwarded.comment) == (
        Address("Jane Doe", "jane@client.com"),
        "Leak",
        "Can you take this?",
    )
    assert (forwarded.message.message_id, forwarded.message.text) == ("in@x", "Water!")


def test_an_invitation_is_kept_as_it_came(archive):
    message = read_mail(archive("mime-webmail")["nextcloud/imip/request_google.txt"])

    assert {each.method for each in message.calendar_parts} == {"REQUEST"}
    assert all(each.content.startswith(b"BEGIN:VCALENDAR") for each in message.calendar_parts)


def test_names_come_from_x_headers_where_the_real_header_has_none():
    message = read_mail(
        mail(
            "From: hai.chen@enron.com",
            "To: e-mail <.angie@enron.com>",
            "X-From: Chen, Hai </O=ENRON/OU=NA/CN=RECIPIENTS/CN=HCHEN2>",
            "X-To: Angie Collins",
        )
    )

    assert message.from_ == Address("Hai Chen", "hai.chen@enron.com")
    assert message.to == (Address("Angie Collins", ".angie@enron.com"),)


def test_where_a_list_rewrote_the_sender_the_author_is_kept_and_so_is_the_header():
    message = read_mail(
        mail(
            "From: 'Jane Doe' via Sales <sales@firm.com>",
            "X-Original-Sender: jane@client.com",
            "List-ID: <sales.firm.com>",
        )
    )

    assert message.from_ == Address("Jane Doe", "jane@client.com")
    assert message.rewritten_from.email == "sales@firm.com"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please send the quote to us until Friday, and thank you for that.", "en"),
        ("Bitte senden Sie das Angebot bis Freitag, und wir melden uns.", "de"),
        ("Molim vas pošaljite ponudu do petka, hvala što ste se javili.", "hr"),
        ("", "en"),
    ],
)
def test_the_language_is_guessed_from_small_words(text, language):
    assert read_mail(mail("From: a@x.com", body=text or "\n")).language == language


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"\xd0\xcf\x11\xe0" + b"\x00" * 500]
)
def test_empty_and_binary_files_are_unreadable(raw):
    with pytest.raises(Unreadable, match=r"^The file (is empty|holds binary data, not a mail message)\.$"):
        read_mail(raw)


@pytest.mark.parametrize(
    "raw", [b"just words", b"From: a@b", b"Subject:\r\n\r\n", b"From a@b Mon Jan  1 00:00:00 2001\nFrom: a@b.c\n\nhi"]
)
def test_a_message_with_anything_to_read_is_read(raw):
    assert read_mail(raw).fingerprint


def test_headers_past_64_kb_are_cut_and_named_and_the_subject_after_them_is_still_found():
    many = ",\r\n ".join(f"person{number}@example.com" for number in range(5000))

    message = read_mail(f"From: a@x.com\r\nTo: {many}\r\nSubject: All hands\r\n\r\nhi".encode())

    assert "The headers are longer than 64 KB; the rest of them was not read." in message.defects
    assert (message.subject, message.text) == ("All hands", "hi")


@pytest.mark.parametrize("parameter", ["a=b;", "a*0=b;", "=;", '"', "(("])
def test_a_huge_content_type_costs_no_time(parameter):
    raw = (
        b"From: a@x.com\r\nContent-Type: text/plain; " + parameter.encode() * (80_000 // len(parameter)) + b"\r\n\r\nhi"
    )
    started = time.process_time()

    read_mail(raw)

    assert time.process_time() - started < 1


def test_parts_nested_past_fifty_levels_are_left_out_and_named():
    raw = "From: a@x.com\r\n"
    for level in range(80):
        raw += f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"

    message = read_mail((raw + "Content-Type: text/plain\r\n\r\ndeep").encode())

    assert "The parts are nested deeper than 50 levels; the rest was left out." in message.defects


def test_messages_inside_messages_end_at_five():
    raw = "From: deep@x.com\r\nSubject: innermost\r\n\r\nhi"
    for _ in range(9):
        raw = f"From: a@x.com\r\nContent-Type: message/rfc822\r\n\r\n{raw}"
    message, depth = read_mail(raw.encode()), 0
    while message.forwarded and message.forwarded[0].message:
        message, depth = message.forwarded[0].message, depth + 1

    assert depth == 5
