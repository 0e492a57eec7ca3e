"""The day has come on which the old spreadsheet is switched off: a letter to the owner, saying what is left in it."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.channels.letters.models import MemberLetter
from baton.channels.letters.posting import Item, Page, can_post, link, post
from baton.kernel import words
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.reader import as_read_by


def write_left(left: int, open_deals: int, off: date, at: datetime) -> bool:
    """Put the letter in the outbox, once for each such day; return whether there is anything to send it through."""
    owner = Member.objects.filter(email__iexact=current_map().owner, is_active=True).first()
    if owner is None or not can_post():
        return False
    key = f"old-sheet:{off.isoformat()}:{owner.pk}"
    if not MemberLetter.objects.filter(key=key).exists():
        with as_read_by(owner):
            letter = MemberLetter(key=key, kind=MemberLetter.Kind.NOTICE, member=owner, made_at=at, about="old sheet")
            post(letter, page_of(left, open_deals, off, at), at)
    return True


def page_of(left: int, open_deals: int, off: date, at: datetime) -> Page:
    """Return the letter."""
    rows = ngettext("%(count)d row isn’t in Baton yet", "%(count)d rows aren’t in Baton yet", left) % {"count": left}
    deals = ngettext("%(count)d of them an open deal", "%(count)d of them open deals", open_deals)
    what = f"{rows}, {deals % {'count': open_deals}}" if open_deals else rows
    return Page(
        _("The old spreadsheet is switched off: %(what)s") % {"what": rows},
        _("You set %(day)s as the day on which the old spreadsheet goes.") % {"day": words.day(off, at)},
        [("", [Item(what, _("Let them in, or leave them out on purpose."), href=link(reverse("rollout")))])],
        foot=_("You get this because you own the map."),
    )
