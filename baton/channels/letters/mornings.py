"""The morning digest: what a member owes, once each working day, in their time zone and language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.channels.letters.models import MemberLetter, Morning
from baton.channels.letters.posting import Item, Page, can_post, link, post
from baton.channels.letters.telling import hint, item_of
from baton.kernel import words
from baton.kernel.claims import claim
from baton.map.current import current_map, current_version
from baton.members.models import Member
from baton.work.beside import counts, receipts
from baton.work.flags import told_lately
from baton.work.models import Duty
from baton.work.reader import as_read_by, zone_of
from baton.work.today import Owed, tell

AT = time(7, 0)
"""On the reader's own clock."""
MOST_ITEMS = 30
MOST_OF_OTHERS = 10
FARTHEST_DAYS = 400
USED_WITHIN = timedelta(days=1)


def write_mornings(at: datetime) -> int:
    """Write the digests that are due; return how many members were looked at. One step of a loop."""
    if not current_version() or not can_post():
        return 0
    _begin(at)
    taken = claim(Morning.objects.select_related("member"), limit=20, at=at)
    for morning in taken:
        _write(morning, at)
    return len(taken)


def _begin(at: datetime) -> None:
    """Give those who want a digest, and have none due, their next morning."""
    wanting = Member.objects.filter(is_active=True, wants_digest=True)
    for member in wanting.filter(Q(morning=None) | Q(morning__due_at=None))[:100]:
        Morning.objects.update_or_create(member=member, defaults={"due_at": next_morning(member, at)})


def next_morning(member: Member, after: datetime) -> datetime:
    """Return the first seven o'clock of this member after a moment, on a day on which the business works."""
    zone, hours = zone_of(member), current_map().hours
    local = after.astimezone(zone).date()
    for ahead in range(FARTHEST_DAYS):
        day = local + timedelta(days=ahead)
        moment = datetime.combine(day, AT, zone)
        if moment > after and hours.spans_on(day):
            return moment
    return after + timedelta(days=FARTHEST_DAYS)


def _write(morning: Morning, at: datetime) -> None:
    member = morning.member
    today = at.astimezone(zone_of(member)).date()
    wanted = member.is_active and member.wants_digest
    if wanted and morning.written_on != today and current_map().hours.spans_on(today):
        with as_read_by(member):
            _digest(member, today, at)
        morning.written_on = today
    morning.due_at = next_morning(member, at) if wanted else None
    morning.save(update_fields=["written_on", "due_at"])


def _digest(member: Member, today: date, at: datetime) -> None:
    """Write one digest. Who owes nothing today gets none: an empty mail is read once, and the next one never."""
    pairs = _mine(member, at)
    if not pairs:
        return
    key = f"digest:{member.pk}:{today.isoformat()}"
    if MemberLetter.objects.filter(key=key).exists():
        return
    letter = MemberLetter(key=key, kind=MemberLetter.Kind.DIGEST, member=member, made_at=at)
    letter.duties = [str(owed.id) for _desk, owed in pairs]
    post(letter, _page(member, pairs, at), at)


def _mine(member: Member, at: datetime) -> list[tuple[str, Owed]]:
    """Return (desk, duty) for what is late or due today, soonest first."""
    rows = list(Duty.objects.of_member(member).open().in_sight(at).in_order()[: MOST_ITEMS * 2])
    desks = {row.pk: row.desk for row in rows}
    told = [owed for owed in tell(rows, member, at) if owed.state != "later"][:MOST_ITEMS]
    return [(desks[owed.id], owed) for owed in told]


def _page(member: Member, pairs: list[tuple[str, Owed]], at: datetime) -> Page:
    found = counts(member, at)
    due = ngettext("%(count)d thing today", "%(count)d things today", len(pairs)) % {"count": len(pairs)}
    late = ngettext("%(count)d late", "%(count)d late", found.late) % {"count": found.late}
    groups = [*_by_desk(pairs), *_of_others(member, at), *_used(member, at), *_told(member, at)]
    return Page(
        _("%(day)s: %(due)s") % {"day": words.long_day(at), "due": f"{due}, {late}" if found.late else due},
        found.sentence,
        groups,
        hint(len(pairs)),
        _("You get this each working morning. It can be switched off in your settings."),
    )


def _by_desk(pairs: list[tuple[str, Owed]]) -> list[tuple[str, Sequence[Item]]]:
    desks = current_map().desks
    groups: dict[str, list[Item]] = {}
    for number, (desk, owed) in enumerate(pairs, 1):
        name = desks[desk].name if desk in desks else _("Elsewhere")
        groups.setdefault(name, []).append(item_of(owed, number))
    return list(groups.items())


def _of_others(member: Member, at: datetime) -> list[tuple[str, Sequence[Item]]]:
    """For whoever leads a desk: what is late there with others, by member. It is told, and answered by them."""
    found: list[tuple[str, Sequence[Item]]] = []
    for desk in current_map().desks.values():
        if desk.lead.lower() != member.email.lower():
            continue
        rows = Duty.objects.visible_to(member).filter(desk=desk.id).open().in_sight(at).late(at)
        others = list(rows.exclude(owed_by=member).exclude(escalated_to=member).in_order()[:MOST_OF_OTHERS])
        told = sorted(tell(others, member, at), key=lambda owed: owed.owed_by_name)
        items = [_with_name(item_of(owed), owed.owed_by_name) for owed in told]
        if items:
            found.append((_("Late at %(desk)s, with others") % {"desk": desk.name}, items))
    return found


def _used(member: Member, at: datetime) -> list[tuple[str, Sequence[Item]]]:
    """Which decisions used what this member entered, since the last working morning; nobody is praised for it."""
    lately = [one for one in receipts(member, at) if one.at > at - USED_WITHIN]
    items = [
        Item(one.sentence, _entries(one.entries), href=link(f"/deals/{one.deal_id}/") if one.deal_id else "")
        for one in lately
    ]
    return [(_("Your entries were used"), items)] if items else []


def _told(member: Member, at: datetime) -> list[tuple[str, Sequence[Item]]]:
    """What colleagues answered since the last working morning to what this member asked, or said was wrong."""
    lately = [one for one in told_lately(member, at) if one.at > at - USED_WITHIN]
    items = [Item(f"{one.deal}: {one.answer}", one.question, href=link(f"/deals/{one.deal_id}/")) for one in lately]
    return [(_("Answered to you"), items)] if items else []


def _entries(count: int) -> str:
    return ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}


def _with_name(item: Item, name: str) -> Item:
    return Item(f"{name or _('Nobody')}: {item.what}", "", item.due, None, item.href)
