"""Search against reading everything: whatever is written, filed and asked, the index finds what a reader would."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.ledger import search
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.models import Interaction, InteractionText
from baton.ledger.recording import record
from baton.ledger.text import words
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db

VOCABULARY = [
    "re",
    "rent",
    "renewal",
    "renewals",
    "roof",
    "Đurić",
    "duration",
    "Straße",
    "strassen",
    "a",
    "zebra",
    "2026",
    "20",
]
ASKED = [
    "re",
    "ren",
    "renew",
    "renewal",
    "renewals",
    "renewalsx",
    "du",
    "duri",
    "strasse",
    "ro",
    "ze",
    "20",
    "202",
    "zz",
]

texts = st.lists(st.sampled_from(VOCABULARY), max_size=4).map(" ".join)
mails = st.tuples(
    texts,
    texts,
    st.integers(0, 12),
    st.sampled_from(["full", "subject", "private", None]),
    st.sets(st.sampled_from(["ana", "bram"])),
    st.booleans(),
)


@pytest.fixture
def cast(visibility):
    return Cast(visibility)


@pytest.fixture
def deals(cast):
    return [cast.deal("Mine", owner=cast.ana), cast.deal("Theirs", owner=cast.ben, desk="operations")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(mails, max_size=12), st.lists(st.sampled_from(ASKED), min_size=1, max_size=3), st.integers(1, 5))
@pytest.mark.parametrize("visibility", ["everyone", "own"])
def test_the_index_finds_what_a_reader_of_everything_would(cast, deals, written, asked, limit):
    with transaction.atomic():
        record(interactions=[_mail(cast, deals, *one) for one in written], by=Author(None, "email"), at=MONDAY)
        for member in (cast.ana, cast.bram, cast.ben, cast.tomas):
            found = search.find(member, " ".join(asked), kinds=["interaction"], limit=limit)
            expected = _read_everything(member, asked)
            assert [hit.when for hit in found] == [row.happened_at for row in expected[:limit]]
            assert {hit.id for hit in found} <= {row.pk for row in expected}
        transaction.set_rollback(True)


def _mail(cast, deals, subject, text, hour, audience, holders, theirs):
    deal = str(deals[theirs].pk)
    filed = {"deal": deal, "contact": None, "company": None, "audience": audience} if audience else None
    held = tuple(getattr(cast, name).pk for name in holders)
    at = MONDAY - timedelta(hours=hour)
    return NewInteraction("email", "in", "email", at, subject=subject, text=text, filed=filed, holders=held)


def _read_everything(member, asked):
    rows = Interaction.objects.visible_to(member).order_by("-happened_at")
    return [row for row in rows if all(_begins(row, prefix) for prefix in asked)]


def _begins(row, prefix):
    own = InteractionText.objects.unscoped("tests").get(pk=row.pk).own if row.readable else ""
    return any(word.startswith(prefix) for word in words(f"{row.subject} {own}"))
