"""The owner's desk: what the owner owes, asked and decided in place, by the owner and their deputy alone."""

from datetime import timedelta

import pytest

from baton.decide.models import SavedView, ViewAddress
from baton.kernel.verdict import Refusal
from baton.ledger.models import Fact
from baton.map.publishing import publish
from baton.mirror.deciding import decide
from baton.mirror.missing import ask_for
from baton.mirror.owing import owners_desk
from baton.work.absence import be_away
from baton.work.exceptions import record_exception
from baton.work.models import Question
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast

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


def test_what_was_decided_before_stands_beside_a_finding_that_comes_up_again():
    cast = Cast()
    decide("deputy", "keep", because="Carla starts in January.", by=cast.tomas, at=MONDAY, until=WEDNESDAY.date())

    item = next(one for one in owners_desk(cast.tomas, at=WEDNESDAY).items if one.key == "deputy")

    assert item.decided
    assert (item.decided.because, item.decided.decided_by) == ("Carla starts in January.", cast.tomas)


def test_the_deputy_has_the_desk_of_the_owner_and_acts_there_while_the_owner_is_away():
    cast = Cast()
    publish(FIRM.replace("owner: tomas", "deputy: ben\nowner: tomas"), by=cast.tomas, at=MONDAY - timedelta(days=30))
    be_away(cast.tomas, since=MONDAY, until=WEDNESDAY, deputy=cast.ben, by=cast.tomas, at=MONDAY)
    cast.deal("Quayside Tower")

    desk = owners_desk(cast.ben, at=TUESDAY)
    asked = ask_for("amount", by=cast.ben, at=TUESDAY)
    decide("map-review", "later", by=cast.ben, at=TUESDAY)

    assert desk.items
    assert "deputy" not in [one.key for one in desk.items]
    assert asked == {"Ana Horvat": 1}
    assert "map-review" in [one.key for one in owners_desk(cast.tomas, at=WEDNESDAY).settled]


def test_reports_that_leave_by_themselves_are_on_the_desk_of_the_deputy_too():
    cast = Cast()
    publish(FIRM.replace("owner: tomas", "deputy: ben\nowner: tomas"), by=cast.tomas, at=MONDAY - timedelta(days=30))
    view = SavedView.objects.create(name="Big ones", owner=cast.ana, definition={}, saved_at=MONDAY)
    ViewAddress.objects.create(view=view, member=cast.ana, made_at=MONDAY)

    for member in (cast.tomas, cast.ben):
        item = next(one for one in owners_desk(member, at=TUESDAY).items if one.section == "reports")
        assert (item.sentence, item.note) == ("Big ones leaves by itself, as Ana Horvat sees it", "never read")
