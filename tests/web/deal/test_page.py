"""The page of a deal answers where it stands, what proves it, what the next desk needs and what was promised."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.cast import HOUR, MONDAY, TUESDAY

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db]


def text(response, selector):
    return [" ".join(node.text().split()) for node in LexborHTMLParser(response.content.decode()).css(selector)]


def test_a_deal_shows_its_stage_with_the_event_that_proves_it(cast, signed_in):
    contact = cast.contact()
    deal = cast.deal(contact=contact)
    cast.mail(deal, at=MONDAY + HOUR)

    response = signed_in(cast.ana).get(f"/deals/{deal.pk}/")

    assert text(response, ".stage[data-evidence=shown] .stage-name") == ["Enquiry, now"]
    assert text(response, "#timeline .said") == ["“Could we start on 1 December?”"]
