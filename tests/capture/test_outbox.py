"""What goes out is sent once, later where the line is down, and never twice after a crash."""

from datetime import timedelta

import pytest

from baton.capture import outbox
from baton.capture.channels import _channels
from baton.capture.models import Outgoing
from baton.kernel.verdict import Refusal
from tests.capture import tin_can
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _tin_can():
    tin_can.register_tin_can()
    yield
    del _channels[tin_can.NAME]


def put(key: str = "k", words: str = "hello", **more) -> Outgoing:
    return outbox.put(tin_can.NAME, key, to="other can", body={"words": words}, at=MONDAY, **more)


def row() -> Outgoing:
    return Outgoing.objects.unscoped("tests").get()


def test_asked_twice_it_is_sent_once():
    put(), put()

    outbox.send_due(MONDAY), outbox.send_due(LATER)

    assert tin_can.said == ["hello"]
    assert (row().state, row().sent_at, row().sent_as) == ("sent", MONDAY, "sent-1")


def test_what_is_meant_for_later_waits_and_can_be_taken_back():
    one = put(send_at=LATER)
    before = outbox.send_due(MONDAY)

    outbox.take_back(one)

    assert (before, outbox.send_due(LATER), tin_can.said, row().state) == (0, 0, [], "taken-back")


def test_what_is_taken_back_while_those_before_it_go_out_is_not_sent():
    put("first", "hello")
    second = put("second", "and another thing")
    tin_can.before_saying.append(lambda: outbox.take_back(second))

    outbox.send_due(MONDAY)

    states = Outgoing.objects.unscoped("tests").order_by("pk").values_list("state", flat=True)
    assert (tin_can.said, [*states]) == (["hello"], ["sent", "taken-back"])


def test_what_another_process_began_after_the_lease_ran_out_is_not_sent_a_second_time():
    put("first"), put("second", "and another thing")
    tin_can.before_saying.append(lambda: outbox.send_due(MONDAY + 2 * outbox.LEASE))

    outbox.send_due(MONDAY)

    assert sorted(tin_can.said) == ["and another thing", "hello"]


def test_what_was_sent_is_not_taken_back():
    one = put()
    outbox.send_due(MONDAY)

    with pytest.raises(Refusal):
        outbox.take_back(one)


def test_a_line_that_is_down_is_tried_again():
    put()
    tin_can.trouble.append(OSError("no line"))

    outbox.send_due(MONDAY)
    waiting = row()
    outbox.send_due(waiting.due_at)

    assert (waiting.state, waiting.last_error, row().state, tin_can.said) == ("waiting", "no line", "sent", ["hello"])


def test_after_three_days_it_is_given_up_and_says_why():
    put()
    tin_can.trouble.append(OSError("no line"))

    outbox.send_due(MONDAY + timedelta(days=4))

    assert (row().state, row().because) == ("failed", "It was tried for three days: no line")


def test_what_the_other_side_refuses_is_not_tried_again():
    put()
    tin_can.trouble.append(Refusal("Nobody lives there."))

    outbox.send_due(MONDAY)

    assert (row().state, row().because, row().due_at) == ("failed", "Nobody lives there.", None)


def test_killed_while_sending_it_may_have_arrived_and_a_person_decides():
    one = put()
    Outgoing.objects.unscoped("tests").filter(pk=one.pk).update(begun_at=MONDAY)

    outbox.send_due(LATER)
    unsure = row().state
    outbox.send_again(one, LATER)
    outbox.send_due(LATER)

    assert (unsure, row().state, tin_can.said) == ("unsure", "sent", ["hello"])


def test_what_follows_sending_is_told():
    told = []
    outbox.after_sending(tin_can.NAME, lambda outgoing, at: told.append((outgoing.sent_as, at)))
    put()

    outbox.send_due(MONDAY)

    assert told == [("sent-1", MONDAY)]
