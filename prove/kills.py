"""Kill -9 at any moment while mail comes in by SMTP and IMAP: `python -m prove.kills KILLS MAILS`.

The program is all of `baton start`: receiver, workers, mailbox. Half of the mails are sent to its receiver, each again
and again until it is acknowledged, as a mail server would; the other half lie in a real Dovecot, which acknowledged
them. They are spread over all lives of the program. Between two lives leases are let run out.
"""

from __future__ import annotations

import json
import os
import random
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from bench.places import ROOT
from prove.business import CALLER, CUSTOMER, OWNER, connect_mailbox, found, let_leases_run_out
from prove.mails import attached, mail, subject
from tests.dovecot import PASSWORD, Dovecot, free_port, running

LONGEST_LIFE = 1.2
"""Seconds after the receiver answers; every fourth life ends before that."""
PATIENCE = 240.0
PAUSE = 0.02


@dataclass
class Program:
    """`baton start` on ports that stay the same, however often it is killed."""

    pages: int = field(default_factory=free_port)
    mail: int = field(default_factory=free_port)
    running: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "manage", "start", "--no-browser", "--port", str(self.pages)]
        self.running = subprocess.Popen(
            [*command, "--smtp-port", str(self.mail)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.mail), timeout=1) as line:
                return bool(line.recv(3))
        except OSError:
            return False

    def serves(self) -> bool:
        with socket.socket() as line:
            return not line.connect_ex(("127.0.0.1", self.pages))

    def end(self, how: signal.Signals) -> None:
        assert self.running is not None
        self.running.send_signal(how)
        self.running.wait(timeout=60)


class Sender:
    """A mail server with mails to hand over: one thread that gives none up before it was acknowledged."""

    def __init__(self, port: int, to: str, numbers: list[int], raws: Callable[[int], bytes]) -> None:
        self.port, self.to, self.numbers, self.raws = port, to, numbers, raws
        self.may = threading.Semaphore(0)
        self.acknowledged: list[int] = []
        self.thread = threading.Thread(target=self._send_all, daemon=True)
        self.thread.start()

    def _send_all(self) -> None:
        line: smtplib.SMTP | None = None
        for number in self.numbers:
            self.may.acquire()
            raw = self.raws(number)
            while True:
                try:
                    line = line or smtplib.SMTP("127.0.0.1", self.port, timeout=30)
                    line.sendmail(CUSTOMER, [self.to], raw)
                    break
                except (OSError, smtplib.SMTPException):
                    line = None
                    time.sleep(PAUSE)
            self.acknowledged.append(number)


def main(kills: int, mails: int) -> None:
    """Kill, look, and print what was found as one line of JSON."""
    began = time.monotonic()
    with running() as dovecot:
        os.environ["BATON_INSIDE"] = dovecot.inside
        owner = found()
        connect_mailbox(owner, dovecot.settings, PASSWORD)
        program = Program()
        sender, delivered, young = _live_and_die(program, dovecot, owner, kills, mails)
        _live_on(program, sender, mails)
    told = _looked_at([*sender.acknowledged, *delivered])
    told |= {"smtp": len(sender.acknowledged), "imap": len(delivered)}
    minutes = (time.monotonic() - began) / 60
    told["kept"] = not any(told[name] for name in ("lost", "doubled", "half", "waiting", "differences"))
    told["tried"] = (
        f"kill -9 {kills} times ({young} of them while starting) while {len(sender.acknowledged)} mails came by SMTP, "
        f"{len(delivered)} by IMAP, in {minutes:.0f} min"
    )
    told["found"] = (
        f"{told['lost']} of those acknowledged lost, {told['doubled']} doubled, {told['half']} half-written; "
        f"`baton check`: {told['differences']} differences in {told['records']} records"
    )
    print(json.dumps(told))


def _live_and_die(
    program: Program, dovecot: Dovecot, owner: Any, kills: int, mails: int
) -> tuple[Sender, list[int], int]:
    from baton.capture.addresses import address_of
    from baton.kernel.clock import now

    dice, at = random.Random(200), now()
    numbers = list(range(mails))
    sender = Sender(program.mail, address_of(owner), numbers[::2], lambda number: mail(number, at))
    boxed, young = numbers[1::2], 0
    for life in range(kills + 1):
        _hand_out(sender, dovecot, boxed, life, kills + 1, at)
        program.start()
        if life == kills:
            break
        early = life % 4 == 3
        young += early
        if early:
            time.sleep(dice.uniform(0.0, 1.0))
        else:
            wait_until(program.answers)
            time.sleep(dice.uniform(0.0, LONGEST_LIFE))
        program.end(signal.SIGKILL)
        let_leases_run_out()
    return sender, boxed, young


def _hand_out(sender: Sender, dovecot: Dovecot, boxed: list[int], life: int, lives: int, at: Any) -> None:
    """Give this life its share of the mails: some may be sent now, some lie in the mailbox now."""
    total = len(sender.numbers)
    for _one in range(total * life // lives, total * (life + 1) // lives):
        sender.may.release()
    share = boxed[len(boxed) * life // lives : len(boxed) * (life + 1) // lives]
    dovecot.deliver(OWNER, *(mail(number, at) for number in share))


def _live_on(program: Program, sender: Sender, mails: int) -> None:
    """Let the last one live until everything stands recorded, or nothing has come for a while; then stop it."""
    from baton.capture.models import Delivery

    sender.thread.join(timeout=PATIENCE)
    waiting = Delivery.objects.unscoped(CALLER).filter(state=Delivery.State.WAITING)
    last, since = -1, time.monotonic()
    while time.monotonic() - since < PATIENCE:
        there = sum(_recorded().values())
        if there >= mails and not waiting.exists():
            break
        if there != last:
            last, since = there, time.monotonic()
        time.sleep(0.5)
    program.end(signal.SIGTERM)


def _recorded() -> Counter[str]:
    from baton.ledger.models import Interaction

    return Counter(Interaction.objects.unscoped(CALLER).filter(kind="email").values_list("subject", flat=True))


def _looked_at(acknowledged: list[int]) -> dict[str, Any]:
    from baton.capture.models import Delivery
    from baton.work.checking import check

    there = _recorded()
    report = check()
    unread = Delivery.objects.unscoped(CALLER).exclude(state__in=[Delivery.State.READ, Delivery.State.KNOWN])
    return {
        "lost": sum(1 for number in acknowledged if subject(number) not in there),
        "doubled": sum(count - 1 for count in there.values()),
        "half": len(_half_written()) + _damage(),
        "waiting": unread.count(),
        "differences": len(report.differences),
        "records": report.records,
    }


def _half_written() -> list[str]:
    """Return the mails of which something is missing: their words, where they are filed, or their file's bytes."""
    from baton.capture import store
    from baton.ledger.models import File, Interaction, InteractionText

    texts = dict(InteractionText.objects.unscoped(CALLER).values_list("interaction_id", "own"))
    files = dict(File.objects.unscoped(CALLER).values_list("interaction_id", "sha256"))
    bad = []
    for row in Interaction.objects.unscoped(CALLER).filter(kind="email"):
        content = attached(int(row.subject.split()[1]))
        digest = sha256(content).hexdigest() if content else None
        whole = row.deal_id and texts.get(row.pk, "").startswith("Could we start") and files.get(row.pk) == digest
        if not whole or (digest and store.get(digest) != content):
            bad.append(row.subject)
    return bad


def _damage() -> int:
    """Return 1 where the database itself says that it is damaged."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return int(cursor.fetchone() != ("ok",))


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for up to a minute."""
    until = time.monotonic() + 60
    while not true():
        if time.monotonic() > until:
            raise SystemExit("Baton did not start")
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
