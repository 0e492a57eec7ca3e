"""What happened with customers, through the API: listed, read where one may, and written down.

What a program tells of a call or a meeting counts as told by its member, and is the evidence of no stage.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.gate.access.acting import CHANNEL
from baton.gate.access.scopes import MESSAGES, WRITE
from baton.gate.api import writing
from baton.gate.api.operations import Call, Made, Parameter, operation
from baton.gate.api.paging import FIELDS, PAGE, key, only, walked, wanted
from baton.gate.api.problems import Problem, wrong
from baton.gate.api.schemas import shapes_in_force
from baton.gate.api.shapes import ID, MOMENT, one_of
from baton.kernel.clock import stamp, unstamp
from baton.ledger.entries import NewInteraction
from baton.ledger.models import Interaction, InteractionText
from baton.ledger.models.interactions import Direction, Kind
from baton.ledger.recording import record
from baton.work import notes
from baton.work.looking import deal_seen_by

FILTERS = (
    Parameter("deal", ID, "On one deal."),
    Parameter("contact", ID, "With one contact."),
    Parameter("company", ID, "With one company."),
    Parameter("kind", one_of(*Kind.values), "Of one kind."),
    Parameter("direction", one_of(*Direction.values), "From the customer, to them, or among ourselves."),
    Parameter("since", MOMENT, "That happened then or later."),
    Parameter("until", MOMENT, "That happened before."),
)


def _members() -> set[str]:
    return set(shapes_in_force().schemas["Interaction"]["properties"])


@operation(
    "GET", "/interactions", gives="InteractionPage", group="Interactions", parameters=lambda: [*PAGE, FIELDS, *FILTERS]
)
def list_interactions(call: Call) -> dict[str, Any]:
    """List what happened, the latest first; private messages only of your own."""
    asked = wanted(call, _members()) or _members() - {"text"}
    rows = Interaction.objects.visible_to(call.member).defer("values", "head", "parts")
    rows = rows.filter(**{name: call.id(name) for name in ("deal", "contact", "company") if call.one(name)})
    rows = rows.filter(**{name: call.one(name) for name in ("kind", "direction") if call.one(name)})
    rows = rows.filter(happened_at__gte=unstamp(call.one("since"))) if call.one("since") else rows
    rows = rows.filter(happened_at__lt=unstamp(call.one("until"))) if call.one("until") else rows
    return walked(call, rows, "-happened_at", lambda found: _drawn(found, call, asked))


@operation("GET", "/interactions/{id}", gives="Interaction", group="Interactions", parameters=lambda: [FIELDS])
def get_interaction(call: Call, id: UUID) -> dict[str, Any]:
    """Read one, with its words where you and the program may read them."""
    asked = wanted(call, _members())
    return _drawn([writing.seen("interaction", id, call)], call, asked)[0]


def _drawn(rows: list[Interaction], call: Call, asked: set[str] | None) -> list[dict[str, Any]]:
    reads = MESSAGES in call.acting.scopes and (asked is None or "text" in asked)
    texts = dict(InteractionText.objects.of_seen(rows).values_list("interaction", "own")) if reads and rows else {}
    return [only(asked, _one(row, texts)) for row in rows]


def _one(row: Any, texts: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "direction": row.direction,
        "channel": row.channel,
        "happened_at": stamp(row.happened_at),
        "recorded_at": stamp(row.recorded_at),
        "subject": row.subject,
        "from_name": row.from_name,
        "from_address": row.from_address,
        "author": key(row.author_id),
        "thread": str(row.thread),
        "deal": key(row.deal_id),
        "contact": key(row.contact_id),
        "company": key(row.company_id),
        "audience": row.audience,
        "minutes": row.minutes,
        "files_count": row.files_count,
        "trust": row.trust,
        "readable": row.readable,
        "text": texts.get(row.pk),
    }


@operation(
    "POST", "/interactions", gives="Interaction", takes="InteractionNew", group="Interactions", scope=WRITE, makes=True
)
def create_interaction(call: Call) -> Made:
    """Write down a note, a call, a meeting, a text or a chat; with `key` only once."""
    told = call.body
    own = _fingerprint(call, told)
    there = _made_before(own, call)
    if there is not None:
        return there
    new = _new(call, told)
    new.fingerprint = own
    batch = record(interactions=[new], by=call.acting.author, at=call.at)
    if not batch.interactions:
        there = _made_before(own, call)
        if there is not None:  # the same request came twice at the same moment
            return there
        raise Problem(409, _("What was made for this key is gone from your sight. Use another key."))
    return Made(_drawn([writing.seen("interaction", new.id, call)], call, None)[0], f"/interactions/{new.id}")


def _made_before(own: str | None, call: Call) -> Made | None:
    there = Interaction.objects.visible_to(call.member).filter(fingerprint=own).first() if own else None
    return Made(_drawn([there], call, None)[0], f"/interactions/{there.pk}", new=False) if there else None


def _fingerprint(call: Call, told: dict[str, Any]) -> str | None:
    own = writing.own_key(call, "interaction", told)
    return hashlib.sha256(own.encode()).hexdigest() if own else None


def _new(call: Call, told: dict[str, Any]) -> NewInteraction:
    """What the customer said is nobody's of ours: its sender was never checked, and it can show nothing."""
    about = _about(call, told)
    new = notes.written(
        about,
        told["kind"],
        told["text"],
        by=call.member,
        at=call.at,
        direction=told.get("direction", ""),
        happened_at=writing.happened(told, call.at),
        minutes=told.get("minutes"),
        channel=CHANNEL,
    )
    if new.direction == "in":
        new.trust, new.from_address = "unverified", ""
        new.from_name = told.get("from_name", "")
    return new


def _about(call: Call, told: dict[str, Any]) -> Any:
    if bool(told.get("deal")) == bool(told.get("contact")):
        raise wrong(_("Name the deal or the contact that it is about."), "/deal")
    if told.get("deal"):
        return deal_seen_by(call.member, writing.seen("deal", UUID(told["deal"]), call).pk)
    return writing.seen("contact", UUID(told["contact"]), call)
