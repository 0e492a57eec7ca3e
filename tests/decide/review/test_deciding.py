"""What is decided is recorded on the deal with the review as its source; who entered the values gets a receipt."""

from datetime import date, timedelta

import pytest

from baton.decide.review import deciding
from baton.decide.review.capturing import begin_deal
from baton.decide.review.minutes import minutes_of
from baton.decide.review.models import Snapshot, Talk
from baton.decide.review.reviews import begin, decision_of, end, present_at
from baton.decide.review.snapshots import changes_between, holds
from baton.kernel.money import Money
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal, Fact, Interaction
from baton.map.publishing import publish
from baton.work.beside import receipts
from baton.work.checking import check
from baton.work.models import Duty, Promise, Question, Use
from tests.cast import FIRM, HOUR, MINUTE, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(days=4)
EARLIER = MONDAY - timedelta(days=3)


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    amount = {"minor": 3_300_000, "currency": "GBP"}
    made = cast.deal("Gantry Works", stage="visited", at=EARLIER, close_date="2026-11-27", amount=amount)
    cast.tell("deal", made.pk, by=cast.ana, at=EARLIER + HOUR, amount={"minor": 3_400_000, "currency": "GBP"})
    return fresh(made)


@pytest.fixture
def review(cast, deal):
    return begin(decision_of(), by=cast.tomas, at=MONDAY)


def decide_on(review, deal, deed, cast, at=MONDAY + MINUTE, decided_by=None):
    return deciding.decide(review, deal, deed, by=cast.tomas, at=at, decided_by=decided_by)


def decide(review, deal, deed, cast, at=MONDAY + MINUTE, decided_by=None):
    decide_on(review, deal, deed, cast, at, decided_by)
    return fresh(deal)


def source_of(record_id, field):
    fact = Fact.objects.unscoped("tests").filter(record_id=record_id, field=field).order_by("-seq").first()
    return Interaction.objects.unscoped("tests").get(pk=fact.interaction_id)


def test_a_next_step_that_is_decided_has_the_review_as_its_source(cast, deal, review):
    deed = deciding.next_step(deal, "Book the visit", owed_by=cast.bram, at=MONDAY, by_when=FRIDAY)

    after = decide(review, deal, deed, cast, decided_by=cast.ana)

    source = source_of(deal.pk, "next_step")
    assert (after.next_step, after.next_step_by_id, after.next_step_at) == ("Book the visit", cast.bram.pk, FRIDAY)
    assert (source.channel, source.thread, source.author_id) == ("review", review.pk, cast.tomas.pk)
    assert source.subject == "Next: Book the visit (Bram, Fri 09:00)"
    assert source.parts["decided_by"] == str(cast.ana.pk)


def test_figures_owners_stages_and_losses_are_written_on_the_deal(cast, deal, review):
    after = decide(
        review, deal, deciding.figures(deal, amount=Money(2_000_000, "GBP"), close_date=date(2026, 12, 4)), cast
    )
    assert (after.amount, after.close_date) == (2_000_000, date(2026, 12, 4))
    after = decide(review, after, deciding.give_to(after, cast.bram), cast, MONDAY + 2 * MINUTE)
    assert after.owner_id == cast.bram.pk
    after = decide(review, after, deciding.stage(after, "enquiry", at=MONDAY + 3 * MINUTE), cast, MONDAY + 3 * MINUTE)
    assert (after.stage, after.status) == ("enquiry", "open")
    after = decide(review, after, deciding.lose(after, "price"), cast, MONDAY + 4 * MINUTE)
    assert (after.status, after.lost_reason) == ("lost", "price")

    assert [line.text for line in minutes_of(review, cast.tomas).lines] == [
        "Worth £20,000, closes Fri 4 Dec",
        "Goes to Bram Castell",
        "Back to Enquiry",
        "Lost: price",
    ]


def test_a_stage_that_is_decided_opens_the_linked_deal_that_the_map_says_once(cast, deal, review):
    renewal = "\n  renewal: {desk: operations, entered_by: meeting held, opens: linked deal at sales}"
    publish(FIRM.replace("entered_by: start booked}", "entered_by: start booked}" + renewal), by=None, at=MONDAY)

    first = decide_on(review, deal, deciding.stage(deal, "renewal", at=MONDAY + MINUTE), cast)
    back = decide(review, fresh(deal), deciding.stage(fresh(deal), "visited", at=MONDAY + HOUR), cast, MONDAY + HOUR)
    again = decide_on(review, back, deciding.stage(back, "renewal", at=MONDAY + 2 * HOUR), cast, MONDAY + 2 * HOUR)

    [opened] = Deal.objects.unscoped("tests").filter(opened_from=deal.pk)
    assert (deciding.opened_by(first, deal), deciding.opened_by(again, deal)) == (opened, None)
    assert (opened.title, opened.desk, opened.owner) == ("Gantry Works: renewal", "sales", cast.ana)
    assert source_of(opened.pk, "title").thread == review.pk
    assert check().differences == []


def test_a_promise_names_the_review_in_which_it_was_made_and_is_owed(cast, deal, review):
    deed = deciding.promise(deal, "Visit note", by=cast.tomas, promised_by=cast.bram, at=MONDAY, by_when=FRIDAY)

    decide(review, deal, deed, cast)

    made = Promise.objects.unscoped("tests").get()
    assert (made.what, made.promised_by_id, made.due_at) == ("Visit note", cast.bram.pk, FRIDAY)
    assert Interaction.objects.unscoped("tests").get(pk=made.made_in_id).thread == review.pk


def test_asking_what_shows_a_stage_asks_its_owner_once(cast, deal, review):
    decide(review, deal, deciding.ask_for_evidence(deal, by=cast.tomas), cast)
    decide(review, deal, deciding.ask_for_evidence(deal, by=cast.tomas), cast, MONDAY + 2 * MINUTE)

    question = Question.objects.unscoped("tests").get()
    assert question.asked_of_id == cast.ana.pk
    assert question.text == "What shows that Gantry Works is “Visited”? Meeting held would."


def test_who_entered_what_was_decided_on_sees_that_it_was_used(cast, deal, review):
    decide(review, deal, deciding.give_to(deal, cast.bram), cast)

    assert {(use.fact_id, use.said_by_id) for use in Use.objects.unscoped("tests")} == {
        (fact.pk, fact.said_by_id)
        for fact in Fact.objects.unscoped("tests").filter(
            record_id=deal.pk, field__in=["amount", "close_date", "stage"]
        )
        if fact.value != {"minor": 3_300_000, "currency": "GBP"}
    }
    [receipt] = receipts(cast.ana, TUESDAY)
    assert (receipt.entries, receipt.sentence) == (1, "Tomas decided on Gantry Works in Monday review")
    assert minutes_of(review, cast.tomas).used == {"Ana Horvat": 1, "Tomas Okafor": 2}


def test_looking_at_a_deal_uses_nothing(cast, deal, review):
    deciding.nothing_to_decide(review, deal, by=cast.tomas, at=MONDAY)

    assert list(Use.objects.unscoped("tests")) == []
    assert Talk.objects.get().decided == 0


def test_only_who_runs_it_writes_in_a_review_and_only_while_it_is_held(cast, deal, review):
    with pytest.raises(Refusal, match="Only those who run this review write in it"):
        deciding.decide(review, deal, deciding.give_to(deal, cast.bram), by=cast.mia, at=MONDAY)
    end(review, by=cast.ana, at=MONDAY + HOUR)

    with pytest.raises(Refusal, match="This review has ended"):
        decide(review, deal, deciding.give_to(deal, cast.bram), cast)


def test_who_is_not_named_for_a_review_does_not_begin_it(cast):
    with pytest.raises(Refusal, match="Only those whom the map names for “Monday review” run it"):
        begin(decision_of(), by=cast.mia, at=MONDAY)


def test_a_review_that_runs_is_not_begun_again(cast, review):
    assert begin(decision_of(), by=cast.ana, at=MONDAY + MINUTE) == review
    assert [one.short_name for one in present_at(review)] == ["Tomas", "Ana", "Ben"]


def test_the_pipeline_is_kept_at_the_start_and_the_end_and_what_changed_between_is_told(cast, deal, review):
    decide(review, deal, deciding.figures(deal, amount=Money(2_000_000, "GBP")), cast)
    end(review, by=cast.tomas, at=MONDAY + HOUR)

    before, after = Snapshot.objects.filter(review=review).order_by("taken_at")
    assert (before.deals, before.sums, after.sums) == (1, {"GBP": 3_400_000}, {"GBP": 2_000_000})
    assert (holds(before), holds(after)) == (True, True)
    [change] = changes_between(before.taken_at, after.taken_at, cast.tomas)
    assert (change.title, change.was["amount"], change.now["amount"]) == ("Gantry Works", 3_400_000, 2_000_000)


def test_a_snapshot_still_holds_after_the_deals_went_on(cast, deal, review):
    cast.tell("deal", deal.pk, at=TUESDAY, amount={"minor": 1, "currency": "GBP"})

    assert holds(Snapshot.objects.get(review=review)) is True


def test_a_deal_that_was_not_in_baton_is_begun_marked_and_counted(cast, review):
    made = begin_deal(review, "Fernhill Care Homes: three sites, about 24k", by=cast.tomas, at=MONDAY + MINUTE)

    assert (made.title, made.stage, made.value("side_channel")["review"]) == (
        "Fernhill Care Homes",
        "enquiry",
        str(review.pk),
    )
    assert minutes_of(review, cast.tomas).captured == ["Fernhill Care Homes"]


def test_minutes_tell_each_reader_only_of_deals_they_may_see():
    cast = Cast("own")
    mine, theirs = cast.deal("Mine", at=EARLIER), cast.deal("Theirs", at=EARLIER, owner=cast.ben, desk="operations")
    review = begin(decision_of(), by=cast.tomas, at=MONDAY)
    for minute, one in enumerate((mine, theirs), 1):
        decide(review, one, deciding.lose(one, "price"), cast, MONDAY + minute * MINUTE)

    told = {one.short_name: [line.title for line in minutes_of(review, one).lines] for one in (cast.tomas, cast.bram)}
    assert told == {"Tomas": ["Mine", "Theirs"], "Bram": []}
    assert [line.title for line in minutes_of(review, cast.ana).lines] == ["Mine"]


def test_everything_that_follows_from_a_review_is_found_again_by_the_check(cast, deal, review):
    decide(review, deal, deciding.ask_for_evidence(deal, by=cast.tomas), cast)
    deed = deciding.promise(deal, "Visit note", by=cast.tomas, promised_by=cast.bram, at=MONDAY, by_when=FRIDAY)
    decide(review, fresh(deal), deed, cast, MONDAY + 2 * MINUTE)

    assert check().differences == []
    assert Duty.objects.unscoped("tests").filter(deal=deal.pk).exists()
