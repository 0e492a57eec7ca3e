"""The schemas of the API under the map in force: what each record is read as, and what is written to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from baton.gate.api.shapes import (
    ANY,
    BECAUSE,
    COUNT,
    CURRENCY,
    DAY,
    HAPPENED,
    ID,
    KEY,
    MOMENT,
    MONEY,
    MOST_BATCH,
    VERSION,
    YES,
    Schema,
    maybe,
    one_of,
    read_values,
    ref,
    some,
    text,
    thing,
    told,
    whole,
    written_values,
)
from baton.ledger.models.interactions import Audience, Direction, Kind
from baton.map.current import current_map
from baton.map.elements import RecordKind
from baton.map.schema import OperatingMap
from baton.work.models import Duty, Handoff
from baton.work.notes import LOGGED

STRING: Schema = {"type": "string"}
TRUST = one_of("confirmed", "stale", "suggested", "missing")
STATUSES = one_of("open", "won", "lost", "done")
NOTED = tuple(kind for kind in LOGGED if kind != "document")


@dataclass(slots=True)
class Shapes:
    """The schemas of one map, and the validators that were made of them."""

    map: OperatingMap
    schemas: dict[str, Schema]
    validators: dict[str, Any] = field(default_factory=dict)


_made: list[Shapes] = []


def shapes_in_force() -> Shapes:
    """Return the schemas under the map in force; made once for each map."""
    drawn = current_map()
    if not _made or _made[0].map is not drawn:
        _made[:] = [Shapes(drawn, {**_records(drawn), **_written(drawn), **_work(), **_around()})]
    return _made[0]


def plain_fields(kind: RecordKind) -> dict[str, Schema]:
    """The fields that every business has and that a program may write as they are, by kind of record."""
    return PLAIN[kind]


OWNER = told(maybe(ID), "The id of a member who works here.")
ADDRESSES = some(text(320, 1), 50)
PLAIN: dict[str, dict[str, Schema]] = {
    "company": {
        "name": text(300, 1),
        "domains": told(some(text(255, 1), 50), "Mail domains: marlowe.example."),
        "emails": ADDRESSES,
        "phones": some(text(60, 1), 50),
        "owner": OWNER,
    },
    "contact": {
        "name": text(300, 1),
        "emails": ADDRESSES,
        "phones": some(text(60, 1), 50),
        "job": text(200),
        "company": told(maybe(ID), "The id of a company."),
        "owner": OWNER,
    },
    "deal": {
        "title": told(text(300, 1), "What it is called.", "Quayside Tower, windows"),
        "company": told(maybe(ID), "The id of a company."),
        "contact": told(maybe(ID), "The id of a contact."),
        "owner": told(ID, "The id of a member who works here."),
        "amount": maybe(MONEY),
        "close_date": told(maybe(DAY), "When it is expected to be decided."),
        "service": text(120),
        "source": text(120),
    },
}
NEXT_STEP = thing(
    ["what"],
    what=told(text(400, 1), "The one next thing to do.", "Send the quote"),
    at=told(maybe(MOMENT), "By when."),
    by=told(maybe(ID), "The id of the member who does it; whose program this is unless told."),
)
NEXT_STEP_READ = thing(what=STRING, at=maybe(STRING), by=maybe(STRING), after=STRING)


def _facts() -> Schema:
    now = thing(
        value=ANY,
        state=told(TRUST, "How far it can be relied on."),
        disputed=told(YES, "Something else was said, and nobody has answered that."),
        source=told(maybe(STRING), "person, message, table, program or rule."),
        said_by=told(maybe(ID), "The member who said so."),
        channel=STRING,
        happened_at=maybe(MOMENT),
        recorded_at=maybe(MOMENT),
        fresh_for=told(maybe(COUNT), "Days for which the map takes it as it stands."),
        fact=maybe(ID),
        interaction=told(maybe(ID), "The message or call that it was said in."),
    )
    return {"type": "object", "additionalProperties": now, "description": "Each field with where its value comes from."}


def _records(drawn: OperatingMap) -> dict[str, Schema]:
    common = {"id": ID, "version": told(COUNT, "Counts what was recorded of it; send it along to change it.")}
    times = {"recorded_at": MOMENT, "touched_at": MOMENT, "last_heard_at": maybe(MOMENT)}
    stages, desks = one_of(*(s.id for s in drawn.stages.values())), one_of(*(d.id for d in drawn.desks.values()))
    named = {"owner": maybe(ID), "facts": _facts()}
    lists = {"emails": some(STRING), "phones": some(STRING)}
    return {
        "Company": whole(
            **common, name=STRING, domains=some(STRING), **lists, **named, **times, values=read_values("company", drawn)
        ),
        "Contact": whole(
            **common,
            name=STRING,
            job=STRING,
            company=maybe(ID),
            company_name=STRING,
            **lists,
            **named,
            **times,
            values=read_values("contact", drawn),
        ),
        "Deal": whole(
            **common,
            title=STRING,
            status=STATUSES,
            stage=told(STRING, f"Where it stands: {', '.join(stages['enum'])}, or one of an earlier map."),
            shown=told(YES, "Whether an event proves the stage; else it is only said."),
            stage_since=maybe(MOMENT),
            desk=told(STRING, f"With which desk it lies: {', '.join(desks['enum'])}."),
            offered_to=told(STRING, "The desk that it was offered to, while nobody has answered."),
            company=maybe(ID),
            company_name=STRING,
            contact=maybe(ID),
            contact_name=STRING,
            owner_name=STRING,
            amount=maybe(thing(minor={"type": "integer"}, currency=CURRENCY)),
            close_date=maybe(STRING),
            service=STRING,
            source=STRING,
            category=STRING,
            lost_reason=STRING,
            next_step=maybe(NEXT_STEP_READ),
            opened_at=maybe(MOMENT),
            decided_at=maybe(MOMENT),
            **named,
            **times,
            values=read_values("deal", drawn),
        ),
    }


def _written(drawn: OperatingMap) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    about = {"happened_at": HAPPENED, "because": BECAUSE}
    for kind, name, title in (
        ("company", "name", "Company"),
        ("contact", "name", "Contact"),
        ("deal", "title", "Deal"),
    ):
        fields = plain_fields(kind) | {"values": written_values(kind, drawn)} | about  # type: ignore[arg-type]
        found[f"{title}New"] = thing([name], **fields, key=KEY, **(_moves(drawn) if kind == "deal" else {}))
        found[f"{title}Changes"] = thing(**fields, version=VERSION, **(_endings(drawn) if kind == "deal" else {}))
        found[f"{title}FactNew"] = _fact_new([*plain_fields(kind), *written_values(kind, drawn)["properties"]])  # type: ignore[arg-type]
    return found


def _moves(drawn: OperatingMap) -> dict[str, Schema]:
    stages = one_of(*(stage.id for stage in drawn.stages.values()))
    stage = told(stages, "Said, not shown: only an event proves a stage. Another desk's stage passes nothing on.")
    return {"stage": stage, "next_step": NEXT_STEP}


def _endings(drawn: OperatingMap) -> dict[str, Schema]:
    status = told(one_of("open", "lost", "done"), "Won follows from the stage. A deal that is lost says why.")
    return _moves(drawn) | {"status": status, "lost_reason": text(300)}


def _fact_new(fields: list[str]) -> Schema:
    return thing(
        ["field", "value"],
        field=one_of(*fields),
        value=told(ANY, "In the shape that the record takes it; null says that there is none."),
        status=told(
            one_of("confirmed", "suggested") | {"default": "confirmed"},
            "A suggestion counts once a person has confirmed it, and needs the right to suggest alone.",
        ),
        happened_at=HAPPENED,
        because=BECAUSE,
        key=KEY,
        interaction=told(ID, "The message or call that it was said in."),
        words=told(text(2000), "The words that say so."),
    )


def _work() -> dict[str, Schema]:
    return {
        "Fact": whole(
            id=ID,
            kind=STRING,
            record=ID,
            seq=COUNT,
            field=STRING,
            value=ANY,
            status=one_of("suggested", "confirmed", "dismissed"),
            said_by=maybe(ID),
            channel=STRING,
            program=told(STRING, "The program that recorded it for them, if one did."),
            interaction=maybe(ID),
            words=told(STRING, "Where you may read the message that they stand in."),
            because=STRING,
            happened_at=MOMENT,
            recorded_at=MOMENT,
            settles=maybe(ID),
            replaces=maybe(ID),
        ),
        "Interaction": whole(
            id=ID,
            kind=one_of(*Kind.values),
            direction=one_of(*Direction.values),
            channel=STRING,
            happened_at=MOMENT,
            recorded_at=MOMENT,
            subject=STRING,
            from_name=STRING,
            from_address=STRING,
            author=maybe(ID),
            thread=ID,
            deal=maybe(ID),
            contact=maybe(ID),
            company=maybe(ID),
            audience=one_of(*Audience.values),
            minutes=maybe(COUNT),
            files_count=COUNT,
            trust=told(STRING, "How its sender was known."),
            readable=told(YES, "Whether you may read its words."),
            text=told(
                maybe(STRING), "Its words, where you and the program may read them; in a list only if asked for."
            ),
        ),
        "InteractionNew": thing(
            ["kind", "text"],
            kind=one_of(*NOTED),
            text=text(20_000, 1),
            deal=ID,
            contact=told(ID, "With a customer who has no deal yet; name a deal or a contact."),
            direction=one_of(*Direction.values),
            happened_at=HAPPENED,
            minutes={"type": "integer", "minimum": 0, "maximum": 10_000},
            from_name=text(300),
            key=KEY,
        ),
        "Duty": whole(
            id=ID,
            behavior=STRING,
            state=one_of(*Duty.State.values),
            what=told(STRING, "What is owed, as Today says it."),
            because=STRING,
            record_kind=STRING,
            record=ID,
            deal=maybe(ID),
            contact=maybe(ID),
            desk=STRING,
            owed_by=maybe(ID),
            escalated_to=maybe(ID),
            opened_at=MOMENT,
            due_at=MOMENT,
            closed_at=maybe(MOMENT),
            later_until=maybe(MOMENT),
        ),
        "Handoff": whole(
            id=ID,
            version=COUNT,
            deal=ID,
            handoff=STRING,
            from_desk=STRING,
            to_desk=STRING,
            state=one_of(*Handoff.State.values),
            note=STRING,
            to_self=YES,
            offered_by=maybe(ID),
            offered_at=maybe(MOMENT),
            decided_by=maybe(ID),
            decided_at=maybe(MOMENT),
            missing=some(STRING),
            owed=some(STRING),
            because=STRING,
            packet=told(some(_packet_item()), "As it was when it was offered."),
        ),
        "HandoffNew": thing(
            ["deal"],
            deal=ID,
            to=told(text(80, 1), "The id of a handoff or of a desk of the map; the next one unless told."),
            note=text(2000),
            version=VERSION,
        ),
        "HandoffReturn": thing(missing=some(text(80, 1), 50), because=text(2000)),
        "HandoffAnswer": thing(),
    }


def _packet_item() -> Schema:
    return thing(
        item=STRING,
        name=STRING,
        has=one_of("there", "missing", "stale", "suggested"),
        value=told(STRING, "In words."),
        raw=ANY,
        fact=maybe(ID),
    )


def _around() -> dict[str, Schema]:
    figures = {name: {"type": "integer"} for name in ("won", "open", "weighted", "expected", "called")}
    counts = {"type": "object", "additionalProperties": {"type": "integer"}}
    period = whole(key=STRING, start=DAY, end=DAY, **figures, sums=counts, deals=counts, unpriced=COUNT, unrated=counts)
    element = {"type": "object", "properties": {"id": STRING, "name": STRING}, "required": ["id", "name"]}
    member = whole(id=ID, name=STRING, email=STRING, role=STRING, active=YES, desks=some(STRING))
    pages = (
        "Company",
        "Contact",
        "Deal",
        "Fact",
        "Interaction",
        "Duty",
        "Handoff",
        "Request",
        "Member",
        "ForecastDeal",
    )
    return {
        **{f"{name}Page": _page_of(name) for name in pages},
        "Member": member,
        "Me": whole(member=ref("Member"), scopes=some(STRING), program=STRING),
        "Map": whole(
            version=COUNT,
            published_at=maybe(MOMENT),
            business=STRING,
            purpose=STRING,
            owner=STRING,
            currency=CURRENCY,
            zone=STRING,
            **{name: some(element) for name in ("desks", "stages", "fields", "handoffs", "behaviors", "decisions")},
            yaml=told(STRING, "The map as it was published."),
        ),
        "Forecast": whole(
            currency=CURRENCY,
            as_of=maybe(MOMENT),
            periods=some(period),
            undated=whole(**figures, sums=counts, deals=counts, unpriced=COUNT, unrated=counts),
            groups=some(whole(who=maybe(STRING), name=STRING, periods=some(period))),
        ),
        "ForecastDeal": whole(
            deal=ID,
            title=STRING,
            company=STRING,
            owner=STRING,
            stage=STRING,
            shown=YES,
            category=STRING,
            worth=maybe({"type": "integer"}),
            counts=maybe({"type": "integer"}),
            why_not=STRING,
        ),
        "Request": whole(
            id=ID,
            title=STRING,
            words=STRING,
            file_name=STRING,
            state=one_of("waiting", "answered", "open", "refused"),
            answer=told(STRING, "The answer in a sentence, or why there is none."),
            asked_by=ID,
            asked_at=MOMENT,
            answered_at=maybe(MOMENT),
            cells=COUNT,
            left=COUNT,
        ),
        "RequestNew": thing(["words"], words=told(text(300, 1), "A question in one line.", "what will close in Q4?")),
        "Batch": thing(["operations"], operations=some(_batched(), MOST_BATCH)),
        "BatchAnswer": whole(results=some(whole(status={"type": "integer"}, location=STRING, body=ANY))),
        "Description": {"type": "object", "description": "This document, OpenAPI 3.1."},
        "Problem": _problem(),
    }


def _batched() -> Schema:
    return thing(
        ["method", "path", "body"],
        method=one_of("POST", "PATCH"),
        path=told(text(200, 1), "Below /api/v1.", "/deals"),
        body={"type": "object"},
    )


def _page_of(name: str) -> Schema:
    return thing(
        ["items", "next"], items=some(ref(name)), next=told(maybe(STRING), "The `cursor` of the next page; null: none.")
    )


def _problem() -> Schema:
    error = thing(["at", "detail"], at=STRING, detail=STRING)
    change = thing(field=STRING, value=ANY, said_by=maybe(ID), program=STRING, recorded_at=MOMENT)
    return {
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": STRING,
            "title": STRING,
            "status": {"type": "integer"},
            "detail": told(STRING, "A sentence for whoever looks after the program."),
            "errors": told(some(error), "What isn't right in what was sent, and where."),
            "version": told(COUNT, "The version of the record as it is now (409)."),
            "changes": told(some(change), "What changed since the version that you looked at (409)."),
            "reference": told(STRING, "Finds a fault of Baton's in its log (500)."),
        },
    }
