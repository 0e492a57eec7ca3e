"""A template is filled with what Baton can stand behind: figures, lists, totals; and says why a cell stays empty."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from baton.decide.requests.answering import Answer, answer_template
from baton.decide.requests.workbook.places import ref
from baton.decide.requests.workbook.reading import read_workbook
from tests.cast import MONDAY, Cast
from tests.templates import workbook

pytestmark = pytest.mark.django_db


def gbp(major):
    return {"minor": major * 100, "currency": "GBP"}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deals(cast):
    november, december = "2026-11-27", "2026-12-18"
    cast.deal("Quayside Tower", "visited", amount=gbp(84_600), close_date=november)
    cast.deal("Alder House", "visited", amount=gbp(24_500), close_date=december)
    cast.deal("Fernhill", "visited", owner=cast.bram, amount=gbp(50_000), close_date=december)
    cast.deal("Portside", "agreed", owner=cast.bram, amount=gbp(52_600), close_date=november, status="won")
    cast.deal("No date", "enquiry", owner=cast.bram, amount=gbp(1_000))


def filled(answer: Answer) -> dict[str, object]:
    return {ref(one.at): one.figure.value for one in answer.filled}


def left(answer: Answer) -> dict[str, str]:
    return {ref(one.at): one.why for one in answer.left}


def answered(cast, raw, **more) -> Answer:
    return answer_template(raw, member=cast.tomas, at=MONDAY, **more)


def test_one_row_a_person_and_one_column_a_month_is_filled_with_what_is_open_in_it(cast, deals):
    rows = [["Open pipeline"], [], ["Rep", "Nov", "Dec", "Total"], ["Ana Horvat", "", "", ""], ["Bram", "", "", ""]]

    found = filled(answered(cast, workbook(("By rep", rows))))

    assert found == {"B4": 84_600, "C4": 24_500, "D4": 109_100, "B5": 0, "C5": 50_000, "D5": 50_000}


def test_what_one_column_asks_is_filled_for_each_row(cast, deals):
    rows = [
        ["", "Open deals", "Signed", "Weighted", "Largest deal", "Target"],
        ["Ana", "", "", "", "", ""],
        ["Bram", "", "", "", "", ""],
    ]

    answer = answered(cast, workbook(("Sheet1", rows)))

    assert filled(answer) == {
        "B2": 2, "C2": 0, "D2": 0, "E2": "Quayside Tower", "B3": 2, "C3": 52_600, "D3": 0, "E3": "Fernhill",
    }  # fmt: skip
    assert left(answer)["F2"] == "“Target”: Baton keeps no targets, budgets or plans."


def test_a_total_under_a_column_is_the_sum_of_its_cells_and_stays_empty_where_one_of_them_does(cast, deals):
    rows = [["", "Open deals", "Q4 2026"], ["Ana", "", ""], ["Nobody Known", "", ""], ["Total", "", ""]]

    answer = answered(cast, workbook(("Open pipeline", rows)))

    assert filled(answer) == {"B2": 2, "C2": 109_100}
    assert left(answer)["B3"] == "Baton keeps nothing called “Nobody Known”."
    assert left(answer)["B4"] == "1 cell that it adds up is open."


def test_a_list_of_deals_has_a_row_a_deal_in_the_order_in_which_they_close(cast, deals):
    rows = [["Pipeline review"], [], ["Deal", "Owner", "Stage", "Value (£k)", "Close date", "Budget holder"]]

    answer = answered(cast, workbook(("List", rows)))

    found = filled(answer)
    assert [found[f"A{row}"] for row in range(4, 8)] == ["Quayside Tower", "Alder House", "Fernhill", "No date"]
    assert (found["B4"], found["C4"], found["D4"], found["E4"]) == ("Ana Horvat", "Visited", 84.6, date(2026, 11, 27))
    assert left(answer)["E7"] == "Nobody has said it yet."
    assert left(answer)["F4"] == "“Budget holder”: Baton keeps nothing of that."


MARKS = ["{{item.Title}}", "{{item.Customer.Company}}", "{{item.Amount}}", "{{item.ShipDate}}"]


def test_a_row_of_another_programs_marks_is_repeated_for_each_deal_and_names_what_baton_has_not(cast, deals):
    rows = [["Deal", "Client", "Amount", "Ship date"], MARKS]

    answer = answered(cast, workbook(("S", rows)))

    assert [filled(answer).get(f"A{row}") for row in range(2, 7)] == [
        "Quayside Tower", "Alder House", "Fernhill", "No date", None,
    ]  # fmt: skip
    assert filled(answer)["C2"] == 84_600
    assert left(answer)["D2"] == "Baton keeps nothing called “Ship date”."


def test_a_row_of_marks_with_something_under_it_stays_since_that_would_have_to_move(cast, deals):
    rows = [["Deal", "Client", "Amount", "Ship date"], MARKS, [None, "Total", "<<sum>>"]]

    answer = answered(cast, workbook(("S", rows)))

    assert filled(answer) == {}
    assert left(answer)["A2"] == (
        "“{{item.Title}}”: its program repeats row 2 for each record. 4 rows would be needed here, and Baton puts none "
        "in: what stands from B3 on would move. Leave so many empty under the headers."
    )
    assert left(answer)["D2"].endswith("Baton keeps nothing called “Ship Date”.")
    assert left(answer)["C3"] == ("“<<sum>>” is a command to another program. Put a formula or a label in its place.")


def test_a_list_with_too_few_rows_keeps_its_total_right(cast, deals):
    rows = [["Deal", "Amount", "Close date"], ["", "", ""], ["", "", ""], ["Total", "=SUM(B2:B3)", ""]]

    found = filled(answered(cast, workbook(("List", rows))))

    assert (found["A2"], found["B2"], found["A3"], found["B3"]) == (
        "Quayside Tower",
        84_600,
        "and 3 more deals",
        75_500,
    )


def test_a_list_with_a_row_a_person_names_those_who_have_deals(cast, deals):
    found = filled(answered(cast, workbook(("S", [["Sales rep", "Open deals", "Pipeline"]]))))

    assert found == {"A2": "Ana Horvat", "B2": 2, "C2": 109_100, "A3": "Bram Castell", "B3": 2, "C3": 51_000}


def test_a_deal_is_found_by_its_name_and_its_columns_are_filled(cast, deals):
    rows = [["Projekt", "Betrag", "Abschlussdatum", "Phase"], ["Fernhill", "", "", ""], ["Unknown", "", "", ""]]

    answer = answered(cast, workbook(("S", rows)))

    assert filled(answer) == {"B2": 50_000, "C2": date(2026, 12, 18), "D2": "Visited"}


@pytest.mark.parametrize(
    ("heads", "who"),
    [
        (["Verkäufer", "Offene Deals", "Pipeline Q4"], "Ana"),
        (["Prodavač", "Otvoreni poslovi", "Pipeline 4. kvartal"], "Ana"),
    ],
)
def test_german_and_croatian_headers_are_read(cast, deals, heads, who):
    found = filled(answered(cast, workbook(("S", [heads, [who, "", ""]]))))

    assert found == {"B2": 2, "C2": 109_100}


def test_a_form_is_filled_beside_its_labels_and_a_title_is_no_label_of_a_form(cast, deals):
    rows = [["Sales forecast"], ["Please return by noon"], [], ["Open pipeline:", ""], ["Won in Nov:", ""]]

    assert filled(answered(cast, workbook(("S", rows)))) == {"B4": 160_100, "B5": 52_600}


def test_cells_that_hold_figures_keep_them_unless_somebody_wants_them_replaced(cast, deals):
    raw = workbook(("S", [["Rep", "Open pipeline"], ["Ana", 7], ["Bram", ""]]))

    assert filled(answered(cast, raw)) == {"B3": 51_000}
    assert filled(answered(cast, raw, keep=False)) == {"B2": 109_100, "B3": 51_000}


def test_zeros_that_stand_in_for_what_is_wanted_give_way(cast, deals):
    assert filled(answered(cast, workbook(("S", [["Rep", "Open pipeline"], ["Ana", 0], ["Bram", 0]])))) == {
        "B2": 109_100,
        "B3": 51_000,
    }


def test_a_word_that_may_mean_two_things_is_left_to_a_person_and_remembered(cast, deals):
    raw = workbook(("S", [["Rep", "Revenue Nov"], ["Bram", ""]]))

    asked = answered(cast, raw)
    told = answered(cast, raw, answers={"revenue nov": {"status": "won", "base": "amount"}})

    assert (filled(asked), [one.state for one in asked.left]) == ({}, ["ask"])
    assert filled(told) == {"B2": 52_600}


def test_what_lies_before_the_record_or_has_not_begun_stays_empty(cast, deals):
    rows = [["Rep", "Won 2001", "Won Dec 2026", "Won Q4 2026"], ["Bram", "", "", ""]]

    answer = answered(cast, workbook(("S", rows)))

    assert filled(answer) == {"D2": 52_600}
    assert left(answer)["B2"].startswith("Baton’s record begins on")
    assert left(answer)["C2"] == "That time hasn’t begun."


def test_amounts_in_another_currency_are_never_added_without_a_rate(cast, deals):
    cast.deal("Zagreb", "visited", amount={"minor": 100, "currency": "EUR"})

    answer = answered(cast, workbook(("S", [["Rep", "Open pipeline"], ["Ana", ""]])))

    assert left(answer)["B2"] == "Some of it is in EUR, and no rate to GBP is known."


def test_nobody_gets_figures_over_what_they_may_not_see():
    cast = Cast("own")
    cast.deal("Secret", "visited", amount=gbp(5), owner=cast.ana)
    raw = workbook(("S", [["Rep", "Open pipeline"], ["Ana", ""]]))

    seen = answer_template(raw, member=cast.tomas, at=MONDAY)
    unseen = answer_template(raw, member=cast.ben, at=MONDAY)

    assert (filled(seen), filled(unseen)) == ({"B2": 5.0}, {"B2": 0.0})


def test_locked_cells_of_a_protected_sheet_stay_and_say_so(cast, deals):
    def protect(made, sheets):
        sheets[0].protect()
        sheets[0].write_blank(1, 2, None, made.add_format({"locked": False}))

    raw = workbook(("S", [["Rep", "Open pipeline", "Open deals"], ["Ana", "", None]]), then=protect)

    answer = answered(cast, raw)

    assert (filled(answer), left(answer)) == ({"C2": 2}, {"B2": "The sheet is protected, and this cell is locked."})


def test_every_filled_cell_names_its_deals_and_facts_on_the_sheet_of_sources(cast, deals):
    answer = answered(cast, workbook(("S", [["Rep", "Open pipeline", "Target"], ["Ana", "", ""]])))

    book = read_workbook(answer.file.content)

    rows = {row: [cell.value for at, cell in book.sheets[1].cells.items() if at[0] == row] for row in (2, 3, 4, 7)}
    assert book.sheets[1].name == "Sources"
    assert rows[2][:8] == [
        "S",
        "B2",
        109_100,
        "worth, open: Open pipeline + Ana",
        84_600,
        "Quayside Tower",
        "Amount",
        "£84,600",
    ]
    assert rows[3][6:10] == ["Deal owner", "Ana Horvat", "Tomas Okafor", "2026-11-16"]
    assert book.sheets[0].cells[2, 2].value == 109_100


def test_a_value_that_is_only_suggested_or_past_its_day_marks_the_cell(cast, deals):
    later = MONDAY + timedelta(days=60)
    rows = [["Rep", "Open pipeline Q4 2026", "Open deals"], ["Ana", "", ""]]

    answer = answer_template(workbook(("S", rows)), member=cast.tomas, at=later)

    assert {ref(one.at): one.trust for one in answer.filled} == {"B2": "stale", "C2": "confirmed"}


def test_the_same_template_a_month_later_has_the_same_fingerprint_and_another_has_not(cast, deals):
    one = workbook(("S", [["Rep", "Nov", "Dec"], ["Ana", 1, 2], ["Total", "=B2", "=C2"]]))
    next_month = workbook(("S", [["Rep", "Dec", "Jan"], ["Bram", "", ""], ["Total", "=B2", "=C2"]]))
    other = workbook(("S", [["Rep", "Nov", "Dec", "Target"], ["Ana", 1, 2, 3], ["Total", "=B2", "=C2", ""]]))

    prints = [answered(cast, raw).fingerprint for raw in (one, next_month, other)]

    assert prints[0] == prints[1] != prints[2]
