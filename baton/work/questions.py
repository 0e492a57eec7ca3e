"""Questions to a colleague, asked on a deal. The answer becomes a fact of the deal, or a note on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, NewInteraction, said
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.map.schema import Field, OperatingMap
from baton.members.models import Member
from baton.work import notes
from baton.work.looking import deal_seen_by
from baton.work.models import Question
from baton.work.once import id_for, record_once

IN_WORDS = {"text", "long text", "contact", "company", "member", "hours", "time"}
"""Types of field that an answer in plain words can fill as it stands."""


def ask(
    deal: Deal,
    text: str,
    *,
    of: Member,
    by: Member,
    at: datetime,
    about_field: str = "",
    channel: str = "screen",
    key: str = "",
) -> Question:
    """Ask a colleague something about a deal, perhaps about one of its fields. It becomes their duty.

    `key` is the form's own: sent again, the form asks nothing more.
    """
    deal_seen_by(by, deal.pk)
    pk = id_for(key, "question", by.pk, deal.pk)
    entries = said_question(deal.pk, text, of=of, by=by, about_field=about_field, key=pk)
    return record_once(entries, key, by=by, at=at, channel=channel)


def said_question(
    deal_id: UUID, text: str, *, of: Member, by: Member | None, about_field: str = "", key: UUID | None = None
) -> list[Entry]:
    """Return the entries of a new question, for verbs that ask it with something else."""
    if not text.strip():
        raise Refusal(_("Write the question."))
    if not of.is_active:
        raise Refusal(_("%(name)s no longer works here, so nobody would answer.") % {"name": of.name})
    values: dict[str, Any] = {
        "deal": str(deal_id),
        "text": text.strip()[:1000],
        "about_field": about_field,
        "asked_by": str(by.pk) if by else None,
        "asked_of": str(of.pk),
    }
    return said("question", key or uuid7(), **values)


def answer(
    question: Question,
    text: str = "",
    *,
    by: Member,
    at: datetime,
    value: Any = None,
    channel: str = "screen",
) -> Question:
    """Answer a question. Where it was about a field, the answer becomes the field's confirmed value, else a note.

    `value` is the field's value as the ledger keeps it; for a field of words the text will do.
    """
    deal = deal_seen_by(by, question.deal_id)
    _refuse_answered(question)
    operating_map = current_map()
    field = operating_map.field(question.about_field) if question.about_field else None
    entries = _fact(deal, field, value, text, operating_map)
    if not entries and not text.strip():
        raise Refusal(_("Write the answer."))
    said_it = text.strip() or str(value)
    answered = {"text": said_it[:2000], "by": str(by.pk), "at": stamp(at)}
    entries.append(Entry("question", question.pk, "answer", answered))
    kept = [] if len(entries) > 1 else [_note(deal, question, said_it, by, at, channel)]
    return record(entries, interactions=kept, by=Author(by, channel), at=at).row("question", question.pk)


def _fact(deal: Deal, field: Field | None, value: Any, text: str, operating_map: OperatingMap) -> list[Entry]:
    if field is None or field.on != "deal" or field.key not in operating_map.fields.keys() | {"amount", "close_date"}:
        return []
    if value is None and field.type in IN_WORDS and text.strip():
        value = text.strip()
    return [] if value is None else [Entry("deal", deal.pk, field.key, value)]


def _note(deal: Deal, question: Question, text: str, by: Member, at: datetime, channel: str) -> NewInteraction:
    return notes.written(deal, "note", f"{question.text}\n{text}", by=by, at=at, channel=channel)


def _refuse_answered(question: Question) -> None:
    if Question.objects.unscoped("work.duties").filter(pk=question.pk, answered_at__isnull=False).exists():
        raise Refusal(_("This question was answered meanwhile."))
