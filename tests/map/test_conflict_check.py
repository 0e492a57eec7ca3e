"""The ready map of a law firm: no matter opens before somebody has looked for a conflict of interest."""

import pytest

from baton.capture import inbox
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.map.founding import found
from baton.map.ready import ready_map
from baton.work.checking import check
from tests.capture.letters import everything, from_mailbox, letter, recorded
from tests.cast import HOUR, MONDAY, TUESDAY, fresh

pytestmark = pytest.mark.django_db
OWNER = "ana@vidik.example"


@pytest.fixture
def ana():
    text = ready_map("law-firm", OWNER, "Vidik & partners", "Europe/Zagreb")
    return found(text, name="Ana Horvat", email=OWNER, password="a long quiet river", at=MONDAY - HOUR)


@pytest.fixture
def enquiry(ana):
    [delivery] = from_mailbox(ana, letter("Leo Kestrel <leo@kestrel-homes.example>", subject="A lease"))
    return recorded(delivery)


def test_an_enquiry_opens_only_once_the_check_is_recorded_and_the_check_shows_the_first_stage(ana, enquiry):
    assert current_map().conflict_check
    with pytest.raises(Refusal, match="conflict"):
        inbox.open_deal(enquiry, by=ana, at=TUESDAY)

    inbox.record_conflict_check(enquiry, cleared=True, because="Nobody here acts against them.", by=ana, at=TUESDAY)
    inbox.open_deal(fresh(enquiry), by=ana, at=TUESDAY + HOUR)

    [deal] = everything(Deal)
    assert (deal.stage, deal.shown, deal.evidence["enquiry"]["kind"]) == ("enquiry", True, "conflict.cleared")
    assert check().differences == []


def test_a_conflict_that_was_found_opens_nothing(ana, enquiry):
    inbox.record_conflict_check(enquiry, cleared=False, because="We act for the landlord.", by=ana, at=TUESDAY)

    with pytest.raises(Refusal, match="conflict"):
        inbox.open_deal(fresh(enquiry), by=ana, at=TUESDAY)
