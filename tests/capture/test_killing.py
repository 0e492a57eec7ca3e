"""Whatever stops the process, at whatever step: nothing acknowledged is lost, doubled, or half written."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from baton.capture import reading
from baton.capture.ingesting import ingest
from baton.capture.models import Delivery, MessageKey
from baton.capture.trust import MAILBOX
from baton.ledger.models import Fact, Interaction, InteractionText
from tests.capture.letters import letter
from tests.cast import HOUR, MONDAY, Cast

MAILS = 100
KILLS = 4


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


def test_killed_for_good_again_and_again_every_acknowledged_mail_is_recorded_once(tmp_path):
    """A sample of what a longer run does with thousands of mails and hundreds of kills."""
    dice = random.Random(4)
    run = Run(tmp_path)
    run.set_up()
    acknowledged: set[int] = set()
    for _kill in range(KILLS):
        acknowledged |= run.until_killed(len(acknowledged), dice.uniform(0.1, 0.6))
    acknowledged |= run.to_the_end(len(acknowledged))

    subjects, states, texts = run.found()
    assert sorted(subjects) == sorted(f"Mail {number}" for number in acknowledged)
    assert (set(states), len(texts)) == ({"read"}, MAILS)


class Run:
    """The process, its database, and what it said before it was killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "BATON_DATA": str(folder), "DATABASE_URL": "", "PYTHONPATH": str(settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip

    def set_up(self) -> None:
        code = (
            "import django; django.setup(); from django.core.management import call_command;"
            "call_command('migrate', verbosity=0); from baton.kernel.clock import now;"
            "from baton.members.models import Member; from baton.map.publishing import publish;"
            "from tests.cast import FIRM; Member.objects.create_user('tomas@lime.example', name='Tomas', role='owner');"
            "publish(FIRM, by=None, at=now())"
        )
        subprocess.run([sys.executable, "-c", code], env=self.environment, cwd=settings.BASE_DIR, check=True)

    def start(self, first: int) -> subprocess.Popen:
        script = str(settings.BASE_DIR / "tests/capture/killed.py")
        return subprocess.Popen(
            [sys.executable, script, str(MAILS - first), str(first)],
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            text=True,
        )

    def until_killed(self, first: int, seconds: float) -> set[int]:
        process = self.start(first)
        said = [process.stdout.readline()]
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        said += process.communicate()[0].splitlines()
        return {int(line) for line in said if line.strip().isdigit()}

    def to_the_end(self, first: int) -> set[int]:
        with sqlite3.connect(self.folder / "baton.sqlite3") as database:
            database.execute("update baton_delivery set due_at = '2020-01-01 00:00:00' where due_at is not null")
        said = self.start(first).communicate(timeout=120)[0].split()
        assert said[-1] == "done"
        return {int(line) for line in said if line.isdigit()}

    def found(self) -> tuple[list[str], list[str], list[str]]:
        with sqlite3.connect(self.folder / "baton.sqlite3") as database:
            assert database.execute("pragma integrity_check").fetchone() == ("ok",)
            return tuple(
                [value for (value,) in database.execute(f"select {column} from {table}")]
                for column, table in (
                    ("subject", "baton_interaction"),
                    ("state", "baton_delivery"),
                    ("own", "baton_interactiontext"),
                )
            )
