"""A member leaves: out at once, and nothing that is open stays with somebody who isn't there."""

import pytest

from baton.capture.models import Connection
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.members import people
from baton.members.models import Member, Role
from baton.members.seats import desks_of
from baton.work import promises
from baton.work.checking import check
from baton.work.leaving import leave, still_open, take_back
from baton.work.models import Duty
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _owed_by(member: Member) -> list[str]:
    rows = Duty.objects.unscoped("tests").open().filter(owed_by=member)
    return sorted(rows.values_list("behavior", flat=True))


def test_deals_and_duties_go_to_whoever_was_chosen(cast):
    deal = cast.deal(contact=cast.contact())
    cast.mail(deal)
    before = _owed_by(cast.ana)

    leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)

    assert before == ["answer-enquiry", "set-next-step"]
    assert fresh(deal).owner == cast.bram
    assert (_owed_by(cast.ana), _owed_by(cast.bram)) == ([], before)


def test_a_duty_that_was_theirs_by_name_goes_along(cast):
    deal = cast.deal()
    [duty] = Duty.objects.unscoped("tests").filter(deal=deal)
    cast.tell("duty", duty.pk, passed_to=str(cast.ben.pk))

    leave(cast.ben, to=cast.mia, by=cast.tomas, at=TUESDAY)

    assert fresh(duty).owed_by == cast.mia
    assert fresh(deal).owner == cast.ana


def test_the_history_says_who_handed_it_on_and_why(cast):
    deal = cast.deal()

    leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)

    kept = fresh(deal).values["owner"]
    assert kept["by"] == str(cast.tomas.pk)


def test_what_is_lost_and_settled_stays_in_their_name(cast):
    lost = cast.deal("Old Mill")
    cast.tell("deal", lost.pk, status="lost", lost_reason="price")

    leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)

    assert fresh(lost).owner == cast.ana


def test_nobody_goes_while_something_is_open_and_nobody_takes_it(cast):
    cast.deal()

    for taker in (None, cast.ana, cast.rita):
        with pytest.raises(Refusal, match="Choose who takes"):
            leave(cast.ana, to=taker, by=cast.tomas, at=TUESDAY)

    assert Member.objects.get(pk=cast.ana.pk).is_active


def test_who_has_nothing_open_simply_goes(cast):
    leave(cast.bram, to=None, by=cast.tomas, at=TUESDAY)

    bram = Member.objects.get(pk=cast.bram.pk)
    assert (bram.is_active, bram.left_at, bram.capture_token, desks_of(bram)) == (False, TUESDAY, None, [])


def test_many_deals_are_handed_on_in_steps_and_all_of_them(cast):
    for number in range(60):
        cast.deal(f"Deal {number}")

    found = leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)

    assert len(found.deals) == 60
    assert Deal.objects.unscoped("tests").filter(owner=cast.bram).count() == 60


def test_asking_again_hands_on_what_an_interrupted_leaving_left(cast):
    deal = cast.deal()
    Member.objects.filter(pk=cast.ana.pk).update(is_active=False, left_at=MONDAY)
    cast.ana.refresh_from_db()

    leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)

    assert fresh(deal).owner == cast.bram
    assert not still_open(cast.ana, seen_by=cast.tomas)


def test_what_is_derived_still_follows_from_the_ledger(cast):
    deal = cast.deal(contact=cast.contact())
    cast.mail(deal)

    leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)

    assert check().differences == []


def test_a_colleague_parts_with_nobody(cast):
    for by in (cast.bram, cast.rita):
        with pytest.raises(Refusal, match="Only the owner and managers"):
            leave(cast.ana, to=cast.bram, by=by, at=TUESDAY)


def test_a_manager_parts_with_members_and_not_with_the_owner(cast):
    Member.objects.filter(pk=cast.mia.pk).update(role=Role.MANAGER)
    mia = Member.objects.get(pk=cast.mia.pk)

    leave(cast.ben, to=None, by=mia, at=TUESDAY)

    with pytest.raises(Refusal, match="Only the owner changes"):
        leave(cast.tomas, to=mia, by=mia, at=TUESDAY)


# Promises, mailboxes, and back again


def test_promises_and_mailboxes_go_along_and_come_back_with_them(cast):
    deal = cast.deal(contact=cast.contact())
    promise = promises.make(deal, "a price", by=cast.ana, at=MONDAY, due_at=TUESDAY)
    line = Connection.objects.create(channel="imap", name="ana@lime.example", member=cast.ana, made_at=MONDAY)

    leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)
    gone = (fresh(promise).promised_by, _line(line).member, fresh(deal).owner, _owed_by(cast.ana))
    people.bring_back(cast.ana, by=cast.tomas, named=current_map().seating)
    back = take_back(Member.objects.get(pk=cast.ana.pk), by=cast.tomas, at=WEDNESDAY)

    assert gone == (cast.bram, cast.bram, cast.bram, [])
    assert (fresh(promise).promised_by, _line(line).member, fresh(deal).owner) == (cast.ana, cast.ana, cast.ana)
    assert (back > 2, _owed_by(cast.bram)) == (True, [])
    assert check().differences == []


def _line(line: Connection) -> Connection:
    return Connection.objects.unscoped("tests").get(pk=line.pk)


def test_what_was_moved_since_stays_where_it_is(cast):
    kept, moved = cast.deal("Kept"), cast.deal("Moved")
    leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)
    cast.tell("deal", moved.pk, owner=str(cast.ben.pk), at=TUESDAY + HOUR)
    people.bring_back(cast.ana, by=cast.tomas, named=current_map().seating)

    take_back(Member.objects.get(pk=cast.ana.pk), by=cast.tomas, at=WEDNESDAY)

    assert (fresh(kept).owner, fresh(moved).owner) == (cast.ana, cast.ben)


def test_nothing_comes_back_to_who_isn_t_here(cast):
    cast.deal()
    leave(cast.ana, to=cast.bram, by=cast.tomas, at=TUESDAY)

    with pytest.raises(Refusal, match="back first"):
        take_back(Member.objects.get(pk=cast.ana.pk), by=cast.tomas, at=WEDNESDAY)
