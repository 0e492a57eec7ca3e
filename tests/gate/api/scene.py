"""A firm with something of everything in it, and programs of its members."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from baton.gate.access import tokens
from baton.kernel.clock import now
from baton.ledger.models import Fact
from baton.map.publishing import publish
from baton.work import handoffs
from baton.work.models import Duty
from tests.cast import FIRM, MONDAY, TUESDAY, Cast

EVERYTHING = ("messages", "write")
FIELDS = """
fields:
  region: {type: choice, choices: [north, south], caught_at: enquiry, needed_by: [handoff sales-operations], breaks: x}
  crew: {type: number, caught_at: enquiry, needed_by: [handoff sales-operations], breaks: x}
  insured: {type: yes/no, caught_at: enquiry, needed_by: [handoff sales-operations], breaks: x}
  deposit: {type: money, caught_at: enquiry, needed_by: [handoff sales-operations], breaks: x}
  works: {type: items, caught_at: enquiry, needed_by: [handoff sales-operations], breaks: x}
  segment: {type: text, on: company, needed_by: [handoff sales-operations], breaks: x}
"""
DECIDED = """
decisions:
  forecast: {who: [tomas], every: Monday 9:00, reads: [amount, close_date, stage], page: forecast}
  reports: {who: [tomas], every: Monday 8:00, reads: [amount], page: requests}
"""


def rich_map(visibility: str = "") -> str:
    """The firm's map with a field of every type, and the decisions that put forecast and requests on."""
    carried = "carries: [scope, start_date, key_holder, amount"
    text = FIRM.replace("\nfields:\n", FIELDS).replace("\ndecisions:\n", DECIDED)
    text = text.replace(carried, f"{carried}, region, crew, insured, deposit, works, segment")
    return text + visibility


def program(member: Any, *scopes: str, name: str = "Sync") -> Client:
    """Return a program of a member, with everything that it may have unless told."""
    wanted = scopes or (EVERYTHING if member.may_write else ("messages",))
    _row, secret = tokens.make(name, wanted, days=30, by=member, at=now())
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, method: str, path: str, body: Any, **headers: str) -> Any:
    """Send JSON to an operation."""
    told = body if isinstance(body, str) else json.dumps(body)
    return getattr(client, method.lower())(f"/api/v1{path}", told, content_type="application/json", headers=headers)


class Scene:
    """A deal of Ana's with mail and an offered handoff, one of Ben's, one that was taken back; and a private mail."""

    def __init__(self, visibility: str = "everyone") -> None:
        self.cast = cast = Cast()
        scoped = "\nvisibility: own desk, own deals; leaders see their desk\n" if visibility != "everyone" else ""
        publish(rich_map(scoped), by=None, at=MONDAY - timedelta(days=300))
        self.company = cast.company()
        self.contact = cast.contact(company=self.company)
        about = {"company": self.company, "contact": self.contact, "amount": {"minor": 120_000, "currency": "GBP"}}
        self.deal = cast.deal(**about, scope="Windows", stage="agreed", close_date="2026-12-01")
        self.other = cast.deal("Ben's own", desk="operations", owner=cast.ben, stage="mobilising", contact=self.contact)
        self.gone = cast.deal("Taken back", status="void")
        self.mail = cast.mail(self.deal)
        self.handoff = handoffs.offer(self.deal, by=cast.ana, at=TUESDAY)


def ids_of(scene: Scene) -> dict[str, list[str]]:
    """What is there, seen or not, by kind."""
    cast, deals = scene.cast, [scene.deal, scene.other, scene.gone]
    return {
        "company": [str(scene.company.pk)],
        "contact": [str(scene.contact.pk)],
        "deal": [str(one.pk) for one in deals],
        "owner": [str(one.pk) for one in (cast.ana, cast.ben, cast.rita)],
        "by": [str(one.pk) for one in (cast.ana, cast.ben)],
        "interaction": [str(scene.mail.pk)],
        "handoff": [str(scene.handoff.pk)],
        "fact": [str(pk) for pk in Fact.objects.unscoped("tests").values_list("pk", flat=True)[:20]],
        "dutie": [str(pk) for pk in Duty.objects.unscoped("tests").values_list("pk", flat=True)[:20]],
    }
