"""`baton request fill`: which cells were filled from what, which were left and why, as JSON and in words."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from baton.decide.requests.workbook.reading import read_workbook
from tests.cast import Cast
from tests.templates import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(tmp_path):
    cast = Cast()
    cast.deal("Quayside", "visited", amount={"minor": 500_00, "currency": "GBP"})
    place = tmp_path / "template.xlsx"
    place.write_bytes(workbook(("S", [["Rep", "Open pipeline", "Target"], ["Ana", "", ""]])))
    return place


def fill(*args: object) -> str:
    out = StringIO()
    call_command("request", "fill", *map(str, args), stdout=out)
    return out.getvalue()


def test_a_template_is_filled_and_the_answer_says_from_what(template, tmp_path):
    found = json.loads(fill(template, "--out", tmp_path / "out.xlsx", "--json"))

    (cell,) = found["filled"]
    assert (cell["cell"], cell["value"], [one["title"] for one in cell["from"]]) == ("B2", 500, ["Quayside"])
    assert [one["why"] for one in found["left"]] == ["“Target”: Baton keeps no targets, budgets or plans."]
    assert read_workbook((tmp_path / "out.xlsx").read_bytes()).sheets[0].cells[2, 2].value == 500


def test_in_words_each_reason_stands_once(template, tmp_path):
    found = fill(template, "--out", tmp_path / "out.xlsx")

    assert "1 cells filled, 1 left, 0 kept." in found
    assert "S!C2  “Target”: Baton keeps no targets" in found


def test_figures_that_stand_already_are_kept_and_the_way_to_replace_them_is_said(template, tmp_path):
    template.write_bytes(workbook(("S", [["Rep", "Open pipeline"], ["Ana", 7]])))

    found = fill(template, "--out", tmp_path / "out.xlsx")

    assert "0 cells filled, 0 left, 1 kept." in found
    assert "--over replaces it" in found


def test_what_is_no_spreadsheet_is_refused_in_a_sentence(template, tmp_path):
    template.write_bytes(b"%PDF-1.7")

    with pytest.raises(CommandError, match="That is no spreadsheet"):
        fill(template, "--out", tmp_path / "out.xlsx")
