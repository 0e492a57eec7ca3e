"""Of a mailbox a first look reads headings alone, marks nothing as read, and forgets the password."""

from datetime import timedelta

import pytest

from baton.channels.first_look import looking
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.members.models import Member
from tests.channels.first_look.letters import letter
from tests.dovecot import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "ana@vidik.example"


@pytest.fixture
def ana(db) -> Member:
    return Member.objects.create_user(ADDRESS, name="Ana Horvat", role="owner")


def test_headings_of_inbox_and_sent_are_read_and_nothing_is_touched(ana, dovecot):
    dovecot.empty()
    at = now()
    dovecot.deliver(ADDRESS, letter("Dana <dana@marlowe.example>", ADDRESS, "Site visit", at - timedelta(days=2), 1))
    dovecot.deliver(ADDRESS, letter("Ivo <ivo@kamen.example>", ADDRESS, "Roof", at - timedelta(days=1), 2))
    answer = letter(f"Ana <{ADDRESS}>", "dana@marlowe.example", "Re: Site visit", at - timedelta(days=1), 3, 1)
    dovecot.deliver(ADDRESS, answer, folder="Sent")

    looking.begin_mailbox(dovecot.settings | {"address": ADDRESS}, {"password": PASSWORD}, by=ana, at=at)
    looking.look_due(now)

    look = looking.look_of(ana)
    assert (look.read, look.total, look.secret, look.because) == (3, 3, None, "")
    assert [case["who"] for case in look.findings["waiting"]] == ["Ivo"]
    with dovecot.signed_in(ADDRESS) as client:
        client.select("INBOX")
        assert client.search(None, "UNSEEN")[1] == [b"1 2"]


def test_a_mailbox_that_can_t_be_opened_is_refused_with_the_reason(ana, dovecot):
    with pytest.raises(Refusal):
        looking.begin_mailbox(dovecot.settings | {"address": ADDRESS}, {"password": "wrong"}, by=ana, at=now())

    assert looking.look_of(ana) is None


def test_what_was_found_is_forgotten_after_a_month(ana, dovecot):
    dovecot.empty()
    looking.begin_mailbox(dovecot.settings | {"address": ADDRESS}, {"password": PASSWORD}, by=ana, at=now())
    looking.look_due(now)

    looking.look_due(lambda: now() + timedelta(days=31))

    assert looking.look_of(ana) is None
