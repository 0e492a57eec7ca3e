"""The minutes of a review by mail: to each who was there, what they may see of it, in their language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.channels.letters.models import MemberLetter
from baton.channels.letters.posting import Going, Item, Page, can_post, link, post
from baton.decide.review.minutes import Line, Minutes, minutes_of
from baton.decide.review.models import Review
from baton.decide.review.reviews import present_at
from baton.kernel import words
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.reader import as_read_by


def send_minutes(review: Review, *, at: datetime) -> int:
    """Put the minutes in the outbox for each who was there, once; return how many are written to now.

    Raises `Refusal` where there is nothing to send mail through.
    """
    if not can_post():
        raise Refusal(_("Baton has nothing to send mail through yet. Connect a mailbox in Channels, or print them."))
    written = sum(_write(review, member, at) for member in present_at(review) if member.is_active)
    Review.objects.filter(pk=review.pk, minutes_sent_at=None).update(minutes_sent_at=at)
    return written


def _write(review: Review, member: Member, at: datetime) -> bool:
    key = f"minutes:{review.pk}:{member.pk}"
    if MemberLetter.objects.filter(key=key).exists():
        return False
    with as_read_by(member):
        page = page_of(review, minutes_of(review, member), at)
        letter = MemberLetter(key=key, kind=MemberLetter.Kind.MINUTES, member=member, made_at=at)
        post(letter, page, at, Going(submitted="auto-generated"))
    return True


def page_of(review: Review, told: Minutes, at: datetime) -> Page:
    """Return the minutes as a letter."""
    name = name_of(review)
    day = words.long_day(review.started_at)
    decided = len(told.lines)
    lead = ngettext("%(count)d thing was decided.", "%(count)d things were decided.", decided) % {"count": decided}
    groups: list[tuple[str, Sequence[Item]]] = [("", [_item(line) for line in told.lines])]
    if told.captured:
        groups.append((_("Wasn’t in Baton before"), [Item(title) for title in told.captured]))
    where = reverse("review-meeting", args=[review.pk])
    groups.append(("", [Item(_("The minutes in Baton"), href=link(where))]))
    return Page(
        _("%(name)s, %(day)s: minutes") % {"name": name, "day": day},
        lead if decided else _("Nothing was decided on the deals that you can see."),
        [group for group in groups if group[1]],
        foot=_("You get this because you were there."),
    )


def name_of(review: Review) -> str:
    """Return what the map calls the decision that a review was held for."""
    decision = current_map().decisions.get(review.decision)
    return decision.name if decision else review.decision


def _item(line: Line) -> Item:
    by = _("decided by %(name)s") % {"name": line.by} if line.by else ""
    return Item(f"{line.title}: {line.text}", by, href=link(f"/deals/{line.deal}/"))
