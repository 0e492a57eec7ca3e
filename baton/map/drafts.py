"""Drafts of the next version: everybody who may write keeps one; the owner publishes whichever is right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from baton.kernel.verdict import Conflict, Refusal
from baton.kernel.writer import writing
from baton.map.current import current_map, current_version
from baton.map.diff import Change, compare
from baton.map.marked import SIZE, Problem
from baton.map.models import MapDraft, MapVersion
from baton.map.publishing import objections_to, publish
from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.members.models import Member


@dataclass(slots=True)
class Judged:
    """What stands against publishing a text now, and what it would change."""

    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def judge(text: str) -> Judged:
    """Read a text as the next version: what is wrong with it, what here and now stands against it, what it changes."""
    new, problems = read_map(text)
    if new is None or problems or not current_version():
        return Judged(problems)
    old = current_map()
    return Judged(objections_to(old, by_id(new)), compare(old, new))


def draft_of(member: Member) -> MapDraft | None:
    """Return the member's draft, if they have one."""
    return MapDraft.objects.filter(changed_by=member).first()


def keep_draft(
    text: str, *, by: Member, at: datetime, based_on: int, note: str = "", seen: datetime | None = None
) -> MapDraft:
    """Keep a draft as it is, with its problems. `seen` is when it was last changed as the author knows it.

    Raises `Conflict` where the author changed it elsewhere since, `Refusal` for who may only read and for a text
    that is larger than a map may be.
    """
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    if len(text.encode()) > SIZE:
        raise Refusal(_("This is larger than a map may be: {size} bytes.").format(size=SIZE))
    with writing():
        kept = draft_of(by)
        if kept and seen != kept.changed_at:
            raise Conflict(_("You changed this draft in another window since. Copy what you need, then open it anew."))
        values = {"text": text, "based_on": based_on, "note": note[:400], "changed_at": at}
        return MapDraft.objects.update_or_create(changed_by=by, defaults=values)[0]


def drop_draft(by: Member) -> None:
    """Throw the member's draft away."""
    with writing():
        MapDraft.objects.filter(changed_by=by).delete()


def publish_draft(text: str, *, by: Member, at: datetime, based_on: int, note: str = "") -> MapVersion:
    """Publish a text, and with it be done with the drafts that say the same: one's own, and one that was taken over."""
    with writing():
        version = publish(text, by=by, at=at, note=note, based_on=based_on)
        MapDraft.objects.filter(changed_by=by).delete()
        MapDraft.objects.filter(text=text).delete()
        return version
