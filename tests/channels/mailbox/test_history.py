"""Back-fill: what was there before is read as an import, which can be stopped and goes on where it was."""

import threading
from datetime import timedelta

import pytest

from baton.capture import imports
from baton.capture.models import ImportJob
from baton.ledger.models import Interaction
from baton.work.models import Duty
from tests.capture.letters import everything, letter
from tests.cast import HOUR, MONDAY
from tests.channels.mailbox.reading import hear, subjects

pytestmark = pytest.mark.django_db
ANA = "ana@lime.example"
STRANGER = "Leo Kestrel <leo@kestrel-homes.example>"
DAY = timedelta(days=1)


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company, at=MONDAY - 90 * DAY)


def before(subject: str, days: int, sender: str = "dana@marlowe.example", to: str = ANA, **more: str) -> bytes:
    return letter(sender, to, subject, date=MONDAY - days * DAY, **more)


def put(dovecot, raw: bytes, days: int, folder: str = "INBOX") -> None:
    dovecot.deliver(ANA, raw, at=MONDAY - days * DAY, folder=folder)


def at() -> object:
    return MONDAY + HOUR


def figures(job: ImportJob) -> tuple[int, ...]:
    return job.read, job.recorded, job.already_known, job.left, job.parked


def test_what_was_there_before_is_read_back_and_opens_no_duties(cast, deal, dovecot, connect):
    put(dovecot, before("Too long ago", 40), 40)
    put(dovecot, before("Lobby", 20), 20)
    put(dovecot, before("Lunch", 5, "bram@lime.example"), 5)
    put(dovecot, before("Re: Lobby", 3, ANA, "dana@marlowe.example"), 3, "Sent")
    connect(cast.ana, since="30")

    imports.work(at)

    [job] = ImportJob.objects.all()
    assert (job.finished_at, job.total, figures(job)) == (MONDAY + HOUR, 3, (3, 2, 0, 1, 0))
    assert {one.subject: (one.trust, one.live) for one in everything(Interaction)} == {
        "Lobby": ("unverified", False),
        "Re: Lobby": ("own", False),
    }
    assert [duty for duty in everything(Duty) if duty.behavior == "answer-enquiry"] == []


def test_of_strangers_only_those_who_were_answered_lately_are_read_back(cast, dovecot, connect):
    put(dovecot, before("Gutters", 20, STRANGER, message_id="<1@kestrel-homes.example>"), 20)
    put(dovecot, before("Re: Gutters", 19, ANA, STRANGER, in_reply_to="<1@kestrel-homes.example>"), 19, "Sent")
    put(dovecot, before("Windows", 18, "kit@elsewhere.example"), 18)
    put(dovecot, before("Re: Doors", 80, ANA, STRANGER, in_reply_to="<0@kestrel-homes.example>"), 80, "Sent")
    connect(cast.ana, since="365")

    imports.work(at)

    assert subjects() == ["Gutters", "Re: Gutters"]
    [job] = ImportJob.objects.all()
    assert figures(job) == (4, 2, 0, 2, 0)


def test_stopped_it_goes_on_where_it_was(cast, deal, dovecot, connect):
    dovecot.deliver(ANA, *(before(f"Mail {n}", 9) for n in range(120)), at=MONDAY - 9 * DAY)
    connect(cast.ana, since="30")
    [job] = ImportJob.objects.all()
    stop = threading.Event()
    imports.run(job, at, lambda job: stop.set(), stop)
    first = (job.stopped_at, job.finished_at, figures(job))

    imports.resume(job, at=MONDAY + HOUR)
    imports.work(at)

    job.refresh_from_db()
    assert first == (MONDAY + HOUR, None, (50, 50, 0, 0, 0))
    assert (job.finished_at, job.total, figures(job)) == (MONDAY + HOUR, 120, (120, 120, 0, 0, 0))
    assert len(subjects()) == 120


def test_stopped_and_numbered_anew_nothing_is_doubled(cast, deal, dovecot, connect):
    dovecot.deliver(ANA, *(before(f"Mail {n}", 9) for n in range(60)), at=MONDAY - 9 * DAY)
    connect(cast.ana, since="30")
    [job] = ImportJob.objects.all()
    stop = threading.Event()
    imports.run(job, at, lambda job: stop.set(), stop)
    dovecot.number_anew(ANA, 2_000_000_000)
    hear(MONDAY + HOUR)

    imports.resume(job, at=MONDAY + HOUR)
    imports.work(at)

    job.refresh_from_db()
    assert len(subjects()) == 60
    assert (job.recorded, job.already_known) == (60, 50)


def test_a_server_that_is_away_is_waited_for(cast, deal, dovecot, connect, settings):
    settings.BATON_INSIDE = [*settings.BATON_INSIDE, "127.0.0.1"]
    one = connect(cast.ana, since="30")
    type(one).objects.unscoped("tests").update(settings=one.settings | {"port": 1})

    imports.work(at)

    [job] = ImportJob.objects.all()
    assert (job.finished_at, job.due_at > MONDAY + HOUR) == (None, True)
    assert "doesn’t answer" in job.last_error
