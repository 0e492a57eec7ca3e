"""Whatever stops the process, at whatever step: nothing acknowledged is lost, doubled, or half written."""

from datetime import timedelta

import pytest

from baton.capture import reading
from baton.capture.ingesting import ingest
from baton.capture.models import Delivery, MessageKey
from baton.capture.trust import MAILBOX
from baton.ledger.models import Fact, Interaction, InteractionText
from tests.capture.letters import letter
from tests.cast import HOUR, MONDAY, Cast


class Killed(BaseException):
    """What a kill is to the code: nothing catches it."""


@pytest.fixture
def cast() -> Cast:
    return Cast()


def state() -> tuple[int, int, int, int]:
    return (
        Interaction.objects.unscoped("tests").count(),
        InteractionText.objects.unscoped("tests").count(),
        Fact.objects.unscoped("tests").filter(record_kind="interaction").count(),
        MessageKey.objects.filter(topic=False).count(),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["claimed", "parsed", "filed", "recorded", "settled"])
def test_stopped_at_any_step_the_next_reader_starts_over_and_records_it_once(cast, step, monkeypatch):
    company = cast.company()
    cast.deal(contact=cast.contact(company=company), company=company)
    before = state()
    for number in range(3):
        ingest("email", f"k{number}", letter(subject=f"M{number}"), at=MONDAY, as_member=cast.ana, evidence=MAILBOX)

    with monkeypatch.context() as context:
        stop_at(step, context)
        with pytest.raises(Killed):
            reading.read_waiting(MONDAY)
    assert state() == before
    assert reading.read_waiting(MONDAY) == 0
    assert reading.read_waiting(MONDAY + HOUR) == 3

    assert state() == tuple(count + more for count, more in zip(before, (3, 3, 3, 3), strict=True))
    assert {one.state for one in Delivery.objects.unscoped("tests")} == {"read"}


def stop_at(step: str, context: pytest.MonkeyPatch) -> None:
    def killed(*_args, **_kwargs):
        raise Killed

    def until(name: str) -> None:
        if name == step:
            raise Killed

    together = reading.record_together
    if step in {"claimed", "parsed"}:
        context.setattr(reading, "process" if step == "claimed" else "record_all", killed)
    context.setattr(reading, "record_together", lambda *args: together(*args, step=until))


@pytest.mark.django_db
def test_one_message_that_fails_doesn_t_hold_up_the_others(cast, monkeypatch):
    real = reading.record

    def record(entries, *, interactions, **rest):
        if any(one.subject == "Bad" for one in interactions):
            raise ValueError("a bug of ours")
        return real(entries, interactions=interactions, **rest)

    monkeypatch.setattr(reading, "record", record)
    for subject in ("Good", "Bad", "Fine"):
        ingest("email", subject, letter(subject=subject), at=MONDAY, as_member=cast.ana, evidence=MAILBOX)

    reading.read_waiting(MONDAY)
    [bad] = Delivery.objects.unscoped("tests").filter(state="waiting")

    assert (bad.key, bad.last_error) == ("Bad", "ValueError: a bug of ours")
    for hours in range(1, 30):
        reading.read_waiting(MONDAY + hours * 2 * HOUR)
    bad.refresh_from_db(from_queryset=Delivery.objects.unscoped("tests"))
    assert (bad.state, bad.because) == ("parked", "It couldn’t be recorded: a bug of ours")


@pytest.mark.django_db
def test_a_refusal_parks_at_once(cast, monkeypatch):
    from baton.kernel.verdict import Refusal

    def record(*_args, **_kwargs):
        raise Refusal("The map can’t hold that.")

    monkeypatch.setattr(reading, "record", record)
    ingest("email", "one", letter(), at=MONDAY, as_member=cast.ana, evidence=MAILBOX)

    reading.read_waiting(MONDAY + timedelta(minutes=1))

    assert [one.because for one in Delivery.objects.unscoped("tests")] == [
        "It couldn’t be recorded: The map can’t hold that."
    ]
