"""Mail that pours in: `python -m bench.pouring PORT` sends to the receiver as fast as it takes it, until ended."""

from __future__ import annotations

import smtplib
import sys
import threading
from collections.abc import Iterator
from random import Random

import django

CONNECTIONS = 4
MADE = 800


def main(port: int) -> None:
    """Make mails first, say so, and send them over and over, each time as another one."""
    django.setup()
    from baton.kernel.clock import now
    from bench.letters import letters
    from bench.mail import senders

    mails = letters(Random(), senders(), "sales@localhost", now(), MADE)
    print("ready", flush=True)
    threads = [
        threading.Thread(target=_send, args=(port, mails[number::CONNECTIONS], number), daemon=True)
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send(port: int, mails: list[bytes], number: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        for mail in _without_end(mails, number):
            smtp.sendmail("bench@customers.example", ["sales@localhost"], mail)


def _without_end(mails: list[bytes], number: int) -> Iterator[bytes]:
    turn = 0
    while True:
        for mail in mails:
            yield mail.replace(b"Message-ID: <", b"Message-ID: <%d.%d." % (number, turn))
        turn += 1


if __name__ == "__main__":
    main(int(sys.argv[1]))
