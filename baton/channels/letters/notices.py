"""Notices: a mail when a colleague asks, when a handoff is offered or returned, when a duty comes up to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from baton.channels.letters import parts
from baton.channels.letters.models import MemberLetter
from baton.channels.letters.posting import Page, can_post, post
from baton.channels.letters.telling import hint, item_of, owed_by_ids
from baton.kernel.claims import claim, ring
from baton.kernel.rows import insert_rows
from baton.ledger.recording import Batch
from baton.members.models import Member
from baton.work.models import Duty
from baton.work.reader import as_read_by
from baton.work.today import Owed

BELL = "letters"
CALLER = "work.duties"
TOLD_OF = {"question.asked": "question", "handoff.offered": "offered", "handoff.returned": "returned"}
ESCALATED = "escalated"
OLD_NEWS = timedelta(days=1)


def follow(batch: Batch) -> None:
    """Note which notices what was recorded sets off; they are written after the commit. A reducer of `record()`."""
    rows = [*_opened(batch), *_came_up(batch)]
    wanted = _who_want_them({member for _duty, member, _about in rows}, batch)
    letters = [_letter(duty, wanted[member], about, batch.at) for duty, member, about in rows if member in wanted]
    if letters and can_post():
        insert_rows(letters, ignore_conflicts=True)
        ring(BELL)


def _opened(batch: Batch) -> Iterable[tuple[Duty, object, str]]:
    about = {event.pk: TOLD_OF[event.kind] for event in batch.events if event.live and event.kind in TOLD_OF}
    if about:
        for duty in Duty.objects.unscoped(CALLER).open().filter(opened_by__in=about):
            yield duty, duty.owed_by_id, about[duty.opened_by]


def _came_up(batch: Batch) -> Iterable[tuple[Duty, object, str]]:
    ids = [fact.record_id for fact in batch.facts if fact.field == ESCALATED and fact.value and fact.value.get("to")]
    if ids:
        for duty in Duty.objects.unscoped(CALLER).open().filter(pk__in=ids):
            yield duty, duty.escalated_to_id, ESCALATED


def _who_want_them(ids: set[object], batch: Batch) -> dict[object, Member]:
    """Nobody is told of what they did themselves, and nobody who doesn't want to be."""
    asked = ids - {None, batch.by.member.pk if batch.by.member else None}
    rows = Member.objects.filter(pk__in=asked, is_active=True, wants_notices=True) if asked else ()
    return {member.pk: member for member in rows}


def _letter(duty: Duty, member: Member, about: str, at: datetime) -> MemberLetter:
    letter = MemberLetter(key=f"notice:{duty.pk}:{about}:{member.pk}", kind=MemberLetter.Kind.NOTICE, member=member)
    letter.about, letter.duties, letter.made_at, letter.due_at = about, [str(duty.pk)], at, at
    return letter


def write_notices(at: datetime) -> int:
    """Write the notices that are due; return how many there were. One step of a loop."""
    if not can_post():
        return 0
    taken = claim(MemberLetter.objects.select_related("member"), limit=20, at=at)
    for letter in taken:
        _write(letter, at)
    return len(taken)


def _write(letter: MemberLetter, at: datetime) -> None:
    """Write one, unless what it is about was settled meanwhile, or is no news any more."""
    if letter.about in parts.ABOUT:
        parts.write(letter, at)
        return
    [owed] = owed_by_ids(letter.duties, letter.member, at)
    if owed is None or at - letter.made_at > OLD_NEWS:
        letter.due_at = None
        letter.save(update_fields=["due_at"])
        return
    with as_read_by(letter.member):
        post(letter, _page(owed, letter.about), at)


def _page(owed: Owed, about: str) -> Page:
    lead = {
        "question": _("A colleague asks you something."),
        "offered": _("A deal is offered to your desk."),
        "returned": _("A handoff came back to you."),
        ESCALATED: _("This came up to you, because it was forgotten."),
    }[about]
    said = {
        "question": _("Answer this mail, and your words are the answer."),
        "offered": _("Answer “accepted” and it is yours; to return it, open it and say what is missing."),
    }
    foot = _("Such mails can be switched off in your settings.")
    return Page(
        f"{owed.what} ({owed.deal})" if owed.deal else owed.what,
        lead,
        [("", [item_of(owed)])],
        said.get(about) or hint(1),
        foot,
    )
