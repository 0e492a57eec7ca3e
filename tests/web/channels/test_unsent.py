"""What didn't go out is shown to whoever sent it, with why, until they send it again or let it go."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.capture import outbox
from baton.capture.channels import Channel, _channels, register
from baton.capture.models import Outgoing
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture(autouse=True)
def answers():
    """A channel whose other side raises what is put here, and takes everything while nothing is."""
    told: list[Exception] = []

    def send(_row, _at) -> str:
        for one in told:
            raise one
        return "taken"

    register(Channel("pigeons", send=send))
    yield told
    del _channels["pigeons"]


def client(member) -> Client:
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def sent(member, subject="Your quote", key="k", deal=None) -> Outgoing:
    row = outbox.put(
        "pigeons", key, to="dana@marlowe.example", body={"subject": subject}, at=now(), member=member, deal=deal
    )
    outbox.send_due(now())
    return Outgoing.objects.unscoped("tests").get(pk=row.pk)


def main(member, path="/channels/") -> LexborHTMLParser:
    return LexborHTMLParser(client(member).get(path).content.decode()).css_first("main")


def text(node) -> str:
    return " ".join(node.text(separator=" ").split())


def test_whoever_sent_it_reads_why_on_channels_and_that_it_is_so_on_today(cast, answers):
    answers.append(Refusal("Nobody lives there."))
    deal = cast.deal()
    sent(cast.ana, deal=deal)

    page, today = text(main(cast.ana)), text(main(cast.ana, "/"))

    assert "Your quote, to dana@marlowe.example Not sent" in page
    assert "Nobody lives there. Quayside Tower" in page
    assert "1 message didn’t go out." in today


def test_nobody_else_sees_it_and_nobody_settles_what_isn_t_theirs(cast, answers):
    answers.append(Refusal("Nobody lives there."))
    row = sent(cast.ana)

    pages = [text(main(member)) for member in (cast.ben, cast.tomas)]
    told = [client(cast.ben).post(f"/unsent/{row.pk}/{what}/").status_code for what in ("repeat", "removal")]

    assert not any("Your quote" in page for page in pages)
    assert (told, Outgoing.objects.unscoped("tests").get().state) == ([404, 404], "failed")


def test_a_letter_of_baton_s_own_is_shown_to_who_connects_for_the_business_without_its_words(cast, answers):
    answers.append(OSError("the line is down"))
    sent(None, subject="3 things on Quayside Tower")

    owner, member = text(main(cast.tomas)), text(main(cast.ana))

    assert "Baton’s own message to dana@marlowe.example (pigeons) Tried again" in owner
    assert "the line is down" in owner
    assert "Quayside" not in owner
    assert "the line is down" not in member


def test_sent_again_it_goes_and_is_no_longer_shown(cast, answers):
    answers.append(outbox.PerhapsSent("The line broke."))
    row = sent(cast.ana)
    answers.clear()

    shown = text(main(cast.ana))
    client(cast.ana).post(f"/unsent/{row.pk}/repeat/")
    outbox.send_due(now())

    assert "Perhaps sent" in shown
    assert Outgoing.objects.unscoped("tests").get().state == "sent"
    assert main(cast.ana).css_first("#unsent") is None


@pytest.mark.parametrize("why", [Refusal("Nobody lives there."), OSError("the line is down")], ids=["failed", "tried"])
def test_let_go_it_is_not_sent_any_more(cast, answers, why):
    answers.append(why)
    row = sent(cast.ana)

    client(cast.ana).post(f"/unsent/{row.pk}/removal/")

    assert not Outgoing.objects.unscoped("tests").exists()
    assert main(cast.ana).css_first("#unsent") is None


def test_who_may_only_read_sees_what_they_once_sent_and_is_offered_nothing(cast, answers):
    answers.append(Refusal("Nobody lives there."))
    row = sent(cast.rita)

    page = main(cast.rita)
    told = client(cast.rita).post(f"/unsent/{row.pk}/removal/")

    assert "Nobody lives there." in text(page)
    assert (page.css_first("li form"), told.status_code) == (None, 403)
