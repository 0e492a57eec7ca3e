"""Facts through the API: every value that a field ever had, and new ones, confirmed or only suggested."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.gate.access.scopes import SUGGEST, WRITE
from baton.gate.api import writing
from baton.gate.api.operations import Call, Made, Parameter, operation
from baton.gate.api.paging import FIELDS, PAGE, key, only, walked, wanted
from baton.gate.api.problems import Problem, not_found, wrong
from baton.gate.api.schemas import plain_fields, shapes_in_force
from baton.gate.api.shapes import text, written_values
from baton.kernel.clock import stamp
from baton.kernel.writer import writing as one_writer
from baton.ledger.entries import Entry
from baton.ledger.models import Fact, Interaction
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.map.elements import RecordKind

FIELD = Parameter("field", text(60), "Those of one field.", example="amount")
PLACES: dict[RecordKind, str] = {"company": "companies", "contact": "contacts", "deal": "deals"}


def _drawn(facts: list[Fact], call: Call) -> list[dict[str, Any]]:
    """Draw facts; the words that one was read from are told to whoever may read the message they stand in."""
    ids = {fact.interaction_id for fact in facts if fact.interaction_id and fact.words}
    rows = Interaction.objects.visible_to(call.member).filter(pk__in=ids, readable=True)
    read = set(rows.values_list("pk", flat=True)) if ids else set()
    return [_fact(fact, fact.interaction_id is None or fact.interaction_id in read) for fact in facts]


def _fact(fact: Fact, may_read: bool) -> dict[str, Any]:
    return {
        "id": str(fact.pk),
        "kind": fact.record_kind,
        "record": str(fact.record_id),
        "seq": fact.seq,
        "field": fact.field,
        "value": fact.value,
        "status": fact.status,
        "said_by": key(fact.said_by_id),
        "channel": fact.channel,
        "program": writing.program_of(fact.reader),
        "interaction": key(fact.interaction_id),
        "words": fact.words if may_read else "",
        "because": fact.because,
        "happened_at": stamp(fact.happened_at),
        "recorded_at": stamp(fact.recorded_at),
        "settles": key(fact.settles_id),
        "replaces": key(fact.replaces_id),
    }


def _members() -> set[str]:
    return set(shapes_in_force().schemas["Fact"]["properties"])


@operation("GET", "/facts/{id}", gives="Fact", group="Facts", parameters=lambda: [FIELDS])
def get_fact(call: Call, id: UUID) -> dict[str, Any]:
    """Read one fact."""
    asked, fact = wanted(call, _members()), Fact.objects.one_seen_by(call.member, id)
    if fact is None:
        raise not_found()
    return only(asked, _drawn([fact], call)[0])


def _listed(kind: RecordKind, pk: UUID, call: Call) -> dict[str, Any]:
    asked = wanted(call, _members())
    writing.seen(kind, pk, call)
    rows = Fact.objects.of_seen(call.member, {kind: [pk]})
    rows = rows.filter(field=call.one("field")) if call.one("field") else rows
    return walked(call, rows, "-recorded_at", lambda found: [only(asked, one) for one in _drawn(found, call)])


def _said(kind: RecordKind, pk: UUID, call: Call) -> Made:
    told = call.body
    status = told.get("status", "confirmed")
    if status == "confirmed":
        call.acting.may(WRITE)
    writing.seen(kind, pk, call)
    _refuse_shape(kind, told)
    own = writing.own_key(call, f"{kind}-fact", told)
    with one_writer():
        there = Fact.objects.unscoped("ledger.facts").filter(key=own).first() if own else None
        if there is None:
            entry = _entry(kind, pk, told, status, own, call)
            record([entry], by=call.acting.author, at=call.at)
            there = Fact.objects.of_seen(call.member, {kind: [pk]}).order_by("-seq").first()
            new = True
        else:
            new = False
    if there is None or Fact.objects.one_seen_by(call.member, there.pk) is None:
        raise Problem(409, _("What was made for this key is gone from your sight. Use another key."))
    return Made(_drawn([there], call)[0], f"/facts/{there.pk}", new)


def _entry(kind: RecordKind, pk: UUID, told: dict[str, Any], status: str, own: str | None, call: Call) -> Entry:
    row = writing.seen(kind, pk, call)
    return Entry(
        kind,
        pk,
        told["field"],
        writing.as_kept(kind, told["field"], told["value"], call, row),
        status=status,
        happened_at=writing.happened(told, call.at),
        interaction_id=_said_in(told, call),
        words=told.get("words", ""),
        because=told.get("because", ""),
        key=own,
    )


def _said_in(told: dict[str, Any], call: Call) -> UUID | None:
    if not told.get("interaction"):
        return None
    rows = Interaction.objects.visible_to(call.member).filter(pk=told["interaction"], readable=True)
    if not rows.exists():
        raise wrong(_("There is no such message among those you can read."), "/interaction")
    return UUID(told["interaction"])


def _refuse_shape(kind: RecordKind, told: dict[str, Any]) -> None:
    from baton.gate.api.checking import problems_with

    shapes = {**plain_fields(kind), **written_values(kind, current_map())["properties"]}
    errors = problems_with(shapes[told["field"]], told["value"])
    if errors:
        raise wrong(errors[0]["detail"], "/value")


def _register(kind: RecordKind, place: str, title: str) -> None:
    """Make the two operations of one kind of record: its facts, and a new one."""

    def listing(call: Call, id: UUID) -> dict[str, Any]:
        """List every fact of it that you may see, the latest first."""
        return _listed(kind, id, call)

    def saying(call: Call, id: UUID) -> Made:
        """Record a fact, or suggest one; with `key` only once."""
        return _said(kind, id, call)

    listing.__name__, saying.__name__ = f"list_{kind}_facts", f"create_{kind}_fact"
    path = f"/{place}/{{id}}/facts"
    operation("GET", path, gives="FactPage", group="Facts", parameters=lambda: [*PAGE, FIELDS, FIELD])(listing)
    operation(
        "POST", path, gives="Fact", takes=f"{title}FactNew", group="Facts", scope=SUGGEST, makes=True
    )(saying)  # fmt: skip


for _kind, _place in PLACES.items():
    _register(_kind, _place, _kind.title())
