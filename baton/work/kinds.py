"""The work's own kinds of record, their fields, and what their facts mean in the words of the map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.clock import unstamp
from baton.kernel.verdict import Verdict
from baton.ledger.entries import Author, Entry
from baton.ledger.happenings import Happening
from baton.ledger.kinds import RecordKind, register
from baton.ledger.models import Deal, Fact, Record
from baton.ledger.recording import register_reducer
from baton.ledger.standard import moment, reference, text
from baton.work import changes, duties, flags, lapsing, meetings, uses, watches
from baton.work.models import Absence, Duty, ExceptionCase, Handoff, Lapse, Promise, Question

MEETINGS_REDUCER = 80
WATCHES_REDUCER, DUTIES_REDUCER, USES_REDUCER, CHANGES_REDUCER, FLAGS_REDUCER = 90, 100, 110, 120, 125
LAPSES_REDUCER = 130


def may_work(author: Author, row: Record | None, entry: Entry) -> Verdict:
    """Members with a writing role may work on whatever lies on a deal that they see."""
    if author.member is None:
        return Verdict.allow()
    if not author.member.may_write:
        return Verdict.refuse(_("Your role is read only, so nothing was changed."))
    deal_id = entry.value if entry.field == "deal" and row is None else getattr(row, "deal_id", None)
    if deal_id and not Deal.objects.visible_to(author.member).filter(pk=deal_id).exists():
        return Verdict.refuse(_("There is no such deal among those you can see."))
    return Verdict.allow()


def may_ask(author: Author, row: Record | None, entry: Entry) -> Verdict:
    """Whoever works may ask and answer; a read-only member may call a value wrong, which `flags.follow` holds."""
    if row is not None or author.member is None or author.member.may_write:
        return may_work(author, row, entry)
    if entry.field == "deal" and not Deal.objects.visible_to(author.member).filter(pk=entry.value).exists():
        return Verdict.refuse(_("There is no such deal among those you can see."))
    return Verdict.allow()


def _about(row: Any, kind: str, detail: str, fact: Fact, record_kind: str) -> Happening:
    return Happening(
        kind,
        detail,
        record_kind=record_kind,
        record_id=row.pk,
        deal=row.deal_id,
        contact=getattr(row, "contact_id", None),
        member=fact.said_by_id,
        due_at=getattr(row, "due_at", None),
    )


HANDOFF_STATES = {state.value: f"handoff.{state.value}" for state in Handoff.State}


def handoff_happenings(row: Record, fact: Fact) -> Iterator[Happening]:
    """Yield offered, accepted, returned; and what happened to a packet after it was accepted."""
    assert isinstance(row, Handoff)
    if fact.field == "state":
        yield _about(row, HANDOFF_STATES[fact.value], row.handoff, fact, "handoff")
    if fact.field in {"changed", "noted", "objected"}:
        yield _about(row, f"packet.{fact.field}", str(fact.value.get("item", "")), fact, "handoff")


def promise_happenings(row: Record, fact: Fact) -> Iterator[Happening]:
    """Yield that we promised, kept or broke. What they promised or asked opens nothing on us."""
    assert isinstance(row, Promise)
    if row.who != "us":
        return
    if fact.field == "state":
        kind = {"open": "promise.made", "kept": "promise.kept", "broken": "promise.broken", "released": "promise.kept"}
        yield _about(row, kind[fact.value], "", fact, "promise")
    if fact.field == "due_at" and fact.recorded_at > row.recorded_at and row.state == "open":
        yield _about(row, "promise.made", "", fact, "promise")


def question_happenings(row: Record, fact: Fact) -> Iterator[Happening]:
    """Yield that a question was asked or answered."""
    if fact.field == "asked_of":
        yield _about(row, "question.asked", "", fact, "question")
    if fact.field == "answer" and fact.value:
        yield _about(row, "question.answered", "", fact, "question")


def exception_happenings(row: Record, fact: Fact) -> Iterator[Happening]:
    """Yield that the map was departed from, or that somebody looked at it."""
    if fact.field == "what":
        yield _about(row, "exception.recorded", "", fact, "exception")
    if fact.field == "reviewed":
        yield _about(row, "exception.reviewed", "", fact, "exception")


def lapse_happenings(row: Record, fact: Fact) -> Iterator[Happening]:
    """Yield that a behavior is missed too often, or that somebody decided what becomes of it."""
    assert isinstance(row, Lapse)
    if fact.field in {"found", "settled"}:
        kind = "behavior.lapsed" if fact.field == "found" else "behavior.mended"
        yield Happening(kind, row.behavior, record_kind="lapse", record_id=row.pk, member=fact.said_by_id)


def nothing_happens(row: Record, fact: Fact) -> Iterator[Happening]:
    """What people do to a duty (pass it on, put it off) is no event of the map."""
    return iter(())


def decided(value: Any) -> dict[str, Any]:
    """Land who decided, and when."""
    value = value or {}
    return {"decided_by_id": _id(value.get("by")), "decided_at": unstamp(value["at"]) if value.get("at") else None}


def offered(value: Any) -> dict[str, Any]:
    """Land who offered, and when."""
    return {"offered_by_id": _id(value.get("by")), "offered_at": unstamp(value["at"])}


def answered(value: Any) -> dict[str, Any]:
    """Land an answer with who gave it, and when."""
    return {"answer": value["text"][:2000], "answered_by_id": _id(value.get("by")), "answered_at": unstamp(value["at"])}


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def as_is(column: str) -> Any:
    """Land a value unchanged."""
    return lambda value: {column: value}


HANDOFF = {
    "deal": reference("deal"),
    "handoff": text("handoff", 60),
    "from_desk": text("from_desk", 60),
    "to_desk": text("to_desk", 60),
    "packet": as_is("packet"),
    "note": text("note", 2000),
    "to_self": as_is("to_self"),
    "offered": offered,
    "decided": decided,
    "missing": as_is("missing"),
    "owed": as_is("owed"),
    "because": text("because", 2000),
    "state": text("state", 10),
    "changed": lambda value: {},
    "noted": lambda value: {},
    "objected": lambda value: {},
}
PROMISE = {
    "deal": reference("deal"),
    "contact": reference("contact"),
    "what": text("what", 400),
    "due_at": moment("due_at"),
    "who": text("who", 6),
    "promised_by": reference("promised_by"),
    "made_in": reference("made_in"),
    "settled_at": moment("settled_at"),
    "state": text("state", 10),
}
QUESTION = {
    "deal": reference("deal"),
    "text": text("text", 1000),
    "about_field": text("about_field", 60),
    "asked_by": reference("asked_by"),
    "asked_of": reference("asked_of"),
    "answer": answered,
    "flagged": lambda value: {"flagged": _id(value)},
}
EXCEPTION = {
    "deal": reference("deal"),
    "category": text("category", 120),
    "what": text("what", 400),
    "reason": text("reason", 1000),
    "decided_by": reference("decided_by"),
    "about": text("about", 80),
    "reviewed": moment("reviewed_at"),
}


def escalated(value: Any) -> dict[str, Any]:
    """Land to whom a forgotten duty went, and when; it goes up once."""
    return {"escalated_to_id": _id(value.get("to")), "escalated_at": unstamp(value["at"])}


DUTY = {
    "passed_to": reference("passed_to"),
    "later_until": moment("later_until"),
    "reminded": moment("reminded_at"),
    "escalated": escalated,
}


ABSENCE = {
    "member": reference("member"),
    "deputy": reference("deputy"),
    "from_at": moment("from_at"),
    "until_at": moment("until_at"),
    "why": text("why", 10),
    "began": moment("began_at"),
    "ended": moment("ended_at"),
}


LAPSE = {"behavior": text("behavior", 60), "found": lapsing.land_found, "settled": lapsing.land_settled}


def register_work_kinds() -> None:
    """Tell the ledger of the work's kinds, and let duties follow what happens; called once at start."""
    register(RecordKind("handoff", Handoff, HANDOFF, may_work, handoff_happenings))
    register(RecordKind("promise", Promise, PROMISE, may_work, promise_happenings))
    register(RecordKind("question", Question, QUESTION, may_ask, question_happenings))
    register(RecordKind("exception", ExceptionCase, EXCEPTION, may_work, exception_happenings))
    register(RecordKind("duty", Duty, DUTY, may_work, nothing_happens))
    register(RecordKind("lapse", Lapse, LAPSE, may_work, lapse_happenings))
    register(RecordKind("absence", Absence, ABSENCE, may_work, nothing_happens))
    register_reducer(MEETINGS_REDUCER, meetings.follow)
    register_reducer(WATCHES_REDUCER, watches.follow)
    register_reducer(DUTIES_REDUCER, duties.follow)
    register_reducer(USES_REDUCER, uses.follow)
    register_reducer(CHANGES_REDUCER, changes.follow)
    register_reducer(FLAGS_REDUCER, flags.follow)
    register_reducer(LAPSES_REDUCER, lapsing.follow)
