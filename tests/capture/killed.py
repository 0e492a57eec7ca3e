"""A process to kill: takes mails in and reads them, saying on standard output what it has acknowledged.

Started by `test_killing.py` with a database of its own; the first argument is how many mails, the second the
first one's number.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from baton.capture.ingesting import ingest  # noqa: E402
from baton.capture.reading import read_waiting  # noqa: E402
from baton.kernel.clock import now  # noqa: E402
from baton.members.models import Member  # noqa: E402


def main(count: int, first: int) -> None:
    member = Member.objects.get()
    for number in range(first, first + count):
        raw = (
            f"From: dana@marlowe.example\r\nTo: {member.email}\r\nSubject: Mail {number}\r\n"
            f"Message-ID: <{number}@marlowe.example>\r\nDate: Mon, 16 Nov 2026 09:00:00 +0000\r\n\r\nMail {number}.\r\n"
        )
        ingest("email", f"test:{number}", raw.encode(), at=now(), as_member=member, evidence={"by": "mailbox"})
        print(number, flush=True)
        if number % 5 == 4:
            read_waiting(now(), limit=7)
    while read_waiting(now()):
        pass
    print("done", flush=True)


main(int(sys.argv[1]), int(sys.argv[2]))
