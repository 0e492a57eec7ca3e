"""A fact falls short: nothing is done, and the one person who can settle it is asked, once for all that waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.gate.automations.ahead import CALLER, CHANNEL
from baton.gate.automations.judging import Judgement, Stood, record_of
from baton.gate.automations.knowing import Known
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.telling import gap_told
from baton.kernel.clock import stamp
from baton.kernel.ids import derived
from baton.ledger.entries import Author, Entry
from baton.ledger.recording import record
from baton.map.automations import Automation
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.models import Question
from baton.work.questions import said_question
from baton.work.seats import lead_of


def refuse(
    run: AutomationRun, each: Automation, found: Judgement, known: Known, drawn: OperatingMap, at: datetime
) -> None:
    """Keep why it didn't act, and have somebody asked about the fact that fell short."""
    assert found.short is not None
    run.state, run.because = AutomationRun.State.REFUSED, gap_told(found.short.kept(), drawn)[:400]
    run.field, run.gap, run.about = found.short.field, found.short.gap or "", record_of(found, known)
    run.question = _asked(each, found.short, known, drawn, run.because, at)


def _asked(
    each: Automation, short: Stood, known: Known, drawn: OperatingMap, because: str, at: datetime
) -> UUID | None:
    about = _about(short, known, drawn)
    there = Question.objects.unscoped(CALLER).filter(deal=known.deal.pk, answered_at__isnull=True)
    open_one = there.filter(about_field=about).first() if about else None
    key = derived("gate asks", known.deal.pk, short.field, short.gap, short.trust.fact)
    if open_one or Question.objects.unscoped(CALLER).filter(pk=key).exists():
        return open_one.pk if open_one else key
    of = who_settles(short, known, drawn)
    if of is None:
        return None
    text = _("“%(automation)s” waits: %(because)s Is it right?") % {"automation": each.name, "because": because}
    record(said_question(known.deal.pk, text, of=of, by=None, about_field=about, key=key), by=_author(), at=at)
    return key


def _about(short: Stood, known: Known, drawn: OperatingMap) -> str:
    """Return the field of the deal whose answer settles it; nothing where that is on another record."""
    if short.field == "stage":
        return f"stage:{known.deal.stage}"[:60]
    field = drawn.field(short.field)
    return short.field if field and field.on == "deal" else ""


def who_settles(short: Stood, known: Known, drawn: OperatingMap) -> Member | None:
    """Return who can settle it: who said it, the deal's owner, who leads its desk, at last the map's owner."""
    ids = [UUID(one) for one in (short.trust.said_by,) if one] + [known.deal.owner_id]
    there = {one.pk: one for one in Member.objects.filter(pk__in=[pk for pk in ids if pk], is_active=True)}
    owner = Member.objects.filter(email__iexact=drawn.owner).first()
    chain = [*(there.get(pk) for pk in ids if pk), lead_of(known.deal.desk, drawn), owner]
    return next((one for one in chain if one and one.is_active and one.may_write), None)


def _author() -> Author:
    return Author(None, CHANNEL)


def settled(run: AutomationRun, at: datetime) -> None:
    """Close the question that a run waited for, where what it asked was settled in another way."""
    rows = Question.objects.unscoped(CALLER).filter(pk=run.question, answered_at__isnull=True, asked_by=None)
    entries = [
        Entry("question", row.pk, "answer", {"text": _("It is settled."), "by": None, "at": stamp(at)}) for row in rows
    ]
    if entries:
        record(entries, by=_author(), at=at)
