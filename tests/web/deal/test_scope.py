"""A deal's scope is a list of items: proposed by what they write, approved or rejected with one key."""

import pytest
from django.test import Client

from baton.capture import suggestions
from baton.ledger.items import added, are_items, item, settled, typed
from baton.ledger.models import Fact
from baton.map.publishing import publish
from tests.capture.letters import from_mailbox, letter
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    made = Cast()
    heard = "type: items\n    heard_as: [include, including]"
    publish(FIRM.replace("scope:\n    type: long text", f"scope:\n    {heard}"), by=None, at=MONDAY - HOUR)
    return made


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(stage="quoted", contact=cast.contact(company=company), company=company)


def client(member) -> Client:
    made = Client()
    made.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def proposed(cast, deal):
    [delivery] = from_mailbox(cast.ana, letter(text="Please include the glass roof. See you."))
    [fact] = [one for one in suggestions.waiting_on([deal.pk], cast.ana) if one.field == "scope"]
    suggestions.confirm(fact, by=cast.ana, at=TUESDAY)
    return delivery.interaction_id


def test_what_they_want_included_is_suggested_and_becomes_an_item_with_its_message(cast, deal):
    message = proposed(cast, deal)

    what = "Please include the glass roof."
    assert fresh(deal).value("scope") == [{"what": what, "state": "proposed", "said_in": str(message)}]


def test_one_key_approves_it_by_their_last_word(cast, deal):
    proposed(cast, deal)
    [yes] = from_mailbox(cast.ana, letter(subject="Re: Start", text="Yes to the roof."), at=TUESDAY)
    page = client(cast.ana).get(f"/deals/{deal.pk}/").content.decode()

    client(cast.ana).post(
        f"/deals/{deal.pk}/fields/scope/items/",
        {"what": "Please include the glass roof.", "state": "approved", "said_in": str(yes.interaction_id)},
    )

    assert 'data-key="A"' in page
    assert str(yes.interaction_id) in page
    [one] = fresh(deal).value("scope")
    assert (one["state"], one["said_in"]) == ("approved", str(yes.interaction_id))
    last = Fact.objects.unscoped("tests").filter(field="scope", status="confirmed").latest("seq")
    assert last.interaction_id == yes.interaction_id


def test_an_item_that_is_gone_and_a_message_of_another_deal_are_refused(cast, deal):
    proposed(cast, deal)
    address, what = f"/deals/{deal.pk}/fields/scope/items/", "Please include the glass roof."
    other = cast.mail(None)

    gone = client(cast.ana).post(address, {"what": "the moon", "state": "approved"})
    elsewhere = client(cast.ana).post(address, {"what": what, "state": "approved", "said_in": str(other.pk)})
    readonly = client(cast.rita).post(address, {"what": what, "state": "approved"})

    assert [gone.status_code, elsewhere.status_code, readonly.status_code] == [422, 422, 403]
    assert fresh(deal).value("scope")[0]["state"] == "proposed"


def test_typed_lines_keep_the_state_of_those_that_stay():
    kept = [item("roof", "approved", "1"), item("yard")]

    assert typed("Roof\n\nwindows", kept) == [item("roof", "approved", "1"), item("windows")]


def test_a_list_grows_by_what_is_new_and_an_item_changes_alone():
    kept = [item("roof"), item("yard", "rejected")]

    assert added(kept, [item("ROOF"), item("glass")], "7") == [*kept, item("glass", said_in="7")]
    assert settled(kept, "roof", "approved", "9") == [item("roof", "approved", "9"), kept[1]]
    assert settled(kept, "glass", "approved", None) is None
    assert not are_items([{"what": "roof", "state": "done"}])
