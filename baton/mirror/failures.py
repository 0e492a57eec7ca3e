"""What went wrong downstream, each traced back to its cause in the record: what to mend is the cause.

A missed follow-up leads to the record that had gone stale, a deal that was counted on to the stage that nothing showed,
a customer who was written to twice to the note that was missing, the wrong person to the value that had grown old, a
problem at the receiving desk to what the packet kept quiet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.ledger.models import Deal, DealState, Event, Fact, Interaction
from baton.members.models import Member
from baton.mirror.cases import Case
from baton.mirror.counting import seats
from baton.mirror.days import begin
from baton.mirror.findings import Glass
from baton.mirror.sight import CALLER
from baton.work.models import Duty, ExceptionCase, Handoff, Question

Kind = Literal["follow-up", "forecast", "twice", "wrong-person", "operations"]
MOST = 30
STALE = timedelta(days=14)
"""How long nothing was recorded on a deal before what was owed on it was missed."""
COUNTED_ON = 0.3
"""The weight of a stage from which on a deal is counted on."""
TWICE = timedelta(hours=24)
"""Within which two of us wrote to one customer, neither knowing of the other."""
LOOKED_AT = 1500
SURFACES = timedelta(days=45)
"""How long after a handoff a problem may be one that the packet kept quiet."""


@dataclass(slots=True)
class Failures:
    """Failures of one kind, and the cause that they lead back to."""

    kind: Kind
    effect: str
    cause: str
    cases: list[Case] = field(default_factory=list)


def failures(glass: Glass) -> list[Failures]:
    """Return the failures of the window that can be traced; the number of questions doesn't grow with them."""
    told = [
        Failures("follow-up", _("Missed follow-ups"), _("the record had gone stale"), list(follow_ups(glass))),
        Failures("forecast", _("Deals counted on, and lost"), _("nothing showed the stage"), list(forecasts(glass))),
        Failures("twice", _("Customers written to twice"), _("no note of the first"), list(twice(glass))),
        Failures("wrong-person", _("Wrong values found out at work"), _("the value had grown old"), list(wrong(glass))),
        Failures("operations", _("Problems after a handoff"), _("the packet kept it quiet"), list(hidden(glass))),
    ]
    found = [one for one in told if one.cases]
    titles = _titles(glass.member, (case.id for one in found for case in one.cases))
    for one in found:
        for case in one.cases:
            case.what = titles.get(case.id, case.what)  # type: ignore[arg-type]
    return found


def _titles(member: Member, ids: Iterable[Any]) -> dict[UUID, str]:
    return dict(Deal.objects.visible_to(member).filter(pk__in=set(ids)).values_list("pk", "title"))


def _within(glass: Glass, column: str) -> dict[str, datetime]:
    return {f"{column}__gte": begin(glass.since, glass.map), f"{column}__lt": begin(glass.until, glass.map)}


def follow_ups(glass: Glass) -> Iterator[Case]:
    """Duties missed on deals of which nothing had been recorded for two weeks."""
    before = Event.objects.unscoped(CALLER).filter(deal=OuterRef("deal_id"), happened_at__lt=OuterRef("opened_at"))
    rows = Duty.objects.visible_to(glass.member).filter(deal__isnull=False, **_within(glass, "due_at"))
    rows = rows.exclude(state="withdrawn").filter(Q(closed_at__isnull=True) | Q(closed_at__gt=F("due_at")))
    rows = rows.annotate(last=Subquery(before.order_by("-happened_at").values("happened_at")[:1]))
    for row in rows.filter(last__lt=F("opened_at") - STALE).order_by("-due_at")[:MOST]:
        days = (row.opened_at - row.last).days  # type: ignore[attr-defined]
        note = ngettext(
            "nothing was recorded for %(days)d day before", "nothing was recorded for %(days)d days before", days
        )
        yield Case(
            "deal", row.deal_id or "", "", f"{glass.behavior(row.behavior)}: {note % {'days': days}}", row.due_at
        )


def forecasts(glass: Glass) -> Iterator[Case]:
    """Deals that were lost from a stage that counts in the forecast, and that nothing had shown."""
    weighty = [key for key, stage in glass.map.stages.items() if (stage.weight or 0) >= COUNTED_ON]
    before = DealState.objects.unscoped(CALLER).filter(deal=OuterRef("deal_id"), ended_at=OuterRef("began_at"))
    rows = DealState.objects.visible_to(glass.member).filter(status="lost", **_within(glass, "began_at"))
    rows = rows.annotate(
        was=Subquery(before.values("status")[:1]), stood=Subquery(before.values("stage")[:1]),
        proved=Subquery(before.values("shown")[:1]),
    ).filter(was="open", stood__in=weighty, proved=False)  # fmt: skip
    for row in rows.order_by("-began_at").values("deal", "stood", "began_at")[:MOST]:
        note = _("counted at %(stage)s, which was only said") % {"stage": glass.stage(row["stood"])}
        yield Case("deal", row["deal"], "", note, row["began_at"])


def twice(glass: Glass) -> Iterator[Case]:
    """Customers to whom two of us wrote or rang within a day, on one deal, with nothing from them between."""
    rows = Interaction.objects.visible_to(glass.member).exclude(audience="private").filter(
        deal__isnull=False, live=True, automatic="", direction__in=["in", "out"], **_within(glass, "recorded_at")
    )  # fmt: skip
    last: dict[UUID, tuple[UUID | None, datetime]] = {}
    newest = rows.order_by("-recorded_at").values_list("deal", "direction", "author", "happened_at", "pk")[:LOOKED_AT]
    found = 0
    for deal, way, author, at, key in sorted(newest, key=lambda row: row[3]):
        who, when = last.pop(deal, (None, at))
        if way == "in" or author is None:
            continue
        last[deal] = author, at
        if who and who != author and at - when <= TWICE and found < MOST:
            found += 1
            note = _("two of us, within a day, and no answer between")
            yield Case("deal", deal, "", note, at, interaction=key)


def wrong(glass: Glass) -> Iterator[Case]:
    """Values that somebody at work found to be wrong, with how old they were."""
    asked = Question.objects.visible_to(glass.member).filter(flagged__isnull=False, **_within(glass, "recorded_at"))
    rows = list(asked.order_by("-recorded_at")[:MOST])
    told = Fact.objects.unscoped(CALLER).filter(pk__in=[row.flagged for row in rows])
    known = dict(told.values_list("pk", "happened_at"))
    for row in rows:
        since = known.get(row.flagged)
        days = (row.recorded_at - since).days if since else 0
        age = ngettext("said %(days)d day before", "said %(days)d days before", days) % {"days": days}
        yield Case("deal", row.deal_id, "", f"{glass.item(row.about_field)}: {age}", row.recorded_at)


def hidden(glass: Glass) -> Iterator[Case]:
    """Exceptions that the receiving desk had to make after a handoff that said nothing of them."""
    accepted = Handoff.objects.unscoped(CALLER).filter(
        deal=OuterRef("deal_id"), state="accepted", to_self=False, decided_at__lt=OuterRef("recorded_at"),
        decided_at__gte=OuterRef("recorded_at") - SURFACES,
    )  # fmt: skip
    newest = accepted.order_by("-decided_at")
    rows = ExceptionCase.objects.visible_to(glass.member).filter(**_within(glass, "recorded_at"))
    rows = rows.annotate(handed=Subquery(newest.values("handoff")[:1]), to=Subquery(newest.values("to_desk")[:1]))
    seated = seats()
    for row in rows.filter(handed__isnull=False).order_by("-recorded_at")[: MOST * 2]:
        if row.decided_by_id and seated.get(row.decided_by_id) == row.to:  # type: ignore[attr-defined]
            handed = glass.handoff(row.handed)  # type: ignore[attr-defined]
            note = _("%(what)s; %(handoff)s said nothing of it") % {"what": row.what, "handoff": handed}
            yield Case("deal", row.deal_id, "", note, row.recorded_at)
