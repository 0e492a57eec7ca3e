"""The reference business is one that Baton itself could have recorded."""

import pytest

from baton.kernel.clock import now
from baton.ledger.models import Company, Contact, Deal, Fact, Interaction, SearchEntry
from baton.ledger.search import find
from baton.ledger.search.keeping import described, interactions_described
from baton.work.checking import check
from baton.work.models import Duty
from bench import living, reference
from bench.people import BUSY, members

CALLER = "tests"
SMALLEST = 1 / reference.PARTS_OF_THE_WHOLE


@pytest.fixture
def business(transactional_db) -> None:
    reference.build(SMALLEST, until=now(), say=lambda line: None)


def test_what_was_loaded_in_bulk_is_what_the_ledger_gives(business) -> None:
    report = check()

    assert report.differences == []
    assert report.facts > 4000


def test_it_has_the_people_and_the_sizes_that_were_asked_for(business) -> None:
    mails = living.BUSY_DUTIES * len(BUSY)

    assert len(members()) == 12
    assert Company.objects.unscoped(CALLER).count() == 20
    assert Contact.objects.unscoped(CALLER).count() == 500
    assert Deal.objects.unscoped(CALLER).count() == 50
    assert 1950 <= Interaction.objects.unscoped(CALLER).filter(channel="import").count() <= 2000 + mails


def test_the_index_of_the_search_holds_what_record_would_have_put_there(business) -> None:
    entries = {entry.record_id: set(entry.tokens.split()) for entry in SearchEntry.objects.all()}
    rows = {kind: list(model.objects.unscoped(CALLER)) for kind, model in (("contact", Contact), ("deal", Deal))}
    told = [one for kind, there in rows.items() for one in described(kind, there)]
    told += interactions_described(list(Interaction.objects.unscoped(CALLER)[:300]))

    assert {one.record_id for one in told if entries[one.record_id] != one.changing} == set()


def test_the_oldest_message_is_found_by_its_rarest_word(business) -> None:
    oldest = Interaction.objects.unscoped(CALLER).filter(audience="full").order_by("happened_at")[0]
    rarest = max(oldest.from_address.split("@")[0], oldest.subject, key=len)

    found = find(members()["tomas"], rarest, kinds=["interaction"], limit=2500)

    assert oldest.pk in {hit.id for hit in found}


def test_only_the_mail_of_today_opened_duties(business) -> None:
    opened = Duty.objects.unscoped(CALLER).filter(state="open", behavior="answer-customer")
    live = Fact.objects.unscoped(CALLER).filter(channel="email", field="filed")

    assert 0 < opened.count() <= live.count()
    assert set(opened.values_list("owed_by__email", flat=True)) <= {one.email for one in members().values()}
