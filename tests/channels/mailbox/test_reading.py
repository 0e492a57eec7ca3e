"""A mailbox is read from where it was left, privately: what concerns no customer stays there, and is not kept."""

from collections import Counter
from datetime import timedelta

import pytest

from baton.capture import connections, undecided
from baton.capture.models import Connection, Delivery, Raw, Sighting
from baton.capture.reading import read_waiting
from baton.kernel.verdict import Refusal
from baton.ledger.models import Interaction
from tests.capture.letters import everything, letter, to_desk, to_member
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY
from tests.channels.mailbox.reading import hear, subjects

pytestmark = pytest.mark.django_db
ANA = "ana@lime.example"
STRANGER = "Leo Kestrel <leo@kestrel-homes.example>"


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def test_what_comes_from_a_customer_is_filed_on_their_deal(cast, deal, dovecot, connect):
    connect(cast.ana)
    dovecot.deliver(ANA, letter(subject="Lobby"), at=MONDAY + MINUTE)

    hear(MONDAY + 2 * MINUTE)

    [one] = everything(Interaction)
    assert (one.deal_id, one.direction, one.trust, one.live) == (deal.pk, "in", "unverified", True)
    assert [row.kept for row in everything(Connection)] == [1]


def test_what_was_there_before_is_not_read_unless_asked(cast, deal, dovecot, connect):
    dovecot.deliver(ANA, letter(subject="Long ago"), at=MONDAY - HOUR)
    connect(cast.ana)

    hear(MONDAY + HOUR)

    assert subjects() == []


def test_what_ana_sent_counts_as_hers_and_what_claims_to_be_hers_in_inbox_does_not(cast, deal, dovecot, connect):
    connect(cast.ana)
    dovecot.deliver(ANA, letter(ANA, "dana@marlowe.example", "Sent"), folder="Sent", at=MONDAY + MINUTE)
    dovecot.deliver(ANA, letter(ANA, "dana@marlowe.example", "Forged"), at=MONDAY + MINUTE)

    hear(MONDAY + 2 * MINUTE)

    trust = {one.subject: (one.trust, one.author_id) for one in everything(Interaction)}
    assert trust == {"Sent": ("own", cast.ana.pk), "Forged": ("unverified", None)}


def test_machines_colleagues_and_whom_she_never_records_stay_where_they_are(cast, deal, dovecot, connect):
    connect(cast.ana, never="bank.example, doctor@health.example", labels="Private")
    dovecot.deliver(
        ANA,
        letter("news@shop.example", subject="Sale", list_unsubscribe="<mailto:x@shop.example>"),
        letter("bram@lime.example", subject="Lunch"),
        letter("someone@bank.example", subject="Your account"),
        at=MONDAY + MINUTE,
    )
    dovecot.deliver(ANA, letter(subject="Marked"), at=MONDAY + MINUTE, flags="(Private)")
    dovecot.deliver(ANA, letter(ANA, "doctor@health.example", "Friday"), folder="Sent", at=MONDAY + MINUTE)

    hear(MONDAY + 2 * MINUTE)

    assert (everything(Interaction), everything(Delivery), Raw.objects.count()) == ([], [], 0)
    [one] = everything(Connection)
    assert one.passed_over == {
        "newsletters and automatic mail of strangers": 1,
        "among ourselves, about no deal": 1,
        "from or to somebody you never record": 2,
        "with a label that is never recorded": 1,
    }
    assert Counter(Sighting.objects.values_list("fate", flat=True)) == {"left": 5}


def test_a_stranger_is_undecided_seen_by_nobody_and_gone_within_a_day(cast, dovecot, connect):
    connect(cast.ana)
    dovecot.deliver(ANA, letter(STRANGER, subject="Gutters"), at=MONDAY + MINUTE)
    hear(MONDAY + 2 * MINUTE)
    held = [one.state for one in everything(Delivery)]

    undecided.sweep(MONDAY + 22 * HOUR)
    still = Raw.objects.count()
    undecided.sweep(MONDAY + 24 * HOUR)

    assert (held, still) == (["held"], 1)
    assert (everything(Delivery), Raw.objects.count(), subjects()) == ([], 0, [])
    assert everything(Connection)[0].passed_over == {"from strangers whom nobody answered within a day": 1}


def test_a_stranger_who_becomes_a_contact_meanwhile_is_filed(cast, dovecot, connect):
    connect(cast.ana)
    dovecot.deliver(ANA, letter(STRANGER, subject="Gutters"), at=MONDAY + MINUTE)
    hear(MONDAY + 2 * MINUTE)

    leo = cast.contact("Leo Kestrel", "leo@kestrel-homes.example")
    undecided.sweep(MONDAY + HOUR)
    read_waiting(MONDAY + HOUR)

    assert [(one.subject, one.contact_id) for one in everything(Interaction)] == [("Gutters", leo.pk)]
    assert [one.kept for one in everything(Connection)] == [1]


@pytest.mark.parametrize("after", [HOUR, 30 * HOUR], ids=["while it is held", "after it was let go of"])
def test_a_stranger_whom_ana_answers_becomes_a_suggested_deal_of_hers(cast, dovecot, connect, after):
    connect(cast.ana)
    asked = letter(STRANGER, ANA, "Gutters", "Do you clean gutters?", message_id="<1@kestrel-homes.example>")
    dovecot.deliver(ANA, asked, at=MONDAY + MINUTE)
    hear(MONDAY + 2 * MINUTE)
    undecided.sweep(MONDAY + after)
    answer = letter(
        ANA, STRANGER, "Re: Gutters", "We do.", date=MONDAY + after, in_reply_to="<1@kestrel-homes.example>"
    )
    dovecot.deliver(ANA, answer, folder="Sent", at=MONDAY + after)

    hear(MONDAY + after + MINUTE)

    found = {one.subject: one for one in everything(Interaction)}
    assert found.keys() == {"Gutters", "Re: Gutters"}
    assert found["Re: Gutters"].parts["begins"] == "answered"
    assert len({one.thread for one in found.values()}) == 1
    assert not Interaction.objects.visible_to(cast.bram).exists()


def test_a_quote_to_a_stranger_suggests_a_deal_too(cast, dovecot, connect):
    connect(cast.ana)
    quote = letter(ANA, STRANGER, "Our prices", "As discussed.", files=("Quote 4417.pdf",))
    dovecot.deliver(ANA, quote, folder="Sent", at=MONDAY + MINUTE)

    hear(MONDAY + 2 * MINUTE)

    assert [one.parts["begins"] for one in everything(Interaction)] == ["document"]


def test_the_same_mail_by_smtp_and_imap_is_one_record(cast, deal, dovecot, connect):
    connect(cast.ana)
    raw = letter(subject="Lobby")
    to_member(cast.ana, raw, at=MONDAY + MINUTE)
    dovecot.deliver(ANA, b"Return-Path: <dana@marlowe.example>\r\n" + raw, at=MONDAY + MINUTE)

    hear(MONDAY + 2 * MINUTE)

    assert subjects() == ["Lobby"]
    assert sorted(one.state for one in everything(Delivery)) == ["known", "read"]


def test_a_shared_address_is_the_business_s_and_opens_a_deal_where_the_map_says_so(cast, dovecot, connect):
    connect(None, "hello@lime.example", by=cast.tomas)
    dovecot.deliver("hello@lime.example", letter(STRANGER, "hello@lime.example", "Gutters"), at=MONDAY + MINUTE)
    sent = letter("hello@lime.example", STRANGER, "Re: Gutters", date=MONDAY + MINUTE)
    dovecot.deliver("hello@lime.example", sent, folder="Sent", at=MONDAY + MINUTE)

    hear(MONDAY + 2 * MINUTE)

    found = {one.subject: one for one in everything(Interaction)}
    assert found["Gutters"].deal_id is not None
    assert (found["Re: Gutters"].direction, found["Re: Gutters"].trust) == ("out", "own")


def test_a_shared_address_and_a_copy_at_the_desk_are_one_record(cast, dovecot, connect):
    connect(None, "hello@lime.example", by=cast.tomas)
    raw = letter(STRANGER, "hello@lime.example", "Gutters")
    dovecot.deliver("hello@lime.example", raw, at=MONDAY + MINUTE)
    hear(MONDAY + 2 * MINUTE)

    to_desk(raw, at=MONDAY + 3 * MINUTE)

    assert subjects() == ["Gutters"]


def test_read_again_nothing_is_doubled_and_nothing_lost(cast, deal, dovecot, connect):
    connect(cast.ana)
    dovecot.deliver(ANA, *(letter(subject=f"Mail {n}") for n in range(3)), at=MONDAY + MINUTE)
    hear(MONDAY + 2 * MINUTE)
    Connection.objects.unscoped("tests").update(position={})
    dovecot.deliver(ANA, letter(subject="Mail 3"), at=MONDAY + 3 * MINUTE)

    hear(MONDAY + HOUR)

    assert subjects() == [f"Mail {n}" for n in range(4)]


def test_numbered_anew_nothing_is_lost_doubled_or_dug_up(cast, deal, dovecot, connect):
    dovecot.deliver(ANA, letter(subject="Long ago", date=MONDAY - 90 * HOUR), at=MONDAY - 90 * HOUR)
    connect(cast.ana)
    dovecot.deliver(ANA, *(letter(subject=f"Mail {n}") for n in range(60)), at=MONDAY + MINUTE)
    hear(MONDAY + 2 * MINUTE)
    dovecot.deliver(ANA, letter(subject="Mail 60", date=MONDAY + HOUR), at=MONDAY + HOUR)
    dovecot.number_anew(ANA, 2_000_000_000)

    hear(MONDAY + 2 * HOUR)

    assert subjects() == sorted(f"Mail {n}" for n in range(61))
    [one] = everything(Connection)
    assert (one.kept, one.position["folders"]["inbox"]["validity"]) == (61, 2_000_000_000)


def test_five_times_running_it_stops_and_says_so(cast, dovecot, connect):
    connect(cast.ana)
    for time in range(1, 6):
        dovecot.number_anew(ANA, 2_000_000_000 + time)
        hear(MONDAY + time * HOUR)

    [one] = everything(Connection)
    assert (one.state, one.due_at) == ("broken", None)
    assert one.because.startswith("The server numbered its messages anew 5 times running")


def test_a_server_that_is_away_is_said_and_tried_again(cast, dovecot, connect):
    one = connect(cast.ana)
    Connection.objects.unscoped("tests").update(settings=one.settings | {"port": 1})

    hear(MONDAY + HOUR)

    [one] = everything(Connection)
    assert (one.state, one.due_at > MONDAY + HOUR) == ("broken", True)


@pytest.mark.parametrize(
    ("told", "password", "sentence"),
    [
        ({}, "wrong", "doesn’t let us in"),
        ({"port": 1}, "wrong", "doesn’t answer"),
        ({"host": "10.0.0.1", "security": "none"}, "", "Without encryption"),
        ({"host": "127.0.0.2", "security": "tls"}, "", "lies inside this network"),
        ({"security": "tls"}, "", "can’t be reached safely"),
    ],
)
def test_what_does_not_work_is_not_connected(cast, dovecot, settings, told, password, sentence):
    settings.BATON_INSIDE = [*settings.BATON_INSIDE, "127.0.0.1"]

    with pytest.raises(Refusal, match=sentence):
        connections.make(
            "mailbox",
            "Ana",
            dovecot.settings | {"address": ANA} | told,
            {"password": password or "x"},
            by=cast.ana,
            of=cast.ana,
            at=MONDAY,
        )


def test_whoever_parts_with_a_mailbox_keeps_what_it_brought(cast, deal, dovecot, connect):
    one = connect(cast.ana)
    dovecot.deliver(ANA, letter(subject="Lobby"), letter(STRANGER, subject="Gutters"), at=MONDAY + MINUTE)
    hear(MONDAY + 2 * MINUTE)

    connections.part_with(one, by=cast.ana)
    undecided.sweep(TUESDAY + timedelta(hours=1))

    assert (subjects(), Sighting.objects.count()) == (["Lobby"], 0)
    assert [each.state for each in everything(Delivery)] == ["read"]
