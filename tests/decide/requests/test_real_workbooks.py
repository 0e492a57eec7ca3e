"""The workbooks of the survey: every one is filled, or says precisely what it can't."""

from __future__ import annotations

import pytest

from baton.decide.requests.answering import answer_template
from baton.decide.requests.telling import told
from baton.members.models import Member
from tests.cast import MONDAY, Cast

NAMES = (
    "Sigrid Grooms", "Majorie Flaherty", "Stevie Fisk", "Nova Bolduc", "Naoma Moyer", "Eric Minter", "Dotty Dorn",
    "Kandice Hussey", "Cleo Nixon",
)  # fmt: skip
pytestmark = pytest.mark.django_db


def test_every_workbook_is_filled_or_says_why_each_of_its_cells_stays(shared):
    cast = Cast()
    cast.deal("Quayside", "visited", amount={"minor": 100, "currency": "GBP"}, close_date="2026-11-27")

    for book in sorted((shared / "forecast-spreadsheets").rglob("*.xlsx")):
        found = told(answer_template(book.read_bytes(), member=cast.tomas, at=MONDAY))
        assert found["filled"] or found["reasons"] or found["kept"] or found["notes"], book.name
        assert all(one["why"] for one in found["left"]), book.name


def test_the_plan_of_2001_is_left_as_it_is_since_baton_keeps_none_of_what_it_asks(shared):
    cast = Cast()
    raw = (shared / "forecast-spreadsheets" / "enron-2001-forecast-2002-plan.xlsx").read_bytes()

    found = told(answer_template(raw, member=cast.tomas, at=MONDAY))

    why = {one["why"] for one in found["left"] if one["sheet"] == "Income Statement"}
    assert (found["filled"], found["notes"]) == (
        [],
        ["It points at 5 other files: what came from there stays as it last was."],
    )
    assert {
        "Baton keeps nothing called “Originations”.",
        "“2002 Plan”: Baton keeps no targets, budgets or plans.",
        "“Operating Expenses”: costs, margins and profit stand in the books, not in Baton.",
    } <= why


PAIRS = [
    ("closedxml-GroupTagTests_MergeLabels", "Order No", "repeats “Orders” (A5:I6)"),
    ("closedxml-Subranges_WithSubtotals_tMD2", "Sale Date", "repeats “Customers” (A4:J11)"),
    ("closedxml-tLists2_sum", "Ship Date", "“{{Company}}” is a mark of another program’s for one record"),
    ("closedxml-tPivot1", "Payment Method", "1 row would be needed here, and Baton puts none in: what stands from A5"),
]
"""Templates of a shop’s orders and their lines, one thing that each asks for, and which rows its program repeats."""


@pytest.mark.parametrize(("name", "asked", "repeats"), PAIRS)
def test_templates_of_a_shops_orders_are_left_whole_and_name_what_baton_does_not_keep(shared, name, asked, repeats):
    cast = Cast()
    cast.deal("Quayside", "visited", amount={"minor": 100, "currency": "GBP"}, close_date="2026-11-27")
    raw = (shared / "forecast-spreadsheets/fill-templates" / f"{name}-template.xlsx").read_bytes()

    found = told(answer_template(raw, member=cast.tomas, at=MONDAY))

    why = " ".join(one["why"] for one in found["left"])
    assert found["filled"] == []
    assert asked.replace("Sale Date", "Order") in why
    assert repeats in why


def test_sales_by_month_are_filled_for_those_who_work_here(shared):
    cast = Cast()
    rep = Member.objects.create_user("ivelisse@lime.example", name="Ivelisse Peel")
    cast.deal("A", "agreed", owner=rep, status="won", amount={"minor": 70_000, "currency": "GBP"})
    raw = (shared / "forecast-spreadsheets" / "sales-rep-by-month.xlsx").read_bytes()

    kept = told(answer_template(raw, member=cast.tomas, at=MONDAY))
    over = told(answer_template(raw, member=cast.tomas, at=MONDAY, keep=False, said="What did we win?"))

    assert (kept["filled"], kept["kept"]) == ([], 60)
    assert (over["filled"], {one["why"] for one in over["left"]}) == (
        [],
        {
            "Baton’s record begins on Mon 16 Nov, later than this asks for.",
            *(f"Baton keeps nothing called “{name}”." for name in NAMES),
        },
    )
