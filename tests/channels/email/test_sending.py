"""A mail leaves through the member's own server, once, and its copy stands on the deal as what proves it."""

from datetime import timedelta

import pytest

from baton.capture import connections, outbox
from baton.capture.ingesting import ingest
from baton.capture.models import Connection, Outgoing
from baton.capture.reading import process
from baton.capture.trust import MAILBOX
from baton.channels.email.continuing import continued
from baton.channels.email.sending import SENDING
from baton.channels.email.submitting import SubmissionForm
from baton.channels.email.writing import UNDO, Typed, addresses, as_line, put_on_its_way
from baton.kernel.sealed import Sealed
from baton.kernel.verdict import Refusal
from baton.ledger.models import Interaction
from baton.work.models import Duty
from tests.capture.letters import from_mailbox, letter, recorded
from tests.cast import HOUR, MINUTE, MONDAY, Cast, fresh
from tests.channels.email.mail_servers import PASSWORD, dovecot, submission

pytestmark = pytest.mark.django_db
DANA = ("Dana Whitlock", "dana@marlowe.example")
GONE = MONDAY + UNDO


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    return cast.deal(contact=cast.contact(company=cast.company()))


@pytest.fixture
def server(settings):
    with submission() as running:
        settings.BATON_INSIDE = [f"localhost:{running.port}"]
        yield running


def connect(cast, port, security="none", user="", password="", of=None) -> Connection:
    told = {"host": "localhost", "port": port, "security": security, "user": user}
    of = of or cast.ana
    return connections.make(SENDING, "mine", told, {"password": password}, by=of, of=of, at=MONDAY)


def write(cast, deal, to=(DANA,), subject="Your quote", text="Here it is.", key="k", **more) -> Outgoing:
    return put_on_its_way(deal, Typed(to, (), subject, text, key, **more), by=cast.ana, at=MONDAY)


def row() -> Outgoing:
    return Outgoing.objects.unscoped("tests").latest("asked_at")


def sent_on(deal) -> list[Interaction]:
    return list(Interaction.objects.unscoped("tests").filter(deal=deal.pk, direction="out").order_by("pk"))


def test_it_leaves_after_the_moment_to_undo_and_is_recorded_as_ours_on_the_deal(cast, deal, server):
    connect(cast, server.port)
    write(cast, deal)

    too_early = outbox.send_due(MONDAY)
    outbox.send_due(GONE)

    [mail], [kept] = server.letters, sent_on(deal)
    people = mail["From"], mail["To"]
    assert (too_early, *people) == (0, "Ana Horvat <ana@lime.example>", "Dana Whitlock <dana@marlowe.example>")
    assert (mail.get_content().strip(), kept.trust, kept.author_id) == ("Here it is.", "own", cast.ana.pk)
    assert (kept.happened_at, kept.audience, row().state) == (GONE, "full", "sent")


def test_asked_twice_with_the_same_key_it_is_sent_once(cast, deal, server):
    connect(cast, server.port)
    write(cast, deal), write(cast, deal)

    outbox.send_due(GONE), outbox.send_due(GONE + HOUR)

    assert (len(server.taken), len(sent_on(deal))) == (1, 1)


def test_what_was_taken_back_never_leaves(cast, deal, server):
    connect(cast, server.port)
    outbox.take_back(write(cast, deal))

    outbox.send_due(GONE)

    assert (server.taken, sent_on(deal)) == ([], [])


def test_for_later_it_carries_the_moment_at_which_it_left(cast, deal, server):
    connect(cast, server.port)
    write(cast, deal, send_at=MONDAY + 3 * HOUR)

    outbox.send_due(MONDAY + 2 * HOUR)
    outbox.send_due(MONDAY + 3 * HOUR)

    assert [mail["Date"].datetime for mail in server.letters] == [MONDAY + 3 * HOUR]


def test_a_reply_continues_the_conversation_and_closes_the_duty(cast, deal, server):
    connect(cast, server.port)
    [came] = from_mailbox(cast.ana, letter(message_id="<ask@marlowe.example>", references="<first@marlowe.example>"))
    asked = recorded(came)
    going_on = continued(asked, "reply", cast.ana)

    write(cast, deal, going_on.to, going_on.subject, "Yes, we can.", going_on=going_on)
    outbox.send_due(GONE + 2 * MINUTE)

    [mail], [kept] = server.letters, sent_on(deal)
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Re: Start", "<ask@marlowe.example>")
    assert mail["References"] == "<first@marlowe.example> <ask@marlowe.example>"
    assert "> Could we start on 1 December?" in mail.get_content()
    assert kept.thread == asked.thread
    assert Duty.objects.unscoped("tests").get(behavior="answer-enquiry").state == "closed"


def test_a_reply_to_all_leaves_out_oneself_and_what_only_captures(cast, deal):
    cc = "bram@lime.example, Colin <colin@marlowe.example>, hello@lime.example"
    [came] = from_mailbox(cast.ana, letter(to="ana@lime.example, Eve <eve@marlowe.example>", cc=cc))

    going_on = continued(recorded(came), "all", cast.ana)

    assert going_on.to == (("Dana Whitlock", "dana@marlowe.example"),)
    assert [address for _name, address in going_on.cc] == [
        "eve@marlowe.example", "bram@lime.example", "colin@marlowe.example",
    ]  # fmt: skip


def test_a_forward_takes_the_words_and_the_files_along_to_somebody_else(cast, deal):
    [came] = from_mailbox(cast.ana, letter(files=("plan.pdf",)))

    going_on = continued(recorded(came), "forward", cast.ana)

    assert (going_on.to, going_on.subject, [file.name for file in going_on.files]) == ((), "Fwd: Start", ["plan.pdf"])
    assert "From: Dana Whitlock <dana@marlowe.example>" in going_on.below
    assert going_on.below.endswith("Could we start on 1 December?")


def test_the_signature_stands_under_the_words(cast, deal, server):
    connect(cast, server.port)
    cast.ana.signature = "Ana Horvat\nLime & Co"
    write(cast, deal)

    outbox.send_due(GONE)

    assert server.letters[0].get_content().splitlines()[:5] == ["Here it is.", "", "-- ", "Ana Horvat", "Lime & Co"]


def test_a_copy_that_came_from_the_sent_folder_as_well_is_the_same_message(cast, deal, server):
    connect(cast, server.port)
    write(cast, deal)
    outbox.send_due(GONE)
    raw = server.taken[0][2]

    copy = ingest("email", "imap:1", raw, at=GONE + MINUTE, as_member=cast.ana, evidence=MAILBOX)
    process([copy], at=GONE + MINUTE)

    assert len(sent_on(deal)) == 1


def test_it_stays_on_the_deal_it_was_written_on_where_the_customer_has_two(cast, deal, server):
    connect(cast, server.port)
    other = cast.deal("Second tower", contact=str(deal.contact_id))

    write(cast, other, text="About the second tower.")
    outbox.send_due(GONE)

    assert ([one.subject for one in sent_on(other)], sent_on(deal)) == (["Your quote"], [])


@pytest.mark.parametrize(
    ("answer", "state", "because"),
    [
        ("550 5.1.1 Nobody here", "failed", "The mail server refused it: 550 5.1.1 Nobody here"),
        ("451 4.3.0 Later", "waiting", "451 4.3.0 Later"),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(cast, deal, server, answer, state, because):
    connect(cast, server.port)
    server.answers[DANA[1]] = answer
    write(cast, deal)

    outbox.send_due(GONE)

    assert (row().state, row().because or row().last_error, sent_on(deal)) == (state, because, [])


def test_who_was_refused_beside_others_is_kept_with_the_mail(cast, deal, server):
    connect(cast, server.port)
    server.answers["eve@marlowe.example"] = "550 5.1.1 Nobody here"
    write(cast, deal, to=[DANA, ("", "eve@marlowe.example")])

    outbox.send_due(GONE)

    assert (row().state, row().body["refused"]) == ("sent", {"eve@marlowe.example": "550 5.1.1 Nobody here"})


def test_a_line_that_breaks_at_the_very_end_may_have_delivered_it_and_a_person_decides(cast, deal, server):
    connect(cast, server.port)
    server.at_the_end = "hang up"
    write(cast, deal)

    outbox.send_due(GONE), outbox.send_due(GONE + HOUR)
    unsure = row().state, len(server.taken), sent_on(deal)
    server.at_the_end = ""
    outbox.send_again(row(), GONE + HOUR)
    outbox.send_due(GONE + HOUR)

    assert (unsure, row().state, len(sent_on(deal))) == (("unsure", 1, []), "sent", 1)


def test_killed_after_sending_and_before_the_copy_was_kept_the_copy_is_made_up_for(cast, deal, server):
    connect(cast, server.port)
    write(cast, deal)
    Outgoing.objects.unscoped("tests").update(begun_at=GONE, sent_at=GONE, sent_as=row().body["message_id"])

    outbox.send_due(GONE + HOUR)

    assert (server.taken, row().state, [one.happened_at for one in sent_on(deal)]) == ([], "sent", [GONE])


def test_a_server_that_is_down_is_tried_again(cast, deal, server, settings):
    one = connect(cast, server.port)
    settings.BATON_INSIDE = ["localhost:9"]
    Connection.objects.unscoped("tests").filter(pk=one.pk).update(settings=one.settings | {"port": 9})
    write(cast, deal)

    outbox.send_due(GONE)

    assert (row().state, "doesn’t answer at port 9" in row().last_error) == ("waiting", True)


def test_without_a_connection_of_ones_own_it_goes_through_the_operator_s_server(cast, deal, server, settings):
    settings.EMAIL_BACKEND, settings.MAIL_IS_SET_UP = "baton.kernel.mailing.CheckedBackend", True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", server.port
    write(cast, deal)

    outbox.send_due(GONE)

    assert (len(server.taken), row().state) == (1, "sent")


def test_a_password_is_tried_before_it_is_kept_and_sent_only_encrypted(cast, tmp_path, settings, monkeypatch):
    with submission(tmp_path) as server:
        settings.BATON_INSIDE = [f"localhost:{server.port}"]
        with pytest.raises(Refusal, match="can’t prove that it is who it says it is"):
            connect(cast, server.port, "starttls", "ana", PASSWORD)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        with pytest.raises(Refusal, match="doesn’t take this name and password"):
            connect(cast, server.port, "starttls", "ana", "guess")
        connect(cast, server.port, "starttls", "ana", PASSWORD)

    assert Connection.objects.unscoped("tests").count() == 1


def test_a_password_that_is_no_longer_taken_is_told_with_the_mail_and_on_the_page_of_channels(
    cast, deal, tmp_path, settings, monkeypatch
):
    with submission(tmp_path) as server:
        settings.BATON_INSIDE = [f"localhost:{server.port}"]
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        one = connect(cast, server.port, "starttls", "ana", PASSWORD)
        Connection.objects.unscoped("tests").filter(pk=one.pk).update(secret=Sealed.of({"password": "old"}))
        write(cast, deal)
        outbox.send_due(GONE)

    assert (row().state, row().because) == ("failed", "localhost doesn’t take this name and password.")
    assert (fresh(one).state, fresh(one).because) == ("broken", row().because)


def test_no_password_goes_out_without_encryption():
    form = SubmissionForm({"host": "h", "port": 25, "security": "none", "user": "ana", "password": "x"})

    assert form.errors == {"__all__": ["Without encryption everybody on the way could read the password."]}


def test_through_a_real_dovecot_it_is_signed_in_encrypted_and_handed_on(cast, deal, tmp_path, settings, monkeypatch):
    with submission() as relay, dovecot(tmp_path, relay.port) as port:
        settings.BATON_INSIDE = [f"localhost:{port}"]
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        with pytest.raises(Refusal):
            connect(cast, port, "starttls", "ana@lime.example", "guess")
        connect(cast, port, "starttls", "ana@lime.example", PASSWORD)
        write(cast, deal, text="Grüße, čekamo vas.")
        outbox.send_due(GONE)

    assert [mail.get_content().strip() for mail in relay.letters] == ["Grüße, čekamo vas."]
    assert (row().state, len(sent_on(fresh(deal)))) == ("sent", 1)


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("dana@marlowe.example", [("", "dana@marlowe.example")]),
        ("Dana <dana@marlowe.example>; eve@x.example", [("Dana", "dana@marlowe.example"), ("", "eve@x.example")]),
        ('"Whitlock, Dana" <Dana@Marlowe.example>', [("Whitlock, Dana", "dana@marlowe.example")]),
    ],
)
def test_people_are_read_as_they_are_typed(typed, people):
    assert addresses(typed) == people
    assert addresses(as_line(people)) == people


@pytest.mark.parametrize("typed", ["Dana", "dana@", "dana@marlowe.example, somebody"])
def test_what_is_no_address_is_refused_by_name(typed):
    with pytest.raises(Refusal, match="is no email address"):
        addresses(typed)


def test_to_nobody_or_for_a_moment_gone_by_it_is_refused(cast, deal):
    with pytest.raises(Refusal):
        write(cast, deal, to=())
    with pytest.raises(Refusal):
        write(cast, deal, send_at=MONDAY - timedelta(hours=1))
