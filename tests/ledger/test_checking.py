"""`baton check` rebuilds what is derived from the ledger; every corrupted column is found."""

from datetime import UTC, datetime

import pytest
from django.db import models, transaction

from baton.ledger.checking import Report
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Address, Company, Contact, Deal, DealSeat, DealState, Event, FieldIndex, Interaction
from baton.ledger.recording import record
from baton.work.checking import check
from baton.work.models import Duty
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Cast:
    """A business in which something of every kind has happened."""
    cast = Cast()
    company = cast.company()
    deal = cast.deal(contact=cast.contact(company=company), company=company)
    other = cast.deal("Northgate", at=MONDAY)
    cast.mail(deal, at=MONDAY)
    cast.mail(deal, "out", at=MONDAY + HOUR)
    moved = cast.mail(deal, at=MONDAY + 2 * HOUR)
    cast.mail(None, at=MONDAY)
    cast.tell(
        "deal", deal.pk, at=TUESDAY, owner=str(cast.bram.pk), amount={"minor": 100, "currency": "GBP"}, need="salt"
    )
    cast.tell("deal", deal.pk, at=TUESDAY, next_step={"what": "call", "at": "2026-11-20T10:00:00Z"})
    refiled = Entry("interaction", moved.pk, "filed", {"deal": str(other.pk), "audience": "full"})
    record([refiled], by=Author(cast.ana), at=WEDNESDAY)
    cast.tell("deal", deal.pk, at=WEDNESDAY, stage="visited", next_step=None)
    cast.business_deal = deal
    return cast


def test_how_far_it_is_is_told_while_it_looks(business):
    heard = []

    check(Report(tell=lambda what, done, total: heard.append((what, done, total))))

    assert ("records: deal", 2, 2) in heard
    assert ("duties: deal", 2, 2) in heard
    assert all(done <= total for _, done, total in heard)


def test_nothing_differs_where_nothing_was_touched(business):
    report = check()

    assert report.differences == []
    assert report.records > 5
    assert report.facts > 15


def corrupted(value, field):
    """Return another value of the column's own type."""
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return datetime(2001, 1, 1, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return datetime(2001, 1, 1, tzinfo=UTC).date()
    if isinstance(field, models.BinaryField):
        return b"other"
    if isinstance(field, models.JSONField):
        return {"other": {"v": 1}}
    if isinstance(field, models.UUIDField):
        return "01a200cc-f787-7118-989a-7b57a5396078"
    if isinstance(field, models.IntegerField):
        return (value or 0) + 7
    return "other"[: field.max_length]


LEDGER_ITSELF = {"id"}
DERIVED = [
    (Company, set()),
    (Contact, set()),
    (Deal, set()),
    (Event, set()),
    (DealState, {"deal"}),
    (Duty, set()),
    (FieldIndex, {"record_kind", "record_id", "field"}),
    (Address, {"contact", "company"}),
]
INTERACTION_DERIVED = ["contact", "company", "deal", "audience", "filed_at", "filed_because", "set_aside_at"]


COLUMNS = {
    model: [f for f in model._meta.concrete_fields if f.name not in LEDGER_ITSELF | skipped]
    for model, skipped in DERIVED
}
COLUMNS[Interaction] = [
    Interaction._meta.get_field(name) for name in [*INTERACTION_DERIVED, "version", "head", "touched_at", "values"]
]


@pytest.mark.parametrize("model", COLUMNS, ids=lambda model: model.__name__)
def test_every_corrupted_column_is_found(business, model):
    row = rows_of(model).exclude(deal__isnull=True).last() if model is Duty else rows_of(model).order_by("pk").first()

    overlooked = [field.name for field in COLUMNS[model] if not found_after(corrupt(row, field))]

    assert overlooked == []


@pytest.mark.parametrize("model", [Event, DealState, DealSeat, FieldIndex, Address, Duty], ids=lambda m: m.__name__)
def test_a_row_that_vanished_is_found(business, model):
    first = rows_of(model).order_by("pk").values_list("pk", flat=True).first()

    assert found_after(lambda: rows_of(model).filter(pk=first)._raw_delete("default"))


def rows_of(model):
    """Return all rows, guarded or not."""
    return model.objects.unscoped("tests") if hasattr(model.objects, "unscoped") else model.objects.all()


def found_after(damage) -> bool:
    """Do the damage, look whether it is found, and undo it."""
    with transaction.atomic():
        damage()
        found = check().differences != []
        transaction.set_rollback(True)
    return found


def corrupt(row, field):
    """Return the deed of putting something else into one column of a row."""
    value = getattr(row, field.attname)
    other = another(field, value) if isinstance(field, models.ForeignKey) else corrupted(value, field)
    return lambda: rows_of(type(row)).filter(pk=row.pk).update(**{field.attname: other})


def another(field, value):
    """Return the id of another row of the kind that the column points at, or none where there is only one."""
    ids = rows_of(field.related_model).exclude(pk=value) if value else rows_of(field.related_model)
    return ids.order_by("pk").values_list("pk", flat=True).first()
