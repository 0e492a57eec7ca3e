"""The early warning by mail: what began to slide, with its cases, told to whoever answers for the map, once."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from baton.channels.letters.models import MemberLetter
from baton.channels.letters.posting import Going, Item, Page, can_post, link, post
from baton.kernel import words
from baton.map.current import current_version
from baton.members.models import Member
from baton.mirror.cases import Case, cases
from baton.mirror.early import Warned, news
from baton.mirror.findings import Glass
from baton.mirror.reading import glass_of
from baton.mirror.standing_in import who_answers
from baton.work.reader import as_read_by

WINDOW = 30
MOST_CASES = 6


def write_signs(at: datetime) -> int:
    """Write to the owner of the map, or while they are away to their deputy, of each sign that is new; return how many.

    A step of a loop. The desk of the owner shows them too, whether or not there is mail.
    """
    if not current_version() or not can_post():
        return 0
    readers = [member for member in who_answers(at) if member.wants_notices]
    return sum(_write(one, member, at) for member in readers for one in news(member, at))


def _write(sign: Warned, member: Member, at: datetime) -> bool:
    key = f"{sign.key}:{sign.week.isoformat()}:{member.pk}"
    if MemberLetter.objects.filter(key=key).exists():
        return False
    letter = MemberLetter(key=key, kind=MemberLetter.Kind.NOTICE, about="sign", member=member, made_at=at)
    with as_read_by(member):
        post(letter, page_of(sign.key, member, at), at, Going(submitted="auto-generated"))
    return True


def page_of(key: str, member: Member, at: datetime) -> Page:
    """Return a new sign as a letter, in the language of whoever reads it. Raises `StopIteration` for one of none."""
    sign = next(one for one in news(member, at) if one.key == key)
    glass = glass_of(member, at=at, window=WINDOW)
    since = _("since the week of %(day)s") % {"day": words.day(sign.since, at)}
    shown = [_item(case) for case in _short(glass, key)]
    whole = Item(_("All its cases, and what would change it"), href=link(reverse("finding", args=[key])))
    return Page(
        sign.sentence,
        _("Use is starting to slide, %(since)s: held against your own past, %(note)s.")
        % {"since": since, "note": sign.note},
        [(_("The cases"), shown), ("", [whole])] if shown else [("", [whole])],
        foot=_("You are told first, once for each sign. Such mails can be switched off in your settings."),
    )


def _short(glass: Glass, key: str) -> list[Case]:
    """Return the newest of the cases that fell short, else the newest."""
    found = cases(glass, key)
    return ([case for case in found if case.short] or found)[:MOST_CASES]


def _item(case: Case) -> Item:
    name = "duplicate" if case.opens == "twins" else case.opens
    return Item(case.what, case.note, href=link(reverse(name, args=[case.id])) if case.id else "")
