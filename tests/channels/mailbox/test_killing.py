"""Killed while it reads a mailbox, the next process goes on: nothing in the mailbox is lost, nothing doubled."""

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

from django.conf import settings

from baton.kernel.clock import now
from tests.capture.letters import letter
from tests.capture.test_killing import Run
from tests.dovecot import PASSWORD

MAILS = 80
KILLS = 3
TOMAS = "tomas@lime.example"
CONNECT = """
import django; django.setup()
from baton.capture.models import Connection
from baton.kernel.clock import now
from baton.kernel.sealed import Sealed
from baton.ledger.entries import Author, said
from baton.ledger.recording import record
from baton.members.models import Member
from baton.kernel.ids import uuid7
tomas = Member.objects.get()
record(said("contact", uuid7(), name="Dana", emails=["dana@marlowe.example"]), by=Author(tomas), at=now())
Connection(
    channel="mailbox", name="Tomas", member=tomas, made_by=tomas, made_at=now(), due_at=now(), settings={settings!r},
    secret=Sealed.of({{"password": {password!r}}}),
).save(force_insert=True)
"""


def test_killed_again_and_again_every_mail_in_the_mailbox_is_recorded_once(tmp_path, dovecot):
    """A sample of what a longer run does with thousands of mails and hundreds of kills."""
    dice = random.Random(5)
    run = Run(tmp_path)
    run.environment["BATON_INSIDE"] = dovecot.inside
    run.set_up()
    told = dovecot.settings | {"address": TOMAS}
    python(run, "-c", CONNECT.format(settings=told, password=PASSWORD)).wait()
    mails = [letter(to=TOMAS, subject=f"Mail {n}", date=now()) for n in range(MAILS)]
    dovecot.deliver(TOMAS, *mails, at=now() + timedelta(seconds=1))

    for _kill in range(KILLS):
        process = python(run, "tests/channels/mailbox/killed.py")
        process.stdout.readline()
        time.sleep(dice.uniform(0.05, 0.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert python(run, "tests/channels/mailbox/killed.py").communicate(timeout=120)[0].split() == ["begun", "done"]

    subjects, states, texts = run.found()
    assert sorted(subjects) == sorted(f"Mail {n}" for n in range(MAILS))
    assert (set(states), len(texts)) == ({"read"}, MAILS)


def python(run: Run, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *arguments], env=run.environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
