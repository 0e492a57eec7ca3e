"""Templates are filled by plain substitution, from what is confirmed alone."""

import pytest

from baton.channels.email.merging import merged, places_of, unfilled
from baton.map.current import current_map
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    cast = Cast()
    company = cast.company()
    contact = cast.contact(company=company)
    told = {"amount": {"minor": 1_250_000, "currency": "GBP"}, "start_date": "2026-12-01"}
    deal = cast.deal(contact=contact, company=company, **told)
    return places_of(deal, contact, company, cast.ana, current_map())


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Dear {first_name},", "Dear Dana,"),
        ("{deal} at {company}: {amount}", "Quayside Tower at Marlowe: £12,500"),
        ("We start on {start_date}.", "We start on 1 December 2026."),
        ("{me} of {business}", "Ana Horvat of Lime & Co"),
        ("{{ deal }} {% now %} {0} {deal.owner}", "{{ deal }} {% now %} {0} {deal.owner}"),
    ],
)
def test_a_place_is_filled_and_anything_else_is_left_as_it_is(places, text, filled):
    assert merged(text, places) == filled


def test_what_nobody_has_said_stays_to_be_seen(places):
    text = merged("The keys are with {key_holder}; {nonsense}.", places)

    assert text == "The keys are with {key_holder}; {nonsense}."
    assert unfilled(text, places) == ["key_holder"]
