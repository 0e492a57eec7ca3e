"""Duties in a letter: what is owed, why, by when, as its reader would see it on Today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.channels.letters.posting import Item, link
from baton.members.models import Member
from baton.work.models import Duty
from baton.work.today import Owed, tell


def owed_by_ids(ids: Iterable[str], member: Member, at: datetime) -> list[Owed | None]:
    """Return duties of a letter as they stand, in the letter's order; None where one is no longer open or seen."""
    wanted = [UUID(one) for one in ids]
    rows = list(Duty.objects.of_member(member).open().filter(pk__in=wanted))
    told = {owed.id: owed for owed in tell(rows, member, at)}
    return [told.get(one) for one in wanted]


def item_of(owed: Owed, number: int | None = None) -> Item:
    """Return one duty as it stands in a letter."""
    path = f"/deals/{owed.deal_id}/" if owed.deal_id else "/"
    named = f"{owed.what} ({owed.deal})" if owed.deal and owed.deal not in owed.what else owed.what
    return Item(
        named, owed.because, owed.due, number, link(path), owed.quote if owed.opener == "interaction.in" else ""
    )


def hint(count: int) -> str:
    """Say how a letter is answered."""
    if count == 1:
        return _("Answer this mail in plain words: “done”, “moved to Friday”, “12.5k”, “lost: went with cheaper”.")
    return _(
        "Answer this mail in plain words, one line each, with its number: “1 done”, “2 moved to Friday”, “3 12.5k”."
    )
