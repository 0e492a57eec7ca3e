"""What stands beside the list of Today: how many there are, what others owe this member, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.kernel import words
from baton.ledger.models import Contact, Deal
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.models import Duty, Handoff, Promise, Question, Use
from baton.work.seats import desks_of

RECEIPTS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many duties are late, due today, due later (of those, this week), and out of sight until later."""

    late: int
    today: int
    later: int
    put_off: int
    this_week: int = 0

    @property
    def all(self) -> int:
        """Return how many are in sight."""
        return self.late + self.today + self.later

    @property
    def sentence(self) -> str:
        """Return the answer at the head of the page: “You owe 7 things, 2 of them late.”"""
        if not self.all:
            return _("You owe nothing right now.")
        owe = ngettext("You owe %(count)d thing", "You owe %(count)d things", self.all) % {"count": self.all}
        return (_("%(owe)s, %(late)d of them late.") if self.late else "%(owe)s.") % {"owe": owe, "late": self.late}


def counts(member: Member, at: datetime, *, desk: str = "") -> Counts:
    """Count a member's open duties, or those of a desk, in one query."""
    rows = Duty.objects.visible_to(member).filter(desk=desk) if desk else Duty.objects.of_member(member)
    midnight = _end_of_day(at)
    found = rows.open().aggregate(
        late=Count("pk", filter=Q(due_at__lt=at) & _shown(at)),
        today=Count("pk", filter=Q(due_at__gte=at, due_at__lt=midnight) & _shown(at)),
        later=Count("pk", filter=Q(due_at__gte=midnight) & _shown(at)),
        this_week=Count("pk", filter=Q(due_at__gte=midnight, due_at__lt=end_of_week(at)) & _shown(at)),
        put_off=Count("pk", filter=Q(later_until__gt=at)),
    )
    return Counts(**found)


def _shown(at: datetime) -> Q:
    return Q(later_until__isnull=True) | Q(later_until__lte=at)


def _end_of_day(at: datetime) -> datetime:
    local = timezone.localtime(at)
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)


def end_of_week(at: datetime) -> datetime:
    """Return the midnight that ends the week of this moment, in the reader's time zone; weeks begin on Monday."""
    midnight = _end_of_day(at)
    return midnight + timedelta(days=7 - midnight.weekday()) if midnight.weekday() else midnight


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a member waits for: an answer, a desk's acceptance, what a customer promised."""

    kind: str
    record_id: UUID
    what: str
    from_whom: str
    deal_id: UUID
    since: datetime | None
    due_at: datetime | None


def waiting_for(member: Member, at: datetime, limit: int = 20) -> list[Waiting]:
    """Return what a member asked, offered, or was promised, and hasn't got yet."""
    people = {one.pk: one for one in Member.objects.all()}
    operating_map = current_map()
    asked = list(Question.objects.visible_to(member).filter(asked_by=member, answered_at__isnull=True)[:limit])
    offered = list(Handoff.objects.visible_to(member).waiting().filter(offered_by=member)[:limit])
    mine = Deal.objects.visible_to(member).filter(owner=member).values("pk")
    promised = list(Promise.objects.visible_to(member).open().filter(who="them", deal__in=mine)[:limit])
    titles = _titles([*asked, *offered], member)
    due = _due_of([row.pk for row in [*asked, *offered]], member)
    found = [_asked(row, people, due) for row in asked]
    found += [_offered(row, operating_map, due, titles) for row in offered]
    names = _names(promised, member)
    found += [
        Waiting("promise", row.pk, row.what, names.get(row.contact_id, ""), row.deal_id, row.recorded_at, row.due_at)
        for row in promised
    ]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or at, str(one.record_id)))[:limit]


def _titles(rows: Iterable[Any], member: Member) -> dict[UUID, str]:
    ids = {row.deal_id for row in rows}
    return dict(Deal.objects.visible_to(member).filter(pk__in=ids).values_list("pk", "title"))


def _due_of(ids: list[UUID], member: Member) -> dict[UUID, datetime]:
    rows = Duty.objects.visible_to(member).open().filter(subject_id__in=ids)
    return dict(rows.values_list("subject_id", "due_at"))


def _asked(row: Question, people: dict[UUID, Member], due: dict[UUID, datetime]) -> Waiting:
    who = people.get(row.asked_of_id)
    return Waiting("question", row.pk, row.text, who.name if who else "", row.deal_id, row.recorded_at, due.get(row.pk))


def _offered(row: Handoff, operating_map: OperatingMap, due: dict[UUID, datetime], titles: dict[UUID, str]) -> Waiting:
    desk = operating_map.desks.get(row.to_desk)
    name = desk.name if desk else row.to_desk
    title = titles.get(row.deal_id, "")
    return Waiting("handoff", row.pk, title, name, row.deal_id, row.offered_at, due.get(row.pk))


def _names(promises: list[Promise], member: Member) -> dict[UUID | None, str]:
    ids = {row.contact_id for row in promises}
    return dict(Contact.objects.visible_to(member).filter(pk__in=ids).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Somebody used what a member entered: who, in what, when, and how many of their entries."""

    used_in: str
    used_in_id: UUID
    used_by: str
    deal_id: UUID | None
    at: datetime
    entries: int
    sentence: str


def receipts(member: Member, at: datetime, limit: int = 10) -> list[Receipt]:
    """Return who used this member's entries in the last week, newest first."""
    rows = Use.objects.visible_to(member).filter(said_by=member, used_at__gte=at - RECEIPTS_FOR)
    rows = rows.exclude(used_by=member).values("used_in", "used_in_id", "called", "used_by", "deal", "used_at")
    groups = list(rows.annotate(entries=Count("id")).order_by("-used_at")[:limit])
    people = {one.pk: one for one in Member.objects.all()}
    handoffs = Handoff.objects.visible_to(member).in_bulk(
        [g["used_in_id"] for g in groups if g["used_in"] == "handoff"]
    )
    deals = {g["deal"] for g in groups if g["deal"]}
    titles = dict(Deal.objects.visible_to(member).filter(pk__in=deals).values_list("pk", "title"))
    return [_receipt(group, people, handoffs, titles) for group in groups]


def _receipt(
    group: dict[str, Any], people: dict[UUID, Member], handoffs: dict[UUID, Handoff], titles: dict[UUID, str]
) -> Receipt:
    who = people.get(group["used_by"])
    name = who.short_name if who else _("Somebody")
    title = titles.get(group["deal"], _("a deal"))
    return Receipt(
        group["used_in"],
        group["used_in_id"],
        name,
        group["deal"],
        group["used_at"],
        group["entries"],
        _receipt_sentence(group, name, title, handoffs.get(group["used_in_id"])),
    )


USED = {
    "review": gettext_lazy("%(name)s decided on %(deal)s in %(called)s"),
    "forecast": gettext_lazy("%(name)s called a forecast that rests on your entries on %(deal)s"),
    "request": gettext_lazy("%(name)s answered %(called)s with your entries on %(deal)s"),
    "commission": gettext_lazy("%(called)s was paid on your entries on %(deal)s"),
}
"""How each kind of use is told, with the name of what it was used in."""


def _receipt_sentence(group: dict[str, Any], name: str, title: str, handoff: Handoff | None) -> str:
    if handoff is None:
        sentence = USED.get(group["used_in"], _("%(name)s used your entries on %(deal)s"))
        return str(sentence) % {"name": name, "deal": title, "called": group["called"]}
    gaps = sum(item["has"] != "there" for item in handoff.packet)
    if not gaps:
        return _("%(name)s accepted %(deal)s, nothing missing") % {"name": name, "deal": title}
    sentence = ngettext(
        "%(name)s accepted %(deal)s with %(count)d gap", "%(name)s accepted %(deal)s with %(count)d gaps", gaps
    )
    return sentence % {"name": name, "deal": title, "count": gaps}


@dataclass(frozen=True, slots=True)
class Checked:
    """What Baton looked at before it said that nothing is owed."""

    deals: int
    handoffs: int
    promises: int
    at: datetime
    desks: set[str] = field(default_factory=set)

    @property
    def sentence(self) -> str:
        """Return it for the empty page: “12 open deals, 3 handoffs, 5 promises checked at 09:02.”"""
        deals = ngettext("%(count)d open deal", "%(count)d open deals", self.deals) % {"count": self.deals}
        handoffs = ngettext("%(count)d handoff", "%(count)d handoffs", self.handoffs) % {"count": self.handoffs}
        promises = ngettext("%(count)d promise", "%(count)d promises", self.promises) % {"count": self.promises}
        parts = {"deals": deals, "handoffs": handoffs, "promises": promises, "time": words.clocktime(self.at)}
        return _("%(deals)s, %(handoffs)s, %(promises)s checked at %(time)s.") % parts


def checked(member: Member, at: datetime) -> Checked:
    """Count what an empty Today was found empty of: the member's deals, their desks' handoffs, their promises."""
    desks = desks_of(member, current_map())
    mine = Deal.objects.visible_to(member).filter(owner=member).exclude(status__in=("lost", "done"))
    handoffs = Handoff.objects.visible_to(member).waiting().to_desks(sorted(desks)).count()
    promises = Promise.objects.visible_to(member).ours().open().filter(promised_by=member).count()
    return Checked(mine.count(), handoffs, promises, at, desks)
