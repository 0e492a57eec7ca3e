"""Invoices and payments from the accounting program: each lands on the deal that it is for, by its number or client.

The numbers stay those that the business gives out already. What a sheet says of an invoice is a document on the deal,
and shows no stage: only the invoice itself, as it went out, does.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from baton.capture.known import document_digest
from baton.capture.models import ImportJob, MessageKey
from baton.channels.sheets.models import LeftRow, Sheet, SheetRow
from baton.channels.sheets.planning import Change, Outcome
from baton.channels.sheets.rows import RowReader, RowSaid
from baton.kernel.ids import derived
from baton.kernel.rows import insert_rows, update_rows
from baton.kernel.words import money
from baton.kernel.writer import writing
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.models import Address, Company, Contact, Deal, Interaction
from baton.ledger.recording import record
from baton.ledger.text import folded
from baton.members.models import Member

SHEETS = "sheets"
CALLER = "sheets"
TOLD = ("date", "due", "amount", "paid", "paid_on")


@dataclass(slots=True)
class Ledgered:
    """What a chunk of invoices may be about, looked up at once."""

    rows: dict[str, SheetRow] = field(default_factory=dict)
    numbered: dict[str, Interaction] = field(default_factory=dict)
    companies: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    deals: list[Deal] = field(default_factory=list)
    by_title: dict[str, list[Deal]] = field(default_factory=lambda: defaultdict(list))
    by_key: dict[str, UUID] = field(default_factory=dict)


def plan(rows: Iterable[tuple[int, list[str]]], reader: RowReader, sheet: Sheet, by: Member) -> list[Outcome]:
    """Return what becomes of each invoice."""
    said = [reader.read(number, cells) for number, cells in rows]
    known = _look_up([one for one in said if not one.problem], sheet, by)
    seen: set[str] = set()
    return [_plan(one, known, seen) for one in said]


def _plan(said: RowSaid, known: Ledgered, seen: set[str]) -> Outcome:
    if said.problem:
        return Outcome(said, "bad")
    row = known.rows.get(said.key)
    if row is not None or said.key in seen:
        return _again(said, row)
    seen.add(said.key)
    there = known.numbered.get(document_digest(said.values["number"]))
    if there is not None and there.deal_id:
        new = bool(said.values.get("paid") or said.values.get("paid_on"))
        outcome = Outcome(said, "new" if new else "same", "interaction", said.key, there.pk, dict(said.values))
        outcome.made = [("deal", there.deal_id, {"known": True})]
        return outcome
    deal = _deal(said, known)
    if deal is None:
        return Outcome(said, "bad")
    return Outcome(said, "new", "interaction", said.key, None, dict(said.values), made=[("deal", deal.pk, {})])


def _again(said: RowSaid, row: SheetRow | None) -> Outcome:
    last = row.said if row else said.values
    changes = [
        Change(n, last.get(n), said.values[n]) for n in TOLD if n in said.values and said.values[n] != last.get(n)
    ]
    record_id = row.record_id if row else None
    outcome = Outcome(said, "changed" if changes else "same", "interaction", said.key, record_id, dict(said.values))
    outcome.changes, outcome.row = changes, row
    return outcome


def _deal(said: RowSaid, known: Ledgered) -> Deal | None:
    """Return the one deal that an invoice is for; where it could be several, say so and leave it for a person."""
    named = known.by_title.get(folded(said.about.get("deal", "")), [])
    key = known.by_key.get(said.about.get("deal", ""))
    named = named or [deal for deal in known.deals if deal.pk == key]
    companies = known.companies.get(folded(said.about.get("company", "")), [])
    contacts = known.contacts.get(said.about.get("email", ""), [])
    contacts = contacts or known.contacts.get(folded(said.about.get("company", "")), [])
    theirs = named or [d for d in known.deals if d.company_id in companies or d.contact_id in contacts]
    amount = (said.values.get("amount") or {}).get("minor")
    exact = [deal for deal in theirs if amount is not None and deal.amount == amount]
    picked = theirs if len(theirs) == 1 else exact
    if len(picked) == 1:
        return picked[0]
    who = said.about.get("company") or said.about.get("email") or said.values["number"]
    if theirs:
        said.problem = _("%(count)d deals of %(who)s could be meant. Say which, in a column for the deal.") % {
            "count": len(theirs),
            "who": who,
        }
    else:
        said.problem = _("No deal of %(who)s is under way, or won.") % {"who": who}
    return None


def _look_up(rows: list[RowSaid], sheet: Sheet, by: Member) -> Ledgered:
    known = Ledgered()
    known.rows = {row.key: row for row in SheetRow.objects.filter(sheet=sheet, key__in=[one.key for one in rows])}
    fresh = [one for one in rows if one.key not in known.rows]
    _look_up_numbers(known, fresh)
    names = {folded(one.about["company"]) for one in fresh if one.about.get("company")}
    for name, pk in Company.objects.visible_to(by).filter(name_folded__in=names).values_list("name_folded", "pk"):
        known.companies[name].append(pk)
    for name, pk in Contact.objects.visible_to(by).filter(name_folded__in=names).values_list("name_folded", "pk"):
        known.contacts[name].append(pk)
    emails = {one.about["email"] for one in fresh if one.about.get("email")}
    there = Address.objects.filter(kind="email", value__in=emails, contact__isnull=False)
    for value, pk in there.values_list("value", "contact_id"):
        known.contacts[value].append(pk)
    _look_up_deals(known, fresh, by)
    return known


def _look_up_numbers(known: Ledgered, rows: list[RowSaid]) -> None:
    digests = {document_digest(one.values["number"]) for one in rows}
    keys = dict(MessageKey.objects.filter(digest__in=digests).values_list("digest", "interaction_id"))
    there = Interaction.objects.unscoped(CALLER).filter(pk__in=[pk for pk in keys.values() if pk])
    found = {row.pk: row for row in there}
    known.numbered = {digest: found[pk] for digest, pk in keys.items() if pk in found}


def _look_up_deals(known: Ledgered, rows: list[RowSaid], by: Member) -> None:
    companies = {pk for found in known.companies.values() for pk in found}
    contacts = {pk for found in known.contacts.values() for pk in found}
    words = {one.about["deal"] for one in rows if one.about.get("deal")}
    known.by_key = dict(SheetRow.objects.filter(record_kind="deal", key__in=words).values_list("key", "record_id"))
    titles = Q(title_folded__in={folded(word) for word in words}) | Q(pk__in=known.by_key.values())
    going = Q(status__in=("open", "won")) & (Q(company__in=companies) | Q(contact__in=contacts))
    known.deals = list(Deal.objects.visible_to(by).filter(titles | going).order_by("pk"))
    for deal in known.deals:
        known.by_title[deal.title_folded].append(deal)
    known.by_title.pop("", None)


# Writing


def write(job: ImportJob, sheet: Sheet, outcomes: list[Outcome], *, by: Member, at: datetime) -> list[Outcome]:
    """File invoices and payments on their deals; none of it opens a duty or shows a stage."""
    told = [one for one in outcomes if one.state in {"new", "changed"}]
    filed = _filed(told, by)
    news: list[NewInteraction] = []
    keys: list[MessageKey] = []
    for outcome in told:
        news += _interactions(job, outcome, filed, keys, at)
    with writing():
        if news:
            record(by=Author(by, SHEETS), at=at, interactions=news)
            insert_rows(keys, ignore_conflicts=True)
        _remember(job, sheet, outcomes)
    return outcomes


def _filed(outcomes: list[Outcome], by: Member) -> dict[UUID, dict[str, Any]]:
    """Return where each invoice is filed, by the deal or by the invoice that it continues."""
    ids = {pk for one in outcomes for _kind, pk, _values in one.made}
    earlier = [one.record_id for one in outcomes if one.record_id]
    on = dict(Interaction.objects.unscoped(CALLER).filter(pk__in=earlier).values_list("pk", "deal_id"))
    deals = {
        deal.pk: deal for deal in Deal.objects.visible_to(by).filter(pk__in=ids | {pk for pk in on.values() if pk})
    }
    places = {pk: _place(deal) for pk, deal in deals.items()}
    return places | {pk: places[deal] for pk, deal in on.items() if deal in places}


def _place(deal: Deal) -> dict[str, Any]:
    return {
        "deal": str(deal.pk),
        "contact": str(deal.contact_id) if deal.contact_id else None,
        "company": str(deal.company_id) if deal.company_id else None,
        "audience": "full",
        "because": _("the number and the client in the accounting program’s sheet"),
    }


def _interactions(
    job: ImportJob, outcome: Outcome, filed: dict[UUID, dict[str, Any]], keys: list[MessageKey], at: datetime
) -> list[NewInteraction]:
    deal = next((pk for _kind, pk, _values in outcome.made), None) or outcome.record_id
    place = filed.get(deal) if deal else None
    if place is None:
        return []
    found, values = [], outcome.values
    if outcome.state == "new" and outcome.record_id is None:
        found.append(_invoice(job, outcome, place, at))
        outcome.record_id = found[0].id
        digest = document_digest(values["number"])
        keys.append(MessageKey(digest=digest, thread=found[0].id, interaction_id=found[0].id, happened_at=at))
    elif outcome.changes and {one.field for one in outcome.changes} - {"paid", "paid_on"}:
        found.append(_corrected(job, outcome, place, at))
    changed = {one.field for one in outcome.changes}
    if (values.get("paid") or values.get("paid_on")) and (outcome.state == "new" or changed & {"paid", "paid_on"}):
        found.append(_payment(job, outcome, place, at))
    return found


def _one(job: ImportJob, outcome: Outcome, what: str, place: dict[str, Any], **more: Any) -> NewInteraction:
    number = outcome.values["number"]
    return NewInteraction(
        "document",
        channel=SHEETS,
        id=derived("sheet", job.pk, outcome.key, what),
        fingerprint=hashlib.sha256(f"{job.pk}:{outcome.key}:{what}".encode()).hexdigest(),
        thread=outcome.record_id,
        author=job.by,
        live=False,
        filed=place,
        text=_("Row %(number)d of %(sheet)s") % {"number": outcome.said.number, "sheet": job.what},
        parts=_parts(what, number, outcome.values.get("amount")),
        **more,
    )


def _parts(what: str, number: str, amount: Any) -> dict[str, Any]:
    """What a row says of the document itself, in minor units: commission and the numbers are read from here."""
    worth = {"minor": amount["minor"], "currency": amount["currency"]} if isinstance(amount, dict) else {}
    if what == "invoice":
        return {"documents": [{"kind": "invoice", "number": number} | worth]}
    return {"payment": {"number": number} | worth} if what == "payment" else {}


def _invoice(job: ImportJob, outcome: Outcome, place: dict[str, Any], at: datetime) -> NewInteraction:
    values = outcome.values
    subject = _("Invoice %(number)s") % {"number": values["number"]}
    subject += f": {_worth(values['amount'])}" if values.get("amount") else ""
    subject += _(", due %(day)s") % {"day": values["due"]} if values.get("due") else ""
    return _one(
        job, outcome, "invoice", place, direction="out", happened_at=_moment(values.get("date"), at), subject=subject
    )


def _payment(job: ImportJob, outcome: Outcome, place: dict[str, Any], at: datetime) -> NewInteraction:
    subject = _("Invoice %(number)s was paid") % {"number": outcome.values["number"]}
    happened = _moment(outcome.values.get("paid_on"), at)
    return _one(job, outcome, "payment", place, direction="internal", happened_at=happened, subject=subject)


def _corrected(job: ImportJob, outcome: Outcome, place: dict[str, Any], at: datetime) -> NewInteraction:
    told = "; ".join(f"{one.field}: {_words(one.before)} → {_words(one.after)}" for one in outcome.changes)
    subject = _("Invoice %(number)s was changed: %(what)s") % {"number": outcome.values["number"], "what": told}
    return _one(job, outcome, "correction", place, direction="internal", happened_at=at, subject=subject[:500])


def _worth(amount: dict[str, Any]) -> str:
    return money(amount["minor"], amount["currency"])


def _words(value: Any) -> str:
    return _worth(value) if isinstance(value, dict) else str(value if value is not None else "–")


def _moment(day: str | None, at: datetime) -> datetime:
    """Noon, so that the day is the same wherever it is looked at; nothing happened later than it was recorded."""
    return min(datetime.combine(date.fromisoformat(day), time(12), UTC), at) if day else at


def _remember(job: ImportJob, sheet: Sheet, outcomes: list[Outcome]) -> None:
    fresh, known, bad = {}, [], []
    for one in outcomes:
        if one.state == "bad":
            bad.append(one)
        elif one.row is not None:
            one.row.said = one.row.said | one.said.values
            known += [one.row] if one.changes else []
        elif one.record_id and one.key not in fresh:
            row = SheetRow(sheet=sheet, key=one.key, record_kind="interaction", record_id=one.record_id, job=job)
            row.said = one.said.values
            fresh[one.key] = row
    insert_rows(list(fresh.values()), ignore_conflicts=True)
    update_rows(known, ["said"])
    left = [
        LeftRow(
            job=job, number=o.said.number, cells=list(o.said.cells), because=o.said.problem[:400], column=o.said.column
        )
        for o in bad
    ]
    insert_rows(left, ignore_conflicts=True)
