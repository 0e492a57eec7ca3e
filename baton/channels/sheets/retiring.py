"""The spreadsheet that Baton takes the place of: which of its rows aren't here yet, until it is switched off.

A copy of it is matched exactly as an import would match it, through the eyes of whoever gave it, and nothing is
written. When a row came to be here follows from its record, so the past of the burn-down is read, not noted down.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture.models import ImportJob
from baton.channels.sheets import importing, knowing
from baton.channels.sheets.finding import MODELS
from baton.channels.sheets.models import OldSheet
from baton.channels.sheets.planning import Outcome
from baton.kernel.claims import claim, ring
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import Member
from baton.mirror.rollout.dates import days_set
from baton.mirror.sight import owns

log = logging.getLogger(__name__)
BELL = "old sheet"
SHOWN = 40
AGAIN = timedelta(days=1)
LOOKED_FOR = timedelta(days=30)
"""So long after it was switched off it is still compared: then what is left is left on purpose."""


@dataclass(slots=True)
class Found:
    """What a comparison came to: rows that are here, say something else there, aren't here, or can't be read.

    `open` are those not here whose deal is open. `came` is day (ISO 8601) → rows that came to be here on it, `missing`
    the first of those that aren't: number in the sheet, what it is called, and why it can't be read.
    """

    total: int = 0
    there: int = 0
    differs: int = 0
    left: int = 0
    open: int = 0
    bad: int = 0
    came: dict[str, int] = field(default_factory=dict)
    missing: list[dict[str, Any]] = field(default_factory=list)


def newest() -> OldSheet | None:
    """Return the copy that counts."""
    return OldSheet.objects.select_related("by", "sheet").order_by("-kept_at", "-pk").first()


def keep(name: str, raw: bytes, *, by: Member, at: datetime, kind: str = "") -> OldSheet:
    """Keep a copy of the old spreadsheet and compare it: a short one at once, a long one by a worker.

    Raises `Refusal` for who doesn't own the map, for what can't be read, and for invoices.
    """
    if not (owns(by) and by.may_write):
        raise Refusal(_("The old spreadsheet is switched off by whoever owns the map, or their deputy."))
    digest = knowing.keep(raw, by=by, at=at)
    table = knowing.read(raw)
    sheet = knowing.known_sheet(table, kind=kind, by=by, at=at)
    if sheet.kind == "invoices":
        raise Refusal(_("Invoices stay in your accounting program. Give the sheet with deals, contacts or companies."))
    old = OldSheet(name=name[:400], digest=digest, which=table.which, sheet=sheet, by=by, kept_at=at, due_at=at)
    old.save(force_insert=True)
    if table.total <= importing.LOOKED_AT_ONCE:
        compare(old, at=at)
    else:
        ring(BELL)
    return old


def compare(old: OldSheet, *, at: datetime) -> Found:
    """Compare a copy with the records as they stand, keep what was found, and say when to look again."""
    table = knowing.read(knowing.raw_of(old.digest, old.by), old.which)
    run = importing.Run(ImportJob(by=old.by), old.sheet, table, looking=True)
    found, came = Found(total=table.total), Counter[str]()
    for outcomes in run.planned():
        known = _known(outcomes, old.by)
        for one in outcomes:
            _count(found, came, one, known.get(one.record_id) if one.record_id else None)
    found.came = dict(sorted(came.items()))
    old.found, old.compared_at, old.due_at = asdict(found), at, _again(old, found, at)
    old.save(update_fields=["found", "compared_at", "due_at"])
    return found


def _known(outcomes: list[Outcome], by: Member) -> dict[UUID, date]:
    """Return record id → the day on which it came to be here, of those that are."""
    ids: dict[str, set[UUID]] = {}
    for one in outcomes:
        if one.record_id and one.kind in MODELS:
            ids.setdefault(one.kind, set()).add(one.record_id)
    tz = current_map().hours.tz
    rows = [
        row
        for kind, wanted in ids.items()
        for row in MODELS[kind].objects.visible_to(by).filter(pk__among=wanted).values_list("pk", "recorded_at")
    ]
    return {pk: recorded_at.astimezone(tz).date() for pk, recorded_at in rows}


def _count(found: Found, came: Counter[str], one: Outcome, since: date | None) -> None:
    if since:
        found.there += 1
        found.differs += one.state == "changed"
        came[since.isoformat()] += 1
        return
    found.left += 1
    found.bad += one.state == "bad"
    found.open += one.kind == "deal" and one.said.values.get("status", "open") == "open"
    if len(found.missing) < SHOWN:
        called = one.said.values.get("title") or one.said.values.get("name") or " ".join(one.said.cells)[:80]
        found.missing.append({"number": one.said.number, "called": called, "why": one.said.problem})


def _again(old: OldSheet, found: Found, at: datetime) -> datetime | None:
    off = days_set(old.by).off
    over = off is not None and at.date() > off + LOOKED_FOR
    return None if over or not found.left else at + AGAIN


def compare_due(at: datetime) -> int:
    """Compare the copies that are due, and tell the owner what is left once the day has come. One step of a loop."""
    taken = claim(OldSheet.objects.select_related("by", "sheet"), limit=1, at=at)
    for old in taken:
        if old != newest():
            OldSheet.objects.filter(pk=old.pk).update(due_at=None)
            continue
        try:
            found = compare(old, at=at)
        except Refusal as why:
            old.put_off(why.sentence, at)
            continue
        _tell(old, found, at)
    return len(taken)


def left_on_the_day(member: Member, off: date | None, at: datetime) -> OldSheet | None:
    """Return the copy with rows that aren't here although its day has come, for whoever owns the map."""
    today = at.astimezone(current_map().hours.tz).date()
    if off is None or not off <= today <= off + LOOKED_FOR or not owns(member):
        return None
    old = newest()
    return old if old and old.found.get("left") else None


def _tell(old: OldSheet, found: Found, at: datetime) -> None:
    """Write to the owner once for each day that was set."""
    from baton.channels.letters.retired import write_left

    off = days_set(old.by).off
    if off is None or at.astimezone(current_map().hours.tz).date() < off or old.told_for == off or not found.left:
        return
    if write_left(found.left, found.open, off, at):
        OldSheet.objects.filter(pk=old.pk).update(told_for=off)


def left_by_day(found: dict[str, Any], since: date, until: date) -> Iterator[tuple[date, int]]:
    """Yield (day, rows that weren't here at its end) for each day from one to the other."""
    came = {date.fromisoformat(day): count for day, count in found.get("came", {}).items()}
    left = found.get("total", 0) - sum(count for day, count in came.items() if day < since)
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        left -= came.get(day, 0)
        yield day, left
