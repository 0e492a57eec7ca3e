"""`baton deal ID`: one deal as its page shows it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from baton.kernel import words
from baton.kernel.clock import now, unstamp
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.telling import deal_told

MARKS = {"shown": "x", "said": "?", "needed": " "}


class Command(BaseCommand):
    help = "Where a deal stands, what proves it, what the next desk needs, what was promised."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", metavar="ID", help="the deal’s id, as in the address of its page")
        parser.add_argument("--member", metavar="EMAIL", help="as this member sees it (the owner unless told)")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        member = _member(options["member"])
        deal = Deal.objects.visible_to(member).filter(pk=_id(options["id"])).first()
        if deal is None:
            raise CommandError("There is no such deal among those this member can see.")
        with timezone.override(current_map().hours.tz):
            told = deal_told(deal, member, now())
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            with timezone.override(current_map().hours.tz):
                self._print(told)

    def _print(self, told: dict[str, Any]) -> None:
        self.stdout.write(f"{told['title']}  {told['amount']}\n{told['desk']}, {told['owner'] or 'nobody'}")
        self.stdout.write(f"Next: {told['next_step'] or 'no next step'}\n")
        for stage in told["rail"]:
            here = "  <- here" if stage["now"] else ""
            self.stdout.write(f"  [{MARKS[stage['evidence']]}] {stage['stage']}{here}")
        for item in (told["packet"] or {"items": []})["items"]:
            self.stdout.write(f"  {item['has']:>9}  {item['name']}: {item['value'] or item['suggested']}")
        for duty in told["duties"]:
            self.stdout.write(f"  owed {words.due(unstamp(duty['due']), now())}: {duty['what']}")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise CommandError(f"“{text}” is not the id of a deal.") from wrong


def _member(email: str | None) -> Member:
    wanted = email or current_map().owner
    member = Member.objects.filter(email__iexact=wanted, is_active=True).first()
    if member is None:
        raise CommandError(f"No member has the address {wanted}.")
    return member
