"""A connection is tried before it is kept, listened to when due, and says in plain words how it is."""

from datetime import timedelta

import pytest

from baton.capture import connections, outbox
from baton.capture.channels import _channels
from baton.capture.models import Connection, Delivery, Outgoing
from baton.kernel.verdict import Refusal
from tests.capture import tin_can
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
SECRET = {"word": "open sesame"}


@pytest.fixture(autouse=True)
def _tin_can():
    tin_can.register_tin_can()
    yield
    del _channels[tin_can.NAME]


@pytest.fixture
def cast():
    return Cast()


def connected(cast, of=None, **more) -> Connection:
    by = of or cast.tomas
    return connections.make(tin_can.NAME, "string", {"length": 3}, SECRET | more, by=by, of=of, at=MONDAY)


def there() -> Connection:
    return Connection.objects.unscoped("tests").get()


def test_what_does_not_work_is_not_kept(cast):
    with pytest.raises(Refusal) as refused:
        connected(cast, word="please")

    assert refused.value.sentence == "The other can doesn’t know that word."
    assert Connection.objects.unscoped("tests").count() == 0


@pytest.mark.parametrize(
    ("who", "whose", "allowed"),
    [
        ("tomas", None, True),
        ("ana", None, False),
        ("ana", "ana", True),
        ("bram", "ana", False),
        ("tomas", "ana", False),
        ("rita", "rita", False),
    ],
)
def test_one_connects_ones_own_and_managers_the_business(cast, who, whose, allowed):
    of = getattr(cast, whose) if whose else None

    verdict = connections.may_change(getattr(cast, who), of)

    assert (verdict.answer == "allow") is allowed


def test_a_colleagues_connection_is_not_seen(cast):
    connected(cast, of=cast.ana)

    seen = {who: Connection.objects.visible_to(getattr(cast, who)).count() for who in ("ana", "bram", "tomas")}

    assert seen == {"ana": 1, "bram": 0, "tomas": 0}


def test_what_is_heard_is_kept_and_counted(cast):
    connected(cast)
    tin_can.heard += ["hello", "again"]

    kept = connections.listen(MONDAY)

    assert (kept, there().kept, there().heard_at, there().due_at) == (2, 2, MONDAY, MONDAY + timedelta(minutes=5))
    assert Delivery.objects.unscoped("tests").filter(channel=tin_can.NAME).count() == 2


@pytest.mark.parametrize(
    ("trouble", "because"),
    [
        (OSError("no line"), "no line"),
        (Refusal("The string is cut."), "The string is cut."),
        (KeyError("x"), "An error of Baton’s, not yours: KeyError."),
    ],
)
def test_what_fails_says_why_and_is_tried_again(cast, trouble, because):
    connected(cast)
    tin_can.trouble.append(trouble)

    connections.listen(MONDAY)
    broken = there()
    connections.listen(broken.due_at)

    assert (broken.state, broken.because, broken.due_at > MONDAY) == ("broken", because, True)
    assert (there().state, there().because) == ("on", "")


def test_one_that_is_off_is_not_listened_to(cast):
    connections.switch(connected(cast), on=False, by=cast.tomas, at=MONDAY)
    tin_can.heard.append("hello")

    assert connections.listen(MONDAY) == 0
    assert there().heard_at is None


def test_a_secret_left_empty_stays(cast):
    one = connected(cast)

    connections.change(one, "rope", {"length": 9}, {"word": ""}, by=cast.tomas, at=MONDAY)

    assert (there().name, there().settings, there().secret.opened()) == ("rope", {"length": 9}, SECRET)


def test_a_change_that_does_not_work_changes_nothing(cast):
    one = connected(cast)

    with pytest.raises(Refusal):
        connections.change(one, "rope", {"length": 9}, {"word": "no"}, by=cast.tomas, at=MONDAY)

    assert (there().name, there().secret.opened()) == ("string", SECRET)


def test_a_connection_is_forgotten_and_what_went_out_through_it_stays(cast):
    made = connected(cast)
    sent = outbox.put(tin_can.NAME, "k", to="other can", body={"words": "hello"}, at=MONDAY, connection=made)

    connections.part_with(made, by=cast.tomas)

    assert Connection.objects.unscoped("tests").count() == 0
    assert Outgoing.objects.unscoped("tests").get(pk=sent.pk).connection_id is None
