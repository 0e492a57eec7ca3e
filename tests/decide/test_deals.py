"""The list: any sort, any filter, the map's own fields included, any page; and no name that isn't in the registry."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.decide.deals import Page, deals_list
from baton.decide.registry import registry
from baton.decide.typed import parse
from baton.decide.views import View
from baton.kernel.verdict import Refusal
from tests.cast import MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deals(cast):
    ferris, marlowe = cast.company("Ferris", "ferris.example"), cast.company("Marlowe", "marlowe.example")
    cast.deal("Alpha", "quoted", company=ferris, amount=gbp(300), scope="Glass dome", start_date="2026-12-01")
    cast.deal("Beta", "visited", company=marlowe, amount=gbp(100), owner=cast.bram, scope="Roof Straße")
    cast.deal("Črna", "enquiry", amount=gbp(200), start_date="2026-11-20", close_date="2026-12-24")
    cast.deal("Delta", "enquiry", next_step={"what": "call", "at": "2026-11-18T10:00:00Z"})
    cast.deal("Lost", "agreed", status="lost", amount=gbp(900))


def gbp(minor):
    return {"minor": minor, "currency": "GBP"}


def titles(member, *pairs, **more):
    return [line.title for line in deals_list(member, View.from_pairs(pairs), at=MONDAY, **more).lines]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["Alpha", "Beta", "Črna", "Delta"]),
        ("-title", ["Delta", "Črna", "Beta", "Alpha"]),
        ("amount", ["Beta", "Črna", "Alpha", "Delta"]),
        ("-amount", ["Alpha", "Črna", "Beta", "Delta"]),
        ("company", ["Alpha", "Beta", "Črna", "Delta"]),
        ("start_date", ["Črna", "Alpha", "Beta", "Delta"]),
        ("-start_date", ["Alpha", "Črna", "Delta", "Beta"]),
        ("scope", ["Alpha", "Beta", "Črna", "Delta"]),
        ("stage", ["Črna", "Delta", "Beta", "Alpha"]),
        ("next_step_at", ["Delta", "Alpha", "Beta", "Črna"]),
        ("owner", ["Alpha", "Črna", "Delta", "Beta"]),
    ],
)
def test_deals_sort_by_any_name_those_without_a_value_last(cast, deals, sort, expected):
    assert titles(cast.ana, ("sort", sort)) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([("amount.from", "2"), ("amount.to", "£2.50")], ["Črna"]),
        ([("amount.empty", "")], ["Delta"]),
        ([("amount.filled", "")], ["Alpha", "Beta", "Črna"]),
        ([("title.begins", "crn")], ["Črna"]),
        ([("scope.has", "strasse")], ["Beta"]),
        ([("scope.empty", "")], ["Črna", "Delta"]),
        ([("scope.filled", "")], ["Alpha", "Beta"]),
        ([("start_date.from", "2026-11-21")], ["Alpha"]),
        ([("start_date.to", "2026-12-01")], ["Alpha", "Črna"]),
        ([("start_date.is", "1 December 2026")], ["Alpha"]),
        ([("close_date.is", "2026-12-24")], ["Črna"]),
        ([("next_step_at.to", "2026-11-19")], ["Delta"]),
        ([("stage.any", "quoted"), ("stage.any", "visited")], ["Alpha", "Beta"]),
        ([("stage.none", "quoted"), ("stage.none", "visited")], ["Črna", "Delta"]),
        ([("status.any", "lost")], ["Lost"]),
        ([("status.filled", "")], ["Alpha", "Beta", "Črna", "Delta", "Lost"]),
        ([("shown.is", "no")], ["Alpha", "Beta", "Črna", "Delta"]),
        ([("shown.is", "yes")], []),
        ([("q", "ČRN")], ["Črna"]),
        ([("service.empty", ""), ("amount.from", "")], ["Alpha", "Beta", "Črna", "Delta"]),
    ],
)
def test_deals_are_filtered_by_any_name(cast, deals, asked, expected):
    assert titles(cast.ana, *asked, ("sort", "title")) == expected


def test_deals_are_filtered_by_whose_they_are(cast, deals):
    assert titles(cast.ana, ("owner.any", str(cast.bram.pk))) == ["Beta"]
    assert titles(cast.ana, ("owner.none", str(cast.bram.pk)), ("sort", "title")) == ["Alpha", "Črna", "Delta"]


def test_a_line_says_its_values_in_words(cast, deals):
    view = View.from_pairs([("q", "alpha"), ("columns", "title,company,stage,owner,amount,start_date,scope")])

    [line] = deals_list(cast.ana, view, at=MONDAY).lines

    assert [cell.text for cell in line.cells] == [
        "Alpha",
        "Ferris",
        "Quoted",
        "Ana Horvat",
        "£3",
        "1 December 2026",
        "Glass dome",
    ]


HOSTILE = [
    "password", "owner__password", "company__merged_into", "values", "id", "pk", "head", "x' OR 1=1 --", "",
    "title__gt", "states", "amount; DROP TABLE baton_deal", "_connector", "Q", "scope__x", "\x00", "ti tle",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_unknown_names_are_refused_with_a_sentence(cast, deals, name):
    for pairs in ([(f"{name}.is", "1")], [("sort", name or "-")], [("columns", name or "?")]):
        with pytest.raises(Refusal, match="nothing called"):
            deals_list(cast.ana, View.from_pairs(pairs), at=MONDAY)


@pytest.mark.parametrize("operator", ["gt", "contains", "in", "regex", "is__or", "", "__class__", "from"])
def test_operators_that_a_type_does_not_have_are_refused(operator):
    Cast()
    with pytest.raises(Refusal, match="can’t be filtered that way"):
        View.from_pairs([(f"title.{operator}", "x")])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=20), operator=st.text(max_size=8), typed=st.text(max_size=30), after=st.text(max_size=40))
def test_whatever_an_address_says_is_answered_or_refused(cast, name, operator, typed, after):
    known = sorted(registry())
    for key in (name, known[len(name) % len(known)]):
        for op in (operator, *registry().get(key, registry()["title"]).operators):
            pairs = [(f"{key}.{op}", typed), ("sort", key), ("q", typed)]
            assert isinstance(_answer(cast.ana, pairs, after), Page | Refusal)


UNHOLDABLE = ["\x00", "a\x00b", "\ud800", "9" * 60, "£" + "9" * 40, "١٢", "1e400", "-0", "9999-12-31", "0001-01-01"]


def test_what_no_database_holds_is_answered_or_refused(cast, deals):
    for one in registry().values():
        for number, typed in enumerate(UNHOLDABLE):
            operator = one.operators[number % len(one.operators)]
            for asked in {operator, one.operators[0]}:
                pairs = [(f"{one.name}.{asked}", typed), ("sort", one.name), ("q", typed)]
                assert isinstance(_answer(cast.ana, pairs, ""), Page | Refusal)


@pytest.mark.parametrize("key", ['"\\u0000"', "9" * 31, "[]", "{}", "true", '"x"', "1.5", '"9999-12-31"', "null"])
def test_bookmarks_that_no_page_gave_are_answered_or_refused(cast, deals, key):
    for name in registry():
        after = f'["01a200fa-2c00-7077-b60b-97376e00b343",{key}]'
        assert isinstance(_answer(cast.ana, [("sort", name)], after), Page | Refusal)


def _answer(member, pairs, after):
    try:
        return deals_list(member, View.from_pairs(pairs), at=MONDAY, after=after)
    except Refusal as refused:
        return refused


@pytest.mark.parametrize(
    "sort", ["amount", "-amount", "title", "start_date", "-start_date", "stage", "company", "scope", "next_step_at"]
)
def test_bookmarks_and_page_numbers_walk_the_same_rows_once_each(cast, deals, sort):
    view = View.from_pairs([("sort", sort)])
    pages = [deals_list(cast.ana, view, at=MONDAY, number=n, size=1) for n in (1, 2, 3, 4)]
    walked, page = [], deals_list(cast.ana, view, at=MONDAY, size=1)
    walked.append(page.lines[0].title)
    while page.after:
        page = deals_list(cast.ana, view, at=MONDAY, size=1, after=page.after)
        walked += [line.title for line in page.lines]

    assert walked == [page.lines[0].title for page in pages] == titles(cast.ana, ("sort", sort))
    assert (pages[0].total, pages[0].pages) == (4, 4)


def test_a_bookmark_is_not_thrown_by_a_deal_that_came_meanwhile(cast, deals):
    view = View.from_pairs([("sort", "title")])
    first = deals_list(cast.ana, view, at=MONDAY, size=2)
    cast.deal("Aardvark", at=TUESDAY)

    assert [line.title for line in deals_list(cast.ana, view, at=MONDAY, size=2, after=first.after).lines] == [
        "Črna",
        "Delta",
    ]


def test_another_team_s_deals_are_in_no_line_and_no_total():
    cast = Cast("own")
    cast.deal("Canary", owner=cast.bram, desk="operations", scope="canary")
    cast.deal("Mine", owner=cast.mia, desk="intake", scope="mine")

    page = deals_list(cast.mia, View.from_pairs([("scope.filled", ""), ("sort", "scope")]), at=MONDAY)

    assert (page.total, [line.title for line in page.lines]) == (1, ["Mine"])


def test_the_list_takes_as_many_queries_at_2500_deals_as_at_25(cast, django_assert_num_queries):
    from tests.decide.test_pipeline import many_deals

    view = View.from_pairs([("sort", "scope"), ("columns", "title,scope,owner,amount")])
    many_deals(cast, 25)
    with CaptureQueriesContext(connection) as few:
        deals_list(cast.ana, view, at=MONDAY)
    many_deals(cast, 2475)

    with django_assert_num_queries(len(few)):
        page = deals_list(cast.ana, view, at=MONDAY, number=50)

    assert (page.total, page.pages, page.number, len(page.lines)) == (2500, 50, 50, 50)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("amount", "12.5k", {"minor": 1_250_000, "currency": "GBP"}),
        ("amount", "12,500", {"minor": 1_250_000, "currency": "GBP"}),
        ("amount", "€300", {"minor": 30_000, "currency": "EUR"}),
        ("close_date", "1 December", "2026-12-01"),
        ("close_date", "2026-12-24", "2026-12-24"),
        ("stage", "Quoted", "quoted"),
        ("shown", "ja", True),
        ("title", "  Harbour  ", "Harbour"),
        ("title", "   ", None),
    ],
)
def test_what_is_typed_becomes_a_value(name, text, value):
    Cast()
    assert parse(registry()[name], text, MONDAY) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("amount", "lots"), ("close_date", "soon"), ("stage", "nowhere"), ("shown", "maybe"), ("owner", "me")],
)
def test_what_can_t_be_read_is_refused_with_a_sentence(name, text):
    Cast()
    with pytest.raises(Refusal):
        parse(registry()[name], text, MONDAY)
