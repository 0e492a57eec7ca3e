"""The owner's desk: what the owner owes, asked and decided in place, by the owner and their deputy alone."""

from datetime import timedelta

import pytest

from baton.kernel.verdict import Refusal
from baton.ledger.models import Fact
from baton.mirror.deciding import decide
from baton.mirror.missing import ask_for
from baton.mirror.owing import owners_desk
from baton.work.exceptions import record_exception
from baton.work.models import Question
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast

pytestmark = pytest.mark.django_db


def sentences(desk) -> list[str]:
    return [one.sentence for one in desk.items]


def test_only_the_owner_and_their_deputy_have_this_desk():
    cast = Cast()

    with pytest.raises(Refusal):
        owners_desk(cast.ana, at=MONDAY)
    assert sentences(owners_desk(cast.tomas, at=MONDAY))


def test_what_decisions_read_and_deals_lack_is_asked_of_those_who_have_them_once():
    cast = Cast()
    deal = cast.deal("Quayside Tower")

    asked = ask_for("amount", by=cast.tomas, at=TUESDAY)
    desk = owners_desk(cast.tomas, at=TUESDAY + HOUR)

    assert asked == {"Ana Horvat": 1}
    assert Question.objects.unscoped("tests").get().deal_id == deal.pk
    item = next(one for one in desk.items if one.key == "missing-entry/amount")
    assert (item.sentence, item.note) == (
        "Amount is missing on 1 open deal",
        "Asked, and not answered yet: Ana Horvat (1)",
    )
    with pytest.raises(Refusal):
        ask_for("amount", by=cast.tomas, at=WEDNESDAY)


def test_an_exception_that_repeats_proposes_a_change_of_the_map():
    cast = Cast()
    for number in range(3):
        deal = cast.deal(f"Deal {number}")
        record_exception(
            deal, "No quote", category="price agreed by phone", by=cast.ana, at=MONDAY, about="stage:quoted"
        )

    item = next(one for one in owners_desk(cast.tomas, at=TUESDAY).items if one.section == "exceptions")

    assert item.sentence == "3 exceptions: price agreed by phone"
    assert item.proposes == (
        "Let the map say what shows Quoted when “price agreed by phone”, beside “document out quote”."
    )


def test_what_was_decided_is_recorded_and_settles_the_finding_until_its_day():
    cast = Cast()
    decide("deputy", "keep", because="Carla starts in January.", by=cast.tomas, at=MONDAY, until=WEDNESDAY.date())

    during, after = owners_desk(cast.tomas, at=TUESDAY), owners_desk(cast.tomas, at=WEDNESDAY)

    assert [one.key for one in during.settled] == ["deputy"]
    assert "deputy" in [one.key for one in after.items]
    assert Fact.objects.unscoped("tests").filter(record_kind="finding", field="because").count() == 1


@pytest.mark.parametrize("who", ["ana", "rita"])
def test_nobody_else_decides_about_findings(who):
    cast = Cast()

    with pytest.raises(Refusal):
        decide("deputy", "later", by=getattr(cast, who), at=MONDAY)


def test_what_stays_as_it_is_has_a_reason_and_a_day_that_is_to_come():
    cast = Cast()

    with pytest.raises(Refusal):
        decide("deputy", "keep", by=cast.tomas, at=MONDAY)
    with pytest.raises(Refusal):
        decide("deputy", "later", by=cast.tomas, at=MONDAY, until=(MONDAY - timedelta(days=1)).date())
