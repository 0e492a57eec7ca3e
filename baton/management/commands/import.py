"""`baton import mail|chat|contacts|sheet|calendar PATH… --as MEMBER`: bring in what you have."""  # noqa: N999

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from baton.capture import imports
from baton.capture.models import ImportJob
from baton.channels.calendar import importing as calendars
from baton.channels.contacts import importing as contacts
from baton.channels.email import importing as mail
from baton.channels.sheets import importing as sheets
from baton.channels.sheets.columns import KINDS
from baton.channels.whatsapp import importing as chats
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.members.models import Member

WHAT = {
    "mail": (mail.start, "messages, mailboxes, folders and archives of mail"),
    "chat": (chats.start, "chats exported from WhatsApp: .txt, or .zip with the files that were sent"),
    "contacts": (contacts.start, "address books: .vcf of every version, or .csv as Google and Outlook write it"),
    "calendar": (calendars.start, "calendars: .ics, or archives (.zip) of them"),
    "sheet": (sheets.start_files, "a spreadsheet (CSV, XLSX, ODS, XLS) of deals, contacts, companies or invoices"),
}


class Command(BaseCommand):
    help = "Import what you have: mail, chats, an address book, a calendar, or a spreadsheet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
        for name, (_start, words) in WHAT.items():
            one = kinds.add_parser(name, help=words)
            one.add_argument("paths", nargs="+", metavar="PATH")
            one.add_argument("--as", dest="member", required=True, metavar="MEMBER", help="address of the member")
            one.add_argument("--json", action="store_true", help="answer with one line of JSON")
            if name == "sheet":
                one.add_argument("--kind", choices=KINDS, help="what its rows are; its headers say so unless told")

    def handle(self, *args: Any, **options: Any) -> None:
        member = Member.objects.filter(email__iexact=options["member"], is_active=True).first()
        if member is None:
            raise CommandError(f"No member has the address {options['member']}.")
        began = time.monotonic()
        try:
            more = {"kind": options["kind"] or ""} if "kind" in options else {}
            job = WHAT[options["what"]][0](options["paths"], by=member, at=now(), **more)
            _run(job)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self._answer(job, round(time.monotonic() - began, 1), as_json=options["json"])

    def _answer(self, job: ImportJob, seconds: float, *, as_json: bool) -> None:
        counts = {name: getattr(job, name) for name in ("read", "recorded", "already_known", "parked")}
        if as_json:
            self.stdout.write(json.dumps(counts | {"seconds": seconds}))
            return
        self.stdout.write(
            "Read {read}: {recorded} recorded, {already_known} known already, {parked} parked".format(**counts)
            + f", in {seconds} seconds."
        )
        if job.stopped_at:
            self.stdout.write("Stopped. What was done is kept; run the same command again to go on.")


def _run(job: ImportJob) -> None:
    """Run with a bar on a terminal. The first Ctrl-C stops after the messages at hand, the second at once."""
    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_args: _stop(stop))
    try:
        if sys.stderr.isatty():
            _run_with_a_bar(job, stop)
        else:
            imports.run(job, now, lambda one: None, stop)
    finally:
        signal.signal(signal.SIGINT, before)


def _stop(stop: threading.Event) -> None:
    if stop.is_set():
        raise KeyboardInterrupt
    stop.set()


def _run_with_a_bar(job: ImportJob, stop: threading.Event) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(job.what[:40], total=None)
        imports.run(job, now, lambda one: bar.update(task, completed=one.read, total=one.total), stop)
