"""`baton today --member EMAIL`: the open duties of one member."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.beside import checked, counts
from baton.work.today import duties_of


class Command(BaseCommand):
    help = "What a member owes: what, on which record, for whom, by when, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--member", required=True, metavar="EMAIL", help="whose duties")
        parser.add_argument("--limit", type=int, default=250, help="how many at most (250)")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        member = Member.objects.filter(email__iexact=options["member"], is_active=True).first()
        if member is None:
            raise CommandError(f"No member has the address {options['member']}.")
        try:
            zone = current_map().hours.tz
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        with timezone.override(zone):
            self._answer(member, options["limit"], as_json=options["json"])

    def _answer(self, member: Member, limit: int, *, as_json: bool) -> None:
        at = now()
        owed = duties_of(member, at, limit=limit)
        if as_json:
            self.stdout.write(json.dumps({"duties": [one.as_json() for one in owed]}, ensure_ascii=False))
            return
        found = counts(member, at)
        self.stdout.write(found.sentence if found.all else f"{found.sentence} {checked(member, at).sentence}")
        for one in owed:
            self.stdout.write(f"\n{one.what}\n  {one.due}, {one.for_whom or one.deal}\n  {one.because}")
