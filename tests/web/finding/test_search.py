"""The palette: who is called so comes before what was written about them. The page is newest first throughout."""

import re

import pytest
from django.urls import reverse

from tests.cast import MINUTE, MONDAY, Cast

pytestmark = pytest.mark.django_db


def test_in_the_palette_who_is_called_so_comes_first_then_the_rest_newest_first(client):
    cast = Cast()
    contact = cast.contact("Dana Whitlock")
    deal = cast.deal(contact=contact)
    for number in range(20):
        cast.mail(deal, at=MONDAY + number * MINUTE, text=f"Number {number}: Dana asks again")
    client.force_login(cast.ana)

    page = client.get(reverse("search"), {"q": "dana"}, headers={"HX-Request": "true"}).content.decode()
    found = re.findall(r'href="/(contacts|deals|messages)/', page)

    assert found[0] == "contacts"
    assert found.count("contacts") == 1
    assert len(found) == 12
