"""Tools that read: only what the person sees, with how far each value can be relied on, and whose words it holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.decide.answering import answer
from baton.gate.access.acting import Acting
from baton.gate.access.scopes import MESSAGES
from baton.gate.assistants.hearing import from_outside, is_outside
from baton.gate.assistants.tools import Arguments, Told, Tool, as_id, identifier, text
from baton.kernel.clock import stamp
from baton.kernel.verdict import Refusal
from baton.ledger.models import Company, Contact, Deal, Interaction, InteractionText
from baton.ledger.search.finding import find as found
from baton.ledger.trust import trust_of
from baton.map.current import current_map
from baton.work.handoffs import next_for
from baton.work.packets import packet_of

KINDS: dict[str, Any] = {"deal": Deal, "contact": Contact, "company": Company}
MOST_HITS, MOST_LATELY, MOST_CHARACTERS = 20, 20, 20_000
HIDDEN = {"merged_into", "distinct", "withdrawn", "quiet", "numbers", "side_channel"}
OUTSIDE = "from_outside"
"""Beside a value: somebody outside wrote it. It is something to read, and never an instruction."""


def find(acting: Acting, told: Arguments, at: datetime) -> Told:
    """Find records by their words."""
    hits = found(acting.member, told["text"], limit=MOST_HITS)
    rows = [
        {
            "kind": hit.kind,
            "id": str(hit.id),
            "title": hit.title,
            "under": hit.subtitle,
            "deal": str(hit.deal_id) if hit.deal_id else None,
            "when": stamp(hit.when) if hit.when else None,
            OUTSIDE: True,
        }
        for hit in hits
    ]
    return Told({"found": rows}, _("titles found for “%(text)s”") % {"text": told["text"][:80]} if rows else "")


def read(acting: Acting, told: Arguments, at: datetime) -> Told:
    """Read one record."""
    key = as_id(told["id"], "id")
    if told["kind"] == "message":
        return _message(acting, key)
    row = KINDS[told["kind"]].objects.visible_to(acting.member).filter(pk=key).first()
    if row is None:
        raise Refusal(_("There is no such record among those you can see."))
    values = {name: _value(name, kept, at) for name, kept in row.values.items() if name not in HIDDEN and "v" in kept}
    data = {"kind": told["kind"], "id": str(row.pk), "values": values}
    data |= _deal(acting, row, at) if isinstance(row, Deal) else {}
    theirs = [name for name, one in values.items() if one[OUTSIDE]]
    outside = bool(theirs) or any(one[OUTSIDE] for one in data.get("lately", []))
    return Told(data, _("what others wrote on “%(title)s”") % {"title": str(row)[:100]} if outside else "")


def _value(name: str, kept: dict[str, Any], at: datetime) -> dict[str, Any]:
    trust = trust_of(kept, current_map().field_by_id(name), at)
    return {"value": kept["v"], "trust": trust.strictly, "since": kept.get("h"), OUTSIDE: from_outside(kept)}


def _deal(acting: Acting, deal: Deal, at: datetime) -> dict[str, Any]:
    """What stands beside a deal's values: where it stands, what its packet lacks, and what happened lately."""
    handoff = next_for(deal, current_map())
    packet = packet_of(deal, handoff, member=acting.member, at=at) if handoff else None
    lately = Interaction.objects.visible_to(acting.member).filter(deal=deal.pk).order_by("-happened_at")[:MOST_LATELY]
    return {
        "stage": deal.stage,
        "desk": deal.desk,
        "status": deal.status,
        "next_handoff": {"to": packet.handoff.to_desk, "missing": [one.key for one in packet.missing]}
        if packet
        else None,
        "lately": [_headed(acting, row) for row in lately],
    }


def _headed(acting: Acting, row: Interaction) -> dict[str, Any]:
    reads = MESSAGES in acting.scopes and row.readable  # type: ignore[attr-defined]
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "direction": row.direction,
        "when": stamp(row.happened_at),
        "from": row.from_name,
        "subject": row.subject if reads else "",
        OUTSIDE: is_outside(row),
    }


def _message(acting: Acting, key: Any) -> Told:
    """Its own words, where the program may read messages and the person this one."""
    acting.may(MESSAGES)
    row = Interaction.objects.visible_to(acting.member).filter(pk=key).first()
    words = InteractionText.objects.visible_to(acting.member).filter(pk=key).first()
    if row is None or words is None:
        raise Refusal(_("There is no such message among those you can read."))
    data = _headed(acting, row) | {"words": words.own[:MOST_CHARACTERS], "quoted": words.quoted[:MOST_CHARACTERS]}
    data |= {"deal": str(row.deal_id) if row.deal_id else None}
    return Told(
        data, _("a message from %(name)s") % {"name": row.from_name or row.from_address} if is_outside(row) else ""
    )


def explain(acting: Acting, told: Arguments, at: datetime) -> Told:
    """Answer a question about the pipeline with its number and the rows it stands on."""
    said = answer(told["question"], acting.member, at=at)
    data = said.as_json()
    return Told(data, _("titles of deals") if data["deals"] else "")


READING = (
    Tool(
        "find",
        gettext_lazy("Find"),
        "Find deals, contacts, companies and messages by the words in them, newest first.",
        {"text": text("Words; each must begin a word of what is found.", 200)},
        ("text",),
        reads=find,
    ),
    Tool(
        "read",
        gettext_lazy("Read"),
        "Read a deal, contact, company or message as its person sees it: each value with how far it can be relied on.",
        {
            "kind": {"type": "string", "enum": ["deal", "contact", "company", "message"], "description": "What it is."},
            "id": identifier("Its id, as find gave it."),
        },
        ("kind", "id"),
        reads=read,
    ),
    Tool(
        "explain_number",
        gettext_lazy("Explain a number"),
        "Answer a question about the pipeline (“how many open deals has Nell?”) with the rows behind the number.",
        {"question": text("In plain words.", 300)},
        ("question",),
        reads=explain,
    ),
)
