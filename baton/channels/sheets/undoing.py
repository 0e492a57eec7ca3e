"""Taking a whole import back: by facts that take back. What was changed since is kept, and said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from baton.capture.models import ImportJob
from baton.channels.sheets.finding import MODELS
from baton.channels.sheets.models import SheetRow
from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact, Interaction
from baton.ledger.recording import record
from baton.members.models import Member

SHEETS = "sheets"
CALLER = "sheets"
AT_ONCE = 200
ORDER = ("deal", "contact", "company")
"""What leans on others goes first."""


@dataclass(slots=True)
class TakenBack:
    """What an undo did. `kept` are sentences about what was changed since and so stays."""

    records: int = 0
    values: int = 0
    kept: list[str] = field(default_factory=list)


def take_back(job: ImportJob, *, by: Member, at: datetime) -> TakenBack:
    """Take an import back. Raises `Refusal` where it isn't theirs to take, or is back already."""
    if not by.may_write or (by.pk != job.by_id and not by.sees_everything):
        raise Refusal(_("Only whoever imported it, the owner and managers take it back."))
    if job.settings.get("taken_back"):
        raise Refusal(_("That was taken back already."))
    done = TakenBack()
    for kind in ORDER:
        for ids in _records_of(job, kind):
            _take_back_some(job, kind, ids, by, at, done)
    _take_back_invoices(job, by, at)
    with writing():
        job.settings = job.settings | {"taken_back": {"records": done.records, "kept": done.kept[:200]}}
        job.save(update_fields=["settings"])
    return done


def _facts(job: ImportJob) -> Any:
    """The facts of an import are those under its own keys; the unique index on keys walks straight to them."""
    prefix = f"sheet:{job.pk.hex}:"
    return Fact.objects.unscoped(CALLER).filter(key__gte=prefix, key__lt=prefix[:-1] + ";")


def _records_of(job: ImportJob, kind: str) -> Iterator[list[UUID]]:
    ids = list(
        _facts(job).filter(record_kind=kind).order_by("record_id").values_list("record_id", flat=True).distinct()
    )
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _take_back_some(job: ImportJob, kind: str, ids: list[UUID], by: Member, at: datetime, done: TakenBack) -> None:
    rows = {row.pk: row for row in MODELS[kind].objects.visible_to(by).filter(pk__in=ids)}
    facts: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in Fact.objects.unscoped(CALLER).filter(record_kind=kind, record_id__in=list(rows)).order_by("seq"):
        facts[fact.record_id].append(fact)
    ours = f"sheet:{job.pk.hex}:"
    leaned_on = _leaned_on(kind, list(rows))
    entries: list[Entry] = []
    for pk, row in rows.items():
        mine = [fact for fact in facts[pk] if (fact.key or "").startswith(ours)]
        others = [fact for fact in facts[pk] if fact not in mine and fact.channel != "baton"]
        if not others and pk not in leaned_on:
            entries += _withdrawn(kind, pk, mine)
            done.records += 1
        else:
            told = list(_restored(row, mine, facts[pk], done, made=facts[pk][0] in mine))
            done.values += len(told)
            entries += told
    with writing():
        if entries:
            record(entries, by=Author(by, SHEETS), at=at)
        SheetRow.objects.filter(job=job, record_kind=kind, record_id__in=ids).delete()


def _leaned_on(kind: str, ids: list[UUID]) -> set[UUID]:
    """Return those that something else stands on by now: mail, notes, deals, people."""
    column = {"deal": "deal", "contact": "contact", "company": "company"}[kind]
    heard = Interaction.objects.unscoped(CALLER).filter(**{f"{column}__in": ids}).exclude(channel=SHEETS)
    found = set(heard.values_list(f"{column}_id", flat=True))
    if kind != "deal":
        deals = Deal.objects.unscoped(CALLER).filter(**{f"{column}__in": ids}).exclude(status="void")
        found |= set(deals.values_list(f"{column}_id", flat=True))
    if kind == "company":
        people = MODELS["contact"].objects.unscoped(CALLER).filter(company__in=ids, withdrawn=False)
        found |= set(people.values_list("company_id", flat=True))
    return found


def _withdrawn(kind: str, pk: UUID, mine: Iterable[Fact]) -> Iterator[Entry]:
    """A record that nobody touched since goes, with the addresses that would lead to it."""
    because = _("The import was taken back")
    yield Entry(kind, pk, *(("status", "void") if kind == "deal" else ("withdrawn", True)), because=because)
    for name in {fact.field for fact in mine} & {"emails", "phones", "domains"}:
        yield Entry(kind, pk, name, [], because=because)


def _restored(row: Any, mine: list[Fact], facts: list[Fact], done: TakenBack, *, made: bool) -> Iterator[Entry]:
    """A record that was there before gets back what it said; one that others work on by now stays as it is."""
    if made:
        done.kept.append(_("%(name)s stays: others have worked on it since.") % {"name": row})
        return
    latest = {fact.field: fact for fact in mine}
    for name, fact in latest.items():
        if row.values.get(name, {}).get("f") != str(fact.pk):
            done.kept.append(_("%(name)s: “%(field)s” was changed since and stays.") % {"name": row, "field": name})
            continue
        before = [one for one in facts if one.field == name and one.status == "confirmed" and one not in mine]
        value = max(before, key=lambda one: (one.happened_at, one.recorded_at, one.pk)).value if before else None
        if value is not None or name not in {"name", "title", "stage"}:
            yield Entry(fact.record_kind, row.pk, name, value, replaces=fact.pk, because=_("The import was taken back"))


def _take_back_invoices(job: ImportJob, by: Member, at: datetime) -> None:
    """Invoices and payments leave their deals, and wait nowhere."""
    if not SheetRow.objects.filter(sheet=job.settings["sheet"], record_kind="interaction").exists():
        return
    keys = SheetRow.objects.filter(sheet=job.settings["sheet"]).values_list("key", flat=True)
    ids = [derived("sheet", job.pk, key, what) for key in keys for what in ("invoice", "payment", "correction")]
    for start in range(0, len(ids), AT_ONCE):
        there = Interaction.objects.unscoped(CALLER).filter(Q(pk__in=ids[start : start + AT_ONCE]))
        entries = [
            entry
            for pk in there.values_list("pk", flat=True)
            for entry in (Entry("interaction", pk, "filed", None), Entry("interaction", pk, "set_aside", True))
        ]
        if entries:
            record(entries, by=Author(by, SHEETS), at=at)
    SheetRow.objects.filter(job=job, record_kind="interaction").delete()
