"""`baton review agenda`: what the next review will talk about, in order, with reasons."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from baton.decide.review.agenda import Agenda, agenda
from baton.decide.review.reviews import decision_of, looks_back_to
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.kernel.words import day, money
from baton.map.current import current_map
from baton.members.models import Member


class Command(BaseCommand):
    help = "The review: what there is to talk about, from the live pipeline."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["agenda"], help="what to show")
        parser.add_argument("--decision", default="", metavar="NAME", help="which review of the map (the first)")
        parser.add_argument("--member", metavar="EMAIL", help="as this member sees it (the owner unless told)")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        try:
            with timezone.override(current_map().hours.tz):
                decision = decision_of(options["decision"])
                found = agenda(_member(options["member"]), decision, at=at, since=looks_back_to(decision, at))
                self._answer(found, as_json=options["json"])
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _answer(self, found: Agenda, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
            return
        self.stdout.write(f"{found.decision.name}, since {day(found.since, found.at)}: {len(found.items)} deals")
        for part in (one for one in found.parts if one.items):
            self.stdout.write(f"\n{part.name} ({', '.join(filter(None, (str(len(part.items)), part.note)))})")
            for item in part.items:
                worth = money(item.amount.minor, item.amount.currency) if item.amount else "no amount"
                self.stdout.write(f"  {item.title}, {worth}, {item.owner or 'nobody'}")
                for reason in item.reasons:
                    self.stdout.write(f"    {reason.text}")


def _member(email: str | None) -> Member:
    wanted = email or current_map().owner
    member = Member.objects.filter(email__iexact=wanted, is_active=True).first()
    if member is None:
        raise CommandError(f"No member has the address {wanted}.")
    return member
