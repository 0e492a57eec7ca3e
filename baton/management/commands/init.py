"""`baton init`: an empty business with its owner and a ready map, no questions asked."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.management import serving
from baton.map.current import current_map
from baton.map.founding import found
from baton.map.ready import READY, ready_map

NEXT = """\
{business} is here, with the map “{map}”, owned by {owner}.

What next
  baton start                          start it, and sign in as {email}
  baton map show                       see the map; change it on the page Map, or as YAML
  baton import mail PATH --as {email}  bring in the mail that is there already
"""


class Command(BaseCommand):
    """Found a business on an empty Baton."""

    help = "Found an empty business: its owner and a ready map. Refuses where there is one already."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--owner-name", required=True, metavar="NAME")
        parser.add_argument("--owner-email", required=True, metavar="EMAIL")
        parser.add_argument("--password", required=True, help="at least 10 characters, not a common one")
        parser.add_argument("--map", required=True, choices=READY, help="the map to start from")
        parser.add_argument("--business", default="", help="its name; the part after the @ of the address unless told")
        parser.add_argument("--zone", default="UTC", help="its time zone, such as Europe/London (UTC unless told)")
        parser.add_argument("--currency", default="EUR", help="its currency, ISO 4217 (EUR unless told)")
        parser.add_argument(
            "--json", action="store_true", help='answer as {"business", "map", "owner", "email", "desks"}'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        serving.prepare()
        try:
            answer = _found(options)
        except Refusal as why:
            raise CommandError(why.sentence, returncode=2) from why
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else _told(answer))


def _found(options: dict[str, Any]) -> dict[str, Any]:
    email = options["owner_email"].strip().lower()
    business = options["business"].strip() or email.rpartition("@")[2]
    text = ready_map(options["map"], email, business, options["zone"], currency=options["currency"])
    owner = found(text, name=options["owner_name"], email=email, password=options["password"], at=now())
    desks = [desk.name for desk in current_map().desks.values()]
    return {"business": business, "map": options["map"], "owner": owner.name, "email": owner.email, "desks": desks}


def _told(answer: dict[str, Any]) -> str:
    return NEXT.format(**answer)
