"""What happened on a deal, in words: what it was and who with, what was told of it later, what a fact changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from baton.kernel import words
from baton.ledger.models import Fact, Interaction
from baton.web.deal.seen import DealSeen
from baton.work.meeting_plans import times
from baton.work.meetings import plan_of

PAPERS = {
    "quote": ("quote", gettext_lazy("Quote")),
    "invoice": ("receipt", gettext_lazy("Invoice")),
    "order": ("file-text", gettext_lazy("Order")),
    "contract": ("file-text", gettext_lazy("Contract")),
    "report": ("file-text", gettext_lazy("Report")),
}
"""Kind of document → its icon and its name."""


def papers_in(row: Interaction) -> list[tuple[str, str]]:
    """Return the documents that it carries in words: "Quote Q-0412, £84,600", each with its icon."""
    found = []
    for one in row.parts.get("documents", []):
        icon, name = PAPERS.get(one["kind"], ("file-text", one["kind"]))
        worth = one.get("net") or one.get("total")
        sum_ = words.money(worth["minor"], worth["currency"]) if worth else ""
        dated = words.day(date.fromisoformat(one["dated"])) if one.get("dated") else ""
        found.append(
            (icon, ", ".join(part for part in (f"{name} {one.get('number', '')}".strip(), sum_, dated) if part))
        )
    return found


def head_of(seen: DealSeen, row: Interaction, contact: Any = None) -> str:
    """Say what it was and who with: "Email from Dana Whitlock", "Call, Ana and Dana Whitlock"."""
    customer = contact.name if contact else (row.from_name or row.from_address if row.direction == "in" else "")
    ours = _("You") if row.author_id == seen.member.pk else seen.name_of(row.author_id) if row.author_id else ""
    kind = row.get_kind_display()
    if row.parts.get("planned"):
        kind = _("Meeting planned")
    if row.parts.get("missed"):
        kind = _("Missed call")
    if row.parts.get("unanswered"):
        kind = _("Call that nobody took")
    if row.direction == "in" and customer:
        return _("%(kind)s from %(name)s") % {"kind": kind, "name": customer}
    if row.direction == "out" and customer and row.kind in {"email", "text", "chat"}:
        return _("%(kind)s to %(name)s") % {"kind": kind, "name": customer} + (f", {ours}" if ours else "")
    if row.channel == "review" and row.parts.get("side_channel_deal"):
        return _("Captured in a review, %(name)s") % {"name": ours}
    if row.channel == "review":
        return _("Decided in %(review)s") % {"review": row.parts.get("used", {}).get("called") or _("a review")}
    if row.kind in {"note", "document"}:
        return f"{kind}, {ours}" if ours else kind
    together = [name for name in (ours, customer) if name]
    return f"{kind}, {pgettext('two people', ' and ').join(together)}" if together else kind


def told_since(row: Interaction) -> str:
    """Say what the other side told later of a message: edited, taken back, reacted to, delivered, read, or why not."""
    told = {name: kept["v"] for name, kept in row.values.items() if isinstance(kept, dict) and "v" in kept}
    lines = [_planned_for(row)] if "plan" in told else []
    if told.get("edited"):
        lines.append(_("Edited since: %(text)s") % {"text": told["edited"]["text"]})
    if told.get("withdrawn"):
        lines.append(_("They deleted it since."))
    if (told.get("reaction") or {}).get("emoji"):
        lines.append(told["reaction"]["emoji"])
    if "failed" in told:
        lines.append(_("Not delivered. %(why)s") % {"why": told["failed"].get("because", "")})
    elif "read" in told or "delivered" in told:
        lines.append(_("Read.") if "read" in told else _("Delivered."))
    return " ".join(lines).strip()


def _planned_for(row: Interaction) -> str:
    """Say when a meeting of a calendar is, as it stands now; of one that repeats, the first time and how many."""
    plan = plan_of(row)
    found = times(plan) if plan else []
    going = [one for one in found if not one.cancelled]
    if not going:
        return _("Called off.")
    first = going[0]
    when = words.day(first.starts) if first.all_day else f"{words.day(first.starts)}, {words.clocktime(first.starts)}"
    more = _(", and %(count)d times more") % {"count": len(going) - 1} if len(going) > 1 else ""
    return f"{when}{more}."


def change_in_words(seen: DealSeen, fact: Fact) -> str:
    """Say what a fact about the deal changed: "Amount: £84,600", "Moved to Quoted"."""
    value = seen.words(fact.field, fact.value)
    if fact.field == "stage":
        return _("Moved to %(stage)s") % {"stage": value}
    if fact.field == "desk":
        return _("With the desk %(desk)s") % {"desk": value}
    if fact.field == "status":
        return {"won": _("Won"), "lost": _("Lost"), "done": _("Finished"), "open": _("Open")}.get(value, value)
    if fact.field == "next_step" and not fact.value:
        return _("Next step done")
    known = seen.field(fact.field)
    name = known.name if known else fact.field.replace("_", " ").capitalize()
    return f"{name}: {value}" if value else _("%(field)s: taken back") % {"field": name}


def who_said(seen: DealSeen, fact: Fact) -> str:
    """Say who recorded a fact, and through what."""
    return _("you") if fact.said_by_id == seen.member.pk else seen.name_of(fact.said_by_id)
