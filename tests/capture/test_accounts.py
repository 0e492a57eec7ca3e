"""Mail of known accounts is filed where its owner had filed it, or waits; measured on the folders of a real team."""

import pytest

from bench.accounts import file_all, rows_of
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


def test_who_writes_from_a_known_company_is_filed_there_and_hardly_ever_elsewhere(shared):
    Cast()
    rows = [row for index, row in enumerate(rows_of(shared)) if not row.folder.startswith("iso/") or index % 4 == 0]

    found = file_all(shared, rows, MONDAY)

    assert found["outside"].total >= 40
    assert found["outside"].share("wrong") <= 0.02
    assert found["outside"].share("inbox") <= 0.10
    assert found["inside"].counts["wrong"] == 0
