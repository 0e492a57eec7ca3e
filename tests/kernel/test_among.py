"""Asking which of many: the same answer as `__in`, on both databases."""

import pytest

from baton.kernel.ids import uuid7
from baton.ledger.entries import Author, said
from baton.ledger.models import Contact, SearchEntry
from baton.ledger.recording import record
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("column", ["pk", "name_folded", "recorded_at"])
def test_ids_texts_and_moments_are_found_as_by_in(column):
    cast, ids = Cast(), [uuid7(), uuid7(), uuid7()]
    for number, one in enumerate(ids):
        record(said("contact", one, name=f"Žana {number}"), by=Author(cast.ana), at=MONDAY)
    rows = Contact.objects.unscoped("tests").order_by("pk")
    wanted = list(rows.values_list(column, flat=True))[:2]

    found = rows.filter(**{f"{column}__among": wanted})

    assert list(found) == list(rows.filter(**{f"{column}__in": wanted}))


def test_numbers_are_found_and_among_nothing_there_is_nothing():
    cast = Cast()
    record(said("contact", uuid7(), name="Žana"), by=Author(cast.ana), at=MONDAY)
    place = SearchEntry.objects.get().place

    assert SearchEntry.objects.filter(place__among=[place, place + 1]).count() == 1
    assert SearchEntry.objects.filter(place__among=[]).count() == 0
