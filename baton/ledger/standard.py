"""The ledger's own kinds of record: company, contact, deal, interaction. Their fields, permissions and happenings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.clock import unstamp
from baton.kernel.verdict import Verdict
from baton.ledger import happenings
from baton.ledger.entries import Author, Entry
from baton.ledger.happenings import Happening
from baton.ledger.kinds import Landing, RecordKind, register
from baton.ledger.models import Company, Contact, Deal, Fact, Interaction, Record
from baton.ledger.showing import may_show
from baton.ledger.text import folded


def text(column: str, length: int = 300) -> Landing:
    """Land a text in one column, cut to the column's length; nothing becomes the empty text."""
    return lambda value: {column: str(value or "")[:length]}


def reference(column: str) -> Landing:
    """Land the id of another row."""
    return lambda value: {f"{column}_id": UUID(value) if value else None}


def moment(column: str) -> Landing:
    """Land an aware moment, written as ISO 8601."""
    return lambda value: {column: unstamp(value) if value else None}


def day(column: str) -> Landing:
    """Land a calendar day, written as ISO 8601."""
    return lambda value: {column: date.fromisoformat(value) if value else None}


def named(column: str) -> Landing:
    """Land a name and its folded form, which lists sort by."""
    return lambda value: {column: str(value or "")[:300], f"{column}_folded": folded(str(value or ""))[:300]}


def first_of(column: str, length: int) -> Landing:
    """Land the first of a list; all of them stand in the address index."""
    return lambda value: {column: str(value[0])[:length] if value else ""}


def _money(value: Any) -> dict[str, Any]:
    if not value:
        return {"amount": None}
    landed = {"amount": int(value["minor"])}
    return landed | ({"currency": value["currency"]} if value.get("currency") else {})


def _next_step(value: Any) -> dict[str, Any]:
    value = value or {}
    at: datetime | None = unstamp(value["at"]) if value.get("at") else None
    by = UUID(value["by"]) if value.get("by") else None
    return {"next_step": str(value.get("what", ""))[:400], "next_step_at": at, "next_step_by_id": by}


def _filed(value: Any) -> dict[str, Any]:
    value = value or {}
    ids = {f"{name}_id": UUID(value[name]) if value.get(name) else None for name in ("contact", "company", "deal")}
    landed = ids | {"filed_because": str(value.get("because", ""))[:400]}
    return landed | ({"audience": value["audience"]} if value.get("audience") else {})


def may_write_customers(author: Author, row: Record | None, entry: Entry) -> Verdict:
    """Members with a writing role may change whatever customer record they see."""
    if author.member and not author.member.may_write:
        return Verdict.refuse(_("Your role is read only, so nothing was changed."))
    if entry.field == "merged_into" and author.member:
        return _may_merge(author, row, entry)
    if row is not None and author.member and not _sees(author, row):
        return Verdict.refuse(_("There is no such record among those you can see."))
    return Verdict.allow()


def _may_merge(author: Author, row: Any, entry: Entry) -> Verdict:
    """Who merges must see both; who takes it back, the one that stands for both."""
    from baton.ledger.merging import standing_for

    shown = [standing_for(entry.kind, row.pk, author.member)] if row is not None and author.member else [None]
    if entry.value and author.member:
        shown += [standing_for(entry.kind, UUID(entry.value), author.member)]
    if None in shown:
        return Verdict.refuse(_("There is no such record among those you can see."))
    return Verdict.allow()


def _sees(author: Author, row: Record) -> bool:
    return type(row).objects.visible_to(author.member).filter(pk=row.pk).exists()  # type: ignore[attr-defined]


def deal_happenings(row: Record, fact: Fact) -> Iterator[Happening]:
    """Yield what a fact about a deal means: opened, moved, won, lost, a step set or done, a field confirmed."""
    assert isinstance(row, Deal)
    live = fact.channel not in FOR_THE_RECORD
    common = {"record_kind": "deal", "record_id": row.pk, "deal": row.pk, "contact": row.contact_id, "live": live}
    common["data"] = {"said": True} if fact.channel in ONLY_SAID else {}
    for kind, detail, due in [*_deal_words(fact), *_reopened(row, fact)]:
        yield Happening(kind, detail, member=fact.said_by_id, due_at=due, **common)


FOR_THE_RECORD = {"import", "sheets", "map"}
"""Channels that bring the past, or follow a new map: nobody owes anything for it."""

ONLY_SAID = {"import", "sheets", "api", "assistant", "automation"}
"""Channels in which a table or a program says something: a fact from there is the evidence of no stage."""


def _reopened(row: Deal, fact: Fact) -> Iterator[tuple[str, str, datetime | None]]:
    """A deal that ended and goes on needs a next step again; whoever reopens it repeats the one that stands."""
    if fact.field == "status" and fact.value == "open" and fact.recorded_at > row.recorded_at:
        yield "deal.reopened", "", None
        yield "next_step.missing", "", None


_ENDINGS = {"won": "deal.won", "lost": "deal.lost", "done": "deal.finished", "void": "deal.withdrawn"}


NOTICED = {"quiet": "quiet", "stale": "fact.stale"}
"""Facts by which Baton says that something did not happen: {"of": what}, when its time had passed."""


def _deal_words(fact: Fact) -> Iterator[tuple[str, str, datetime | None]]:
    if fact.field in NOTICED:
        yield NOTICED[fact.field], str(fact.value["of"])[:80], None
        return
    if fact.field == "title" and fact.seq == 1:
        yield "deal.opened", "", None
        yield "next_step.missing", "", None
    if fact.field == "stage":
        yield "stage.entered", fact.value, None
    if fact.field == "status" and fact.value in _ENDINGS:
        yield _ENDINGS[fact.value], "", None
    if fact.field == "next_step":
        yield from _step_words(fact)
    if fact.field == "conflict_check" and fact.value == "cleared":
        yield "conflict.cleared", "", None
    yield "fact.confirmed", fact.field, None


def _step_words(fact: Fact) -> Iterator[tuple[str, str, datetime | None]]:
    if fact.value:
        if fact.value.get("after") == "done":
            yield "next_step.done", "", None
        yield "next_step.set", "", unstamp(fact.value["at"]) if fact.value.get("at") else None
        return
    yield "next_step.done", "", None
    yield "next_step.missing", "", None


def interaction_happenings(row: Record, fact: Fact) -> Iterator[Happening]:
    """Yield what a fact about an interaction shows."""
    assert isinstance(row, Interaction)
    if fact.field == "shows":
        yield from happenings.shown_by(row, fact)
    if fact.field in {"plan", "ended"}:
        yield from happenings.of_meeting(row, fact)


def customer_happenings(row: Record, fact: Fact) -> Iterator[Happening]:
    """Yield that a field of a contact or company was confirmed; nobody waits for what an import makes."""
    if fact.channel in FOR_THE_RECORD and fact.recorded_at == row.recorded_at:
        return
    kind = "contact" if isinstance(row, Contact) else "company"
    live = fact.channel not in FOR_THE_RECORD
    yield Happening("fact.confirmed", fact.field, record_kind=kind, record_id=row.pk, live=live)


COMPANY = {
    "name": named("name"),
    "domains": first_of("domain", 255),
    "emails": lambda value: {},
    "phones": lambda value: {},
    "owner": reference("owner"),
    "merged_into": reference("merged_into"),
    "distinct": lambda value: {},
    "withdrawn": lambda value: {"withdrawn": bool(value)},
}
CONTACT = {
    "name": named("name"),
    "emails": first_of("email", 320),
    "phones": first_of("phone", 60),
    "job": text("job", 200),
    "company": reference("company"),
    "owner": reference("owner"),
    "merged_into": reference("merged_into"),
    "distinct": lambda value: {},
    "withdrawn": lambda value: {"withdrawn": bool(value)},
}
DEAL = {
    "title": named("title"),
    "stage": text("stage", 60),
    "desk": text("desk", 60),
    "offered_to": text("offered_to", 60),
    "owner": reference("owner"),
    "company": reference("company"),
    "contact": reference("contact"),
    "amount": _money,
    "close_date": day("close_date"),
    "status": text("status", 4),
    "lost_reason": text("lost_reason"),
    "category": text("category", 60),
    "service": text("service", 120),
    "source": text("source", 120),
    "next_step": _next_step,
    "opened_from": reference("opened_from"),
}
INTERACTION = {
    "filed": _filed,
    "audience": text("audience", 8),
    "set_aside": lambda value: {},
    "shows": lambda value: {},
    "delivered": lambda value: {},
    "read": lambda value: {},
    "failed": lambda value: {},
    "edited": lambda value: {},
    "withdrawn": lambda value: {},
    "reaction": lambda value: {},
    "outcome": lambda value: {},
    "fetched": lambda value: {},
    "plan": lambda value: {},
    "ended": lambda value: {},
    "doubted": lambda value: {},
}
"""What the other side tells later stands beside what was said: when it was delivered and read, or why it wasn't; how
it was edited, taken back, reacted to; the files fetched afterwards; and what a person wrote down of a call. Of a
meeting: what is planned (`work.meeting_plans`), that a time of it is over, and what was said but isn't believed."""


def may_write_interaction(author: Author, row: Record | None, entry: Entry) -> Verdict:
    """As for customers; and nothing shows what it can't show, whoever says so and through whatever channel."""
    if entry.field == "shows" and entry.value and entry.status == "confirmed":
        if author.member is None or author.channel in ONLY_SAID or not isinstance(row, Interaction):
            return Verdict.refuse(_("Only a person who read it can say what a recorded message shows."))
        shown = may_show(row, entry.value["kind"])
        return shown if shown.answer != "allow" else may_write_customers(author, row, entry)
    return may_write_customers(author, row, entry)


def register_standard_kinds() -> None:
    """Tell the ledger of its own kinds; called once at start."""
    from baton.ledger.search.standard import register_standard_sources

    register(RecordKind("company", Company, COMPANY, may_write_customers, customer_happenings, open_fields=True))
    register(RecordKind("contact", Contact, CONTACT, may_write_customers, customer_happenings, open_fields=True))
    register(RecordKind("deal", Deal, DEAL, may_write_customers, deal_happenings, open_fields=True))
    register(RecordKind("interaction", Interaction, INTERACTION, may_write_interaction, interaction_happenings))
    register_standard_sources()
