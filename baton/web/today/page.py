"""The page: its answer, the rows by when they are due, and beside them the day, receipts, and what one waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel import words
from baton.kernel.clock import now
from baton.ledger.models import Deal, Interaction
from baton.map.current import current_map
from baton.members.models import Member
from baton.members.roles import may_look_after_people
from baton.web.channels.unsent import said_of
from baton.web.frame import frame_of
from baton.web.map.agreement import asked_of
from baton.web.pages import page, wants_part
from baton.web.rollout.today import starting
from baton.web.today.rows import Row, rows_of
from baton.work.beside import (
    RECEIPTS_FOR,
    Counts,
    Receipt,
    Waiting,
    checked,
    counts,
    receipts,
    waiting_for,
)
from baton.work.diary import diary
from baton.work.flags import told_lately
from baton.work.seats import desks_of
from baton.work.today import duties_of

AT_ONCE = 50


@dataclass(slots=True)
class Looking:
    """Whose duties are looked at, and from which on: the member's own, or a desk's."""

    member: Member
    at: datetime
    desk: str = ""
    after: int = 0
    put_off: bool = False
    desks: dict[str, str] = field(default_factory=dict)

    def address(self, **changed: Any) -> str:
        """Return the address of this view of the page with something changed."""
        asked = {"desk": self.desk, "put_off": "1" if self.put_off else "", "after": ""} | changed
        kept = {name: value for name, value in asked.items() if value}
        return reverse("today") + (f"?{urlencode(kept)}" if kept else "")

    @property
    def without(self) -> str:
        """Return the address of the page without what is put off."""
        return self.address(put_off="")

    @property
    def with_put_off(self) -> str:
        """Return the address of the page with what is put off."""
        return self.address(put_off="1")


@dataclass(frozen=True, slots=True)
class Group:
    """The rows under one heading. A heading that stands already on the page is left out."""

    key: str
    title: str
    count: int
    rows: list[Row]
    headed: bool


def look(request: HttpRequest) -> Looking:
    """Read from the address whose duties are meant; a desk that isn't the member's is left out."""
    member = request.user
    assert isinstance(member, Member)
    operating_map = current_map()
    mine = desks_of(member, operating_map)
    desks = {key: desk.name for key, desk in operating_map.desks.items() if key in mine}
    desk, after = request.GET.get("desk", ""), request.GET.get("after", "")
    return Looking(
        member,
        now(),
        desk if desk in desks else "",
        int(after) if after.isdecimal() and len(after) < 6 else 0,
        request.GET.get("put_off") == "1",
        desks,
    )


def today(request: HttpRequest) -> HttpResponse:
    """Show what is owed, soonest due first."""
    looking = look(request)
    found = counts(looking.member, looking.at, desk=looking.desk)
    if not looking.desk:
        frame_of(request, looking.member).owed = (found.all, found.late)
    context = {"looking": looking, "now": looking.at} | listed(looking, found)
    if wants_part(request) and looking.after:
        return render(request, "baton/today/page.html#rows", context)
    context |= head(looking, found) | beside(looking, found)
    return render(request, page("today/page", request), context)


def listed(looking: Looking, found: Counts) -> dict[str, Any]:
    """Return the rows of this page by heading, and where the next ones are."""
    limit = AT_ONCE + 1
    owed = duties_of(
        looking.member, looking.at, limit=limit, offset=looking.after, desk=looking.desk, put_off=looking.put_off
    )
    shown = rows_of(owed[:AT_ONCE], looking.member, looking.at, whose=bool(looking.desk))
    left = found.all + (found.put_off if looking.put_off else 0) - looking.after - len(shown)
    more = looking.address(after=looking.after + AT_ONCE) if len(owed) > AT_ONCE else ""
    label = _("Show %(count)d more") % {"count": min(AT_ONCE, max(left, 1))}
    return {"groups": _groups(shown, found, headed=bool(looking.after)), "more": more, "more_label": label}


def _groups(rows: list[Row], found: Counts, *, headed: bool) -> list[Group]:
    titles = {"late": _("Late"), "today": _("Today"), "week": _("Later this week"), "later": _("Later")}
    totals, groups = dict(totals_of(found)), []
    for key, members in groupby(rows, key=lambda row: row.group):
        groups.append(Group(key, titles[key], totals[key], list(members), headed and not groups))
    return groups


def totals_of(found: Counts) -> list[tuple[str, int]]:
    """Return how many stand under each heading."""
    later = found.later - found.this_week
    return [("late", found.late), ("today", found.today), ("week", found.this_week), ("later", later)]


def head(looking: Looking, found: Counts) -> dict[str, Any]:
    """Return the answer at the head of the page, and whose duties can be looked at."""
    day = words.long_day(looking.at)
    sentence = _desk_sentence(looking, found) if looking.desk else found.sentence
    items: list[dict[str, Any]] = [{"label": _("Mine"), "href": looking.address(desk=""), "current": not looking.desk}]
    if not looking.desk:
        items[0]["count"] = found.all
    for key, name in looking.desks.items():
        total = found.all if key == looking.desk else counts(looking.member, looking.at, desk=key).all
        item = {"label": _("%(desk)s desk") % {"desk": name}, "href": looking.address(desk=key), "count": total}
        items.append(item | {"current": key == looking.desk})
    return {"answer": f"{day}. {sentence}", "whose": items if len(items) > 1 else [], "counts": found}


def _desk_sentence(looking: Looking, found: Counts) -> str:
    parts = {"desk": looking.desks[looking.desk], "count": found.all, "late": found.late}
    if not found.all:
        return _("No duty of %(desk)s is open right now.") % parts
    owes = ngettext("%(desk)s owes %(count)d thing", "%(desk)s owes %(count)d things", found.all) % parts
    return (_("%(owes)s, %(late)d of them late.") if found.late else "%(owes)s.") % (parts | {"owes": owes})


def beside(looking: Looking, found: Counts) -> dict[str, Any]:
    """Return what stands beside the rows; and for an empty page, what it was found empty of."""
    nothing = not found.all
    return {
        "diary": diary(looking.member, looking.at),
        "receipt": _receipt(receipts(looking.member, looking.at), looking.at),
        "told": told_lately(looking.member, looking.at),
        "waiting": [_waiting(one, looking.at) for one in waiting_for(looking.member, looking.at, limit=8)],
        "checked": checked(looking.member, looking.at).sentence if nothing else "",
        "new": nothing and is_new(looking.member),
        "may_invite": may_look_after_people(looking.member).answer == "allow",
        "unsent": said_of(looking.member),
        "starting": starting(looking.member, looking.at),
        "asked": asked_of(looking.member),
    }


def is_new(member: Member) -> bool:
    """Whether nothing has come in yet and no deal is known: then Today says what to do first."""
    return not Deal.objects.visible_to(member).exists() and not Interaction.objects.visible_to(member).exists()


def _receipt(used: list[Receipt], at: datetime) -> dict[str, Any] | None:
    if not used:
        return None
    entries = sum(one.entries for one in used)
    since = words.day(at - RECEIPTS_FOR)
    return {
        "period": _("since %(day)s") % {"day": since},
        "lines": [{"when": words.day(one.at).split(" ")[0], "text": one.sentence} for one in used[:4]],
        "entries": ngettext("%(count)d entry", "%(count)d entries", entries) % {"count": entries},
        "uses": ngettext("%(count)d use", "%(count)d uses", len(used)) % {"count": len(used)},
    }


def _waiting(one: Waiting, at: datetime) -> dict[str, Any]:
    due = words.due(one.due_at, at) if one.due_at else ""
    since = _("since %(when)s") % {"when": words.when(one.since, at)} if one.since and not due else ""
    href = reverse("handoff", args=[one.record_id]) if one.kind == "handoff" else reverse("deal", args=[one.deal_id])
    note = ", ".join(part for part in (one.from_whom, due or since) if part)
    return {"who": one.from_whom, "what": one.what, "href": href, "note": note}
