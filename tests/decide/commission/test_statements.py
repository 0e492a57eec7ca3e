"""A statement traces every line to its deal and its evidence; closed periods stay closed, corrections are new lines."""

from datetime import UTC, datetime, timedelta

import pytest

from baton.decide.commission.models import Statement, StatementLine
from baton.decide.commission.statements import close, paid_members, periods_of, statement_of
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.recording import record
from baton.map.current import forget_parsed
from baton.map.publishing import publish
from baton.work.beside import receipts
from baton.work.models import Use
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 1, 9, tzinfo=UTC)
RULES = """
commission:
  contracts:
    who: [ana, bram]
    paid_on: won
    rate: 5%
    split: {mia: 20%}
  cleaning:
    who: [ben]
    paid_on: paid
    rate: 10%
"""


@pytest.fixture
def cast():
    made = Cast()
    publish(FIRM + RULES, by=None, at=MONDAY - timedelta(days=300))
    forget_parsed()
    return made


def won(cast, title="Quayside", pounds=10_000, *, shown=True, owner=None, at=MONDAY):
    deal = cast.deal(title, at=at - HOUR, owner=owner or cast.ana, contact=cast.contact(title, f"{title}@x.example"))
    cast.tell("deal", deal.pk, by=cast.ana, at=at - HOUR / 2, amount={"minor": pounds * 100, "currency": "GBP"})
    if shown:
        yes = cast.mail(deal, "in", at=at, text="Yes, go ahead.")
        cast.tell("interaction", yes.pk, by=cast.ana, at=at, shows={"kind": "approval", "detail": ""})
    cast.tell("deal", deal.pk, by=cast.ana, at=at + HOUR / 4, stage="agreed", status="won")
    return fresh(deal)


def lines(cast, who, period="2026-11"):
    return [(line.amount.minor, line.how, line.because) for line in statement_of(getattr(cast, who), period).lines]


def test_each_line_leads_to_its_deal_and_its_share(cast):
    deal = won(cast)

    shown = statement_of(cast.ana, "2026-11")

    assert [(line.deal, line.base.minor, line.amount.minor) for line in shown.lines] == [(deal.pk, 1_000_000, 40_000)]
    assert lines(cast, "mia") == [(10_000, "20% of 5%", "")]
    assert lines(cast, "bram") == []
    assert [money.minor for money in shown.totals] == [40_000]


def test_a_stage_that_is_only_said_pays_nothing_until_something_shows_it(cast):
    deal = won(cast, shown=False)
    assert lines(cast, "ana") == [(0, "80% of 5%", "“Agreed” is said, and nothing shows it.")]

    yes = cast.mail(deal, "in", at=MONDAY + HOUR, text="Yes, go ahead.")
    cast.tell("interaction", yes.pk, by=cast.ana, at=TUESDAY, shows={"kind": "approval", "detail": ""})

    assert lines(cast, "ana") == [(40_000, "80% of 5%", "")]


def test_the_owner_when_it_was_won_earns_it_whoever_has_the_deal_later(cast):
    deal = won(cast)
    cast.tell("deal", deal.pk, at=TUESDAY, owner=str(cast.bram.pk))

    assert ([one[0] for one in lines(cast, "ana")], lines(cast, "bram")) == ([40_000], [])


def test_a_closed_period_stays_as_it_was_paid_and_what_changes_is_a_line_of_the_next(cast):
    deal = won(cast)
    close(cast.ana, "2026-11", by=cast.tomas, at=DECEMBER)
    cast.tell("deal", deal.pk, at=DECEMBER + HOUR, amount={"minor": 800_000, "currency": "GBP"})

    assert [one[0] for one in lines(cast, "ana")] == [40_000]
    [correction] = statement_of(cast.ana, "2026-12").lines
    assert (correction.amount.minor, correction.corrects, correction.deal) == (-8_000, "2026-11", deal.pk)
    assert correction.because == "Its amount was £10,000, is £8,000."


def test_a_correction_is_made_once_and_corrected_again(cast):
    deal = won(cast)
    close(cast.ana, "2026-11", by=cast.tomas, at=DECEMBER)
    cast.tell("deal", deal.pk, at=DECEMBER + HOUR, amount={"minor": 800_000, "currency": "GBP"})
    january = DECEMBER + timedelta(days=31)
    close(cast.ana, "2026-12", by=cast.tomas, at=january)

    assert lines(cast, "ana", "2027-01") == []
    cast.tell("deal", deal.pk, at=january + HOUR, status="lost", lost_reason="they changed their mind")
    assert lines(cast, "ana", "2027-01") == [(-32_000, "80% of 5%", "It is no longer won.")]


def test_evidence_that_comes_late_pays_in_the_next_period(cast):
    deal = won(cast, shown=False)
    close(cast.ana, "2026-11", by=cast.tomas, at=DECEMBER)
    yes = cast.mail(deal, "in", at=MONDAY + HOUR, received=DECEMBER + HOUR, text="Yes, go ahead.")
    cast.tell("interaction", yes.pk, by=cast.ana, at=DECEMBER + HOUR, shows={"kind": "approval", "detail": ""})

    assert lines(cast, "ana", "2026-12") == [(40_000, "80% of 5%", "What was missing is there now.")]


def test_a_deal_that_was_won_again_is_paid_once(cast):
    deal = won(cast)
    cast.tell("deal", deal.pk, at=TUESDAY, status="open", stage="quoted")
    cast.tell("deal", deal.pk, at=TUESDAY + HOUR, status="won", stage="agreed")

    assert [one[0] for one in lines(cast, "ana")] == [40_000]


def test_payments_pay_on_what_they_say_and_each_once(cast):
    deal = won(cast, owner=cast.ben)
    for number, minor in (("INV-1", 30_000), ("INV-2", 50_000)):
        paid = NewInteraction("document", "internal", "sheets", MONDAY, subject="Paid", live=False)
        paid.parts = {"payment": {"number": number, "minor": minor, "currency": "GBP"}}
        paid.filed = {"deal": str(deal.pk), "contact": None, "company": None, "audience": "full", "because": ""}
        record(interactions=[paid], by=Author(None, "sheets"), at=MONDAY)

    assert [one[0] for one in lines(cast, "ben")] == [3_000, 5_000]


def test_what_a_paid_statement_rests_on_was_used(cast):
    won(cast)
    statement = close(cast.bram, "2026-11", by=cast.tomas, at=DECEMBER)
    assert Use.objects.unscoped("tests").filter(used_in_id=statement.pk).count() == 0

    close(cast.mia, "2026-11", by=cast.tomas, at=DECEMBER)

    assert [one.sentence for one in receipts(cast.ana, DECEMBER + HOUR)] == [
        "Commission of Mia for 2026-11 was paid on your entries on Quayside"
    ]


@pytest.mark.parametrize(
    ("who", "at", "sentence"),
    [
        ("ana", DECEMBER, "The owner or a manager closes a period"),
        ("rita", DECEMBER, "The owner or a manager closes a period"),
        ("tomas", TUESDAY, "This period isn’t over yet"),
    ],
)
def test_who_closes_a_period_and_when(cast, who, at, sentence):
    with pytest.raises(Refusal, match=sentence):
        close(cast.ana, "2026-11", by=getattr(cast, who), at=at)


def test_a_period_is_closed_once(cast):
    won(cast)
    close(cast.ana, "2026-11", by=cast.tomas, at=DECEMBER)

    with pytest.raises(Refusal, match="This period is closed"):
        close(cast.ana, "2026-11", by=cast.tomas, at=DECEMBER + HOUR)
    assert (Statement.objects.count(), StatementLine.objects.count()) == (1, 1)


def test_only_those_whom_the_map_pays_have_statements(cast):
    assert [one.short_name for one in paid_members()] == ["Ana", "Ben", "Bram", "Mia"]
    assert [one.key for one in periods_of(cast.ana, MONDAY, most=3)] == ["2026-11", "2026-10", "2026-09"]
    assert periods_of(cast.tomas, MONDAY) == []


@pytest.mark.parametrize("key", ["", "2026-13", "2026-Q5", "1999-01", "2026-11-01", "x" * 40])
def test_a_period_that_is_none_is_refused(cast, key):
    with pytest.raises(Refusal, match="no such period"):
        statement_of(cast.ana, key)
