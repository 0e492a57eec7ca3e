"""A sheet is told to be the pipeline by its heads, and no other sheet is."""

import csv
import io

import pytest

from baton.capture.grammar.pipelines import pipeline_columns
from baton.channels.email.message import Attachment
from baton.channels.email.tables import pipeline_in

PIPELINES = ["sales_pipeline.csv", "error0413060133.csv", "opportunityData.csv", "success0413060133.csv"]
"""Those of the shared data that hold opportunities; the other sheets there are budgets, ledgers and reports."""


@pytest.mark.parametrize(
    "heads",
    [
        ["Deal", "Owner", "Stage", "Amount", "Close date"],
        ["Client", "Value (£k)", "Prob %", "Expected month"],
        ["Kunde", "Betrag", "Stufe", "Wahrscheinlichkeit", "Abschluss"],
        ["Klijent", "Iznos", "Faza", "Vjerojatnost", "Vlasnik"],
        ["NAME", "ACCOUNTID", "STAGENAME", "AMOUNT", "PROBABILITY", "CLOSEDATE"],
    ],
)
def test_the_heads_of_a_pipeline(heads):
    assert pipeline_columns([["Pipeline, week 47"], [], heads, ["x", 1, 2, 3]]) == (2, heads)


@pytest.mark.parametrize(
    "heads",
    [
        ["Name", "Email", "Phone"],
        ["Item", "Quantity", "Price", "Total"],
        ["Customer", "0-30", "31-60", "61-90", "Total"],
        ["Month", "Revenue", "Cost", "Profit"],
        ["Client", "Amount"],
    ],
)
def test_heads_of_other_sheets(heads):
    assert pipeline_columns([heads, ["x", 1, 2, 3]]) is None


def test_of_the_real_sheets_only_the_pipelines_are_taken_for_one(shared):
    places = [
        *sorted((shared / "forecast-spreadsheets").glob("*.xlsx")),
        *sorted((shared / "pipeline" / "maven-crm-sales-opportunities").glob("*.csv")),
        *sorted((shared / "pipeline" / "salesforce-export").glob("*.csv")),
    ]

    found = [p.name for p in places if pipeline_in(Attachment(p.name, "", 0, "", p.read_bytes(), False, ""))]

    assert (len(places) > 15, found) == (True, PIPELINES)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x00" * 1000])
def test_a_broken_sheet_is_no_pipeline(content):
    assert pipeline_in(Attachment("pipeline.xlsx", "", 0, "", content, False, "")) is None


def test_rows_are_counted_and_columns_kept():
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["Deal", "Stage", "Amount", "Owner"], ["A", "Quoted", 1, "Ana"], []])

    found = pipeline_in(Attachment("p.csv", "", 0, "abc", text.getvalue().encode(), False, ""))

    assert found == {"file": "p.csv", "sha256": "abc", "columns": ["Deal", "Stage", "Amount", "Owner"], "rows": 1}
