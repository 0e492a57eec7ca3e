"""`baton search WORDS`: what the search on the pages finds, for a script."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from baton.kernel.clock import stamp
from baton.ledger.search import Hit, find
from baton.members.models import Member, Role


class Command(BaseCommand):
    """Find records by the beginnings of words, newest first, through the eyes of one member."""

    help = "Find records by the beginnings of words, newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="+", help="beginnings of words, of two letters or more; all must be there")
        parser.add_argument("--as", dest="member", metavar="EMAIL", help="through whose eyes; the owner's unless told")
        parser.add_argument("--kind", action="append", help="company, contact, deal or interaction; may be given again")
        parser.add_argument("--limit", type=int, default=20)
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = max(1, min(options["limit"], 500))
        hits = find(_member(options["member"]), " ".join(options["words"]), kinds=options["kind"], limit=limit)
        if options["json"]:
            self.stdout.write(json.dumps([as_data(hit) for hit in hits], ensure_ascii=False, indent=2))
            return
        for hit in hits:
            self.stdout.write(_line(hit))
        if not hits:
            self.stderr.write("Nothing found.")


def _member(email: str | None) -> Member:
    active = Member.objects.filter(is_active=True)
    found = active.filter(email__iexact=email) if email else active.filter(role=Role.OWNER).order_by("joined_at")
    member = found.first()
    if member is None:
        raise CommandError(
            f"No member signs in as {email}." if email else "There is no owner yet: name a member with --as."
        )
    return member


def as_data(hit: Hit) -> dict[str, Any]:
    """Return one hit as plain data."""
    return {
        "kind": hit.kind,
        "id": str(hit.id),
        "title": hit.title,
        "subtitle": hit.subtitle,
        "when": stamp(hit.when) if hit.when else None,
        "excerpt": "".join(piece.text for piece in hit.excerpt),
        "deal": str(hit.deal_id) if hit.deal_id else None,
    }


def _line(hit: Hit) -> str:
    when = f"{hit.when:%Y-%m-%d}" if hit.when else ""
    return "  ".join(part for part in (when, hit.kind, hit.title, hit.subtitle) if part)
