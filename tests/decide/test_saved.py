"""Saved views: kept under a name, shared or not, and read back by the registry."""

import pytest

from baton.decide.deals import deals_list
from baton.decide.models import SavedView
from baton.decide.saved import delete_view, opened, rename_view, save_view, share_view, views_of
from baton.decide.views import View
from baton.kernel.verdict import Refusal
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db

PAIRS = [
    ("amount.from", "12k"),
    ("stage.any", "quoted"),
    ("stage.any", "agreed"),
    ("sort", "-amount"),
    ("columns", "title,scope"),
    ("q", "roof"),
]


@pytest.fixture
def cast() -> Cast:
    return Cast()


def names(member):
    return [view.name for view in views_of(member)]


def test_a_saved_view_opens_as_it_was(cast):
    view = View.from_pairs(PAIRS)

    kept = save_view("  Big   roofs ", view, by=cast.ana, at=MONDAY)

    assert (kept.name, opened(kept.pk, by=cast.ana)) == ("Big roofs", view)
    assert View.from_pairs(view.as_pairs()) == view


def test_a_view_is_one_s_own_until_it_is_shared(cast):
    kept = save_view("Big roofs", View(), by=cast.ana, at=MONDAY)
    assert (names(cast.ana), names(cast.bram)) == (["Big roofs"], [])
    with pytest.raises(Refusal, match="no such view"):
        opened(kept.pk, by=cast.bram)

    share_view(kept.pk, by=cast.ana, shared=True)

    assert names(cast.bram) == ["Big roofs"]


def test_only_who_saved_it_may_change_it(cast):
    kept = save_view("Big roofs", View(), by=cast.ana, at=MONDAY, shared=True)

    for change in (lambda: rename_view(kept.pk, "x", by=cast.bram), lambda: delete_view(kept.pk, by=cast.tomas)):
        with pytest.raises(Refusal, match="Only whoever saved"):
            change()


def test_a_name_is_used_once_and_saving_again_replaces(cast):
    save_view("A", View(), by=cast.ana, at=MONDAY)
    other = save_view("B", View(), by=cast.ana, at=MONDAY)
    save_view("A", View.from_pairs(PAIRS), by=cast.ana, at=MONDAY)

    assert SavedView.objects.get(name="A").definition["sort"] == "-amount"
    with pytest.raises(Refusal, match="with that name already"):
        rename_view(other.pk, "A", by=cast.ana)
    assert rename_view(other.pk, "C", by=cast.ana).name == "C"
    delete_view(other.pk, by=cast.ana)
    assert names(cast.ana) == ["A"]


def test_a_reader_shares_nothing_and_a_name_is_needed(cast):
    with pytest.raises(Refusal, match="read only"):
        save_view("Mine", View(), by=cast.rita, at=MONDAY, shared=True)
    with pytest.raises(Refusal, match="Give the view a name"):
        save_view(" ", View(), by=cast.ana, at=MONDAY)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "x",
        {"filters": [["owner__password", "is", "x"]]},
        {"sort": "pk"},
        {"columns": ["values"]},
        {"filters": [["title", "regex", "x"]]},
    ],
)
def test_what_was_stored_is_trusted_no_more_than_an_address(cast, stored):
    if stored is None:
        stored = 7
    kept = SavedView.objects.create(name="x", owner=cast.ana, definition=stored, saved_at=MONDAY)

    with pytest.raises(Refusal):
        opened(kept.pk, by=cast.ana)


def test_a_shared_view_shows_each_member_their_own_deals():
    cast = Cast("own")
    cast.deal("Canary", owner=cast.bram, desk="operations")
    cast.deal("Mine", owner=cast.mia, desk="intake")
    kept = save_view("All", View(), by=cast.tomas, at=MONDAY, shared=True)

    seen = {
        who.name: [x.title for x in deals_list(who, opened(kept.pk, by=who), at=MONDAY).lines]
        for who in (cast.mia, cast.tomas)
    }

    assert {name: sorted(titles) for name, titles in seen.items()} == {
        "Mia Lind": ["Mine"],
        "Tomas Okafor": ["Canary", "Mine"],
    }
