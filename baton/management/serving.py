"""Running Baton: the web server, the worker loops and the mail receiver, together or apart.

The parts share nothing but the database and the file store, so `baton web`, `baton worker` and `baton receive` may
each run as often as wanted, on as many machines as wanted.
"""

from __future__ import annotations

import gc
import logging
import signal
import socket
import threading
import time
import webbrowser
from argparse import ArgumentTypeError
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from baton.kernel import clock
from baton.kernel.claims import loop, stop_loop
from baton.management import in_use

log = logging.getLogger(__name__)
SWEEP_SECONDS = 20.0
FEW_MINUTES = 300.0
HOURLY = 3600.0
HOOKS_SECONDS = 0.8
"""A webhook is told within a second also where another process recorded what happened, and rings no bell here."""
THREADS = 6
HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of background work: a named loop with the step that it repeats while there is something to do."""

    name: str
    step: Callable[[], Any]
    poll: float = 5.0


def background_work() -> list[Work]:
    """Return what a worker does, in the order of the rooms."""
    from baton.capture import connections, fetching, following, imports, outbox, undecided
    from baton.capture.duplicates import finding
    from baton.capture.ingesting import BELL
    from baton.capture.reading import read_waiting
    from baton.channels.calendar import lasting
    from baton.channels.first_look import looking
    from baton.channels.letters import mornings, notices, signs
    from baton.channels.push import notices as push
    from baton.channels.requests import working
    from baton.channels.sheets import retiring
    from baton.decide.requests import keeping
    from baton.gate.assistants import dispatching
    from baton.gate.automations import acting, ahead
    from baton.gate.hooks import following as hooks
    from baton.gate.hooks import sending as telling
    from baton.ledger import republishing
    from baton.map.current import current_version
    from baton.mirror import keeping as tallies
    from baton.work import absence, chasing, lapsing, meetings, watches

    return [
        Work(BELL, lambda: current_version() and read_waiting(clock.now())),
        Work(imports.BELL, lambda: imports.work(clock.now)),
        Work(looking.BELL, lambda: looking.look_due(clock.now)),
        Work(connections.BELL, lambda: current_version() and connections.listen(clock.now())),
        Work("apart", lambda: current_version() and connections.listen(clock.now(), apart=True)),
        Work(finding.BELL, lambda: finding.compare_due(clock.now())),
        Work(outbox.BELL, lambda: outbox.send_due(clock.now())),
        Work("undecided", lambda: undecided.sweep(clock.now()), SWEEP_SECONDS),
        Work(fetching.BELL, lambda: fetching.fetch_due(clock.now())),
        Work(following.WORK, lambda: following.follow(clock.now()), SWEEP_SECONDS),
        Work(republishing.MOVING, lambda: republishing.settle_deals(clock.now())),
        Work(keeping.BELL, lambda: working.answer_due(clock.now())),
        Work(notices.BELL, lambda: notices.write_notices(clock.now())),
        Work(push.BELL, lambda: push.send_due(clock.now())),
        Work(ahead.BELL, lambda: acting.act_due(clock.now), 1.0),
        Work(hooks.BELL, lambda: telling.send_due(clock.now()), HOOKS_SECONDS),
        Work("webhooks-again", lambda: telling.send_due(clock.now(), again=True)),
        Work("assistants-old", lambda: dispatching.forget_old(clock.now()), HOURLY),
        Work("webhooks-old", lambda: telling.forget_old(clock.now()), HOURLY),
        Work("mornings", lambda: mornings.write_mornings(clock.now()), SWEEP_SECONDS),
        Work("watches", lambda: current_version() and watches.notice(clock.now()), SWEEP_SECONDS),
        Work("lasting", lambda: current_version() and lasting.look_further(clock.now()), HOURLY),
        Work("meetings", lambda: current_version() and meetings.notice_over(clock.now()), SWEEP_SECONDS),
        Work("mirror", lambda: current_version() and tallies.keep_days(clock.now()), SWEEP_SECONDS),
        Work("signs", lambda: signs.write_signs(clock.now()), FEW_MINUTES),
        Work("lapses", lambda: current_version() and lapsing.look(clock.now()), HOURLY),
        Work(retiring.BELL, lambda: current_version() and retiring.compare_due(clock.now()), SWEEP_SECONDS),
        Work("absences", lambda: current_version() and absence.turn(clock.now()), SWEEP_SECONDS),
        Work("chasing", lambda: current_version() and chasing.chase(clock.now()), SWEEP_SECONDS),
    ]


@contextmanager
def working() -> Generator[None]:
    """Run the background work in threads of this process until the block ends."""
    from baton.capture.staying import staying

    stop = threading.Event()
    threads = [
        threading.Thread(target=_loop, args=(work, stop), name=work.name, daemon=True) for work in background_work()
    ]
    for thread in threads:
        thread.start()
    try:
        with staying():
            yield
    finally:
        for work in background_work():
            stop_loop(work.name, stop)
        for thread in threads:
            thread.join(timeout=10)


def _loop(work: Work, stop: threading.Event) -> None:
    loop(work.name, work.step, stop, poll=work.poll)


def port_number(text: str) -> int:
    """Return the port that a command line names; `argparse` says the sentence of what is none."""
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise ArgumentTypeError(f"“{text}” is no port: give a number from 0 to {HIGHEST_PORT}")
    return int(text)


@contextmanager
def receiving(host: str, port: int) -> Generator[int]:
    """Take mail by SMTP on this address until the block ends; yield the port it listens on."""
    from baton.channels.email.receiving import Receiver

    receiver = Receiver(host, port)
    receiver.start()
    try:
        yield receiver.server.sockets[0].getsockname()[1]
    finally:
        receiver.stop()


def serve(host: str, port: int, *, answering: Callable[[str], None]) -> None:
    """Serve the pages until told to stop; `answering` is called with the address once it answers."""
    from waitress.server import create_server

    from config.wsgi import application

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that a request waits for a moment is no news
    leave_what_stays_alone()
    keep_looks()
    server = create_server(
        application, host=host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
    )
    address = f"http://{'localhost' if host in {'127.0.0.1', '::1'} else host}:{server.effective_port}/"
    threading.Thread(
        target=_when_it_answers, args=(host, server.effective_port, address, answering), daemon=True
    ).start()
    server.run()


def keep_looks() -> None:
    """Have what this process counts of pages that are opened added to the day's rows, apart from every request."""
    from baton.mirror import looks

    work = Work("looks", lambda: looks.keep_overdue(clock.now()), SWEEP_SECONDS)
    threading.Thread(target=_loop, args=(work, threading.Event()), name=work.name, daemon=True).start()


def leave_what_stays_alone() -> None:
    """Have the garbage collector pass over what was loaded at start, and come less often.

    A page makes some hundred thousand objects that die with it; walking all of Django for each few hundred of them
    adds tens of milliseconds to one page in twenty.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _when_it_answers(host: str, port: int, address: str, answering: Callable[[str], None]) -> None:
    for _attempt in range(200):
        try:
            with socket.create_connection((host, port), timeout=1):  # noqa: TID251 - this server itself
                break
        except OSError:
            time.sleep(0.05)
    answering(address)


def open_browser(address: str) -> None:
    """Show the address in the person's browser, where there is one."""
    try:
        webbrowser.open(address)
    except webbrowser.Error:
        log.info("no browser here to open %s", address)


def prepare(say: Callable[[str], None] | None = None) -> None:
    """Say that this data folder is in use, and bring the database up to this version; `say` hears what takes long."""
    in_use.share()
    if say and not MigrationRecorder(connection).has_table():
        say("Setting up the database. The first time takes up to a minute …")
    call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def stopping_cleanly() -> Generator[ExitStack]:
    """Let SIGTERM end the process as Ctrl-C does: loops finish their step, the receiver its message."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    with ExitStack() as stack:
        try:
            yield stack
        except KeyboardInterrupt:
            log.info("stopping")


def wait_until_stopped() -> None:
    """Sleep until the process is told to stop."""
    threading.Event().wait()
