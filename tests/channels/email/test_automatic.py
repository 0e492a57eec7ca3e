"""Machines are told from people, and failing addresses are read out of bounces."""

import csv

import pytest

from baton.channels.email.reading import read_mail

FEWEST_BOUNCES_RIGHT_OF_117 = 110


def kind(*headers: str, body: str = "Hello") -> str:
    message = read_mail(("\r\n".join(["From: ana@x.com", *headers]) + "\r\n\r\n" + body).encode())
    assert message.kind_because.endswith(".")
    return message.kind


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((), "person"),
        (("Subject: Delivery failed at the back gate",), "person"),
        (("Subject: Re: Out of office space",), "person"),
        (("Auto-Submitted: no",), "person"),
        (("X-Auto-Response-Suppress: OOF",), "person"),
        (("Auto-Submitted: auto-replied",), "auto-reply"),
        (("X-Autoreply: yes",), "auto-reply"),
        (("X-Auto-Response-Suppress: All", "Subject: Automatic reply: x"), "auto-reply"),
        (("Subject: Automatische Antwort: Angebot",), "auto-reply"),
        (("Subject: Nisam u uredu",), "auto-reply"),
        (("Return-Path: <>",), "auto-reply"),
        (("Precedence: bulk",), "bulk"),
        (("List-Unsubscribe: <mailto:x@y.com>",), "bulk"),
        (("List-ID: <dev.example.com>",), "list"),
        (("X-Failed-Recipients: ben@y.com",), "bounce"),
        (("Return-Path: <>", "Subject: Undeliverable: Quote"), "bounce"),
    ],
)
def test_who_wrote_is_told_by_the_transports_signs_and_not_by_a_word_in_the_subject(headers, expected):
    assert kind(*headers) == expected


def test_the_failing_addresses_of_known_bounces_are_found(archive, shared):
    with (shared / "email" / "fixtures" / "bounces-flufl-expected.csv").open() as opened:
        rows = list(csv.DictReader(opened))

    right = sum(failures(archive("bounces-flufl")[row["member"]]) == expected(row) for row in rows)

    assert len(rows) == 117
    assert right >= FEWEST_BOUNCES_RIGHT_OF_117


def failures(raw: bytes) -> tuple[set[str], set[str]]:
    bounce = read_mail(raw).bounce
    return (set(bounce.permanent), set(bounce.temporary)) if bounce else (set(), set())


def expected(row: dict[str, str]) -> tuple[set[str], set[str]]:
    return set(row["permanent_failures"].lower().split()), set(row["temporary_failures"].lower().split())


def test_no_report_of_a_mail_system_counts_as_written_by_a_person(archive):
    kinds = {name: read_mail(raw).kind for name, raw in archive("bounces-sisimai").items()}

    assert [name for name, each in kinds.items() if each == "person"] == []
    assert sum(each == "bounce" for each in kinds.values()) >= 60


def test_nearly_all_of_the_enron_mail_is_written_by_people(enron):
    kinds = [read_mail(each.raw).kind for each in enron("arnold-j")]

    assert kinds.count("person") == 4767


def test_a_delivery_report_tells_for_good_from_for_now_and_which_message():
    report = (
        "From: MAILER-DAEMON@mx.x.com\r\nSubject: Undelivered\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.x.com\r\n\r\nFinal-Recipient: rfc822; Ben@y.com\r\nAction: failed\r\n"
        "Status: 5.1.1\r\n\r\n"
        "Final-Recipient: rfc822; eva@y.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: ana@x.com\r\nMessage-ID: <quote-1@x.com>\r\n\r\nhi\r\n"
        "--b--\r\n"
    )
    bounce = read_mail(report.encode()).bounce

    assert (bounce.permanent, bounce.temporary, bounce.original_message_id) == (
        ("ben@y.com",),
        ("eva@y.com",),
        "quote-1@x.com",
    )
