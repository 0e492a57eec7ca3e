"""What waits to be confirmed on the duties of one page, so that it can be confirmed where it is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel import words
from baton.kernel.clock import unstamp
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.looking import deal_seen_by
from baton.work.today import Owed
from baton.work.wording import value_text

CALLER = "work.duties"
SINGULAR = {"emails": "email", "phones": "phone", "job": "role", "domains": "domain"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One value of a row: its field, the value in words, how far it can be relied on, and from which words.

    `fact` is the suggestion that is confirmed by its id; without one, the value itself is confirmed again or said.
    """

    trust: str
    field: str
    name: str
    text: str
    fact: UUID | None = None
    said: str = ""
    age: str = ""


def waiting_on(rows: Iterable[Owed], member: Member, at: datetime) -> dict[UUID, list[Waiting]]:
    """Return duty id → what can be confirmed there: read from the message that opened it, or the field it is about."""
    owed = list(rows)
    suggested = _suggested(owed, member)
    fields = {row.id: _fields(row) for row in owed}
    deals = _deals({row.deal_id for row in owed if fields[row.id]} - {None}, member)
    operating_map = current_map()
    found: dict[UUID, list[Waiting]] = {}
    for row in owed:
        facts = [fact for fact in suggested if _concerns(fact, row, fields[row.id])]
        found[row.id] = [_suggestion(fact, operating_map) for fact in facts]
        named = {one.field for one in found[row.id]}
        kept = deals.get(row.deal_id, {})
        found[row.id] += [_known(key, kept, operating_map, at) for key in fields[row.id] if key not in named]
    return found


def _fields(row: Owed) -> list[str]:
    """Return the fields of the deal that a row asks to be confirmed."""
    closing = [detail for kind, detail in row.closers if kind == "fact.confirmed" and detail]
    opening = [row.item] if row.opener == "fact.stale" and row.item else []
    return list(dict.fromkeys([*opening, *closing])) if row.deal_id else []


def _suggested(rows: list[Owed], member: Member) -> list[Fact]:
    about = {row.deal_id for row in rows if _fields(row)}
    asked = Fact.objects.visible_to(member).suggested().filter(record_kind="deal", record_id__in=about)
    facts = {fact.pk: fact for fact in [*_read_from_openers(rows), *(asked if about else ())]}
    return sorted(facts.values(), key=lambda fact: (fact.span_start or 0, str(fact.pk)))


def _read_from_openers(rows: list[Owed]) -> list[Fact]:
    """Suggestions from the messages that opened these duties.

    Only on deals and contacts that the rows name, and only from messages that they quote: what the member may see and
    read was asked when the rows were told.
    """
    quoted = [row for row in rows if row.opener == "interaction.in" and row.quote and row.interaction_id]
    if not quoted:
        return []
    records = {
        (kind, record) for row in quoted for kind, record in (("deal", row.deal_id), ("contact", row.contact_id))
    }
    waiting = Fact.objects.unscoped(CALLER).suggested().filter(interaction__in={row.interaction_id for row in quoted})
    return [fact for fact in waiting if (fact.record_kind, fact.record_id) in records]  # some messages have few facts


def _concerns(fact: Fact, row: Owed, fields: list[str]) -> bool:
    if row.opener == "interaction.in" and fact.interaction_id and fact.interaction_id == row.interaction_id:
        return True
    return fact.record_kind == "deal" and fact.record_id == row.deal_id and fact.field in fields


def _deals(ids: set[UUID | None], member: Member) -> dict[UUID, dict[str, Any]]:
    return dict(Deal.objects.visible_to(member).filter(pk__in=ids).values_list("pk", "values")) if ids else {}


def _suggestion(fact: Fact, operating_map: OperatingMap) -> Waiting:
    text = _in_words(fact, operating_map)
    return Waiting("suggested", fact.field, _name(fact, operating_map), text, fact.pk, fact.words)


def _name(fact: Fact, operating_map: OperatingMap) -> str:
    if fact.record_kind == "promise" or fact.field == "promise":
        return _("Promise")
    short = SINGULAR.get(fact.field, fact.field)
    key = fact.field if fact.record_kind == "deal" else f"{fact.record_kind}.{short}"
    known = operating_map.field(key)
    return str(known.name) if known else short.replace("_", " ").capitalize()


def _in_words(fact: Fact, operating_map: OperatingMap) -> str:
    value = fact.value
    if isinstance(value, dict) and "what" in value:
        due = value.get("due_at") or value.get("at")
        return f"{value['what']}, {words.day(unstamp(due))}" if due else str(value["what"])
    known = operating_map.field(fact.field)
    return value_text(value, known.type if known else "text", operating_map.currency)


def _known(key: str, kept: dict[str, Any], operating_map: OperatingMap, at: datetime) -> Waiting:
    known = operating_map.field(key)
    name = str(known.name) if known else key
    value = kept.get(key, {})
    if value.get("v") in (None, "", [], {}):
        return Waiting("missing", key, name, "")
    days = (at - unstamp(value["h"])).days if value.get("h") else 0
    stale = known is not None and known.fresh_for is not None and days > known.fresh_for
    text = value_text(value["v"], known.type if known else "text", operating_map.currency)
    age = _("%(count)d days old") % {"count": days} if stale else ""
    return Waiting("stale" if stale else "confirmed", key, name, text, age=age)


def confirm_again(deal: Deal, field: str, *, by: Member, at: datetime, channel: str = "screen") -> Deal:
    """Say that a value is still so: it is as fresh as the day on which somebody said so."""
    seen = deal_seen_by(by, deal.pk)
    value = seen.value(field)
    if value is None:
        raise Refusal(_("Nobody has said it yet, so there is nothing to confirm."))
    return record([Entry("deal", seen.pk, field, value)], by=Author(by, channel), at=at).row("deal", seen.pk)
