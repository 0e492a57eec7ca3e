"""Real exports come in with exactly the totals that their READMEs give; nothing else there hangs or is lost."""

from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from baton.channels.sheets.models import LeftRow, SheetRow
from baton.ledger.models import Company, Deal, Event
from baton.work.models import Duty
from tests.cast import Cast
from tests.channels.sheets.bringing import bring, counts

pytestmark = pytest.mark.django_db
FOLDER = "pipeline/maven-crm-sales-opportunities"
SAMPLE = 1200
"""Rows of the Maven pipeline that the suite reads; BATON_WHOLE=1 reads all 8,800, as `make prove` does."""
DEALS = Deal.objects.unscoped("tests")


def _maven(shared: Path) -> tuple[str, list[list[str]]]:
    import os

    lines = (shared / FOLDER / "sales_pipeline.csv").read_text().splitlines()
    lines = lines if os.environ.get("BATON_WHOLE") else lines[: SAMPLE + 1]
    return "\n".join(lines), [line.split(",") for line in lines[1:]]


def test_the_maven_pipeline_comes_in_with_its_totals(shared):
    cast = Cast()
    bring((shared / FOLDER / "accounts.csv").read_bytes(), by=cast.tomas, what="accounts.csv")
    text, rows = _maven(shared)

    job = bring(text, by=cast.tomas, what="sales_pipeline.csv")

    assert counts(job) == (len(rows), len(rows), 0, 0)
    stages = Counter(row.said["status"] for row in SheetRow.objects.filter(record_kind="deal"))
    asked = Counter({"Won": "won", "Lost": "lost"}.get(row[4], "open") for row in rows)
    assert stages == asked
    won = DEALS.filter(status="won").aggregate(Sum("amount"))["amount__sum"]
    assert won == 100 * sum(int(row[7]) for row in rows if row[4] == "Won")
    assert Company.objects.unscoped("tests").count() == 85
    if len(rows) == 8800:
        _assert_published_answers(shared)


def _assert_published_answers(shared: Path) -> None:
    assert dict(DEALS.values_list("status").annotate(Count("pk")).order_by()) == {
        "won": 4238,
        "lost": 2473,
        "open": 2089,
    }
    assert dict(DEALS.filter(status="open").values_list("stage").annotate(Count("pk")).order_by()) == {
        "enquiry": 500,
        "visited": 1589,
    }
    won = DEALS.filter(status="won")
    quarters: dict[int, list[int]] = {}
    for day, minor in won.values_list("close_date", "amount"):
        quarters.setdefault((day.month - 1) // 3 + 1, []).append(minor // 100)
    assert {quarter: (sum(there), len(there)) for quarter, there in quarters.items()} == {
        1: (1_134_672, 531),
        2: (3_086_111, 1_254),
        3: (2_982_255, 1_257),
        4: (2_802_496, 1_196),
    }
    assert DEALS.filter(status="open", company__isnull=True).count() == 1425
    assert DEALS.filter(status="open", amount__isnull=False).count() == 0


def test_what_was_imported_is_only_said_and_nobody_owes_anything_for_it(shared):
    cast = Cast()

    bring((shared / FOLDER / "sales_pipeline.csv").read_text()[:20_000].rpartition("\n")[0], by=cast.tomas)

    assert DEALS.filter(shown=True).count() == 0
    assert Duty.objects.unscoped("tests").count() == 0
    assert Event.objects.unscoped("tests").filter(live=True).count() == 0


def test_the_salesforce_set_comes_in_with_its_totals_and_finds_its_accounts_by_their_ids(shared):
    cast = Cast()
    accounts = bring(
        (shared / "pipeline/salesforce-export/accountData.csv").read_bytes(), by=cast.tomas, what="accountData.csv"
    )

    deals = bring((shared / "pipeline/salesforce-export/opportunityData.csv").read_bytes(), by=cast.tomas)

    assert counts(accounts) == (423, 423, 0, 0)
    assert counts(deals) == (38, 38, 0, 0)
    assert DEALS.aggregate(Sum("amount"))["amount__sum"] == 627_000_000
    assert DEALS.filter(status="won").aggregate(n=Count("pk"), sum=Sum("amount")) == {"n": 8, "sum": 220_000_000}
    assert dict(DEALS.values_list("category").annotate(Count("pk")).order_by()) == {"Pipeline": 30, "Closed": 8}
    assert DEALS.filter(company__isnull=True).count() == 0
    assert Company.objects.unscoped("tests").count() == 423
    assert Company.objects.unscoped("tests").filter(name__contains="é").exists()


def test_the_same_export_read_again_changes_nothing(shared):
    cast = Cast()
    raw = (shared / "pipeline/salesforce-export/opportunityData.csv").read_bytes()
    bring(raw, by=cast.tomas)

    again = bring(raw, by=cast.tomas)

    assert counts(again) == (38, 0, 38, 0)


OTHERS = sorted(
    [
        "pipeline/orocrm-import-template-de.csv",
        "pipeline/peer_import_headers.tsv",
        *(f"pipeline/salesforce-export/{name}0413060133.csv" for name in ("error", "success")),
        *(f"pipeline/{FOLDER.partition('/')[2]}/{name}.csv" for name in ("products", "sales_teams")),
    ]
)


@pytest.mark.parametrize(
    "folder", ["pipeline/salesforce-csv-edge-cases", "pipeline/us-federal-procurement-forecasts", *OTHERS]
)
def test_every_other_file_goes_through_and_each_row_is_let_in_known_or_left_for_later(shared, folder):
    cast = Cast()
    place = shared / folder
    for file in sorted(place.glob("*.csv")) if place.is_dir() else [place]:
        job = bring(file.read_bytes(), by=cast.tomas, what=file.name)

        assert job.read == job.total == job.recorded + job.already_known + job.parked, file.name
        assert LeftRow.objects.filter(job=job).count() == job.parked, file.name
        assert job.finished_at is not None
