"""A template that comes again proposes a decision in the map, so that the drill ends instead of being perfected."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db.models import Count
from django.utils.translation import gettext as _

from baton.decide.requests.models import Request, RequestTemplate
from baton.decide.requests.periods import MONTH_NAMES
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.text import folded
from baton.map.current import current_map, current_version
from baton.map.drafts import draft_of, keep_draft
from baton.map.elements import BUILT_IN_FIELDS
from baton.map.models import MapDraft, MapVersion
from baton.members.models import Member

TWICE = 2
PASSING = frozenset(["q", "fy", "final", "copy", "v"])
READS = ("amount", "close_date", "stage", "owner", "service", "source", "next_step")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A decision that a template proposes, with how often it came and the lines it would add to the map."""

    template: RequestTemplate
    times: int
    who: list[str]
    text: str


def proposals(member: Member) -> list[Proposed]:
    """Return what templates that came at least twice propose; to those who may see all requests."""
    if not member.sees_everything:
        return []
    rows = RequestTemplate.objects.filter(declined_at__isnull=True).annotate(times=Count("requests"))
    found = [_proposed(one) for one in rows.filter(times__gte=TWICE).order_by("-times")[:10]]
    taken = {one.key for one in current_map().decisions.values()}
    return [one for one in found if key_of(one.template) not in taken]


def _proposed(template: RequestTemplate) -> Proposed:
    rows = list(template.requests.select_related("asked_by").order_by("-asked_at")[:12])
    who = [email for email, _n in Counter(row.asked_by.email for row in rows).most_common()]
    return Proposed(template, len(rows), [row.asked_by.name for row in rows[:1]], _lines(template, rows, who))


def key_of(template: RequestTemplate) -> str:
    """Return the key of its decision: the file's name without its date and ending."""
    words = re.findall(r"[a-z]+", folded(PurePath(template.name).stem))
    words = [word for word in words if word not in MONTH_NAMES and word not in PASSING]
    return "-".join(words)[:40] or "report"


def _lines(template: RequestTemplate, rows: list[Request], who: list[str]) -> str:
    """The decision as the map writes it."""
    reads = [name for name in READS if name in _fields(rows)] or ["amount", "stage"]
    people = ", ".join(who)
    return (
        f"  {key_of(template)}:\n    who: [{people}]\n    every: {_cadence(rows)}\n    reads: [{', '.join(reads)}]\n"
        "    page: requests\n"
    )


def _fields(rows: list[Request]) -> set[str]:
    facts = (one["facts"] for row in rows[:1] for one in row.told.get("deals", [])[:200])
    return {name for one in facts for name in one} & BUILT_IN_FIELDS.keys()


def _cadence(rows: list[Request]) -> str:
    """How often it came: by the time between the first and the last."""
    days = (rows[0].asked_at - rows[-1].asked_at).days / max(1, len(rows) - 1)
    return "week" if 0 < days < 11 else "quarter" if days > 60 else "month"


def take_over(template: RequestTemplate, *, by: Member, at: datetime) -> MapDraft:
    """Put the proposed decision into the member's own draft of the map, published from there. Raises `Refusal`."""
    proposed = _proposed(template)
    own = draft_of(by)
    version = current_version()
    text = own.text if own else MapVersion.objects.get(number=version).text
    note = _("“%(name)s” was asked for %(times)d times.") % {"name": template.name, "times": proposed.times}
    return keep_draft(
        with_decision(text, proposed.text), by=by, at=at, based_on=own.based_on if own else version, note=note,
        seen=own.changed_at if own else None,
    )  # fmt: skip


def with_decision(text: str, lines: str) -> str:
    """Return a map's text with one more decision in it."""
    found = re.search(r"^decisions:[ \t]*(?:\{\})?[ \t]*\n", text, re.MULTILINE)
    if found is None:
        return f"{text.rstrip()}\n\ndecisions:\n{lines}"
    return f"{text[: found.start()]}decisions:\n{lines}{text[found.end() :]}"


def decline(template: RequestTemplate, *, by: Member, at: datetime) -> None:
    """Leave it a request: it proposes nothing any more. Raises `Refusal` for who doesn't lead."""
    if not (by.sees_everything and by.may_write):
        raise Refusal(_("Only who sees all requests can say that this stays one."))
    template.declined_at = at
    with writing():
        template.save(update_fields=["declined_at"])
