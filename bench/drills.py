"""Fire drills: a 13-sheet template from the drop to the file, and from the urgent mail to the reply with it."""

from __future__ import annotations

import os
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

from aiosmtpd.controller import Controller
from django.db import connection

from baton.channels.requests.arriving import request_address
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member
from bench.arriving import START, port_of_receiver
from bench.figures import Figure, figure
from bench.places import Place
from bench.scene import Scene
from bench.server import CSRF, baton
from tests.templates import workbook

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
FIGURES = ("Open pipeline", "Weighted", "Won", "Forecast", "Commit", "Open deals", "Deals won", "Lost", "Deals lost")
MOST = 30
WARM = 2
PATIENCE = 30.0
BARE = (
    "SELECT owner_id, close_date, status, count(*), sum(amount) FROM baton_deal "
    "WHERE status IN ('open', 'won', 'done', 'lost') GROUP BY owner_id, close_date, status"
)


def template() -> bytes:
    """Return 13 sheets: nine figures by person and month with totals, three by another thing, one list of deals."""
    people = list(Member.objects.filter(is_active=True).order_by("name").values_list("name", flat=True))
    year = str(now().year)
    sheets = [(name, _by_person(f"{name} {year}", people)) for name in FIGURES]
    heads = ["Open deals", "Open pipeline", "Weighted", "Largest deal", "Closes"]
    sheets += [(f"By {kind}", [[kind.capitalize(), *heads]]) for kind in ("stage", "service", "source")]
    rows = [["Deal", "Customer", "Owner", "Stage", "Amount", "Close date"], *([[""] * 6] * 40)]
    return workbook(*sheets, ("Deals", [*rows, ["Total", None, None, None, "=SUM(E2:E41)", None]]))


def _by_person(title: str, people: list[str]) -> list[list[str | None]]:
    rows = [[who, *([""] * 12), f"=SUM(B{n}:M{n})"] for n, who in enumerate(people, start=4)]
    return [[title], [], ["Rep", *MONTHS, "Total"], *rows, ["Total", *([""] * 13)]]


def dropped(scene: Scene) -> Figure:
    """A 13-sheet template is let go of on the page, and its file is taken away."""
    raw, seen = template(), {"size": 0}
    owner = next(one for one in scene.everybody.values() if one.email == current_map().owner)
    visitor = next(v for first, v in scene.visitors.items() if scene.everybody[first].pk == owner.pk)
    boundary = "fire-drill"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="Pack.xlsx"\r\n\r\n'
    body = head.encode() + raw + f"\r\n--{boundary}--\r\n".encode()

    def once() -> float:
        began = time.perf_counter()
        headers = {"X-CSRFToken": CSRF, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        place = visitor.sent("/requests/", body, headers)
        seen["size"] = len(visitor.raw(f"{place}file/"))
        return (time.perf_counter() - began) * 1000

    took = [once() for _time in range(min(MOST, scene.asked) + WARM)][WARM:]
    bare = scene.bare(BARE, list)
    note = f"{len(took)} times, {seen['size'] // 1000} KB with its sheet of sources"
    return figure("request", "A 13-sheet template filled, from the drop to the file", 3000, took, bare, note)


def by_mail(place: Place, asked: int) -> Figure:
    """The urgent mail comes in at `baton start`; until the reply with the sheet was handed to the mail server."""
    raw, owner = template(), Member.objects.get(email=current_map().owner)
    with sending() as sent, baton(place, *START) as process:
        port, took = port_of_receiver(process), []
        for number in range(min(MOST, asked) + WARM):
            before, began = len(sent), time.perf_counter()
            _send(port, owner, raw, number)
            _wait(sent, before)
            took.append((time.perf_counter() - began) * 1000)
    rows = took[WARM:]
    connection.close()
    what = "From the urgent mail’s arrival to the reply with the filled sheet, template seen before"
    return figure("drill", what, 30_000, rows, (), f"{len(rows)} mails, one after the other")


@contextmanager
def sending() -> Iterator[list[bytes]]:
    """Run a mail server that takes what Baton sends, and have Baton send through it; yield what came."""
    came: list[bytes] = []

    class Taker:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
            came.append(envelope.content)  # type: ignore[attr-defined]
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Taker(), hostname="127.0.0.1", port=port)
    server.start()
    told = {"BATON_SMTP_HOST": "127.0.0.1", "BATON_SMTP_PORT": str(port)}
    os.environ.update(told)
    try:
        yield came
    finally:
        for name in told:
            os.environ.pop(name, None)
        threading.Thread(target=server.stop, daemon=True).start()


def _send(port: int, owner: Member, raw: bytes, number: int) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = owner.email, request_address(owner), f"FW: Board pack {number}"
    mail["Message-ID"] = f"<{uuid4()}@bench.example>"
    mail.set_content("I need this by 4pm.")
    mail.add_attachment(raw, maintype="application", subtype="octet-stream", filename="Board pack.xlsx")
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        smtp.sendmail(owner.email, [request_address(owner)], mail.as_bytes())


def _wait(sent: list[bytes], before: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(sent) == before:
        if time.monotonic() > until:
            raise RuntimeError("no reply came")
        time.sleep(0.005)
