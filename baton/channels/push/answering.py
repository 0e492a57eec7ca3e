"""What a notification is answered with: read and done as an answer to a letter is, exactly once.

The token in the notice stands for its member on that one duty: it needs no session, works once, and ends with the
device that it was sent to.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from baton.channels.letters.deeds import Said, Unsure, do, why_not
from baton.channels.letters.telling import owed_by_ids
from baton.channels.push.models import PushAnswer, PushNotice
from baton.channels.push.telling import token_of
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import Member
from baton.work.reader import as_read_by

LONGEST = 2000


class Unknown(Refusal):
    """The token is made up, or its device is told nothing any more."""


def answer(key: str, token: str, text: str, *, said_at: datetime, at: datetime) -> str:
    """Do what was answered to a notice and say it in words; the same answer again says the same and does nothing.

    Raises `Unknown`, or `Refusal` with what would help where it isn't clear: then it can be answered anew.
    """
    notice = PushNotice.objects.select_related("device__member").filter(key=key, device__member__is_active=True).first()
    if notice is None or not constant_time_compare(token_of(key), token):
        raise Unknown(_("This notification can’t be answered any more. Open Baton."))
    with as_read_by(notice.device.member):
        return _once(notice, text.strip()[:LONGEST], notice.device.member, said_at, at)


def _once(notice: PushNotice, text: str, member: Member, said_at: datetime, at: datetime) -> str:
    if not text:
        raise Refusal(_("Nothing was written."))
    known = PushAnswer.objects.filter(key=notice.key).first()
    if known is not None:
        return known.outcome
    try:
        with writing():
            made = PushAnswer.objects.create(key=notice.key, member=member, text=text, answered_at=at)
            made.outcome = _done(notice, text, member, said_at, at)[:400]
            made.save(update_fields=["outcome"])
            return made.outcome
    except Unsure as why:
        raise Refusal(why_not(why)) from why
    except IntegrityError:  # two devices at the same moment: the other one was first
        return PushAnswer.objects.get(key=notice.key).outcome


def _done(notice: PushNotice, text: str, member: Member, said_at: datetime, at: datetime) -> str:
    [owed] = owed_by_ids([str(notice.duty)], member, at)
    if owed is None:
        return _("That was settled meanwhile, or is no longer yours.")
    said = Said(text, owed, member, at, min(said_at, at), f"push:{notice.key}", member.language or "en", "push")
    return do(said)
