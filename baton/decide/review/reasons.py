"""Why a deal is talked about: what changed since the last review, and what stands wrong now.

What changed is read from the spans of `DealState`, what stands now from the rows; each is asked in the database, and
only the deals that are shown are looked at one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.decide.pipeline import still
from baton.kernel.words import day, due, money
from baton.ledger.models import Deal, DealState
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.models import Handoff, Promise
from baton.work.seats import desk_name

MOST = 50
"""How many deals a reason brings forward. More can't be talked about in one meeting; how many there are is said."""
QUIET_DAYS = 14

KINDS = {
    "slipped": gettext_lazy("Slipped"),
    "quiet": gettext_lazy("Went quiet"),
    "no_step": gettext_lazy("No next step"),
    "changed": gettext_lazy("Changed"),
    "unproven": gettext_lazy("No evidence"),
    "returned": gettext_lazy("Came back"),
    "promise": gettext_lazy("Promises"),
    "closes": gettext_lazy("Closes this period"),
}
"""The reasons, in the order in which they are talked about."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a deal is on the agenda, in a sentence with what it rests on."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Window:
    """Through whose eyes, and between which moments: since the last review, until the next, `at` now."""

    member: Member
    map: OperatingMap
    since: datetime
    at: datetime
    until: datetime
    closes_by: date

    @property
    def today(self) -> date:
        return self.at.astimezone(self.map.hours.tz).date()

    @property
    def quiet_days(self) -> int:
        """After how many days without anything the map calls a deal quiet."""
        patterns = [one for behavior in self.map.behaviors.values() for one in behavior.opens.each if one.lasting]
        days = [one.lasting.amount for one in patterns if one.lasting and one.lasting.unit == "days"]
        return min(days, default=QUIET_DAYS)

    @property
    def quiet_since(self) -> datetime:
        return self.at - timedelta(days=self.quiet_days)

    @property
    def open(self) -> QuerySet[Deal]:
        return Deal.objects.visible_to(self.member).open()


@dataclass(slots=True)
class Found:
    """The deals that a reason brings, the largest first, with what is said of them; `count` is how many there are."""

    ids: list[UUID] = field(default_factory=list)
    count: int = 0
    said: dict[UUID, str] = field(default_factory=dict)


def found(window: Window) -> dict[str, Found]:
    """Return what each reason brings. A constant number of queries."""
    brought = _changes(window)
    brought |= {"returned": _returned(window), "promise": _promises(window)}
    for kind, condition in _standing(window).items():
        _merge(brought.setdefault(kind, Found()), *_largest(window.open.filter(condition)))
    return {kind: brought[kind] for kind in KINDS}


def _merge(into: Found, ids: list[UUID], count: int) -> None:
    """Deals whose day passed slipped too; one that was moved and passed again counts once where both are known."""
    fresh = [pk for pk in ids if pk not in into.said]
    into.ids += fresh
    into.count += count - (len(ids) - len(fresh))


# What stands now


def _standing(window: Window) -> dict[str, Q]:
    cut = window.quiet_since
    return {
        "slipped": Q(close_date__lt=window.today),
        "quiet": (Q(last_heard_at__lt=cut) | Q(last_heard_at__isnull=True))
        & (Q(stage_since__lt=cut) | Q(stage_since__isnull=True))
        & Q(recorded_at__lt=cut),
        "no_step": Q(next_step=""),
        "closes": Q(close_date__gte=window.today, close_date__lte=window.closes_by),
    }


def _largest(rows: QuerySet[Deal]) -> tuple[list[UUID], int]:
    ids = list(rows.order_by(F("amount").desc(nulls_last=True), "pk").values_list("pk", flat=True)[: MOST + 1])
    return ids[:MOST], len(ids) if len(ids) <= MOST else rows.count()


def standing(deal: Deal, window: Window) -> Iterator[Reason]:
    """Yield the reasons that follow from the row itself. Pure on the row."""
    if deal.status != "open":
        return
    quiet = still(deal, window.at)
    if deal.close_date and deal.close_date < window.today:
        yield Reason("slipped", _("Its close date, %(day)s, has passed") % {"day": day(deal.close_date, window.today)})
    if quiet >= window.quiet_days:
        said = ngettext("Nothing happened for %(count)d day", "Nothing happened for %(count)d days", quiet)
        yield Reason("quiet", said % {"count": quiet})
    if not deal.next_step:
        yield Reason("no_step", _("Nobody has said what comes next"))
    if deal.close_date and window.today <= deal.close_date <= window.closes_by:
        yield Reason("closes", _("To close %(day)s") % {"day": day(deal.close_date, window.today)})


# What changed


CHANGING = ("deal_id", "stage", "shown", "amount", "currency", "close_date")


def _changes(window: Window) -> dict[str, Found]:
    """Compare what changed deals say now with what they said at the last review; a first value is no change."""
    spans = DealState.objects.visible_to(window.member).filter(status__in=("open", "won"))
    now = spans.filter(ended_at__isnull=True, began_at__gt=window.since).values(*CHANGING, "status")
    before = DealState.objects.visible_to(window.member).filter(
        began_at__lte=window.since, ended_at__gt=window.since, deal__in=now.values("deal")
    )
    then = {row["deal_id"]: row for row in before.values(*CHANGING)}
    said: dict[str, list[tuple[int, UUID, str]]] = defaultdict(list)
    for row in now:
        if row["deal_id"] in then:
            for reason in _change(then[row["deal_id"]], row, window):
                said[reason.kind].append((-(row["amount"] or 0), row["deal_id"], reason.text))
    return {kind: _ranked(rows) for kind, rows in said.items()} | {
        kind: Found() for kind in ("changed", "unproven") if kind not in said
    }


def _ranked(rows: list[tuple[int, UUID, str]]) -> Found:
    rows.sort()
    texts: dict[UUID, str] = {}
    for _size, pk, text in rows:
        texts[pk] = f"{texts[pk]}; {text}" if pk in texts else text
    return Found(list(texts), len(texts), texts)


def _change(was: dict[str, Any], row: dict[str, Any], window: Window) -> Iterator[Reason]:
    if row["status"] == "open":
        yield from _date_change(was["close_date"], row["close_date"], window.today)
        if was["amount"] is not None and (was["amount"], was["currency"]) != (row["amount"], row["currency"]):
            yield Reason("changed", _amount_change(was, row))
    if was["stage"] != row["stage"] and not row["shown"]:
        stage = window.map.stage_by_id(row["stage"])
        name = stage.name if stage else row["stage"]
        yield Reason("unproven", _("Moved to %(stage)s, and nothing shows it") % {"stage": name})


def _date_change(was: date | None, now: date | None, today: date) -> Iterator[Reason]:
    if was == now:
        return
    told = {"was": day(was, today) if was else "", "now": day(now, today) if now else ""}
    if was and now and now > was:
        yield Reason("slipped", _("Its close date moved from %(was)s to %(now)s") % told)
    elif was and now:
        yield Reason("changed", _("Its close date came forward from %(was)s to %(now)s") % told)
    elif was:
        yield Reason("changed", _("Its close date, %(was)s, was taken away") % told)


def _amount_change(was: dict[str, Any], row: dict[str, Any]) -> str:
    told = {
        "was": money(was["amount"], was["currency"]),
        "now": money(row["amount"], row["currency"]) if row["amount"] is not None else _("nothing"),
    }
    return _("Its amount went from %(was)s to %(now)s") % told


# What came back, and what was promised


def _returned(window: Window) -> Found:
    rows = Handoff.objects.visible_to(window.member).filter(state="returned", decided_at__gt=window.since)
    rows = rows.order_by("-decided_at").values_list("deal_id", "to_desk", "missing", "packet")
    said: dict[UUID, str] = {}
    for deal, desk, missing, packet in rows:
        said.setdefault(deal, _came_back(desk_name(desk, window.map), missing, packet))
    return Found(list(said), len(said), said)


def _came_back(desk: str, missing: list[str], packet: list[dict[str, Any]]) -> str:
    names = {item["item"]: str(item["name"]) for item in packet}
    lacking = ", ".join(names.get(item, item) for item in missing)
    if not lacking:
        return _("%(desk)s returned it") % {"desk": desk}
    return _("%(desk)s returned it; missing: %(what)s") % {"desk": desk, "what": lacking}


def _promises(window: Window) -> Found:
    """Bring deals with a promise of ours that is due before the next review, late, or was broken since the last."""
    ours = Promise.objects.visible_to(window.member).ours()
    due_soon = ours.open().filter(due_at__lte=window.until)
    broken = ours.filter(state=Promise.State.BROKEN, settled_at__gt=window.since)
    rows = [*broken.order_by("-settled_at").values("deal_id", "what", "due_at", "state")[: MOST * 2]]
    rows += due_soon.order_by("due_at").values("deal_id", "what", "due_at", "state")[: MOST * 4]
    said: dict[UUID, str] = {}
    for row in rows:
        text = _promised(row, window.at)
        said[row["deal_id"]] = f"{said[row['deal_id']]}; {text}" if row["deal_id"] in said else text
    many = len(rows) >= MOST * 2
    count = due_soon.values("deal").distinct().count() if many else len(said)
    return Found(list(said)[:MOST], count, said)


def _promised(row: dict[str, Any], at: datetime) -> str:
    if row["state"] == Promise.State.BROKEN:
        return _("“%(what)s” was promised and not kept") % {"what": row["what"]}
    return _("“%(what)s” is promised, %(due)s") % {"what": row["what"], "due": due(row["due_at"], at)}
