"""How long saving takes: a fact, a suggestion confirmed, a handoff accepted; idle, and while mail pours in."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import connection

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact, Interaction
from baton.ledger.recording import record
from baton.work import handoffs
from baton.work.models import Handoff
from bench.figures import Figure, figure
from bench.people import AT_DESK
from bench.places import ROOT, Place
from bench.scene import CALLER, Scene
from bench.server import baton

STEP = 50
WARM = 15
GOAL_IDLE, GOAL_POURING = 30, 100


def saving(scene: Scene) -> Figure:
    """Save one value of a deal."""
    took = scene.ask(lambda: _save(scene), warm=WARM)
    return figure("saving", "Saving a fact, idle", GOAL_IDLE, took, _bare_commits(scene))


def confirming(scene: Scene) -> Figure:
    """Confirm one suggestion."""
    waiting = _suggest(scene, scene.asked + WARM)
    took = scene.ask(lambda: _confirm(scene, waiting), warm=WARM)
    return figure("confirming", "Confirming a suggestion, idle", GOAL_IDLE, took, _bare_commits(scene))


def accepting(scene: Scene) -> Figure:
    """Accept one handoff."""
    waiting = _offer(scene, scene.asked + WARM)
    scene.asked, wanted = min(scene.asked, max(1, len(waiting) - WARM)), scene.asked
    took = scene.ask(lambda: _accept(scene, waiting), warm=WARM)
    scene.asked = wanted
    return figure(
        "accepting", "Accepting a handoff, idle", GOAL_IDLE, took, _bare_commits(scene), f"{len(took)} of them"
    )


IDLE: dict[str, Callable[[Scene], Figure]] = {"saving": saving, "confirming": confirming, "accepting": accepting}


def while_mail_pours_in(place: Place, asked: int) -> Iterator[Figure]:
    """Do the same in the one process that receives and reads mail, which another one sends as fast as it is taken."""
    with baton(place, "start", "--no-browser", "--port", "0", "--smtp-port", "0") as process:
        scene = Scene(place, process, asked)
        each = -(-asked // 3) + WARM
        waiting, offered = _suggest(scene, each), _offer(scene, each)
        smtp = next(int(found.group(1)) for line in process.said if (found := re.search(r"port (\d+)\.", line)))
        command = [sys.executable, "-m", "bench.pouring", str(smtp)]
        pouring = subprocess.Popen(command, cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, text=True)
        assert pouring.stdout is not None
        pouring.stdout.readline()
        before = _read_so_far()
        began = now()
        kinds = [lambda: _save(scene), lambda: _confirm(scene, waiting), lambda: _accept(scene, offered)]
        counts = [each - WARM, max(0, len(waiting) - WARM), max(0, len(offered) - WARM)]
        names = ["Saving a fact", "Confirming a suggestion", "Accepting a handoff"]
        took = [[kind() for _ in range(min(each - WARM, count))] for kind, count in zip(kinds, counts, strict=True)]
        rate = (_read_so_far() - before) / max(0.001, (now() - began).total_seconds())
        pouring.terminate()
        pouring.wait()
        own, children = process.memory()
        note = f"{rate:.0f} mails/s were read meanwhile; the process holds {own:.0f} MB, its children {children:.0f} MB"
        for name, there in zip(names, took, strict=True):
            if there:
                yield figure(f"{name} pouring", f"{name}, while mail pours in", GOAL_POURING, there, (), note)


def _read_so_far() -> int:
    from baton.capture.models import Delivery

    return Delivery.objects.unscoped(CALLER).filter(state="read").count()


def _save(scene: Scene) -> float:
    deal, dice = scene.dice.choice(scene.deals), scene.dice
    field, value = dice.choice(
        [
            ("site_access", f"Barrier code {dice.randint(1000, 9999)}"),
            ("amount", f"{dice.randint(1, 90)}k"),
            ("start_date", f"{dice.randint(1, 28)} March 2027"),
            ("purchase_order", f"PO-{dice.randint(10_000, 99_999)}"),
        ]
    )
    return scene.somebody().post(f"/deals/{deal}/fields/{field}/value/", value=value)[0]


def _confirm(scene: Scene, waiting: list[UUID]) -> float:
    return scene.somebody().post(f"/facts/{waiting.pop()}/confirmation/")[0]


def _accept(scene: Scene, waiting: list[Handoff]) -> float:
    handoff = waiting.pop()
    first = AT_DESK[handoff.to_desk][0]
    return scene.visitors[first].post(f"/handoffs/{handoff.pk}/acceptance/")[0]


def _suggest(scene: Scene, count: int) -> list[UUID]:
    """Have something read from the last message of so many deals, and return the suggestions."""
    found: list[UUID] = []
    while len(found) < count:
        chosen = scene.dice.sample(scene.deals, min(STEP, len(scene.deals)))
        entries = [entry for deal in chosen for entry in _read_on(deal)]
        batch = record(entries, by=Author(None, "email"), at=now())
        found += [fact.pk for fact in batch.facts]
    return found


def _read_on(deal: UUID) -> list[Entry]:
    last = Interaction.objects.unscoped(CALLER).filter(deal=deal, audience="full").order_by("-happened_at").first()
    if last is None:
        return []
    key = f"bench:{last.pk}:{Fact.objects.unscoped(CALLER).filter(record_id=deal).count()}:site_access"
    told = {"words": "the barrier code is 4711", "span": (0, 24), "reader": "bench", "confidence": 0.9, "key": key}
    return [Entry("deal", deal, "site_access", "Barrier code 4711", "suggested", None, last.pk, **told)]


def _offer(scene: Scene, count: int) -> list[Handoff]:
    """Offer so many deals to the next desk, as far as there are such deals."""
    offered: list[Handoff] = []
    by_id = {member.pk: member for member in scene.everybody.values()}
    there = Deal.objects.unscoped(CALLER).filter(status__in=("open", "won"), desk__in=("intake", "sales", "operations"))
    busy = set(Handoff.objects.unscoped(CALLER).waiting().values_list("deal", flat=True))
    for deal in there.order_by("-id").iterator():
        if len(offered) == count:
            break
        if deal.pk in busy:
            continue
        try:
            offered.append(handoffs.offer(deal, by=by_id[deal.owner_id], at=now()))
        except Refusal:
            continue  # the map knows no handoff from where this one stands
    return offered


def _bare_commits(scene: Scene) -> list[float]:
    """What one durable commit costs here: one row put into a table of its own."""
    import time

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_commit (n integer)")
    took = []
    for number in range(min(40, scene.asked)):
        began = time.perf_counter()
        with writing(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_commit VALUES (%s)", [number])
        took.append((time.perf_counter() - began) * 1000)
    return took
