"""`baton forecast --as-of TIME --by month|quarter|week`: what is won and expected, as it was recorded by a moment."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from baton.decide import forecast
from baton.decide.forecast.leaving import history_told, names_of, told, who_words
from baton.decide.forecast.periods import KINDS
from baton.decide.forecast.three import Three, rounded, three_numbers
from baton.kernel import words
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import Member


class Command(BaseCommand):
    help = "What will close, by when: won, commit, best case, pipeline; called, by weight, and by our own history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", metavar="TIME", help="as recorded by then: 2026-11-09T10:00:00 (now unless told)"
        )
        parser.add_argument("--by", choices=KINDS, default="quarter", help="months, quarters or weeks (quarters)")
        parser.add_argument("--count", type=int, default=4, help="how many of them (4)")
        parser.add_argument("--group", choices=forecast.GROUPS, default="owner", help="by whom or what (owner)")
        parser.add_argument("--member", metavar="EMAIL", help="as this member sees it (the owner unless told)")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            forecast.refuse_unless_on()
            tz = current_map().hours.tz
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        with timezone.override(tz):
            member = _member(options["member"])
            found = forecast.at(
                member,
                _moment(options["as_of"], tz),
                by=options["by"],
                count=max(1, min(options["count"], 60)),
                group=options["group"],
            )
            three = three_numbers(member, found)
            if options["json"]:
                self.stdout.write(json.dumps(told(found, three), ensure_ascii=False))
            else:
                self._print(found, three)

    def _print(self, found: forecast.Forecast, three: list[Three]) -> None:
        names = names_of(found)
        for place, period in enumerate(found.periods):
            self._line(period.label, found.of(place), found.currency)
            self._three(three[place], found.currency)
            for who in found.groups():
                if found.of(place, who).count:
                    self._line("  " + who_words(found.group, who, names), found.of(place, who), found.currency)

    def _three(self, one: Three, currency: str) -> None:
        """What people call, and what the past says: beside the stage weights, which stand in the line above."""
        said, past = one.called, history_told(one)
        by = f"by {said.people}, others by won and commit" if said.people else "won and commit: nobody called a number"
        over = f"; {words.money(said.over.minor, currency)} set over it: {said.over.because}" if said.over else ""
        self.stdout.write(f"  called {words.money(said.sum, currency)} ({by}){over}")
        if past is None:
            self.stdout.write("  our own history: the period is over")
        elif past["likely"] is None:
            self.stdout.write(f"  our own history: {past['cases']} comparable cases, too few to say")
        else:
            likely, low, high = (words.money(rounded(past[name]), currency) for name in ("likely", "low", "high"))
            self.stdout.write(f"  our own history {likely}, between {low} and {high}, from {past['cases']} cases")

    def _line(self, name: str, figures: forecast.Figures, currency: str) -> None:
        sums = [("won", figures.won), *((one, figures.sums[one]) for one in ("commit", "best", "pipeline"))]
        sums.append(("by weight", figures.expected))
        self.stdout.write(f"{name}: " + ", ".join(f"{word} {words.money(minor, currency)}" for word, minor in sums))


def _moment(text: str | None, tz: Any) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise CommandError(f"“{text}” is no moment like 2026-11-09T10:00:00.") from wrong
    return found if found.tzinfo else found.replace(tzinfo=tz)


def _member(email: str | None) -> Member:
    wanted = email or current_map().owner
    member = Member.objects.filter(email__iexact=wanted, is_active=True).first()
    if member is None:
        raise CommandError(f"No member has the address {wanted}.")
    return member
