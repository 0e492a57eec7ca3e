"""The receiver answers 250 only after the commit, 4xx when it could not, and bounces nothing for its own faults."""

import errno
import smtplib
import socket

import pytest
from django.db import OperationalError, connection

from baton.capture import ingesting
from baton.capture.addresses import address_of, capture_domain
from baton.capture.ingesting import raw_of
from baton.capture.models import Delivery, Raw
from baton.channels.email import receiving
from baton.channels.email.receiving import Receiver
from tests.capture.letters import letter
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def receiver(cast):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    receiver = Receiver(port=port, clock=lambda: MONDAY)
    receiver.start()
    yield receiver
    receiver.stop()


@pytest.fixture
def client(receiver):
    with smtplib.SMTP("127.0.0.1", receiver.port, timeout=20) as client:
        yield client


def send(client: smtplib.SMTP, raw: bytes, *recipients: str, sender: str = "dana@marlowe.example") -> tuple[int, str]:
    """Return the answer to DATA, or to whatever refused before."""
    try:
        client.sendmail(sender, list(recipients), raw)
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        return code, said.decode()
    except smtplib.SMTPResponseException as refused:
        return refused.smtp_code, refused.smtp_error.decode()
    return 250, ""


def deliveries() -> list[Delivery]:
    return list(Delivery.objects.unscoped("tests").select_related("as_member").order_by("pk"))


def test_what_was_acknowledged_is_kept_as_it_came(cast, client):
    raw = letter()

    assert send(client, raw, "hello@lime.example") == (250, "")

    [kept] = deliveries()
    assert (raw_of(kept), kept.desk, kept.recipient) == (raw, "intake", "hello@lime.example")
    assert (kept.sender, kept.state, kept.received_at) == ("dana@marlowe.example", "waiting", MONDAY)


def test_a_secret_address_is_evidence_and_a_desk_s_is_none(cast, client):
    send(client, letter(), address_of(cast.ana), "hello+web@lime.example")

    kept = {delivery.as_member or delivery.desk: delivery.evidence.get("by") for delivery in deliveries()}

    assert kept == {cast.ana: "token", "intake": None}


@pytest.mark.parametrize(
    "address", ["nobody@lime.example", "hello@elsewhere.example", "ana@lime.example", "ana.guessed@localhost"]
)
def test_no_other_address_is_taken(client, address):
    code, said = send(client, letter(), address)

    assert (code, "No one here has that address." in said, deliveries()) == (550, True, [])


def test_a_new_token_ends_the_old_address(cast, client):
    from baton.capture.addresses import give_token

    old = address_of(cast.ana)
    give_token(cast.ana)

    assert (send(client, letter(), old)[0], send(client, letter(), address_of(cast.ana))[0]) == (550, 250)


def test_mail_without_a_return_address_is_taken(client):
    assert send(client, letter(), "hello@lime.example", sender="")[0] == 250


def test_a_return_address_in_letters_of_no_alphabet_keeps_no_mail_out(cast, client):
    client.ehlo()
    client.command_encoding = "latin-1"
    told = [client.docmd("MAIL FROM:<dana\xfft@marlowe.example>"), client.docmd("RCPT TO:<hello@lime.example>")]

    assert ([code for code, _said in told], client.data(letter())[0]) == ([250, 250], 250)
    assert [kept.sender for kept in deliveries()] == ["danat@marlowe.example"]


def test_the_same_mail_sent_again_is_one_delivery(client):
    raw = letter()

    assert [send(client, raw, "hello@lime.example")[0] for _time in range(3)] == [250, 250, 250]
    assert len(deliveries()) == 1


def test_lines_longer_than_the_standard_allows_are_taken(client):
    raw = b"From: dana@marlowe.example\r\nSubject: long\r\n\r\n" + b"x" * 200_000 + b"\r\n"

    assert send(client, raw, "hello@lime.example")[0] == 250
    assert raw_of(deliveries()[0]) == raw


def test_a_large_mail_lies_in_the_file_store(client):
    import os

    raw = b"From: dana@marlowe.example\r\nSubject: plan\r\n\r\n" + os.urandom(400_000).hex().encode() + b"\r\n"

    assert send(client, raw, "hello@lime.example")[0] == 250
    assert (raw_of(deliveries()[0]) == raw, Raw.objects.get().body) == (True, None)


def test_mail_that_runs_in_a_circle_is_refused_for_good(client):
    raw = b"Received: from a by b; Mon, 16 Nov 2026 09:00:00 +0000\r\n" * 60 + letter()

    assert (send(client, raw, "hello@lime.example")[0], deliveries()) == (554, [])


def test_mail_that_is_too_large_is_refused_for_good(client, monkeypatch):
    client.ehlo()

    assert client.esmtp_features["size"] == str(receiving.MOST_BYTES)


STEPS = [
    (receiving, "recipient_of"),
    (receiving, "ingest_many"),
    (ingesting, "_raw"),
    (ingesting, "_delivery"),
    (ingesting, "insert_rows"),
    (ingesting, "_kept"),
    (ingesting, "ring"),
]


@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _module, name in STEPS])
@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (RuntimeError("a bug of ours"), 451),
        (OperationalError("database is locked"), 451),
        (OperationalError("database or disk is full"), 452),
        (OSError(errno.ENOSPC, "No space left on device"), 452),
    ],
    ids=["bug", "locked", "database full", "disk full"],
)
def test_a_fault_at_any_step_is_a_temporary_refusal_and_nothing_is_lost_afterwards(
    client, monkeypatch, module, name, fault, answer
):
    def broken(*args, **kwargs):
        raise fault

    raw = letter()
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(module, name, broken)
        assert send(client, raw, "hello@lime.example")[0] == answer
    assert deliveries() == []

    assert send(client, raw, "hello@lime.example")[0] == 250
    assert [raw_of(delivery) for delivery in deliveries()] == [raw]


def test_a_commit_that_fails_is_no_250(client, monkeypatch):
    def refuses(self):
        raise OperationalError("disk I/O error")

    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(type(connection._connections[connection._alias]), "_commit", refuses)
        assert send(client, letter(), "hello@lime.example")[0] == 451
    assert deliveries() == []


def test_a_sender_who_hangs_up_in_the_middle_leaves_nothing_behind(receiver):
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=20) as line:
        for said in (
            b"EHLO x\r\n",
            b"MAIL FROM:<dana@marlowe.example>\r\n",
            b"RCPT TO:<hello@lime.example>\r\n",
            b"DATA\r\n",
        ):
            line.recv(4096)
            line.sendall(said)
        line.recv(4096)
        line.sendall(b"Subject: half\r\n\r\nhalf a")

    assert deliveries() == []


def test_capture_addresses_are_at_this_machine_unless_told(cast):
    assert (capture_domain(), address_of(cast.ana).partition(".")[0]) == ("localhost", "ana")
